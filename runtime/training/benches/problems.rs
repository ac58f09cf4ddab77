//! The problems that ship, each for the time that their page says, and whether their errors are those of the page.
//!
//! `cargo bench -p jetc-training --bench problems [-- FILTER]`
//!
//! It takes half an hour. The page is `examples/problems/README.md`, the table with the columns problem, time, error. A row
//! fails where an error is more than [`WORSE`] times that of the page, which allows for machines that take fewer steps in the
//! same time; and the program ends with status 1.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints")]

use std::path::Path;
use std::process::ExitCode;

use jetc_training::{FieldError, Limits, Problem, Run};

/// So many times as large may an error be.
const WORSE: f64 = 10.0;

/// A row of the page.
struct Row<'a> {
    problem: &'a str,
    seconds: f64,
    /// Of each field, in the order of the problem.
    errors: Vec<f64>,
}

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/problems");
    let page = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let rows = page.lines().filter_map(row);
    let rows = rows.filter(|row| filter.as_ref().is_none_or(|filter| row.problem.contains(filter.as_str())));
    println!("{:<22} {:>6} {:>6}  errors, and those of the page", "problem", "s", "steps");
    let (mut all, mut failed) = (0, 0);
    for row in rows {
        let (steps, errors) = reached(&folder, &row);
        let is_worse = |(error, page): (&FieldError, &f64)| {
            error.relative_l2.is_nan() || error.relative_l2 > WORSE * page
        };
        let is_failed = errors.len() != row.errors.len() || errors.iter().zip(&row.errors).any(is_worse);
        let cells: Vec<String> = errors
            .iter()
            .zip(&row.errors)
            .map(|(error, page)| format!("{} {:.1e} ({page:.1e})", error.field, error.relative_l2))
            .collect();
        let verdict = if is_failed { "  WORSE" } else { "" };
        println!("{:<22} {:>6} {steps:>6}  {}{verdict}", row.problem, row.seconds, cells.join(", "));
        (all, failed) = (all + 1, failed + usize::from(is_failed));
    }
    println!("{failed} of {all} are worse than their page says");
    if failed == 0 && all > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// `| `name` | 60 s | u 1e-6, v 2e-6 | …`
fn row(line: &str) -> Option<Row<'_>> {
    let mut cells = line.strip_prefix("| `")?.split('|').map(str::trim);
    let problem = cells.next()?.trim_end_matches('`');
    let seconds = cells.next()?.strip_suffix(" s")?.parse().ok()?;
    let errors = cells.next()?.split(',').map(|cell| cell.split_whitespace().last()?.parse().ok());
    Some(Row { problem, seconds, errors: errors.collect::<Option<_>>()? })
}

fn reached(folder: &Path, row: &Row<'_>) -> (u64, Vec<FieldError>) {
    let problem = Problem::open(folder.join(format!("{}.yaml", row.problem))).unwrap();
    let mut run = Run::new(&problem, Limits { seconds: Some(row.seconds), steps: None }).unwrap();
    while run.step(&problem).unwrap().is_none() {}
    run.measure().unwrap();
    (run.progress().step, run.progress().errors.clone())
}
