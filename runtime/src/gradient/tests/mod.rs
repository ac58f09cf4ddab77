//! Derivatives against dual numbers through the reference executor.

mod custom;

use jetc_operators::{OperatorSpec, Plan, Pointwise, Strategy};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, proptest};

use super::{Differentiator, Gradients};
use crate::float::Float;
use crate::math::{InstructionSet, Real};
use crate::network::Tensor;
use crate::reference::{self, Dual};
use crate::{Activation, Evaluator, GraphBuilder, GraphError, Network};

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
    // Formulas by central differences in the parts: their own derivatives are tested elsewhere.
    let along = |h: f64| -> Vec<f64> {
        let at = |number: &Dual<f64>| number.value + h * number.derivative;
        let parts: Vec<f64> = parts.iter().map(|part| at(part)).collect();
        let point: Vec<f64> = point.iter().map(at).collect();
        formulas(plan, &point, &parts)
    };
    let h = 1e-5;
    let (above, below) = (along(h), along(-h));
    let derivative = |output: usize| match &plan.pointwise()[plan.outputs()[output].formula.index()] {
        Pointwise::LinearPart(part) => parts[part.index()].derivative,
        _ => (above[output] - below[output]) / (2.0 * h),
    };
    cotangents.iter().enumerate().map(|(output, w)| w * derivative(output)).sum()
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
                // Differences of a formula have seven digits or more; what is linear is exact but for rounding.
                let bound = if operator == OPERATORS[3] { 1e-6 } else { 1e-10 };
                let double = mistake::<f64>((&plan, &network), 3, seed);
                prop_assert!(double < bound, "{operator}, {strategy}, f64: {double:e}");
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
    Evaluator::<f64>::new(&plan, &network).unwrap().evaluate_into(&points, &mut results).unwrap();
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

#[test]
fn products_with_the_jacobian_are_those_of_its_rows() {
    for (bytes, operator) in
        [(&[1, 4, 8, 11][..], OPERATORS[3]), (&[4, 10, 13], OPERATORS[1]), (&[], OPERATORS[2])]
    {
        let (plan, network) = (plan(operator, Strategy::Minimal), network(bytes).unwrap());
        let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
        let (count, parameters) = (70, network.parameters().len());
        let (points, direction) = (numbers(9, 2 * count), numbers(10, parameters));
        let (mut results, mut jacobian) = (vec![0.0; 2 * count], vec![0.0; 2 * count * parameters]);
        differentiator.jacobian(&points, &mut results, &mut jacobian).unwrap();
        let (mut again, mut products) = (vec![0.0; 2 * count], vec![0.0; 2 * count]);
        differentiator.jvp(&points, &direction, &mut again, &mut products).unwrap();
        assert_eq!(again, results);
        for (row, product) in jacobian.chunks_exact(parameters).zip(&products) {
            let expected: f64 = row.iter().zip(&direction).map(|(a, b)| a * b).sum();
            let size: f64 = row.iter().map(|a| a.abs()).sum();
            // The same terms in another order.
            assert!((product - expected).abs() <= 1e-13 * size, "{operator}: {product} for {expected}");
        }
    }
}

