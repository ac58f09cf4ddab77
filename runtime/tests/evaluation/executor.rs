//! The executor against the reference, which is index for index the mathematics.

use jetc_operators::{OperatorSpec, Plan, Strategy};
use jetc_runtime::activation::{ElementwiseFunction, Function};
use jetc_runtime::math::{InstructionSet, Real};
use jetc_runtime::{Activation, EvaluationError, Evaluator, Matrix, Network};
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};

use crate::support::{evaluate_with, expected, numbers};

const OPERATORS: [&str; 5] = [
    "coordinates: [x, y, z]\noutputs: {a: lap(u)}",
    "coordinates: [x, y, z]\noutputs: {a: lap(lap(u)), b: u_x}",
    "coordinates: [x, y, z]\noutputs: {a: u_xxyz - 2*u_z, b: u, c: 3/7*u_xy + u_yy}",
    "coordinates: {space: [x, y], time: t}\noutputs: {a: u_t + u_xxxx + 3*u_yy}",
    "coordinates: [x, y, z]\ndirections: {v: {rows: [[1, 2, 0], [0, 1/2, -1]]}}\n\
     outputs: {a: {K: 2, sum: {r: v}, derivative: [r, r], weight: 3}}",
];

fn plan(operator: &str, strategy: Strategy) -> Plan {
    OperatorSpec::from_yaml("test", operator)
        .unwrap_or_else(|error| panic!("{error}"))
        .plan(strategy)
        .unwrap()
}

/// Functions that lead from all numbers to where the activation is smooth and not steep.
fn into_domain(activation: Activation) -> &'static [Activation] {
    use Activation as A;
    match activation {
        A::Log | A::Sqrt | A::Rsqrt | A::Reciprocal | A::Asin | A::Acos | A::Atanh | A::Tan => &[A::Sigmoid],
        A::Acosh => &[A::Sigmoid, A::Exp],
        _ => &[],
    }
}

fn network(widths: &[usize], activation: Activation, seed: u64) -> Network<f64> {
    let mut next = numbers(seed);
    let mut builder = Network::builder(widths[0]);
    for (layer, pair) in widths.windows(2).enumerate() {
        if layer > 0 {
            builder =
                into_domain(activation).iter().fold(builder, |builder, &inner| builder.elementwise(inner));
            builder = builder.elementwise(activation);
        }
        #[allow(clippy::cast_precision_loss)]
        let scale = (3.0 / pair[0] as f64).sqrt();
        let weight = (0..pair[0] * pair[1]).map(|_| scale * next()).collect();
        let bias = (layer != 1).then(|| (0..pair[1]).map(|_| next()).collect());
        builder = builder.affine(Matrix::from_row_major(pair[1], pair[0], weight).unwrap(), bias);
    }
    builder.build().unwrap()
}

fn points(count: usize, dimension: usize, seed: u64) -> Vec<f64> {
    let mut next = numbers(seed ^ 0xabcd);
    (0..count * dimension).map(|_| next()).collect()
}

/// The largest difference, relative to the largest value: sums of a few hundred products lose a few digits together.
fn relative_error(found: &[f64], expected: &[f64]) -> f64 {
    let scale = expected.iter().fold(1e-300, |m: f64, x| m.max(x.abs()));
    assert!(found.iter().chain(expected).all(|x| x.is_finite()));
    found.iter().zip(expected).map(|(a, b)| (a - b).abs() / scale).fold(0.0, f64::max)
}

#[test]
fn every_strategy_agrees_with_the_reference_for_every_activation() {
    for (number, operator) in OPERATORS.iter().enumerate() {
        for strategy in Strategy::CONCRETE {
            let plan = plan(operator, strategy);
            for activation in Activation::ALL {
                let network = network(&[3, 9, 7, 2], activation, 17 + number as u64);
                let points = points(5, 3, 3);
                let found = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), 1);
                let error = relative_error(&found, &expected(&plan, &network, &points));
                // Collapsed plans of order four weigh directions by up to a few hundred against results of order one.
                assert!(error < 1e-12, "{activation}, {strategy}, operator {number}: {error:e}");
            }
        }
    }
}

