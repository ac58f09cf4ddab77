//! Derivatives against dual numbers through the reference executor.

use jetc_operators::{OperatorSpec, Plan, Strategy};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, proptest};

use super::Differentiator;
use crate::float::Float;
use crate::network::Tensor;
use crate::reference::{self, Dual};
use crate::{Activation, GraphBuilder, GraphError, Network};

const OPERATORS: [&str; 4] =
    ["lap(u)", "lap(lap(u))", "d(u, x1: 2, x2: 1) - 2*u_x2 + 3*u", "u*u_x1 - exp(u_x2)*lap(u) + x1^2"];

fn plan(operator: &str, strategy: Strategy) -> Plan {
    let yaml = format!("coordinates: {{space: [x1, x2]}}\noutputs: {{r: '{operator}', s: 'u_x1'}}\n");
    OperatorSpec::from_yaml("test", &yaml).unwrap().plan(strategy).unwrap()
}

/// Numbers between −1 and 1.
fn numbers(mut seed: u64, count: usize) -> Vec<f64> {
    let next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(seed >> 33).unwrap()) / f64::from(1u32 << 30) - 1.0
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// Each byte adds an operation to tensors of four features, and parameters of its own.
fn network(bytes: &[u8]) -> Result<Network<f64>, GraphError> {
    let mut graph = GraphBuilder::new(2);
    let parameter = |graph: &mut GraphBuilder<f64>, shape: &[usize], seed: u64| {
        graph.parameter(&format!("p{seed}"), shape, numbers(seed, shape.iter().product()))
    };
    let linear = |graph: &mut GraphBuilder<f64>, x: Tensor, rows: usize, seed: u64| {
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
            tensors[tensors.len() - 1 - (usize::from(byte) / 15 + offset) % tensors.len().min(3)]
        };
        let (x, y, seed) = (pick(0), pick(1), u64::from(byte) + 300 * number as u64 + 300);
        let next = match byte % 15 {
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

/// wᵀ ∂r/∂(θ, x) · (v, dx) for one point, by dual numbers.
fn directional(
    (plan, network): (&Plan, &Network<f64>),
    point: &[f64],
    cotangents: &[f64],
    (of_parameters, of_point): (&[f64], &[f64]),
) -> f64 {
    let dual = |(&value, &derivative): (&f64, &f64)| Dual { value, derivative };
    let theta: Vec<Dual<f64>> = network.parameters().values().iter().zip(of_parameters).map(dual).collect();
    let moved = network.map(|&number| Dual::constant(number)).with_parameters(&theta).unwrap();
    let point: Vec<Dual<f64>> = point.iter().zip(of_point).map(dual).collect();
    let readouts = reference::evaluate(&moved, plan, &point).unwrap();
    let parts: Vec<&Dual<f64>> = plan.parts().iter().map(|part| &readouts[part.readout][0]).collect();
    // The formulas of this file, by central differences in the parts: their own derivatives are tested elsewhere.
    let spec_value = |h: f64| -> Vec<f64> {
        let at = |number: &Dual<f64>| number.value + h * number.derivative;
        let parts: Vec<f64> = parts.iter().map(|part| at(part)).collect();
        let point: Vec<f64> = point.iter().map(at).collect();
        formulas(plan, &point, &parts)
    };
    let h = 1e-5;
    let (above, below) = (spec_value(h), spec_value(-h));
    above.iter().zip(&below).zip(cotangents).map(|((a, b), w)| w * (a - b) / (2.0 * h)).sum()
}

fn formulas(plan: &Plan, point: &[f64], parts: &[f64]) -> Vec<f64> {
    let formulas = crate::executor::Formulas::new(plan.pointwise());
    let mut values = vec![0.0; formulas.len()];
    formulas.evaluate(1, |index, _| point[index], |part, _| parts[part], &mut values);
    plan.outputs().iter().map(|output| values[output.formula.index()]).collect()
}

/// Everything at once for one type: the largest relative mistake of the derivative in a random direction.
fn mistake<T: Float>((plan, network): (&Plan, &Network<f64>), count: usize, seed: u64) -> f64 {
    let differentiator = Differentiator::<T>::new(plan, network).unwrap();
    let to = |numbers: &[f64]| numbers.iter().map(|&x| T::from_f64(x)).collect::<Vec<T>>();
    let (points, cotangents) = (numbers(seed, 2 * count), numbers(seed + 1, 2 * count));
    let mut gradient = vec![T::ZERO; network.parameters().len()];
    let mut of_points = vec![T::ZERO; 2 * count];
    differentiator.vjp(&to(&points), &to(&cotangents), &mut gradient, Some(&mut of_points)).unwrap();
    let (v, dx) = (numbers(seed + 2, gradient.len()), numbers(seed + 3, 2 * count));
    let dot = |a: &[T], b: &[f64]| a.iter().zip(b).map(|(a, b)| a.to_f64() * b).sum::<f64>();
    let found = dot(&gradient, &v) + dot(&of_points, &dx);
    let at = |p: usize| 2 * p..2 * p + 2;
    let expected: f64 = (0..count)
        .map(|p| directional((plan, network), &points[at(p)], &cotangents[at(p)], (&v, &dx[at(p)])))
        .sum();
    let scale: f64 = gradient.iter().chain(&of_points).map(|x| x.to_f64().powi(2)).sum::<f64>().sqrt();
    (found - expected).abs() / scale.max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn derivatives_of_random_graphs_are_those_of_dual_numbers(
        bytes in prop::collection::vec(any::<u8>(), 0..7), seed in any::<u64>()
    ) {
        let network = network(&bytes).unwrap();
        for operator in OPERATORS {
            for strategy in Strategy::CONCRETE {
                let plan = plan(operator, strategy);
                // The formulas' differences have seven digits or more.
                let double = mistake::<f64>((&plan, &network), 3, seed);
                prop_assert!(double < 1e-6, "{operator}, {strategy}, f64: {double:e}");
                let single = mistake::<f32>((&plan, &network), 3, seed);
                prop_assert!(single < 1e-2, "{operator}, {strategy}, f32: {single:e}");
            }
        }
    }
}