#[test]
fn a_reduced_operator_has_the_gradient_of_the_full_one() {
    let names: Vec<String> = (1..=9).map(|number| format!("x{number}")).collect();
    let plan = |output: &str| {
        let yaml = format!("coordinates: {{space: [{}]}}\noutputs: {{r: '{output}'}}\n", names.join(", "));
        OperatorSpec::from_yaml("test", &yaml).unwrap().plan(Strategy::Minimal).unwrap()
    };
    let network = perceptron(9, 4);
    let (points, cotangents) = (numbers(3, 9 * 13), numbers(4, 13));
    let laplacian =
        "d(u, x1: 2) + 2*d(u, x2: 2) + d(u, x3: 2) + 3*d(u, x4: 2) + d(u, x5: 2) + d(u, x6: 2) + d(u, x7: 2)";
    let definite = format!("{laplacian} + d(u, x8: 2) + 5*d(u, x9: 2)");
    // The wave operator's form is not definite; its M has the rank of W all the same.
    let indefinite = format!("{laplacian} - d(u, x8: 2) - 5*d(u, x9: 2)");
    let nonlinear = format!("u*({definite}) + u^2");
    for operator in [&definite, &indefinite, &nonlinear] {
        let plan = plan(operator);
        let mut reduced = Differentiator::<f64>::new(&plan, &network).unwrap();
        assert_eq!(reduced.reduction().map(|reduction| reduction.directions), Some(4), "{operator}");
        let full = Differentiator::<f64>::build(&plan, &network, false, InstructionSet::best()).unwrap();
        let of = |differentiator: &Differentiator<f64>| {
            let (mut parameters, mut of_points) =
                (vec![0.0; network.parameters().len()], vec![0.0; points.len()]);
            let gradients =
                Gradients { parameters: Some(&mut parameters), points: Some(&mut of_points), unknowns: None };
            differentiator.vjp(&points, &cotangents, gradients).unwrap();
            [parameters, of_points].concat()
        };
        let close = |a: &[f64], b: &[f64]| {
            let norm = b.iter().map(|x| x * x).sum::<f64>().sqrt();
            // Eigenvectors of M cost its condition number.
            a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-11 * norm)
        };
        assert!(close(&of(&reduced), &of(&full)), "{operator}");
        // Other weights, with numbers alone; then weights that make two rows of W equal: fewer directions.
        let mut theta = numbers(99, network.parameters().len());
        for directions in [4, 3] {
            if directions == 3 {
                let row = theta[..9].to_vec();
                theta[9..18].copy_from_slice(&row);
            }
            let other = network.with_parameters(&theta).unwrap();
            reduced.set_parameters(&theta).unwrap();
            // Of an indefinite form M may lose rank where W has it, so then all coordinates are taken.
            let expected = (directions == 4 || *operator != indefinite).then_some(directions);
            assert_eq!(reduced.reduction().map(|reduction| reduction.directions), expected, "{operator}");
            let full = Differentiator::<f64>::build(&plan, &other, false, InstructionSet::best()).unwrap();
            assert!(close(&of(&reduced), &of(&full)), "{operator}, {directions} directions");
        }
    }
}

#[test]
fn an_evaluator_takes_other_parameters_reduced_or_not() {
    let points = numbers(5, 2 * 33);
    let network = network(&[4, 0, 10]).unwrap();
    let theta = numbers(77, network.parameters().len());
    let plan = plan(OPERATORS[3], Strategy::Minimal);
    let evaluate = |evaluator: &Evaluator<f64>, points: &[f64]| {
        let mut results = vec![0.0; points.len() / evaluator.inputs() * evaluator.columns().len()];
        evaluator.evaluate_into(points, &mut results).unwrap();
        results
    };
    let mut moved = Evaluator::<f64>::new(&plan, &network).unwrap();
    assert!(moved.set_parameters(&theta[1..]).unwrap_err().to_string().contains("expected"));
    moved.set_parameters(&theta).unwrap();
    let other = Evaluator::new(&plan, &network.with_parameters(&theta).unwrap()).unwrap();
    assert_eq!(evaluate(&moved, &points), evaluate(&other, &points));

    let yaml = "coordinates: {space: {x: 30}}\noutputs: {r: lap(u)}\n";
    let plan = OperatorSpec::from_yaml("test", yaml).unwrap().plan(Strategy::Minimal).unwrap();
    let (network, points) = (perceptron(30, 5), numbers(6, 30 * 7));
    let mut theta = numbers(78, network.parameters().len());
    let mut moved = Evaluator::<f64>::new(&plan, &network).unwrap();
    assert_eq!(moved.reduction().map(|reduction| reduction.directions), Some(5));
    moved.set_parameters(&theta).unwrap();
    let other = Evaluator::new(&plan, &network.with_parameters(&theta).unwrap()).unwrap();
    assert_eq!(evaluate(&moved, &points), evaluate(&other, &points));
    // Two rows alike leave one direction less.
    let row = theta[..30].to_vec();
    theta[30..60].copy_from_slice(&row);
    assert_eq!(moved.set_parameters(&theta), Err(crate::EvaluationError::Directions));
    assert_eq!(evaluate(&moved, &points), evaluate(&other, &points), "nothing has changed");
}