#[test]
fn single_precision_is_as_good_as_its_digits() {
    for strategy in Strategy::CONCRETE {
        let plan = plan(OPERATORS[1], strategy);
        let network = network(&[3, 20, 20, 1], Activation::Tanh, 5);
        let points = points(9, 3, 8);
        let found: Vec<f64> = evaluate_with::<f32>(&plan, &network, &points, InstructionSet::best(), 1)
            .into_iter()
            .map(f64::from)
            .collect();
        let error = relative_error(&found, &expected(&plan, &network, &points));
        assert!(error < 2e-4, "{strategy}: {error:e}");
    }
}

#[test]
fn the_portable_instructions_agree_with_the_best() {
    let plan = plan(OPERATORS[2], Strategy::Minimal);
    for activation in Activation::ALL {
        let network = network(&[3, 33, 17, 2], activation, 99);
        let points = points(50, 3, 1);
        let best = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), 1);
        let portable = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::portable(), 1);
        assert!(relative_error(&portable, &best) < 1e-13, "{activation}");
    }
}

#[test]
fn the_network_may_begin_or_end_with_anything() {
    let plan = plan(OPERATORS[2], Strategy::Minimal);
    let weight = |rows: usize, columns: usize, seed| {
        let mut next = numbers(seed);
        Matrix::from_row_major(rows, columns, (0..rows * columns).map(|_| next()).collect()).unwrap()
    };
    let networks = [
        Network::builder(3).elementwise(Activation::Sin).affine(weight(4, 3, 1), None),
        Network::builder(3).elementwise(Activation::Tanh),
        Network::builder(3).affine(weight(5, 3, 2), None).affine(weight(2, 5, 3), Some(vec![1.0, 2.0])),
        Network::builder(3)
            .affine(weight(5, 3, 4), None)
            .elementwise(Activation::Gelu)
            .elementwise(Activation::Sin),
        Network::builder(3),
    ];
    for (number, builder) in networks.into_iter().enumerate() {
        let network = builder.build().unwrap();
        let points = points(7, 3, 4);
        let found = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), 1);
        let error = relative_error(&found, &expected(&plan, &network, &points));
        assert!(error < 1e-13, "network {number}: {error:e}");
    }
}

#[test]
fn not_a_number_stays_in_its_own_row() {
    let plan = plan(OPERATORS[1], Strategy::Minimal);
    let network = network(&[3, 8, 8, 1], Activation::Tanh, 5);
    let mut points = points(20, 3, 2);
    let clean = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), 2);
    points[3 * 11 + 1] = f64::NAN;
    let found = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), 2);
    for (index, (a, b)) in found.iter().zip(&clean).enumerate() {
        assert_eq!(a.is_nan(), index / 2 == 11, "{index}");
        assert!(a.is_nan() || a.to_bits() == b.to_bits());
    }
}

/// Bits at a point do not depend on what is in the batch with it, nor on memory, which sets the size of chunks.
#[test]
fn a_point_has_the_same_bits_in_any_batch_and_in_any_memory() {
    for (number, operator) in OPERATORS.iter().enumerate() {
        let plan = plan(operator, Strategy::Auto);
        let network = network(&[3, 37, 50, 2], Activation::Tanh, number as u64);
        let points = points(333, 3, 9);
        let whole = Evaluator::<f32>::new(&plan, &network).unwrap();
        let width = whole.columns().len();
        let points: Vec<f32> = points.iter().map(|&x| f32::from_f64(x)).collect();
        let bits = |evaluator: &Evaluator<f32>, points: &[f32]| -> Vec<u32> {
            let mut results = vec![0.0; points.len() / 3 * width];
            evaluator.evaluate_into(points, &mut results).unwrap();
            results.iter().map(|x| x.to_bits()).collect()
        };
        let expected = bits(&whole, &points);
        for point in [0, 1, 100, 332] {
            let alone = bits(&whole, &points[3 * point..][..3]);
            assert_eq!(alone, expected[point * width..][..width], "operator {number}, point {point}");
        }
        let one_point = whole.least_memory();
        for memory in [one_point, 3 * one_point, 100 * one_point] {
            let evaluator = Evaluator::<f32>::new(&plan, &network).unwrap().with_memory(memory).unwrap();
            assert_eq!(bits(&evaluator, &points), expected, "operator {number}, {memory} bytes");
        }
        let too_little = Evaluator::<f32>::new(&plan, &network).unwrap().with_memory(one_point - 1);
        assert_eq!(
            too_little.unwrap_err(),
            EvaluationError::Memory { needed: one_point, limit: one_point - 1 }
        );
    }
}

