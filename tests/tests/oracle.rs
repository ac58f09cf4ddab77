//! Every stored reference value, in every strategy, both precisions and both notations.
//!
//! The values come from nested first-order automatic differentiation, which shares nothing with jets.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(clippy::print_stderr, reason = "the errors that were measured, with --nocapture")]

use jetc_operators::{OperatorSpec, Plan, Strategy};
use jetc_runtime::{Evaluator, Float, Network};
use jetc_tests::compare::{Worst, scale, worst};
use jetc_tests::reference::{Case, Operator, cases};

/// The largest error in double precision, relative to the largest value of the operator in its case.
///
/// Standard and collapsed plans write a mixed derivative as a sum of derivatives along directions v, weighted by
/// interpolation. The weights cancel: for ∂x⁴∂y², Σ |γ| |v|⁶/6! is 15, so Δ³ in two dimensions is a difference of
/// numbers 2 + 3·15 + 3·15 = 92 times as large as a single sixth derivative, and its error some 92 ε = 1e-14. That is what
/// is measured (1.3e-14; below 8e-15 for all operators of order four, 1e-15 for second derivatives). The stored values are
/// right to about as many digits. Processors without fused products, and other orders of summation, get a factor of 8.
const DOUBLE: f64 = 1e-13;

/// The largest difference between both precisions. The same sums are rounded to 24 digits in place of 53, as are the
/// weights and the points, which counts as one operation more: 2²⁹ times the error (measured: 3.7e-6).
const SINGLE: f64 = DOUBLE * 536_870_912.0;

/// A way to write an operator, and the file.
struct Notation {
    name: &'static str,
    yaml: String,
}

/// All notations of an operator.
fn notations(case: &Case, operator: &Operator) -> Vec<Notation> {
    let coordinates = format!("coordinates: [{}]\n", case.coordinates.join(", "));
    let expression =
        |name, text: &str| Notation { name, yaml: format!("{coordinates}outputs: {{r: '{text}'}}\n") };
    let directions = |set: &str, order: usize| {
        let indices: Vec<String> = (1..=order / 2).map(|index| format!("r{index}")).collect();
        let sum: Vec<String> = indices.iter().map(|index| format!("{index}: e")).collect();
        let twice: Vec<String> = indices.iter().flat_map(|index| [index.clone(), index.clone()]).collect();
        let output = format!(
            "{{K: {order}, sum: {{{}}}, derivative: [{}], weight: 1}}",
            sum.join(", "),
            twice.join(", ")
        );
        Notation {
            name: "directions",
            yaml: format!("{coordinates}directions: {{e: {set}}}\noutputs: {{r: {output}}}\n"),
        }
    };
    let unit_vectors = "{set: standard}";
    match operator.formula.as_str() {
        "laplacian" => vec![expression("expression", operator.expression()), directions(unit_vectors, 2)],
        "biharmonic" => vec![expression("expression", operator.expression()), directions(unit_vectors, 4)],
        "triharmonic" => vec![expression("expression", operator.expression()), directions(unit_vectors, 6)],
        "weighted-laplacian" => vec![
            directions(&format!("{{rows: {:?}}}", case.directions), 2),
            expression("expression", &second_derivatives(case)),
        ],
        partial_derivatives => vec![expression("expression", partial_derivatives)],
    }
}

/// Σᵢⱼ (SSᵀ)ᵢⱼ ∂ᵢ∂ⱼu. The entries of S are short binary fractions, so that those of SSᵀ are exact.
fn second_derivatives(case: &Case) -> String {
    let n = case.coordinates.len();
    let entry = |i: usize, j: usize| case.directions.iter().map(|v| v[i] * v[j]).sum::<f64>();
    let term = |(i, j): (usize, usize)| {
        format!("({})*d(u, {}, {})", entry(i, j), case.coordinates[i], case.coordinates[j])
    };
    (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(term).collect::<Vec<_>>().join(" + ")
}

fn plan(notation: &Notation, strategy: Strategy) -> Plan {
    OperatorSpec::from_yaml("reference", &notation.yaml)
        .unwrap_or_else(|error| panic!("{error}\n{}", notation.yaml))
        .plan(strategy)
        .unwrap()
}

fn evaluate<T: Float + Into<f64>>(plan: &Plan, network: &Network<f64>, points: &[f64]) -> Vec<f64> {
    let evaluator = Evaluator::<T>::new(plan, network).unwrap();
    let points: Vec<T> = points.iter().map(|&x| T::from_f64(x)).collect();
    let mut results = vec![T::ZERO; points.len() / evaluator.inputs() * evaluator.columns().len()];
    evaluator.evaluate_into(&points, &mut results).unwrap();
    results.into_iter().map(Into::into).collect()
}

/// Visits every case, operator, notation and strategy, and fails with all that is wrong.
fn visit(check: impl Fn(&Case, &Operator, &Plan, &Network<f64>) -> (Worst, f64)) {
    let mut failures = Vec::new();
    for case in cases() {
        let network = Network::from_safetensors(&case.network, case.activation).unwrap();
        for operator in &case.operators {
            let mut largest: f64 = 0.0;
            for notation in notations(&case, operator) {
                for strategy in Strategy::CONCRETE {
                    let (worst, bound) = check(&case, operator, &plan(&notation, strategy), &network);
                    largest = largest.max(worst.error);
                    if worst.error > bound {
                        let name = format!("{}/{}, {}, {strategy}", case.name, operator.key, notation.name);
                        failures.push(format!("{name}: {worst}; at most {bound:.1e}"));
                    }
                }
            }
            eprintln!("{:22} {:20} {largest:.1e}", case.name, operator.key);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_strategy_gives_the_reference_values_in_double_precision() {
    visit(|case, operator, plan, network| {
        let found = evaluate::<f64>(plan, network, &case.points);
        (worst(&found, &operator.values, scale(&operator.values)), DOUBLE)
    });
}

#[test]
fn single_precision_agrees_with_double_precision() {
    visit(|case, _, plan, network| {
        let double = evaluate::<f64>(plan, network, &case.points);
        let single = evaluate::<f32>(plan, network, &case.points);
        (worst(&single, &double, scale(&double)), SINGLE)
    });
}
