//! Every stored derivative by parameters, points and unknowns, in every strategy and both precisions.
//!
//! The values come from nested first-order automatic differentiation, which shares nothing with jets.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "the errors that were measured, with --nocapture")]

use jetc_operators::{OperatorSpec, Plan, Strategy};
use jetc_runtime::{Differentiator, Float, Gradients, Network};
use jetc_tests::compare::{Worst, worst};
use jetc_tests::gradients::{GradientCase, NamedTensor, cases, cases_of, flat};

/// The largest error in double precision, relative to the norm of what is compared: for derivatives by parameters, that of
/// each tensor alone, so that a tensor with little influence counts as much as others.
///
/// Evaluations are within 1e-13 of their largest value (see the test of the reference values), for the interpolation weights
/// of their operators cancel. Going back through the same plan sums the same products with the same weights, transposed, and
/// loses as much; so do the sums over points and outputs, a few, that cancel in the norms of small tensors. Measured are
/// 1.8e-14 at most, for the tensor of least influence in `attention`, and 1.4e-14 for J v of `weighted-directions`. The stored
/// values are right to about as many digits. A factor of sixty is left to other processors and orders of summation; a
/// factorial or a term that is lost is a billion times as large.
const DOUBLE: f64 = 1e-12;

/// The largest error in single precision. The same sums are rounded to 24 digits in place of 53, and so are weights, points,
/// targets and cotangents, which counts as one operation more: 2²⁹ times the error (measured: 8.8e-6).
const SINGLE: f64 = DOUBLE * 536_870_912.0;

/// So many copies of four points or more are more than are taken at a time, 256 at most.
const COPIES: usize = 67;

/// What was found of a case beside what is stored.
struct Comparison {
    what: String,
    found: Vec<f64>,
    expected: Vec<f64>,
}

impl Comparison {
    fn new(what: &str, found: &[impl Float], expected: &[f64]) -> Self {
        let found = found.iter().map(|x| x.to_f64()).collect();
        Self { what: what.to_owned(), found, expected: expected.to_vec() }
    }

    /// Relative to the norm of what is expected.
    fn worst(&self) -> Worst {
        worst(&self.found, &self.expected, norm(&self.expected))
    }
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|x| x * x).sum::<f64>().sqrt()
}

fn to<T: Float>(values: &[f64]) -> Vec<T> {
    values.iter().map(|&x| T::from_f64(x)).collect()
}

fn zeros<T: Float>(count: usize) -> Vec<T> {
    vec![T::ZERO; count]
}

fn open(case: &GradientCase) -> Network<f64> {
    Network::open(&case.network, case.activation).unwrap_or_else(|error| panic!("{}: {error}", case.name))
}

fn plan(case: &GradientCase, strategy: Strategy) -> Plan {
    let spec = OperatorSpec::from_yaml(&case.name, &case.operator);
    spec.unwrap_or_else(|error| panic!("{error}\n{}", case.operator)).plan(strategy).unwrap()
}

/// A derivative by the parameters, tensor by tensor.
fn by_name<T: Float>(
    what: &str,
    found: &[T],
    expected: &[NamedTensor],
    network: &Network<f64>,
) -> Vec<Comparison> {
    let compare = |tensor: &NamedTensor| {
        let (parameter, _) = network.parameters().get(&tensor.name).unwrap();
        let found = &found[parameter.offset..][..parameter.size()];
        Comparison::new(&format!("{what} by {}", tensor.name), found, &tensor.values)
    };
    expected.iter().map(compare).collect()
}

/// Loss and gradient.
fn loss<T: Float>(
    case: &GradientCase,
    network: &Network<f64>,
    differentiator: &Differentiator<T>,
) -> Vec<Comparison> {
    let mut gradient = zeros(differentiator.parameters());
    let (points, targets) = (to::<T>(&case.points), to::<T>(&case.targets));
    let loss = differentiator.loss_and_gradient(&points, Some(&targets), &mut gradient).unwrap();
    let mut comparisons = by_name("gradient", &gradient, &case.gradient, network);
    comparisons.push(Comparison::new("loss", &[loss], &[case.loss]));
    comparisons
}

/// Σ w r by points and unknowns.
fn products_with_cotangents<T: Float>(
    case: &GradientCase,
    differentiator: &Differentiator<T>,
) -> Vec<Comparison> {
    let mut of_points = zeros(case.points.len());
    let mut of_unknowns = vec![0.0; case.unknowns.len()];
    let (points, cotangents) = (to::<T>(&case.points), to::<T>(&case.cotangents));
    let gradients =
        Gradients { parameters: None, points: Some(&mut of_points), unknowns: Some(&mut of_unknowns) };
    differentiator.vjp(&points, &cotangents, gradients).unwrap();
    let mut comparisons = vec![Comparison::new("points", &of_points, &case.of_points)];
    if !case.unknowns.is_empty() {
        comparisons.push(Comparison::new("unknowns", &of_unknowns, &case.of_unknowns));
    }
    comparisons
}

