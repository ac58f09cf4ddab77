//! Every operation of the builder against its index formula, in exact arithmetic.
//!
//! An operation is tried twice: on numbers, where the builder computes the result itself, and on the point, where a network
//! does.

mod array;
mod arrange;
mod arithmetic;
mod contraction;
mod determinant;
mod jets;
mod lineage;
mod mistakes;
mod power;
mod reduce;
mod select;
mod simplify;
mod window;

use jetc_combinatorics::Rational;
use jetc_operators::{OperatorSpec, Plan, Strategy};

use self::array::Array;
use super::{GraphBuilder, GraphError, TensorId};
use crate::network::Network;
use crate::reference;

type Graph = GraphBuilder<Rational>;

fn ratio(numerator: i32, denominator: i32) -> Rational {
    Rational::new(numerator.into(), denominator.into())
}

/// A plan whose readouts are its outputs, in the coordinates x1, x2 …
fn plan(coordinates: usize, outputs: &[&str], strategy: Strategy) -> Plan {
    let names: Vec<String> = (1..=coordinates).map(|number| format!("x{number}")).collect();
    let outputs: Vec<String> =
        outputs.iter().enumerate().map(|(n, text)| format!("o{n}: '{text}'")).collect();
    let yaml =
        format!("coordinates: {{space: [{}]}}\noutputs: {{{}}}\n", names.join(", "), outputs.join(", "));
    OperatorSpec::from_yaml("test", &yaml).unwrap().plan(strategy).unwrap()
}

/// Each output of a plan that is linear, for each output of the network.
fn outputs(plan: &Plan, network: &Network<Rational>, point: &[Rational]) -> Vec<Vec<Rational>> {
    let values = reference::evaluate(network, plan, point).unwrap();
    plan.parts().iter().map(|part| values[part.readout].clone()).collect()
}

fn values(network: &Network<Rational>, point: &[Rational]) -> Vec<Rational> {
    outputs(&plan(point.len(), &["u"], Strategy::Minimal), network, point).remove(0)
}

/// Fails unless the operation takes these arrays to the expected one, as numbers and as parts of the point.
fn assert_computes(
    arrays: &[Array],
    operation: impl Fn(&mut Graph, &[TensorId]) -> Result<TensorId, GraphError>,
    expected: &Array,
) {
    let mut graph = Graph::new(1);
    let constants: Vec<TensorId> =
        arrays.iter().map(|array| graph.constant(&array.shape, array.entries.clone()).unwrap()).collect();
    let result = operation(&mut graph, &constants).unwrap();
    assert_eq!(graph.shape(result), expected.shape, "on numbers");
    assert_eq!(graph.constant_entries(result).unwrap(), expected.entries, "on numbers");

    let point: Vec<Rational> = arrays.iter().flat_map(|array| array.entries.clone()).collect();
    let mut graph = Graph::new(point.len());
    let mut start = 0;
    let mut parts = Vec::new();
    for array in arrays {
        let input = graph.input();
        let part = graph.slice(input, 0, start, 1, array.entries.len()).unwrap();
        parts.push(graph.reshape(part, &array.shape).unwrap());
        start += array.entries.len();
    }
    let result = operation(&mut graph, &parts).unwrap();
    assert_eq!(graph.shape(result), expected.shape, "on the point");
    let network = graph.build(result).unwrap();
    assert_eq!(values(&network, &point), expected.entries, "on the point");
}
