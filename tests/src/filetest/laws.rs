//! What holds for every run, whatever its expected files say.

use crate::command::Outcome;

/// The laws that a run of the case `name` breaks.
pub fn broken(name: &str, outcome: &Outcome, created: &[String]) -> Vec<&'static str> {
    let mut broken = Vec::new();
    let mut law = |holds: bool, text: &'static str| {
        if !holds {
            broken.push(text);
        }
    };
    let failed = outcome.status != 0;
    law((0..=2).contains(&outcome.status), "the exit status is 0, 1 or 2");
    let is_about_an_error = name.starts_with("error-");
    law(
        is_about_an_error == (outcome.status == 2),
        "cases called `error-…`, and no others, have exit status 2",
    );
    law(!failed || outcome.stdout.is_empty(), "a run that fails writes nothing to standard output");
    law(!failed || created.is_empty(), "a run that fails leaves no file behind");
    law(!failed || outcome.stderr.starts_with("error"), "a run that fails says `error` first");
    law(created.iter().all(|name| !name.ends_with(".partial")), "no temporary file is left behind");
    let streams = [&outcome.stdout, &outcome.stderr];
    law(streams.iter().all(|text| !text.contains('\u{1b}')), "nothing is coloured when colours are off");
    law(streams.iter().all(|text| !text.contains("panicked at")), "nothing panics");
    law(streams.iter().all(|text| text.is_empty() || text.ends_with('\n')), "output ends with a line break");
    broken
}