/// Weights of more than a second-level cache are multiplied for a group of chunks.
#[test]
fn a_very_large_first_layer_gives_the_same_bits_in_groups_and_alone() {
    let (inputs, width, count) = (4000, 600, 270);
    let yaml = format!("coordinates: {{space: {{x: {inputs}}}}}\noutputs: {{a: u_x1x1 + u_x3, b: u}}");
    let plan = plan(&yaml, Strategy::Auto);
    let network = network(&[inputs, width, 5, 1], Activation::Tanh, 3);
    let points = points(count, inputs, 1);
    let together = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), 2);
    for point in [0, 8, 255, 256, 269] {
        let own = &points[point * inputs..][..inputs];
        let alone = evaluate_with::<f64>(&plan, &network, own, InstructionSet::best(), 1);
        assert_eq!(alone, together[2 * point..][..2], "point {point}");
        let error = relative_error(&alone, &expected(&plan, &network, own));
        assert!(error < 1e-12, "point {point}: {error:e}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_number_of_threads_gives_the_same_bits(
        count in 1usize..700, width in 1usize..70, threads in 2usize..6, operator in 0usize..5, seed in 0u64..1000,
    ) {
        let plan = plan(OPERATORS[operator], Strategy::Auto);
        let network = network(&[3, width, width, 1], Activation::Tanh, seed);
        let points = points(count, 3, seed);
        let one = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), 1);
        let many = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), threads);
        let mut none = vec![0.0; one.len()];
        let evaluator = Evaluator::<f64>::new(&plan, &network).unwrap();
        evaluator.evaluate_on_this_thread(&points, &mut none).unwrap();
        let bits = |results: &[f64]| results.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&one), bits(&many));
        prop_assert_eq!(bits(&one), bits(&none));
        let first = evaluate_with::<f32>(&plan, &network, &points, InstructionSet::best(), 1);
        let second = evaluate_with::<f32>(&plan, &network, &points, InstructionSet::best(), threads);
        prop_assert!(first.iter().zip(&second).all(|(a, b)| a.to_bits() == b.to_bits()));
    }

    #[test]
    fn a_random_network_agrees_with_the_reference(
        widths in proptest::collection::vec(1usize..40, 1..4), count in 1usize..40, operator in 0usize..5, seed in 0u64..1000,
    ) {
        let plan = plan(OPERATORS[operator], Strategy::Auto);
        let widths = [&[3][..], &widths, &[2]].concat();
        let network = network(&widths, Activation::Sin, seed);
        let points = points(count, 3, seed);
        let found = evaluate_with::<f64>(&plan, &network, &points, InstructionSet::best(), 2);
        let error = relative_error(&found, &expected(&plan, &network, &points));
        prop_assert!(error < 1e-12, "{error:e}");
    }
}

/// tanh, by its recurrence, as a user would write it.
#[derive(Debug)]
struct OwnTanh;

impl ElementwiseFunction for OwnTanh {
    fn name(&self) -> &'static str {
        "own-tanh"
    }

    fn series(&self, x: f64, series: &mut [f64]) {
        series[0] = x.tanh();
        for k in 0..series.len() - 1 {
            let square: f64 = (0..=k).map(|j| series[j] * series[k - j]).sum();
            let one = if k == 0 { 1.0 } else { 0.0 };
            #[allow(clippy::cast_precision_loss)]
            let order = (k + 1) as f64;
            series[k + 1] = (one - square) / order;
        }
    }
}

#[test]
fn a_function_of_ones_own_is_as_good_as_the_librarys() {
    let weight = |rows, columns, seed| {
        let mut next = numbers(seed);
        Matrix::from_row_major(rows, columns, (0..rows * columns).map(|_| next()).collect()).unwrap()
    };
    let network = |function: Function| {
        let builder = Network::builder(3).affine(weight(9, 3, 1), None).elementwise(function);
        builder.affine(weight(2, 9, 2), None).build().unwrap()
    };
    let (own, known) = (network(Function::custom(OwnTanh)), network(Activation::Tanh.into()));
    let points = points(7, 3, 1);
    for strategy in Strategy::CONCRETE {
        let plan = plan(OPERATORS[1], strategy);
        let found = evaluate_with::<f64>(&plan, &own, &points, InstructionSet::best(), 1);
        let expected = evaluate_with::<f64>(&plan, &known, &points, InstructionSet::best(), 1);
        assert!(relative_error(&found, &expected) < 1e-12, "{strategy}");
    }
}
