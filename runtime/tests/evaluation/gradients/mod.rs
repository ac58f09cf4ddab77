//! Derivatives in reverse against dual numbers through the reference executor.

mod custom;
mod parameters;
mod products;

use jetc_operators::{OperatorSpec, Plan, Pointwise, Strategy};
use jetc_runtime::jet::JetScalar;
use jetc_runtime::math::Real;
use jetc_runtime::reference::{Dual, evaluate};
use jetc_runtime::{Activation, Differentiator, Float, Gradients, GraphBuilder, Matrix, Network};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, proptest};

use crate::graphs::network;
use crate::support::some_numbers;

const OPERATORS: [&str; 4] =
    ["lap(u)", "lap(lap(u))", "d(u, x1: 2, x2: 1) - 2*u_x2 + 3*u", "u*u_x1 - exp(u_x2)*lap(u) + x1^2"];

/// An operator with one of its plans.
struct Operator {
    spec: OperatorSpec,
    plan: Plan,
}

fn operator(yaml: &str, strategy: Strategy) -> Operator {
    let spec = OperatorSpec::from_yaml("test", yaml).unwrap();
    let plan = spec.plan(strategy).unwrap();
    Operator { spec, plan }
}

/// One of [`OPERATORS`], and a first derivative beside it.
fn planar(output: &str, strategy: Strategy) -> Operator {
    let yaml = format!("coordinates: {{space: [x1, x2]}}\noutputs: {{r: '{output}', s: 'u_x1'}}\n");
    operator(&yaml, strategy)
}

/// wᵀ ∂r/∂(θ, x) · (v, dx) for one point, by dual numbers.
fn directional(
    (operator, network): (&Operator, &Network<f64>),
    point: &[f64],
    cotangents: &[f64],
    (of_parameters, of_point): (&[f64], &[f64]),
) -> f64 {
    let Operator { spec, plan } = operator;
    let dual = |(&value, &derivative): (&f64, &f64)| Dual { value, derivative };
    let theta: Vec<Dual<f64>> = network.parameters().values().iter().zip(of_parameters).map(dual).collect();
    let moved = network.map(|&number| Dual::constant(number)).with_parameters(&theta).unwrap();
    let point: Vec<Dual<f64>> = point.iter().zip(of_point).map(dual).collect();
    let readouts = evaluate(&moved, plan, &point).unwrap();
    let parts: Vec<&Dual<f64>> = plan.parts().iter().map(|part| &readouts[part.readout][0]).collect();
    // Formulas by central differences in the parts: their own derivatives are tested elsewhere.
    let along = |h: f64| -> Vec<f64> {
        let at = |number: &Dual<f64>| number.value + h * number.derivative;
        let parts: Vec<f64> = parts.iter().map(|part| at(part)).collect();
        let point: Vec<f64> = point.iter().map(at).collect();
        spec.evaluate(&point, &parts)
    };
    let h = 1e-5;
    let (above, below) = (along(h), along(-h));
    let derivative = |output: usize| match &plan.pointwise()[plan.outputs()[output].formula.index()] {
        Pointwise::LinearPart(part) => parts[part.index()].derivative,
        _ => (above[output] - below[output]) / (2.0 * h),
    };
    cotangents.iter().enumerate().map(|(output, w)| w * derivative(output)).sum()
}

/// The largest relative mistake of the derivative by everything at once, in a random direction.
fn mistake<T: Float>(case: (&Operator, &Network<f64>), count: usize, seed: u64) -> f64 {
    mistake_of(&Differentiator::<T>::new(&case.0.plan, case.1).unwrap(), case, count, seed)
}

/// The same for a differentiator that should be that of the operator and the network.
fn mistake_of<T: Float>(
    differentiator: &Differentiator<T>,
    case: (&Operator, &Network<f64>),
    count: usize,
    seed: u64,
) -> f64 {
    let (inputs, columns) = (differentiator.inputs(), differentiator.columns().len());
    let to = |numbers: &[f64]| numbers.iter().map(|&x| T::from_f64(x)).collect::<Vec<T>>();
    let (points, cotangents) = (some_numbers(seed, inputs * count), some_numbers(seed + 1, columns * count));
    let mut gradient = vec![T::ZERO; differentiator.parameters()];
    let mut of_points = vec![T::ZERO; points.len()];
    let gradients =
        Gradients { parameters: Some(&mut gradient), points: Some(&mut of_points), unknowns: None };
    differentiator.vjp(&to(&points), &to(&cotangents), gradients).unwrap();
    let (v, dx) = (some_numbers(seed + 2, gradient.len()), some_numbers(seed + 3, points.len()));
    let dot = |a: &[T], b: &[f64]| a.iter().zip(b).map(|(a, b)| a.to_f64() * b).sum::<f64>();
    let found = dot(&gradient, &v) + dot(&of_points, &dx);
    let point = |p: usize| inputs * p..inputs * (p + 1);
    let result = |p: usize| columns * p..columns * (p + 1);
    let along = |p: usize| directional(case, &points[point(p)], &cotangents[result(p)], (&v, &dx[point(p)]));
    let expected: f64 = (0..count).map(along).sum();
    let scale: f64 = gradient.iter().chain(&of_points).map(|x| x.to_f64().powi(2)).sum::<f64>().sqrt();
    (found - expected).abs() / scale.max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(32) })]

    #[test]
    fn derivatives_of_random_graphs_are_those_of_dual_numbers(
        bytes in prop::collection::vec(any::<u8>(), 0..7), seed in 0..u64::MAX / 2
    ) {
        let network = network(&bytes).unwrap();
        for output in OPERATORS {
            for strategy in Strategy::CONCRETE {
                let operator = planar(output, strategy);
                // Differences of a formula have seven digits or more; what is linear is exact but for rounding.
                let bound = if output == OPERATORS[3] { 1e-6 } else { 1e-10 };
                let double = mistake::<f64>((&operator, &network), 3, seed);
                prop_assert!(double < bound, "{output}, {strategy}, f64: {double:e}");
                let single = mistake::<f32>((&operator, &network), 3, seed);
                prop_assert!(single < 1e-2, "{output}, {strategy}, f32: {single:e}");
            }
        }
    }
}

