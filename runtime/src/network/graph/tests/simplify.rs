//! Simplification keeps the function: random graphs with and without it, exactly.

use jetc_combinatorics::Rational;
use proptest::prelude::{ProptestConfig, any, prop, prop_assert_eq, proptest};

use super::{Graph, TensorId, outputs, plan, ratio};
use crate::activation::Activation;
use crate::network::{Matrix, Network};

/// A graph in which each byte adds an operation to a tensor, with three features everywhere.
fn random(bytes: &[u8]) -> (Graph, TensorId) {
    let mut graph = Graph::new(3);
    let mut tensors = vec![graph.input()];
    for (number, &byte) in bytes.iter().enumerate() {
        let pick = |offset: usize| {
            tensors[tensors.len() - 1 - (usize::from(byte) / 9 + offset) % tensors.len().min(3)]
        };
        let (x, y) = (pick(0), pick(1));
        let seed = i32::from(byte) + i32::try_from(number).unwrap();
        let entries = |count| super::Array::numbers(&[count], seed).entries;
        let next = match byte % 9 {
            0 => graph.linear(x, Matrix::from_row_major(3, 3, entries(9)).unwrap(), Some(entries(3))),
            1 => graph.linear(x, Matrix::from_row_major(3, 3, entries(9)).unwrap(), None),
            2 => graph.scale(x, ratio(seed - 40, 7)),
            3 => graph.constant(&[3], entries(3)).and_then(|factor| graph.multiply(factor, x)),
            4 => graph.constant(&[3], entries(3)).and_then(|shift| graph.add(x, shift)),
            5 => graph.combine(&[(x, ratio(1, 2)), (y, ratio(-2, 3))]),
            6 => graph.slice(x, 0, 2, -1, 3),
            7 => graph.apply(Activation::Square, x),
            _ => graph.multiply(x, y),
        };
        tensors.push(next.unwrap());
    }
    let output = tensors[tensors.len() - 1];
    (graph, output)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn simplified_networks_compute_the_same(bytes in prop::collection::vec(any::<u8>(), 1..9)) {
        let (graph, output) = random(&bytes);
        let plain: Network<Rational> = graph.clone().build_as_it_is(output);
        let simple = graph.build(output).unwrap();
        prop_assert_eq!(simple.outputs(), 3);
        let plan = plan(3, &["u", "d(u, x1: 1, x2: 1) + u_x3"], super::Strategy::Minimal);
        let point = [ratio(1, 2), ratio(-1, 3), ratio(1, 1)];
        prop_assert_eq!(outputs(&plan, &simple, &point), outputs(&plan, &plain, &point));
    }
}

#[test]
fn chains_of_linear_maps_become_one_node() {
    let (graph, output) = random(&[0, 3, 4, 2, 1]);
    assert_eq!(graph.clone().build_as_it_is(output).nodes().len(), 6);
    assert_eq!(graph.build(output).unwrap().nodes().len(), 2);
}

#[test]
fn what_nobody_reads_absorbs_nothing() {
    // Two maps read the first; only the second of them leads to the output.
    let (graph, output) = random(&[0, 18, 117]);
    let point = [ratio(1, 2), ratio(-1, 3), ratio(1, 1)];
    let plain = graph.clone().build_as_it_is(output);
    assert_eq!(super::values(&graph.build(output).unwrap(), &point), super::values(&plain, &point));
}
