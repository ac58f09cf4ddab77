//! What the user should know of numbers although all went on.

use jetc_operators::{Plan, Precision, counted};
use jetc_runtime::files::PointReader;
use jetc_runtime::{Float, OutputColumn, Watch};

/// Fewer digits than this are worth a word.
const FEW_DIGITS: f64 = 3.0;

/// What to say where the plan magnifies rounding so much that few digits are left; where none are, the evaluator refuses it.
pub(crate) fn few_digits(plan: &Plan, precision: Precision) -> Option<String> {
    let growth = plan.growth().factor;
    let digits = precision.digits_left(growth);
    let remedy = match precision {
        Precision::Single => "`--dtype f64` has nine more",
        Precision::Double => "another `--strategy` may keep more",
    };
    (0.0..FEW_DIGITS).contains(&digits).then(|| {
        format!(
            "the {} plan magnifies rounding {growth:.1e} times, which leaves about {digits:.0} digits in {precision}; {remedy}",
            plan.strategy()
        )
    })
}

/// What the user should know of the numbers that went through.
pub(crate) fn numbers<T: Float>(
    watch: &Watch,
    points: &PointReader,
    columns: &[OutputColumn],
) -> Vec<String> {
    let mut warnings = Vec::new();
    let all = counted(watch.read, "point");
    if watch.read == 0 {
        let header =
            points.column_names().map_or("", |_| "; its one line was taken for the names of the columns");
        warnings.push(format!("{}: no points were read{header}", points.origin()));
    }
    if let Some(first) = watch.coordinates.first {
        let rows = watch.coordinates.rows;
        let (have, were) = if rows == 1 { ("has", "it was") } else { ("have", "they were") };
        warnings.push(format!(
            "{rows} of {all} {have} a coordinate that is NaN or infinite, the first in row {} (counted from 0); \
             {were} passed through",
            first.row
        ));
    }
    if let Some(first) = watch.too_large.first {
        warnings.push(format!(
            "{} of {all} {} a coordinate that is infinite in {}, the first in row {}, column {} (counted from 0); \
             compute in a wider type with --dtype f64",
            watch.too_large.rows,
            if watch.too_large.rows == 1 { "has" } else { "have" },
            T::NAME,
            first.row,
            first.column
        ));
    }
    if let Some(first) = watch.results.first {
        let wider = if T::NAME == "f32" { "; f64 has a wider range: --dtype f64" } else { "" };
        warnings.push(format!(
            "{} of {all} {} a result that is NaN or infinite, {} in all, the first in row {} (counted from 0), column \
             `{}`: {}{wider}",
            watch.results.rows,
            if watch.results.rows == 1 { "has" } else { "have" },
            counted(watch.results.numbers, "number"),
            first.row,
            columns[first.column].name,
            first.number
        ));
    }
    warnings
}
