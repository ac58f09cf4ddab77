//! Measurements as tables for people, one for each precision.

use jetc_operators::{counted, printable};

use super::line::Line;
use super::report::{Measured, Report, Series};

/// The machine, then the tables.
pub(super) fn view(report: &Report) -> String {
    let Report { operator, coordinates, order, network, parameters, instructions, seconds, .. } = report;
    let threads = counted(report.threads, "thread");
    let mut text = format!(
        "{}: {}, order {order}\nnetwork {network}, {}\n{threads}, {instructions}, medians over {seconds} s for each \
         batch\n",
        printable(operator),
        counted(coordinates, "coordinate"),
        counted(parameters, "parameter")
    );
    for (dtype, series) in report.by_dtype() {
        text += "\n";
        text += &times(dtype, series);
        text += &gradients(dtype, series);
        text += &lines(dtype, series);
    }
    text
}

/// A row of a table: aligned cells, and an unaligned end.
struct Row {
    cells: Vec<String>,
    end: String,
}

impl Row {
    fn new(cells: impl IntoIterator<Item = String>) -> Self {
        Self { cells: cells.into_iter().collect(), end: String::new() }
    }

    fn heads(first: &str, others: &[&str]) -> Self {
        Self::new(std::iter::once(&first).chain(others).map(|head| (*head).to_owned()))
    }

    fn none(cells: impl IntoIterator<Item = String>, reason: &str) -> Self {
        Self { end: format!("none: {reason}"), ..Self::new(cells) }
    }
}

fn times(dtype: &str, series: &[Series]) -> String {
    let heads = ["channels", "points", "us/point", "fastest", "memory", "GFLOP/s", "bare", "of limit"];
    let mut rows = vec![Row::heads(dtype, &heads)];
    for Series { strategy, outcome, .. } in series {
        match outcome {
            Ok(measured) => rows.extend(batches(strategy.name(), measured)),
            Err(reason) => rows.push(Row::none([strategy.to_string()], reason)),
        }
    }
    table(&rows)
}

fn batches(strategy: &str, measured: &Measured) -> impl Iterator<Item = Row> {
    measured.batches.iter().map(move |batch| {
        let points = batch.points;
        let first = [strategy.to_owned(), measured.channels.to_string(), points.to_string()];
        match &batch.outcome {
            Err(reason) => Row::none(first, reason),
            Ok(measurement) => {
                let [strategy, channels, count] = first;
                let fastest =
                    measurement.jetc.fastest / measurement.jetc.median * measurement.jetc.per_point(points);
                Row::new([
                    strategy,
                    channels,
                    count,
                    digits(1e6 * measurement.jetc.per_point(points)),
                    digits(1e6 * fastest),
                    bytes(measurement.peak),
                    digits(measured.gflops(points, &measurement.jetc)),
                    digits(measured.gflops(points, &measurement.bare)),
                    per_cent(measured.per_cent(measurement)),
                ])
            }
        }
    })
}

/// Gradients, set apart; nothing where none are asked for.
fn gradients(dtype: &str, series: &[Series]) -> String {
    let heads = ["points", "us/point", "fastest", "memory", "of products", "of evaluation"];
    let mut rows = vec![Row::heads(&format!("{dtype}, gradient"), &heads)];
    let measured = series.iter().filter_map(|one| Some((one.strategy.name(), one.outcome.as_ref().ok()?)));
    for (strategy, measured) in measured {
        if let Some(reason) = &measured.no_gradient {
            rows.push(Row::none([strategy.to_owned()], reason));
        }
        for (points, measurement) in measured.measurements() {
            let Some(gradient) = &measurement.gradient else { continue };
            let ratios = measurement.gradient_ratios(measured.flops > 0).unwrap_or_default();
            let [of_products, of_evaluation] =
                ratios.map(|ratio| ratio.map_or_else(|| "-".to_owned(), |ratio| digits(ratio) + "x"));
            let fastest = gradient.timing.fastest / gradient.timing.median;
            rows.push(Row::new([
                strategy.to_owned(),
                points.to_string(),
                digits(1e6 * gradient.timing.per_point(points)),
                digits(1e6 * fastest * gradient.timing.per_point(points)),
                bytes(gradient.peak),
                of_products,
                of_evaluation,
            ]));
        }
    }
    if rows.len() == 1 { String::new() } else { format!("\n{}", table(&rows)) }
}

