//! Measurements for programs. Checked by `the_page_documents_every_key_and_no_other`.
#![doc = include_str!("json.md")]

use serde_json::{Value, json};

use super::report::{Batch, Measured, Report, Series};

/// Version of the format; see the page.
const FORMAT: u32 = 1;

/// The whole report.
pub(super) fn view(report: &Report) -> Value {
    json!({
        "format": FORMAT,
        "operator": report.operator,
        "order": report.order,
        "coordinates": report.coordinates,
        "network": report.network,
        "parameters": report.parameters,
        "threads": report.threads,
        "instructions": report.instructions,
        "seconds": report.seconds,
        "results": report.series.iter().map(series).collect::<Vec<_>>(),
    })
}

fn series(series: &Series) -> Value {
    let measured = series.outcome.as_ref().ok();
    json!({
        "strategy": series.strategy.name(),
        "dtype": series.dtype,
        "problem": series.outcome.as_ref().err(),
        "channels": measured.map(|measured| measured.channels),
        "flops_per_point": measured.map(|measured| measured.flops),
        "gradient_problem": measured.and_then(|measured| measured.no_gradient.as_ref()),
        "fit": measured.and_then(fit),
        "measurements": measured.map_or_else(Vec::new, measurements),
    })
}

fn fit(measured: &Measured) -> Option<Value> {
    let (jetc, bare) = (measured.line(|m| &m.jetc)?, measured.line(|m| &m.bare)?);
    let gradient = measured.gradient_line();
    Some(json!({
        "ms_per_point": 1e3 * jetc.slope,
        "intercept_ms": 1e3 * jetc.intercept,
        "bare_ms_per_point": 1e3 * bare.slope,
        "bare_intercept_ms": 1e3 * bare.intercept,
        "gradient_ms_per_point": gradient.map(|line| 1e3 * line.slope),
        "gradient_intercept_ms": gradient.map(|line| 1e3 * line.intercept),
    }))
}

fn measurements(measured: &Measured) -> Vec<Value> {
    let one = |batch: &Batch| {
        let points = batch.points;
        let measurement = batch.outcome.as_ref().ok();
        let gradient = measurement.and_then(|m| m.gradient.as_ref());
        let [of_products, of_evaluation] =
            measurement.and_then(|m| m.gradient_ratios(measured.flops > 0)).unwrap_or_default();
        json!({
            "points": points,
            "problem": batch.outcome.as_ref().err(),
            "runs": measurement.map(|m| m.runs),
            "median_ms": measurement.map(|m| 1e3 * m.jetc.median),
            "fastest_ms": measurement.map(|m| 1e3 * m.jetc.fastest),
            "bare_median_ms": measurement.map(|m| 1e3 * m.bare.median),
            "bare_fastest_ms": measurement.map(|m| 1e3 * m.bare.fastest),
            "peak_bytes": measurement.map(|m| m.peak),
            "gflops": measurement.map(|m| measured.gflops(points, &m.jetc)),
            "bare_gflops": measurement.map(|m| measured.gflops(points, &m.bare)),
            "percent_of_limit": measurement.and_then(|m| measured.per_cent(m)),
            "gradient_median_ms": gradient.map(|gradient| 1e3 * gradient.timing.median),
            "gradient_fastest_ms": gradient.map(|gradient| 1e3 * gradient.timing.fastest),
            "gradient_peak_bytes": gradient.map(|gradient| gradient.peak),
            "gradient_per_products": of_products,
            "gradient_per_evaluation": of_evaluation,
        })
    };
    measured.batches.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::report::{example, example_with_gradients};
    use super::*;

    const PAGE: &str = include_str!("json.md");

    /// The path of every key; list entries are `[]`.
    fn collect(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
        match value {
            Value::Object(entries) => {
                for (key, entry) in entries {
                    let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                    paths.insert(path.clone());
                    collect(entry, &path, paths);
                }
            }
            Value::Array(entries) => {
                for entry in entries {
                    collect(entry, &format!("{path}[]"), paths);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn the_page_documents_every_key_and_no_other() {
        let mut found = BTreeSet::new();
        collect(&view(&example()), "", &mut found);
        let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `"));
        let documented: BTreeSet<String> =
            rows.map(|row| row.split('`').next().unwrap().to_owned()).collect();
        assert_eq!(found, documented);
        assert!(PAGE.contains(&format!("This is format {FORMAT}.")));
    }

    #[test]
    fn numbers_are_those_of_the_report() {
        let json = view(&example());
        let minimal = &json["results"][1];
        assert_eq!(minimal["fit"]["ms_per_point"], 0.5);
        let measurement = &minimal["measurements"][1];
        let keys = ["points", "median_ms", "fastest_ms", "gflops", "percent_of_limit"];
        let numbers = keys.map(|key| measurement[key].as_f64().unwrap());
        assert!(numbers.iter().zip([2000.0, 1000.0, 500.0, 2.0, 75.0]).all(|(x, y)| (x - y).abs() < 1e-9));
    }

    #[test]
    fn gradients_are_compared_with_products_and_evaluations() {
        let json = view(&example_with_gradients());
        let [with, without] = [&json["results"][1], &json["results"][2]];
        assert_eq!(
            (&with["gradient_problem"], &without["gradient_problem"]),
            (&Value::Null, &"no way back".into())
        );
        assert_eq!(with["fit"]["gradient_ms_per_point"], 1.0);
        assert!(without["fit"]["gradient_ms_per_point"].is_null());
        let measurement = &with["measurements"][1];
        let keys = ["median_ms", "fastest_ms", "peak_bytes", "per_products", "per_evaluation"];
        let numbers = keys.map(|key| measurement[format!("gradient_{key}")].as_f64().unwrap());
        let expected = [2000.0, 1000.0, 5.0 * 1024.0 * 1024.0, 2.0 / 0.75, 2.0];
        assert!(numbers.iter().zip(expected).all(|(x, y)| (x - y).abs() < 1e-9), "{numbers:?}");
        assert!(without["measurements"][1]["gradient_median_ms"].is_null());
    }
}
