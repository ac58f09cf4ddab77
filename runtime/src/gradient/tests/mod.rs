//! Derivatives against dual numbers through the reference executor.

mod custom;

use jetc_operators::{OperatorSpec, Plan, Strategy};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, proptest};

use super::{Differentiator, Gradients};
use crate::float::Float;
use crate::math::Real;
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
    let gradients =
        Gradients { parameters: Some(&mut gradient), points: Some(&mut of_points), unknowns: None };
    differentiator.vjp(&to(&points), &to(&cotangents), gradients).unwrap();
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

/// A network of three layers over a first of many inputs.
fn perceptron(inputs: usize, width: usize) -> Network<f64> {
    let matrix = |rows: usize, columns: usize, seed: u64| {
        crate::Matrix::from_row_major(rows, columns, numbers(seed, rows * columns)).unwrap()
    };
    let network = Network::builder(inputs).affine(matrix(width, inputs, 1), Some(numbers(2, width)));
    let network =
        network.elementwise(Activation::Tanh).affine(matrix(width, width, 3), Some(numbers(4, width)));
    network.elementwise(Activation::Tanh).affine(matrix(1, width, 5), Some(numbers(6, 1))).build().unwrap()
}

#[test]
fn gradients_have_the_same_bits_for_any_number_of_threads() {
    let (plan, network) = (plan(OPERATORS[3], Strategy::Minimal), perceptron(2, 17));
    let differentiator = Differentiator::<f32>::new(&plan, &network).unwrap();
    let points: Vec<f32> = numbers(1, 2 * 5001).into_iter().map(<f32 as Real>::from_f64).collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut gradient = vec![0.0f32; network.parameters().len()];
        let loss = pool.install(|| differentiator.loss_and_gradient(&points, None, &mut gradient)).unwrap();
        (loss.to_bits(), gradient.iter().map(|x| x.to_bits()).collect::<Vec<u32>>())
    };
    let one = on(1);
    for threads in [2, 3, 7] {
        assert!(on(threads) == one, "{threads} threads");
    }
}

#[test]
fn rows_of_the_jacobian_are_gradients_of_single_results() {
    let (plan, network) = (plan(OPERATORS[3], Strategy::Minimal), network(&[1, 4, 8, 11]).unwrap());
    let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let (count, parameters) = (5, network.parameters().len());
    let points = numbers(9, 2 * count);
    let (mut results, mut jacobian) = (vec![0.0; 2 * count], vec![0.0; 2 * count * parameters]);
    differentiator.jacobian(&points, &mut results, &mut jacobian).unwrap();
    for (row, of_row) in jacobian.chunks_exact(parameters).enumerate() {
        let mut cotangents = vec![0.0; 2 * count];
        cotangents[row] = 1.0;
        let mut gradient = vec![0.0; parameters];
        let gradients = Gradients { parameters: Some(&mut gradient), ..Gradients::default() };
        differentiator.vjp(&points, &cotangents, gradients).unwrap();
        let norm = gradient.iter().map(|x| x * x).sum::<f64>().sqrt();
        let off = of_row.iter().zip(&gradient).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        // The same terms in another order.
        assert!(off <= 1e-13 * norm, "row {row}: {off:e} of {norm:e}");
    }
}

#[test]
fn the_loss_is_the_mean_square_of_what_an_evaluator_gives() {
    let (plan, network) = (plan(OPERATORS[0], Strategy::Auto), perceptron(2, 8));
    let (points, targets) = (numbers(1, 2 * 700), numbers(2, 2 * 700));
    let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let mut gradient = vec![0.0; network.parameters().len()];
    let loss = differentiator.loss_and_gradient(&points, Some(&targets), &mut gradient).unwrap();
    let mut results = vec![0.0; 2 * 700];
    crate::Evaluator::<f64>::new(&plan, &network).unwrap().evaluate_into(&points, &mut results).unwrap();
    let sum: f64 = results.iter().zip(&targets).map(|(r, g)| (r - g).powi(2)).sum();
    assert!((loss - sum / 700.0).abs() < 1e-13 * loss, "{loss}");
}