/// The straight lines through the times, set apart.
fn lines(dtype: &str, series: &[Series]) -> String {
    let heads = ["ms/point", "intercept ms", "bare ms/point", "of limit"];
    let mut rows = vec![Row::heads(&format!("{dtype}, fitted"), &heads)];
    for (strategy, measured) in
        series.iter().filter_map(|series| Some((series.strategy, series.outcome.as_ref().ok()?)))
    {
        let lines = (measured.line(|m| &m.jetc), measured.line(|m| &m.bare));
        if let (Some(jetc), Some(bare)) = lines {
            rows.push(line(strategy.name(), jetc, bare, measured.flops > 0));
        }
    }
    // One batch size has no line.
    if rows.len() == 1 { String::new() } else { format!("\n{}", table(&rows)) }
}

fn line(strategy: &str, jetc: Line, bare: Line, has_limit: bool) -> Row {
    let ratio = has_limit.then_some(100.0 * bare.slope / jetc.slope);
    let [slope, intercept, bare] =
        [jetc.slope, jetc.intercept, bare.slope].map(|seconds| digits(1e3 * seconds));
    Row::new([strategy.to_owned(), slope, intercept, bare, per_cent(ratio)])
}

/// The first column to the left, all others to the right.
fn table(rows: &[Row]) -> String {
    let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let length = |row: &Row, column: usize| row.cells.get(column).map_or(0, |cell| cell.chars().count());
    let widths: Vec<usize> =
        (0..columns).map(|column| rows.iter().map(|row| length(row, column)).max().unwrap_or(0)).collect();
    let line = |row: &Row| {
        let cells = row.cells.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        let end = (!row.end.is_empty()).then(|| row.end.clone());
        cells.chain(end).collect::<Vec<_>>().join("  ") + "\n"
    };
    rows.iter().map(line).collect()
}

/// Three significant digits at least.
fn digits(number: f64) -> String {
    let exponent = number.abs().log10().floor();
    if number == 0.0 {
        "0".to_owned()
    } else if exponent < -4.0 {
        format!("{number:.2e}")
    } else {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 6")]
        let decimals = (2.0 - exponent).max(0.0) as usize;
        format!("{number:.decimals$}")
    }
}

fn per_cent(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.0}%"))
}

fn bytes(count: usize) -> String {
    #[allow(clippy::cast_precision_loss, reason = "three digits are printed")]
    let mut size = count as f64 / 1024.0;
    let mut unit = "KiB";
    for larger in ["MiB", "GiB", "TiB"] {
        if size >= 1000.0 {
            (size, unit) = (size / 1024.0, larger);
        }
    }
    format!("{} {unit}", digits(size))
}

#[cfg(test)]
mod tests {
    use super::super::report::{example, example_with_gradients};
    use super::*;

    #[test]
    fn a_report_is_printed_in_aligned_columns() {
        assert_eq!(
            view(&example()),
            "\
laplacian: 3 coordinates, order 2
network 3 → 64 → 1, 321 parameters
2 threads, AVX2, medians over 1 s for each batch

f64       channels  points  us/point  fastest    memory  GFLOP/s  bare  of limit
standard  none: too many channels
minimal          5    1000       500      250  3.00 MiB     2.00  2.67       75%
minimal          5    2000       500      250  3.00 MiB     2.00  2.67       75%
minimal          5    9000  none: one evaluation takes about 60 s, too long

f64, fitted  ms/point  intercept ms  bare ms/point  of limit
minimal         0.500             0          0.375       75%

f32      channels  points  us/point  fastest    memory  GFLOP/s  bare  of limit
minimal         5    1000       250      125  3.00 MiB     4.00  5.33       75%
minimal         5    2000       250      125  3.00 MiB     4.00  5.33       75%
minimal         5    9000  none: one evaluation takes about 60 s, too long

f32, fitted  ms/point  intercept ms  bare ms/point  of limit
minimal         0.250             0          0.188       75%
"
        );
    }

    #[test]
    fn gradients_have_a_table_of_their_own() {
        let text = view(&example_with_gradients());
        let expected = "
f64, gradient  points  us/point  fastest    memory  of products  of evaluation
minimal          1000      1000      500  5.00 MiB        2.67x          2.00x
minimal          2000      1000      500  5.00 MiB        2.67x          2.00x

f64, fitted  ms/point  intercept ms  bare ms/point  of limit
";
        assert!(text.contains(expected), "{text}");
        assert!(
            text.contains("f32, gradient  points") && text.contains("minimal        none: no way back\n"),
            "{text}"
        );
    }

    #[test]
    fn numbers_keep_their_significant_digits() {
        let cases = [(1234.5, "1234"), (123.4, "123"), (12.34, "12.3"), (1.234, "1.23"), (0.1234, "0.123")];
        for (number, expected) in cases {
            assert_eq!(digits(number), expected);
        }
        assert_eq!(digits(-0.001_234), "-0.00123");
        assert_eq!(digits(0.000_012_34), "1.23e-5");
        assert_eq!(bytes(1 << 10), "1.00 KiB");
        assert_eq!(bytes(1000 << 10), "0.977 MiB");
    }
}