/// A network of three layers over a first of many inputs.
fn perceptron(inputs: usize, width: usize) -> Network<f64> {
    let matrix = |rows: usize, columns: usize, seed: u64| {
        Matrix::from_row_major(rows, columns, some_numbers(seed, rows * columns)).unwrap()
    };
    let network = Network::builder(inputs).affine(matrix(width, inputs, 1), Some(some_numbers(2, width)));
    let network =
        network.elementwise(Activation::Tanh).affine(matrix(width, width, 3), Some(some_numbers(4, width)));
    network
        .elementwise(Activation::Tanh)
        .affine(matrix(1, width, 5), Some(some_numbers(6, 1)))
        .build()
        .unwrap()
}

#[test]
fn parts_without_features_have_no_cotangents() {
    let mut graph = GraphBuilder::<f64>::new(2);
    let x = graph.input();
    let weight = graph.parameter("w", &[2, 3], some_numbers(1, 6)).unwrap();
    let hidden = graph.matmul(x, weight).unwrap();
    let nothing = graph.slice(hidden, 0, 0, 1, 0).unwrap();
    let nothing = graph.apply(Activation::Tanh, nothing).unwrap();
    let hidden = graph.apply(Activation::Sin, hidden).unwrap();
    let both = graph.concat(&[nothing, hidden], 0).unwrap();
    let output = graph.sum(both, &[0], true).unwrap();
    let network = graph.build(output).unwrap();
    let operator = planar(OPERATORS[0], Strategy::Minimal);
    assert!(mistake::<f64>((&operator, &network), 3, 7) < 1e-10);
}

#[test]
fn linear_networks_have_gradients_though_their_channels_are_the_same_at_every_point() {
    let weight = Matrix::from_row_major(1, 2, vec![2.0, 3.0]).unwrap();
    let network = Network::builder(2).affine(weight, Some(vec![1.0])).build().unwrap();
    let yaml = "coordinates: [x, y]\nfields: [u]\noutputs: {a: u_x, b: 2*u_y + u}\n";
    let plan = operator(yaml, Strategy::Minimal).plan;
    let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
    let mut jacobian = vec![0.0; 2 * 2 * 3];
    differentiator.jacobian(&[5.0, 7.0, 1.0, -1.0], &mut [0.0; 4], &mut jacobian).unwrap();
    let expected = [1.0, 0.0, 0.0, 5.0, 9.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0];
    assert_eq!(jacobian, expected);
}

#[test]
fn functions_with_units_of_their_own_have_derivatives_at_large_and_small_arguments() {
    use Activation::{Log, Power, Reciprocal, Rsqrt, Sqrt};
    for function in [Log, Power((-2.5).into()), Power(3.5.into()), Reciprocal, Rsqrt, Sqrt] {
        for size in [1e-6, 1.0, 1e6] {
            let matrix = |rows, columns, entries: Vec<f64>| Matrix::from_row_major(rows, columns, entries);
            let first = matrix(2, 2, vec![0.3 * size, 0.2 * size, -0.1 * size, 0.4 * size]).unwrap();
            let network = Network::builder(2).affine(first, Some(vec![2.0 * size, 3.0 * size]));
            // What comes out is of order one, and so is its dependence on the last layer.
            let value = f64::from(1u8) / size_of(function, size);
            let network =
                network.elementwise(function).affine(matrix(1, 2, vec![value, -value]).unwrap(), None);
            let network = network.elementwise(Activation::Sin).build().unwrap();
            for output in [OPERATORS[0], OPERATORS[1]] {
                let operator = planar(output, Strategy::Minimal);
                let points = some_numbers(8, 2 * 5);
                let gradient = || {
                    let differentiator = Differentiator::<f32>::new(&operator.plan, &network).unwrap();
                    let mut gradient = vec![0.0f32; network.parameters().len()];
                    let points: Vec<f32> = points.iter().map(|&x| <f32 as Real>::from_f64(x)).collect();
                    let ones = vec![1.0f32; 2 * 5];
                    let gradients = Gradients { parameters: Some(&mut gradient), ..Gradients::default() };
                    differentiator.vjp(&points, &ones, gradients).unwrap();
                    gradient
                };
                let found = gradient();
                for (number, &found) in found.iter().enumerate() {
                    let mut v = vec![0.0; network.parameters().len()];
                    v[number] = 1.0;
                    let at = |p: usize| 2 * p..2 * p + 2;
                    let along = |p: usize| {
                        directional((&operator, &network), &points[at(p)], &[1.0, 1.0], (&v, &[0.0, 0.0]))
                    };
                    let terms: Vec<f64> = (0..5).map(along).collect();
                    let (expected, bound) =
                        (terms.iter().sum::<f64>(), terms.iter().map(|x| x.abs()).sum::<f64>());
                    let off = (f64::from(found) - expected).abs();
                    // Rounding of single precision, times what a few layers and a fourth derivative make of it.
                    assert!(
                        off <= 1e-3 * bound,
                        "{function}, {size:e}, {output}, {number}: {found} for {expected}"
                    );
                }
            }
        }
    }
}

/// |g(3 size)|, roughly.
fn size_of(function: Activation, size: f64) -> f64 {
    let mut value = [0.0];
    <f64 as JetScalar>::series(&function.into(), &(3.0 * size), &mut value).unwrap();
    value[0].abs()
}