/// Results, J v, and rows of J.
fn jacobian<T: Float>(
    case: &GradientCase,
    network: &Network<f64>,
    differentiator: &Differentiator<T>,
) -> Vec<Comparison> {
    let (count, parameters) = (case.results.len(), differentiator.parameters());
    let points = to::<T>(&case.points);
    let (mut results, mut jvp, mut jacobian) = (zeros(count), zeros(count), zeros(count * parameters));
    differentiator.jacobian(&points, &mut results, &mut jacobian).unwrap();
    let mut comparisons = vec![Comparison::new("results", &results, &case.results)];
    for (number, row) in &case.rows {
        let found = &jacobian[number * parameters..][..parameters];
        comparisons.extend(by_name(&format!("row {number}"), found, row, network));
    }
    let direction = to::<T>(&flat(&case.direction, network.parameters()));
    differentiator.jvp(&points, &direction, &mut results, &mut jvp).unwrap();
    comparisons.push(Comparison::new("results beside J v", &results, &case.results));
    comparisons.push(Comparison::new("J v", &jvp, &case.jvp));
    comparisons
}

fn all<T: Float>(
    case: &GradientCase,
    network: &Network<f64>,
    differentiator: &Differentiator<T>,
) -> Vec<Comparison> {
    let mut comparisons = loss(case, network, differentiator);
    comparisons.extend(products_with_cotangents(case, differentiator));
    comparisons.extend(jacobian(case, network, differentiator));
    comparisons
}

/// Visits every case in every strategy, and fails with all that is wrong.
fn visit<T: Float>(
    bound: f64,
    compile: impl Fn(&Plan, &Network<f64>) -> Differentiator<T>,
    compare: impl Fn(&GradientCase, &Network<f64>, &Differentiator<T>) -> Vec<Comparison>,
) {
    let mut failures = Vec::new();
    for case in cases() {
        let network = open(&case);
        for strategy in Strategy::CONCRETE {
            let mut differentiator = compile(&plan(&case, strategy), &network);
            differentiator.set_unknowns(&case.unknowns).unwrap();
            let mut largest = (0.0, String::new());
            for comparison in compare(&case, &network, &differentiator) {
                let worst = comparison.worst();
                if worst.error > bound {
                    let what = format!("{}, {strategy}, {}", case.name, comparison.what);
                    failures.push(format!("{what}: {worst}; at most {bound:.1e}"));
                }
                if worst.error > largest.0 {
                    largest = (worst.error, comparison.what);
                }
            }
            eprintln!("{:22} {strategy:10} {:.1e} {}", case.name, largest.0, largest.1);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_strategy_gives_the_derivatives_in_double_precision() {
    visit::<f64>(DOUBLE, |plan, network| Differentiator::new(plan, network).unwrap(), all);
}

#[test]
fn every_strategy_gives_the_derivatives_in_single_precision() {
    visit::<f32>(SINGLE, |plan, network| Differentiator::new(plan, network).unwrap(), all);
}

/// As a training run has it: compiled for the weights of the start, differentiated at those of the end.
#[test]
fn parameters_that_are_set_later_count_like_those_of_the_file() {
    let compile = |plan: &Plan, network: &Network<f64>| {
        let theta = network.parameters().values();
        let shifts = [0.0, 0.0625, 0.125].into_iter().cycle();
        let before: Vec<f64> = theta.iter().zip(shifts).map(|(x, shift)| 0.75 * x + shift).collect();
        let before = network.with_parameters(&before).unwrap();
        let mut differentiator = Differentiator::new(plan, &before).unwrap();
        differentiator.set_parameters(theta).unwrap();
        differentiator
    };
    visit::<f64>(DOUBLE, compile, all);
}

/// The mean is that of the points, and each copy of a point has its derivatives.
#[test]
fn many_copies_of_the_points_have_the_same_derivatives() {
    let copies = |case: &GradientCase, network: &Network<f64>, differentiator: &Differentiator<f64>| {
        let case = case.clone().repeated(COPIES);
        let mut comparisons = loss(&case, network, differentiator);
        comparisons.extend(products_with_cotangents(&case, differentiator));
        comparisons
    };
    visit::<f64>(DOUBLE, |plan, network| Differentiator::new(plan, network).unwrap(), copies);
}

#[test]
fn parameters_are_the_tensors_of_the_file_and_constants_are_not_among_them() {
    for case in cases() {
        let network = open(&case);
        for tensors in [&case.gradient, &case.direction] {
            assert_eq!(flat(tensors, network.parameters()).len(), network.parameters().len());
        }
        let constants: Vec<&str> =
            network.parameters().constants().iter().map(|constant| &*constant.name).collect();
        for name in &case.constants {
            assert!(constants.contains(&&**name), "{}: {name} is not among {constants:?}", case.name);
        }
    }
}

#[test]
#[should_panic(expected = "no reference cases in")]
fn a_folder_without_cases_is_a_failure() {
    cases_of("src");
}

#[test]
fn the_kinds_of_networks_and_operators_are_all_there() {
    let cases = cases();
    assert!(cases.len() >= 12, "{} cases", cases.len());
    for ending in ["safetensors", "yaml", "onnx"] {
        let has = |case: &GradientCase| case.network.extension().is_some_and(|found| found == ending);
        assert!(cases.iter().any(has), "no network as .{ending}");
    }
    for part in ["directions:", "unknown:", "fields:", "coefficients:"] {
        assert!(cases.iter().any(|case| case.operator.contains(part)), "no operator with {part}");
    }
}

#[test]
fn a_narrow_first_layer_is_differentiated_in_fewer_coordinates() {
    let case = cases().into_iter().find(|case| case.name == "narrow-first-layer").unwrap();
    for strategy in Strategy::CONCRETE {
        let differentiator = Differentiator::<f64>::new(&plan(&case, strategy), &open(&case)).unwrap();
        assert!(differentiator.reduction().is_some(), "{strategy}");
    }
}
