//! A gradient for programs. Checked by `the_page_documents_every_key_and_no_other`.
#![doc = include_str!("json.md")]

use jetc_runtime::network::Parameter;
use serde_json::{Value, json};

use super::report::{Report, TensorLine, UnknownLine};

/// Version of the format; see the page.
const FORMAT: u32 = 1;

/// The whole report.
pub(super) fn view(report: &Report<'_>) -> Value {
    let mut view = json!({
        "format": FORMAT,
        "operator": report.operator,
        "strategy": report.strategy,
        "dtype": report.dtype,
        "loss": report.loss,
        "points": report.points,
        "columns": report.columns,
        "parameters": report.parameters,
        "gradient_norm": report.norm,
        "tensors": report.tensors.iter().map(tensor).collect::<Vec<_>>(),
    });
    if !report.unknowns.is_empty() {
        view["unknowns"] = report.unknowns.iter().map(unknown).collect();
    }
    view
}

fn unknown(line: &UnknownLine<'_>) -> Value {
    let UnknownLine { name, value, derivative } = line;
    json!({ "name": name, "value": value, "derivative": derivative })
}

fn tensor(line: &TensorLine<'_>) -> Value {
    let Parameter { name, shape, offset } = line.tensor;
    json!({ "name": name, "shape": shape, "offset": offset, "norm": line.norm })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const PAGE: &str = include_str!("json.md");

    #[test]
    fn the_page_documents_every_key_and_no_other() {
        let bias = Parameter { name: "0.bias".to_owned(), shape: vec![1], offset: 0 };
        let report = Report {
            operator: "laplacian",
            strategy: "minimal",
            dtype: "f64",
            loss: 1.0,
            points: 1,
            columns: 1,
            parameters: 1,
            norm: f64::NAN,
            tensors: vec![TensorLine { tensor: &bias, norm: f64::NAN, not_finite: 1 }],
            unknowns: vec![UnknownLine { name: "nu", value: 0.1, derivative: 2.0 }],
        };
        let json = view(&report);
        assert!(json["gradient_norm"].is_null());
        let keys = |value: &Value, prefix: &str| {
            value.as_object().unwrap().keys().map(|key| format!("{prefix}{key}")).collect::<BTreeSet<_>>()
        };
        let found = &keys(&json, "") | &keys(&json["tensors"][0], "tensors[].");
        let found = &found | &keys(&json["unknowns"][0], "unknowns[].");
        let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `"));
        let documented: BTreeSet<String> =
            rows.map(|row| row.split('`').next().unwrap().to_owned()).collect();
        assert_eq!(found, documented);
        assert!(PAGE.contains(&format!("This is format {FORMAT}.")));
    }
}
