//! The executor against the reference on random graphs, in every strategy, precision and instruction set, for any number of
//! threads.

use jetc_operators::{OperatorSpec, Plan, Strategy};
use jetc_runtime::math::InstructionSet;
use jetc_runtime::network::TensorId;
use jetc_runtime::{Activation, GraphBuilder, GraphError, Network};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, prop_assert_eq, proptest};

use crate::support::{evaluate_with, expected, some_numbers};

const OPERATORS: [&str; 3] = ["lap(u)", "lap(lap(u))", "d(u, x1: 2, x2: 1) - 2*u_x2 + 3*u"];

/// Each byte adds an operation to tensors of four features, and parameters of its own; values stay of order one.
pub(crate) fn network(bytes: &[u8]) -> Result<Network<f64>, GraphError> {
    let mut graph = GraphBuilder::new(2);
    let parameter = |graph: &mut GraphBuilder<f64>, shape: &[usize], seed: u64| {
        graph.parameter(&format!("p{seed}"), shape, some_numbers(seed, shape.iter().product()))
    };
    let linear = |graph: &mut GraphBuilder<f64>, x: TensorId, rows: usize, seed: u64| {
        let columns = *graph.shape(x).last().unwrap();
        let weight = parameter(graph, &[columns, rows], seed)?;
        let bias = parameter(graph, &[rows], seed + 1)?;
        let product = graph.matmul(x, weight)?;
        graph.add(product, bias)
    };
    let input = graph.input();
    let first = linear(&mut graph, input, 4, 7)?;
    let mut tensors = vec![first];
    for (number, &byte) in bytes.iter().enumerate() {
        let pick = |offset: usize| {
            tensors[tensors.len() - 1 - (usize::from(byte) / 17 + offset) % tensors.len().min(3)]
        };
        let (x, y, seed) = (pick(0), pick(1), u64::from(byte) + 300 * number as u64 + 300);
        let next = match byte % 17 {
            0 => linear(&mut graph, x, 4, seed)?,
            1 => graph.apply(Activation::Tanh, x)?,
            2 => graph.apply(Activation::Sin, x)?,
            3 => graph.combine(&[(x, 0.5), (y, -0.75)])?,
            4 => {
                let factor = parameter(&mut graph, &[4], seed)?;
                let scaled = graph.multiply(x, factor)?;
                graph.add(scaled, factor)?
            }
            5 => graph.slice(x, 0, 3, -1, 4)?,
            6 => {
                let (a, b) = (graph.slice(x, 0, 1, 2, 2)?, graph.slice(y, 0, 0, 3, 2)?);
                graph.concat(&[a, b], 0)?
            }
            7 => graph.multiply(x, y)?,
            8 => {
                let (a, b) = (graph.reshape(x, &[2, 2])?, graph.reshape(y, &[2, 2])?);
                let product = graph.matmul(a, b)?;
                graph.reshape(product, &[4])?
            }
            9 => graph.softmax(x, -1)?,
            10 => graph.normalise(x, &[-1], 0.5, None, None)?,
            11 => {
                let rows = graph.reshape(x, &[2, 2])?;
                let blocks = linear(&mut graph, rows, 2, seed)?;
                graph.reshape(blocks, &[4])?
            }
            12 => {
                let square = graph.apply(Activation::Square, y)?;
                let one = graph.scalar(1.0);
                let denominator = graph.add(square, one)?;
                graph.divide(x, denominator)?
            }
            13 => graph.maximum(x, y)?,
            14 => {
                let rows = linear(&mut graph, x, 16, seed)?;
                let matrix = graph.reshape(rows, &[4, 4])?;
                let determinant = graph.determinant(matrix)?;
                graph.multiply(y, determinant)?
            }
            15 => {
                // Not singular: the value is near four times one.
                let rows = linear(&mut graph, x, 16, seed)?;
                let one = (0..16).map(|k| if k % 5 == 0 { 4.0 } else { 0.0 });
                let one = graph.constant(&[16], one.collect())?;
                let rows = graph.scale(rows, 0.25).and_then(|rows| graph.add(rows, one))?;
                let matrix = graph.reshape(rows, &[4, 4])?;
                let logarithm = graph.log_determinant(matrix)?.0;
                graph.multiply(y, logarithm)?
            }
            _ => {
                let sum = graph.sum(x, &[-1], true)?;
                let mean = graph.mean(y, &[-1], true)?;
                let all = graph.concat(&[sum, mean], 0)?;
                linear(&mut graph, all, 4, seed)?
            }
        };
        tensors.push(graph.apply(Activation::Tanh, next)?);
    }
    let output = linear(&mut graph, tensors[tensors.len() - 1], 1, 3)?;
    graph.build(output)
}

fn plan(operator: &str, strategy: Strategy) -> Plan {
    let yaml = format!("coordinates: {{space: [x1, x2]}}\noutputs: {{r: '{operator}'}}\n");
    OperatorSpec::from_yaml("test", &yaml).unwrap().plan(strategy).unwrap()
}

/// The largest difference, relative to the largest value, or to 1 if all are small.
fn error(found: &[f64], expected: &[f64]) -> f64 {
    let scale = expected.iter().fold(1.0, |scale: f64, x| scale.max(x.abs()));
    found.iter().zip(expected).map(|(a, b)| (a - b).abs() / scale).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn graphs_are_executed_as_the_reference_does(bytes in prop::collection::vec(any::<u8>(), 0..9), seed: u64) {
        let network = network(&bytes).unwrap();
        let points = some_numbers(seed, 2 * 37);
        for operator in OPERATORS {
            for strategy in Strategy::CONCRETE {
                let plan = plan(operator, strategy);
                let truth = expected(&plan, &network, &points);
                let best = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), 1);
                let error_in = |values: &[f64]| error(values, &truth);
                prop_assert!(error_in(&best) < 1e-10, "{operator}, {strategy}: {:e}", error_in(&best));
                for threads in [2, 5] {
                    let again = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), threads);
                    prop_assert_eq!(&again, &best, "{} threads", threads);
                }
                let portable = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::portable(), 1);
                prop_assert!(error_in(&portable) < 1e-10, "{operator}, {strategy}: {:e}", error_in(&portable));
                let single: Vec<f64> = evaluate_with::<f32>(&plan, &network, &points, InstructionSet::best(), 1)
                    .into_iter().map(f64::from).collect();
                prop_assert!(error_in(&single) < 1e-2, "{operator}, {strategy}: {:e}", error_in(&single));
            }
        }
    }
}
