//! Errors as people read them: mistakes in files with the source line underlined, everything else in one line.

use std::io::Write;

use annotate_snippets::{Group, Level, Renderer};
use jetc_operators::diagnostic::{Colours, SpecError};
use jetc_operators::{counted, printable, printable_lines};
use jetc_runtime::{InputReduction, ModelError};

/// Prints an error to standard error.
pub(crate) fn print(error: &anyhow::Error) {
    match in_a_file(error) {
        Some(mistakes) => say(&mistakes.underlined(Colours::Terminal)),
        None => say(&Renderer::styled().render(&[one_line(&chain(error))])),
    }
}

/// Prints a line to standard error. Where that is not possible there is nobody left to tell.
pub(crate) fn say(text: &str) {
    // Lines of a file are shown as they are, but for these characters, which some terminals obey.
    let text = text.replace(|sign| ('\u{80}'..='\u{9f}').contains(&sign), "\u{fffd}");
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// What the line of totals says of a network whose first layers lower the number of coordinates.
pub(crate) fn reduced(reduction: InputReduction) -> String {
    let InputReduction { coordinates, directions, condition } = reduction;
    let (coordinates, directions) = (counted(coordinates, "coordinate"), counted(directions, "direction"));
    format!(", {coordinates} in {directions} (condition {condition:.1e})")
}

/// An error with its causes, each reason once: some messages end in what their cause says.
fn chain(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.ends_with(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    printable_lines(&text)
}

/// Prints how something was understood.
pub(crate) fn note(message: &str) {
    let group = Group::with_title(Level::NOTE.primary_title(message));
    say(&Renderer::styled().render(&[group]));
}

/// Prints something the user should know although all went on.
pub(crate) fn warn(message: &str) {
    let message = printable(message);
    let group = Group::with_title(Level::WARNING.primary_title(&*message));
    say(&Renderer::styled().render(&[group]));
}

fn in_a_file(error: &anyhow::Error) -> Option<&SpecError> {
    error.chain().find_map(|cause| {
        let in_model = || match cause.downcast_ref::<ModelError>() {
            Some(ModelError::Layers(mistakes)) => Some(&**mistakes),
            _ => None,
        };
        cause.downcast_ref::<SpecError>().or_else(in_model)
    })
}

fn one_line(message: &str) -> Group<'_> {
    Group::with_title(Level::ERROR.primary_title(message))
}
