//! Measurements as csv, one row for each, for spreadsheets and plots.

use super::line::Line;
use super::report::{Batch, Measured, Report, Series};

/// The columns; `problem` says why a row has no numbers.
const HEADER: &str = "dtype,strategy,channels,points,runs,median_ms,fastest_ms,bare_median_ms,bare_fastest_ms,peak_bytes,\
                      gflops,bare_gflops,percent_of_limit,fit_ms_per_point,fit_intercept_ms,gradient_median_ms,\
                      gradient_fastest_ms,gradient_peak_bytes,gradient_per_products,gradient_per_evaluation,\
                      gradient_problem,problem";

/// The header and the rows.
pub(super) fn view(report: &Report) -> anyhow::Result<String> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER.split(','))?;
    for series in &report.series {
        match &series.outcome {
            Ok(measured) => {
                let line = measured.line(|measurement| &measurement.jetc);
                for batch in &measured.batches {
                    writer.write_record(row(series, measured, batch, line))?;
                }
            }
            Err(reason) => {
                let mut cells = vec![series.dtype, series.strategy.name()];
                cells.resize(HEADER.split(',').count() - 1, "");
                cells.push(reason);
                writer.write_record(cells)?;
            }
        }
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn row(series: &Series, measured: &Measured, batch: &Batch, line: Option<Line>) -> [String; 22] {
    let measurement = batch.outcome.as_ref().ok();
    let gradient = measurement.and_then(|m| m.gradient.as_ref());
    let [of_products, of_evaluation] =
        measurement.and_then(|m| m.gradient_ratios(measured.flops > 0)).unwrap_or_default();
    let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let ms = |seconds: Option<f64>| number(seconds.map(|seconds| 1e3 * seconds));
    [
        series.dtype.to_owned(),
        series.strategy.to_string(),
        measured.channels.to_string(),
        batch.points.to_string(),
        measurement.map(|m| m.runs.to_string()).unwrap_or_default(),
        ms(measurement.map(|m| m.jetc.median)),
        ms(measurement.map(|m| m.jetc.fastest)),
        ms(measurement.map(|m| m.bare.median)),
        ms(measurement.map(|m| m.bare.fastest)),
        measurement.map(|m| m.peak.to_string()).unwrap_or_default(),
        number(measurement.map(|m| measured.gflops(batch.points, &m.jetc))),
        number(measurement.map(|m| measured.gflops(batch.points, &m.bare))),
        number(measurement.and_then(|m| measured.per_cent(m))),
        ms(line.map(|line| line.slope)),
        ms(line.map(|line| line.intercept)),
        ms(gradient.map(|gradient| gradient.timing.median)),
        ms(gradient.map(|gradient| gradient.timing.fastest)),
        gradient.map(|gradient| gradient.peak.to_string()).unwrap_or_default(),
        number(of_products),
        number(of_evaluation),
        measured.no_gradient.clone().unwrap_or_default(),
        batch.outcome.as_ref().err().cloned().unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::report::{example, example_with_gradients};
    use super::*;

    #[test]
    fn every_measurement_has_a_row() {
        let text = view(&example()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], HEADER);
        assert_eq!(lines[1], "f64,standard,,,,,,,,,,,,,,,,,,,,too many channels");
        assert_eq!(
            lines[2],
            "f64,minimal,5,1000,7,500,250,375,125,3145728,2,2.6666666666666665,75,0.5,0,,,,,,,"
        );
        assert!(lines[4].ends_with(",\"one evaluation takes about 60 s, too long\""), "{}", lines[4]);
        assert_eq!(lines.len(), 1 + 1 + 3 + 3);
    }

    #[test]
    fn gradients_have_columns_of_their_own() {
        let text = view(&example_with_gradients()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[2].ends_with(",75,0.5,0,1000,500,5242880,2.6666666666666665,2,,"), "{}", lines[2]);
        assert!(lines[5].ends_with(",,,,,,no way back,"), "{}", lines[5]);
    }
}
