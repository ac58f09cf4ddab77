//! Tests of the language as a whole.

mod coordinates;
mod equations;
mod errors;
mod hostile;
mod language;
mod linear;
mod names;
mod nonlinear;
mod unknowns;
mod vectors;
mod yaml;

use super::{OperatorSpec, Options, OutputSpec, Pointwise, RealFunction};
use crate::LinearPart;
use crate::document::Document;

/// The spec of a file that has no mistakes.
fn spec(yaml: &str) -> OperatorSpec {
    OperatorSpec::from_yaml("test.yaml", yaml).unwrap_or_else(|error| panic!("{error}"))
}

/// The spec of one output `r` in these coordinates.
fn operator(coordinates: &str, expression: &str) -> OperatorSpec {
    spec(&format!("coordinates: {coordinates}\noutputs:\n  r: '{expression}'\n"))
}

/// The linear part that is the whole of the output.
fn linear<'s>(spec: &'s OperatorSpec, output: &OutputSpec) -> &'s LinearPart {
    let id = spec.as_linear(output).unwrap_or_else(|| panic!("`{}` is not linear: {spec:?}", output.name));
    spec.linear_part(id)
}

/// The terms of the first output as text: `1 x^2 + 2 x y`.
fn shown(spec: &OperatorSpec) -> String {
    show(spec, linear(spec, &spec.outputs[0]))
}

fn show(spec: &OperatorSpec, part: &LinearPart) -> String {
    let name = |coordinate: u32| spec.coordinates.name(coordinate).to_owned();
    let terms: Vec<String> = part
        .symbol
        .terms()
        .map(|(monomial, weight)| {
            let factors = monomial.pairs().map(|(variable, power)| {
                let direction = spec.variables.direction(variable).unwrap();
                let entries: Vec<String> = direction
                    .iter()
                    .map(|(i, entry)| format!("{}{}", entry.to_rational(), name(i)))
                    .collect();
                let direction = match entries.as_slice() {
                    [unit] if unit.starts_with('1') => unit[1..].to_owned(),
                    _ => format!("({})", entries.join("+")),
                };
                if power == 1 { direction } else { format!("{direction}^{power}") }
            });
            std::iter::once(weight.to_string()).chain(factors).collect::<Vec<_>>().join(" ")
        })
        .collect();
    terms.join(" + ")
}

/// The mistakes of a file, one a line.
fn mistakes(yaml: &str) -> String {
    match OperatorSpec::from_yaml("f", yaml) {
        Ok(spec) => panic!("no mistake found: {spec:?}"),
        Err(error) => error.to_string(),
    }
}
