//! Operators in many coordinates on networks whose first layers are narrow.

use jetc_operators::{OperatorSpec, Plan, Strategy};
use jetc_runtime::reference::evaluate;
use jetc_runtime::{Activation, Evaluator, GraphBuilder, Matrix, Network};

use crate::support::numbers;

fn matrix(rows: usize, columns: usize, next: &mut impl FnMut() -> f64) -> Matrix<f64> {
    Matrix::from_row_major(rows, columns, (0..rows * columns).map(|_| next()).collect()).unwrap()
}

fn perceptron(widths: &[usize], seed: u64) -> Network<f64> {
    let mut next = numbers(seed);
    let mut builder = Network::builder(widths[0]);
    for (layer, pair) in widths.windows(2).enumerate() {
        if layer > 0 {
            builder = builder.elementwise(Activation::Tanh);
        }
        builder =
            builder.affine(matrix(pair[1], pair[0], &mut next), Some((0..pair[1]).map(|_| next()).collect()));
    }
    builder.build().unwrap()
}

fn plan(operator: &str, strategy: Strategy) -> Plan {
    OperatorSpec::from_yaml("test", operator)
        .unwrap_or_else(|error| panic!("{error}"))
        .plan(strategy)
        .unwrap()
}

/// The evaluator against the reference, which runs the plan in all coordinates. Readouts are sums of products over all
/// channels, so they are compared at the scale of the largest.
fn compare(network: &Network<f64>, operator: &str, channels: usize) {
    for strategy in [Strategy::Minimal, Strategy::Collapsed] {
        let plan = plan(operator, strategy);
        let evaluator = Evaluator::<f64>::new(&plan, network).unwrap();
        if strategy == Strategy::Minimal {
            assert_eq!(evaluator.channels(), channels, "{operator}");
        }
        let mut next = numbers(99);
        let points: Vec<f64> = (0..3 * network.inputs()).map(|_| 0.3 * next()).collect();
        let width = evaluator.columns().len();
        let mut results = vec![0.0; 3 * width];
        evaluator.evaluate_into(&points, &mut results).unwrap();
        for (point, found) in points.chunks(network.inputs()).zip(results.chunks(width)) {
            let values = evaluate(network, &plan, point).unwrap();
            for (part, &found) in plan.parts().iter().zip(found) {
                let expected = values[part.readout][0];
                assert!(
                    (found - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
                    "{operator}: {found} {expected}"
                );
            }
        }
    }
}

#[test]
fn a_reduced_operator_has_the_values_of_the_full_one() {
    let network = perceptron(&[24, 5, 7, 1], 1);
    compare(&network, "coordinates: {space: {x: 24}}\noutputs: {r: lap(u)}", 7);
    compare(&network, "coordinates: {space: {x: 24}}\noutputs: {r: lap(u) - 2*u, s: u, q: u_x3}", 8);
    compare(&network, "coordinates: {space: {x: 23}, time: t}\noutputs: {r: u_t - lap(u)}", 7);
    compare(&network, "coordinates: {space: {x: 23}, time: t}\noutputs: {r: u_tt - lap(u)}", 7);
    let network = perceptron(&[10, 3, 6, 1], 2);
    // As many as in three dimensions.
    compare(&network, "coordinates: {space: {x: 10}}\noutputs: {r: lap(lap(u))}", 14);
    compare(&network, "coordinates: {space: {x: 10}}\noutputs: {r: lap(u), s: lap(lap(u)) + u}", 14);
    compare(&network, "coordinates: {space: {x: 9}, time: t}\noutputs: {r: u_t + lap(lap(u))}", 14);
}

#[test]
fn weighted_laplacians_are_reduced_whatever_their_signs() {
    let network = perceptron(&[6, 3, 4, 1], 3);
    let rows = "[[1, 2, 0, 0, 1, 0], [0, 1, 0, 3, 0, 0], [1, 0, 1, 0, 0, 2], [0, 0, 1, 1, 0, 0], [2, 0, 0, 0, 1, 1]]";
    compare(
        &network,
        &format!(
            "coordinates: {{space: {{x: 6}}}}\ndirections: {{v: {{rows: {rows}, weights: [1, -1, 2, 1/3, -5]}}}}\n\
             outputs: {{r: {{K: 2, sum: {{a: v}}, derivative: [a, a]}}}}"
        ),
        5,
    );
    compare(&network, "coordinates: {space: {x: 6}}\noutputs: {r: 'hess(u, [1, 2, -3, 4, 5, 1/7])'}", 5);
}

#[test]
fn a_layer_of_low_rank_is_found() {
    let mut next = numbers(5);
    let (tall, wide) = (matrix(9, 2, &mut next), matrix(2, 4, &mut next));
    let entry = |i: usize, j: usize| (0..2).map(|k| tall.row(i)[k] * wide.row(k)[j]).sum::<f64>();
    let product = (0..9).flat_map(|i| (0..4).map(move |j| (i, j))).map(|(i, j)| entry(i, j)).collect();
    let network = Network::builder(4)
        .affine(Matrix::from_row_major(9, 4, product).unwrap(), None)
        .elementwise(Activation::Tanh)
        .affine(matrix(1, 9, &mut next), None)
        .build()
        .unwrap();
    compare(&network, "coordinates: {space: {x: 4}}\noutputs: {r: lap(u)}", 4);
}

#[test]
fn several_first_layers_are_reduced_together() {
    let mut next = numbers(7);
    let mut graph = GraphBuilder::<f64>::new(20);
    let x = graph.input();
    let [u, v] = [0, 1].map(|_| {
        let layer = graph.linear(x, matrix(3, 20, &mut next), None).unwrap();
        graph.apply(Activation::Tanh, layer).unwrap()
    });
    let product = graph.multiply(u, v).unwrap();
    let output = graph.sum(product, &[0], true).unwrap();
    let network = graph.build(output).unwrap();
    compare(&network, "coordinates: {space: {x: 20}}\noutputs: {r: lap(u)}", 8);
}

#[test]
fn networks_that_read_their_input_elsewhere_are_left_alone() {
    let mut next = numbers(8);
    let mut graph = GraphBuilder::<f64>::new(8);
    let x = graph.input();
    let layer = graph.linear(x, matrix(1, 8, &mut next), None).unwrap();
    let norm = graph.norm(x, &[0], true).unwrap();
    let output = graph.multiply(layer, norm).unwrap();
    let network = graph.build(output).unwrap();
    compare(&network, "coordinates: {space: {x: 8}}\noutputs: {r: lap(u)}", 10);
}
