//! How accurate the three strategies are in `f64` and `f32`, for growing order and dimension.
//!
//! `cargo bench -p jetc-tests --bench accuracy` prints the tables of `tests/accuracy.md`; with `-- --write` it puts them
//! there. The same machine prints the same numbers each time; another instruction set rounds differently.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::cast_precision_loss,
    reason = "a benchmark prints"
)]

mod cases;
mod tables;
mod page;

use std::time::Instant;

use jetc_operators::Strategy;
use jetc_tests::accuracy::{Cancellation, Case, Errors, Reference};

/// Points at which the reference is checked against itself.
const CHECKED: usize = 2;

/// Everything that is measured of one strategy on one case.
struct Row {
    strategy: Strategy,
    channels: usize,
    cancellation: Cancellation,
    double: Errors,
    single: Errors,
    /// In `f32` where only stored numbers are rounded.
    stored: Errors,
    /// How far the reference is from the same strategy in fixed point.
    disagreement: f64,
}

/// All strategies on one case.
struct Study {
    case: Case,
    rows: Vec<Row>,
    /// How far the reference is from itself with more bits.
    uncertainty: f64,
}

fn main() {
    let studies: Vec<Study> = cases::operators().into_iter().map(study).collect();
    let widths: Vec<Study> = cases::widths().into_iter().map(study).collect();
    let tables = [
        tables::by_rms(&studies),
        tables::by_point(&studies),
        tables::widths(&widths),
        tables::reference(studies.iter().chain(&widths)),
    ]
    .join("\n");
    println!("{tables}");
    if std::env::args().any(|argument| argument == "--write") {
        page::write(&tables);
    }
}

fn study(case: Case) -> Study {
    let start = Instant::now();
    let reference = Reference::new(&case);
    let row = |strategy: Strategy| {
        let plan = case.plan(strategy).ok()?;
        Some(Row {
            strategy,
            channels: plan.algebra().dimension(),
            cancellation: Cancellation::of(&case, &plan),
            double: Errors::of::<f64>(&case, &plan, &reference),
            single: Errors::of::<f32>(&case, &plan, &reference),
            stored: Errors::of_stored_numbers(&case, &plan, &reference),
            disagreement: reference.disagreement(&case, &plan, CHECKED),
        })
    };
    let rows =
        [Strategy::Minimal, Strategy::Collapsed, Strategy::Standard].into_iter().filter_map(row).collect();
    let uncertainty = reference.uncertainty(&case, CHECKED);
    eprintln!("{} in {} dimensions: {:.1} s", case.sign(), case.dimension, start.elapsed().as_secs_f64());
    Study { case, rows, uncertainty }
}
