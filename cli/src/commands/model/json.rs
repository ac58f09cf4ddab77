//! A network for programs.

use jetc_runtime::activation::Smoothness;
use serde_json::{Value, json};

use super::report::{Fitting, NodeLine, Report};

/// The whole report.
pub(super) fn view(report: &Report) -> Value {
    json!({
        "format": 1,
        "inputs": report.inputs,
        "outputs": report.outputs,
        "input_names": report.input_names,
        "output_names": report.output_names,
        "parameters": report.parameters,
        "flops_per_channel": report.linear_work,
        "multiplications_per_product": report.product_work,
        "smooth": report.rough().next().is_none(),
        "nodes": report.nodes.iter().map(node).collect::<Vec<_>>(),
        "operators": report.operators.iter().map(operator).collect::<Vec<_>>(),
    })
}

fn node(node: &NodeLine) -> Value {
    let smoothness = match node.smoothness {
        Smoothness::Singular { points } => json!({ "singular": points }),
        Smoothness::Piecewise { degree } => json!({ "piecewise": { "degree": degree } }),
        Smoothness::Smooth => json!("smooth"),
    };
    json!({
        "operation": node.operation,
        "reads": node.reads,
        "features": node.features,
        "smoothness": smoothness,
    })
}

fn operator(fitting: &Fitting) -> Value {
    json!({ "name": fitting.name, "channels": fitting.channels })
}