#[test]
fn unknowns_of_the_operator_have_derivatives() {
    let yaml = "coordinates: [x1, x2]\nunknown: [nu, k]\noutputs: {r: 'u_x1 - nu*lap(u) + exp(k)*u^3'}\n";
    let yaml = yaml.replace("[x1, x2]", "{space: [x1, x2]}");
    let plan = OperatorSpec::from_yaml("test", &yaml).unwrap().plan(Strategy::Minimal).unwrap();
    let network = perceptron(2, 5);
    let points = numbers(3, 2 * 11);
    let mut differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let mut results = vec![0.0; 11];
    let refused = differentiator.vjp(&points, &results, Gradients::default()).unwrap_err();
    assert!(refused.to_string().contains("leaves nu, k unknown"), "{refused}");
    let mut at = |nu: f64, k: f64, unknowns: &mut [f64]| {
        differentiator.set_unknowns(&[nu, k]).unwrap();
        let gradients = Gradients { unknowns: Some(unknowns), ..Gradients::default() };
        let sum = |_: usize, results: &[f64], cotangents: &mut [f64]| {
            cotangents.fill(1.0);
            results.iter().sum()
        };
        differentiator.value_and_vjp(&points, &mut results, sum, gradients).unwrap()
    };
    let (mut gradient, mut other) = ([0.0; 2], [0.0; 2]);
    at(0.3, -0.2, &mut gradient);
    let h = 1e-5;
    let by_nu = (at(0.3 + h, -0.2, &mut other) - at(0.3 - h, -0.2, &mut other)) / (2.0 * h);
    let by_k = (at(0.3, -0.2 + h, &mut other) - at(0.3, -0.2 - h, &mut other)) / (2.0 * h);
    for (found, expected) in gradient.into_iter().zip([by_nu, by_k]) {
        assert!((found - expected).abs() < 1e-8 * expected.abs().max(1.0), "{found} for {expected}");
    }
}

#[test]
fn linear_networks_have_gradients_though_their_channels_are_the_same_at_every_point() {
    let weight = crate::Matrix::from_row_major(1, 2, vec![2.0, 3.0]).unwrap();
    let network = Network::builder(2).affine(weight, Some(vec![1.0])).build().unwrap();
    let yaml = "coordinates: [x, y]\nfields: [u]\noutputs: {a: u_x, b: 2*u_y + u}\n";
    let plan = OperatorSpec::from_yaml("test", yaml).unwrap().plan(Strategy::Minimal).unwrap();
    let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let mut jacobian = vec![0.0; 2 * 2 * 3];
    differentiator.jacobian(&[5.0, 7.0, 1.0, -1.0], &mut [0.0; 4], &mut jacobian).unwrap();
    let expected = [1.0, 0.0, 0.0, 5.0, 9.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0];
    assert_eq!(jacobian, expected);
}

#[test]
fn other_parameters_give_what_a_network_of_them_gives() {
    // A transposed weight, a factor before the first nonlinearity, and a branch without one.
    let build = || {
        let mut graph = GraphBuilder::<f64>::new(2);
        let x = graph.input();
        let parameter = |graph: &mut GraphBuilder<f64>, name: &str, shape: &[usize], seed| {
            graph.parameter(name, shape, numbers(seed, shape.iter().product())).unwrap()
        };
        let (w, f, v) = (
            parameter(&mut graph, "w", &[2, 4], 1),
            parameter(&mut graph, "f", &[4], 2),
            parameter(&mut graph, "v", &[4, 1], 3),
        );
        let hidden = graph.matmul(x, w).unwrap();
        let branch = graph.matmul(hidden, v).unwrap();
        let hidden = graph.multiply(hidden, f).unwrap();
        let hidden = graph.apply(Activation::Tanh, hidden).unwrap();
        let output = graph.matmul(hidden, v).unwrap();
        let output = graph.add(output, branch).unwrap();
        graph.build(output).unwrap()
    };
    let network = build();
    let theta: Vec<f64> = numbers(77, network.parameters().len());
    let other = network.with_parameters(&theta).unwrap();
    let points = numbers(5, 2 * 33);
    for operator in OPERATORS {
        let plan = plan(operator, Strategy::Minimal);
        let gradient = |differentiator: &Differentiator<f64>| {
            let mut gradient = vec![0.0; theta.len()];
            let loss = differentiator.loss_and_gradient(&points, None, &mut gradient).unwrap();
            (loss, gradient)
        };
        let mut moved = Differentiator::<f64>::new(&plan, &network).unwrap();
        moved.set_parameters(&theta).unwrap();
        assert_eq!(gradient(&moved), gradient(&Differentiator::new(&plan, &other).unwrap()), "{operator}");
    }
}