#[test]
fn the_gram_matrix_is_the_product_of_the_rows() {
    let (plan, network) = (plan(OPERATORS[3], Strategy::Minimal), network(&[1, 4, 8]).unwrap());
    let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let (count, parameters) = (37, network.parameters().len());
    let (points, size) = (numbers(9, 2 * count), 2 * count);
    let (mut results, mut jacobian) = (vec![0.0; size], vec![0.0; size * parameters]);
    differentiator.jacobian(&points, &mut results, &mut jacobian).unwrap();
    let row = |i: usize| &jacobian[i * parameters..][..parameters];
    // All rows at once, a few points at a time, and point by point.
    for memory in [usize::MAX, 20 * 2 * parameters * 8, 0] {
        let (mut again, mut gram) = (vec![0.0; size], vec![f64::NAN; size * size]);
        differentiator.gram(&points, memory, &mut again, &mut gram).unwrap();
        assert_eq!(again, results);
        for i in 0..size {
            for j in 0..size {
                let expected: f64 = row(i).iter().zip(row(j)).map(|(a, b)| a * b).sum();
                let bound: f64 = row(i).iter().zip(row(j)).map(|(a, b)| (a * b).abs()).sum();
                let found = gram[i * size + j];
                assert!((found - expected).abs() <= 1e-13 * bound, "{memory} bytes, ({i}, {j}): {found}");
            }
        }
    }
}

#[test]
fn functions_with_units_of_their_own_have_derivatives_at_large_and_small_arguments() {
    use Activation::{Log, Power, Reciprocal, Rsqrt, Sqrt};
    for function in [Log, Power((-2.5).into()), Power(3.5.into()), Reciprocal, Rsqrt, Sqrt] {
        for size in [1e-6, 1.0, 1e6] {
            let matrix =
                |rows, columns, entries: Vec<f64>| crate::Matrix::from_row_major(rows, columns, entries);
            let first = matrix(2, 2, vec![0.3 * size, 0.2 * size, -0.1 * size, 0.4 * size]).unwrap();
            let network = Network::builder(2).affine(first, Some(vec![2.0 * size, 3.0 * size]));
            // What comes out is of order one, and so is its dependence on the last layer.
            let value = f64::from(1u8) / size_of(function, size);
            let network =
                network.elementwise(function).affine(matrix(1, 2, vec![value, -value]).unwrap(), None);
            let network = network.elementwise(Activation::Sin).build().unwrap();
            for operator in [OPERATORS[0], OPERATORS[1]] {
                let plan = plan(operator, Strategy::Minimal);
                let points = numbers(8, 2 * 5);
                let gradient = |strategy_plan: &Plan| {
                    let differentiator = Differentiator::<f32>::new(strategy_plan, &network).unwrap();
                    let mut gradient = vec![0.0f32; network.parameters().len()];
                    let points: Vec<f32> = points.iter().map(|&x| <f32 as Real>::from_f64(x)).collect();
                    let ones = vec![1.0f32; 2 * 5];
                    let gradients = Gradients { parameters: Some(&mut gradient), ..Gradients::default() };
                    differentiator.vjp(&points, &ones, gradients).unwrap();
                    gradient
                };
                let found = gradient(&plan);
                for (number, &found) in found.iter().enumerate() {
                    let mut v = vec![0.0; network.parameters().len()];
                    v[number] = 1.0;
                    let at = |p: usize| 2 * p..2 * p + 2;
                    let along = |p: usize| {
                        directional((&plan, &network), &points[at(p)], &[1.0, 1.0], (&v, &[0.0, 0.0]))
                    };
                    let terms: Vec<f64> = (0..5).map(along).collect();
                    let (expected, bound) =
                        (terms.iter().sum::<f64>(), terms.iter().map(|x| x.abs()).sum::<f64>());
                    let off = (f64::from(found) - expected).abs();
                    // Rounding of single precision, times what a few layers and a fourth derivative make of it.
                    assert!(
                        off <= 1e-3 * bound,
                        "{function}, {size:e}, {operator}, {number}: {found} for {expected}"
                    );
                }
            }
        }
    }
}

/// |g(3 size)|, roughly.
fn size_of(function: Activation, size: f64) -> f64 {
    let mut value = [0.0];
    <f64 as reference::ReferenceScalar>::series(&function.into(), &(3.0 * size), &mut value).unwrap();
    value[0].abs()
}
