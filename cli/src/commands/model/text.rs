//! A network as a table for people.

use std::fmt::Write;

use jetc_operators::counted;
use jetc_runtime::activation::Smoothness;

use super::report::{Fitting, NodeLine, Report};

/// More names are not listed.
const MOST_NAMES: usize = 64;

/// The whole report.
pub(super) fn view(report: &Report) -> String {
    let mut text = table(&report.nodes);
    text += &totals(report);
    text += &smoothness(report);
    text += &operators(&report.operators);
    text
}

fn table(nodes: &[NodeLine]) -> String {
    let reads =
        |node: &NodeLine| node.reads.iter().map(|number| format!("n{number}")).collect::<Vec<_>>().join(" ");
    let mut rows = vec![["node", "operation", "reads", "features"].map(str::to_owned)];
    rows.extend(nodes.iter().enumerate().map(|(number, node)| {
        [format!("n{number}"), node.operation.clone(), reads(node), node.features.to_string()]
    }));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [0, 1, 2].map(width);
    let line = |[node, operation, reads, features]: &[String; 4]| {
        format!("{node:0$}  {operation:1$}  {reads:2$}  {features}\n", widths[0], widths[1], widths[2])
    };
    rows.iter().map(line).collect()
}

fn totals(report: &Report) -> String {
    let (inputs, outputs, nodes) = (report.inputs, report.outputs, report.nodes.len());
    let mut text =
        format!("\ninputs={inputs} outputs={outputs} nodes={nodes} parameters={}\n", report.parameters);
    for (what, names) in [("inputs", &report.input_names), ("outputs", &report.output_names)] {
        if let Some(names) = names.as_ref().filter(|names| names.len() <= MOST_NAMES) {
            let names: Vec<String> = names.iter().map(|name| name.escape_debug().to_string()).collect();
            let _ = writeln!(text, "{what} by name: {}", names.join(", "));
        }
    }
    let (linear, product) = (report.linear_work, report.product_work);
    let _ = writeln!(
        text,
        "for each point: {linear} flops per channel, {product} multiplications per product of channels"
    );
    text
}

fn smoothness(report: &Report) -> String {
    let mut text = String::new();
    for (number, node) in report.rough() {
        let operation = &node.operation;
        let _ = match node.smoothness {
            Smoothness::Singular { points } => {
                writeln!(text, "n{number} {operation} has no derivatives where {points}")
            }
            Smoothness::Piecewise { degree: Some(degree) } => writeln!(
                text,
                "n{number} {operation} is piecewise: its derivatives of order ≥ {} vanish almost everywhere",
                degree + 1
            ),
            Smoothness::Piecewise { degree: None } => {
                writeln!(text, "n{number} {operation} is piecewise: derivatives jump between its pieces")
            }
            Smoothness::Smooth => Ok(()),
        };
    }
    if text.is_empty() {
        text += "every node is smooth: derivatives of any order\n";
    }
    text
}

fn operators(operators: &[Fitting]) -> String {
    let name = |fitting: &Fitting| match fitting.channels {
        Some(channels) => format!("{} ({})", fitting.name, counted(channels, "channel")),
        None => fitting.name.to_owned(),
    };
    let names: Vec<String> = operators.iter().map(name).collect();
    if names.is_empty() {
        return "no built-in operator fits\n".to_owned();
    }
    format!("built-in operators that fit: {}\n", names.join(", "))
}
