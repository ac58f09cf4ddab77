//! What a run would do, without doing it.

use std::fmt::Write;

use jetc_operators::{counted, printable};
use jetc_training::problem::{Phase, TermKind};
use jetc_training::{Problem, Run};

/// Terms with points, channels and first losses; the network; the method and why.
pub(super) fn text(problem: &Problem, run: &Run) -> String {
    let progress = run.progress();
    let names = problem.coordinates.names();
    let shown = if names.len() > 8 { format!("{}, …", names[..8].join(", ")) } else { names.join(", ") };
    let mut text =
        format!("{}: {} in ({})\n", printable(&problem.name), problem.fields.join(", "), printable(&shown));
    let heads = ["term", "kind", "points", "columns", "channels", "weight", "loss"];
    let mut rows = vec![heads.map(str::to_owned)];
    for ((spec, term), loss) in problem.terms.iter().zip(&run.system().terms).zip(&progress.terms) {
        let (channels, reduction) = term.channels();
        let reduced = reduction
            .map_or_else(String::new, |found| format!(" ({} in {})", found.coordinates, found.directions));
        rows.push([
            printable(&spec.name).into_owned(),
            kind(spec.kind).to_owned(),
            term.count().to_string(),
            term.columns().to_string(),
            format!("{channels}{reduced}"),
            term.weight.to_string(),
            format!("{loss:.3e}"),
        ]);
    }
    text += &aligned(&rows);
    for unknown in &problem.unknowns {
        let _ = writeln!(text, "unknown {} from {}", printable(&unknown.name), unknown.start);
    }
    for error in &progress.errors {
        let _ = writeln!(
            text,
            "relative L2 error of {} before training: {:.3e}",
            printable(&error.field),
            error.relative_l2
        );
    }
    let _ = writeln!(text, "auto is {}", run.choice().reason);
    for (number, phase) in run.phases().iter().enumerate() {
        let _ = writeln!(text, "phase {}: {}", number + 1, said(phase));
    }
    let limits = run.limits();
    let ends = [
        limits.seconds.map(|seconds| format!("after {seconds} s")),
        limits
            .steps
            .map(|steps| format!("after {}", counted(usize::try_from(steps).unwrap_or(usize::MAX), "step"))),
        problem.settings.tolerance.map(|tolerance| format!("at a loss of {tolerance:e}")),
    ];
    let ends: Vec<String> = ends.into_iter().flatten().collect();
    let _ = writeln!(text, "ends {}", ends.join(", or "));
    text
}

/// Rows with their cells below each other: two of words, then numbers.
fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    let cell = |(column, (text, width)): (usize, (&String, &usize))| {
        if column < 2 { format!("{text:<width$}") } else { format!("{text:>width$}") }
    };
    let line = |row: &[String; N]| {
        let cells: Vec<String> = row.iter().zip(&widths).enumerate().map(cell).collect();
        format!("  {}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

fn kind(kind: TermKind) -> &'static str {
    match kind {
        TermKind::Equation => "equation",
        TermKind::Condition => "condition",
        TermKind::Data => "data",
        TermKind::Mean => "mean",
    }
}

fn said(phase: &Phase) -> String {
    let name = jetc_training::run::name(phase.method);
    let steps = phase.steps.map(|steps| format!(", {steps} steps at most"));
    let seconds = phase.seconds.map(|seconds| format!(", {seconds} s at most"));
    format!("{name}{}{}", steps.unwrap_or_default(), seconds.unwrap_or_default())
}
