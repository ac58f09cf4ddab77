//! Functions where their arguments, derivatives or coefficients are far from 1, against fifty digits:
//! `tests/data/ranges.json`, by `tests/oracle/ranges.py`.
//!
//! The network is g(x + s t) at t = 0. What is right depends on the number type alone: a coefficient sᵏ gₖ that it can write
//! must be right to its rounding, and one that it cannot must not do any harm.

use jetc_operators::{OperatorSpec, Plan, Strategy};
use jetc_runtime::jet::JetScalar;
use jetc_runtime::math::InstructionSet;
use jetc_runtime::reference::evaluate;
use jetc_runtime::{Activation, Float, GraphBuilder, Matrix, Network};
use serde_json::Value;

use crate::support::evaluate_with;

const ORDERS: usize = 9;

/// The name of a function, x, s, and sᵏ gₖ where it can be written in double precision.
type Case<'a> = (&'a str, f64, f64, &'a [Option<f64>]);

/// Functions that vary over distances far from 1 somewhere: their sᵏ gₖ are right even where gₖ is out of range. `celu` and
/// `scaled-softplus` do by their parameters, but for celu(0.5).
const WITH_UNITS: [&str; 15] = [
    "log",
    "sqrt",
    "rsqrt",
    "reciprocal",
    "power",
    "atan",
    "asinh",
    "acosh",
    "softsign",
    "asin",
    "acos",
    "atanh",
    "tan",
    "celu",
    "scaled-softplus",
];

fn plan(order: usize, strategy: Strategy) -> Plan {
    let output =
        |k: usize| format!("d{k}: u{}", if k > 0 { format!("_{}", "x".repeat(k)) } else { String::new() });
    let outputs: Vec<String> = (0..=order).map(output).collect();
    let text = format!("coordinates: [x]\noutputs: {{{}}}", outputs.join(", "));
    OperatorSpec::from_yaml("test", &text).unwrap().plan(strategy).unwrap()
}

fn network(activation: Activation, x: f64, s: f64) -> Network<f64> {
    let weight = Matrix::from_row_major(1, 1, vec![s]).unwrap();
    Network::builder(1).affine(weight, Some(vec![x])).elementwise(activation).build().unwrap()
}

fn factorial(k: usize) -> f64 {
    (1..=k).map(|j| f64::from(u32::try_from(j).unwrap())).product()
}

/// The size of coefficient k, by itself and by its neighbours: √|cₖ₋₁ cₖ₊₁|, or cₖ₋₁²/|cₖ₋₂| at the end.
fn size(expected: &[Option<f64>], k: usize) -> Option<f64> {
    let suggested = || match k {
        0 => None,
        _ if k + 1 < ORDERS => Some(expected[k - 1]?.abs().sqrt() * expected[k + 1]?.abs().sqrt()),
        _ => Some((expected[k - 1]? / expected[k - 2]? * expected[k - 1]?).abs()),
    };
    Some(expected[k]?.abs().max(suggested().filter(|size| size.is_finite()).unwrap_or(0.0)))
}

/// What is wrong with coefficients sᵏ gₖ that were found, more than the type allows.
fn mistakes<T: Float>((name, x, s, expected): Case<'_>, found: &[f64], by: &str) -> Vec<String> {
    let mut mistakes = Vec::new();
    let largest = (T::ONE / T::MIN_POSITIVE).to_f64();
    let least = T::MIN_POSITIVE.to_f64();
    let function = name.split('(').next().unwrap();
    let has_unit = WITH_UNITS.contains(&function) && name != "celu(0.5)";
    for (k, found) in found.iter().enumerate() {
        let Some(size) = size(expected, k).filter(|size| size * factorial(k) < largest) else { continue };
        let truth = expected[k].unwrap();
        let what = format!("{name} at {x:e} + {s:e} t, order {k}, {} {by}: {found:e} for {truth:e}", T::NAME);
        if !found.is_finite() {
            mistakes.push(what);
            continue;
        }
        let is_written = (0..=k).all(|j| {
            expected[j].is_none_or(|c| c == 0.0 || (c / s.powi(i32::try_from(j).unwrap())).abs() >= least)
        });
        if !has_unit && !is_written {
            continue;
        }
        // Twelve roundings for each step of a recurrence; the sums of mish lose one bit for each order more.
        let roundings = if name == "mish" { f64::from(96 + (4 << k)) } else { 96.0 };
        let allowed = roundings * T::EPSILON.to_f64() * size + 4.0 * least;
        if (found - truth).abs() > allowed {
            mistakes.push(format!("{what}, allowed {allowed:e}"));
        }
    }
    mistakes
}

fn fits<T: Float>(x: f64) -> bool {
    let rounded = T::from_f64(x);
    rounded.to_f64().to_bits() == x.to_bits() && (x == 0.0 || rounded.abs() >= T::MIN_POSITIVE)
}

fn of_type<T: Float + JetScalar>(case: Case<'_>, plans: &[Plan], all: &mut Vec<String>) -> usize {
    let (name, x, s, expected) = case;
    if !fits::<T>(x)
        || !fits::<T>(s)
        || expected[0].is_none_or(|value| value.abs() >= (T::ONE / T::MIN_POSITIVE).to_f64())
    {
        return 0;
    }
    let activation: Activation = name.parse().unwrap();
    let network = network(activation, x, s);
    for plan in plans {
        let coefficients = |results: Vec<f64>| -> Vec<f64> {
            results.iter().enumerate().map(|(k, result)| result / factorial(k)).collect()
        };
        for (by, set) in [("best", InstructionSet::best()), ("portable", InstructionSet::portable())] {
            let found =
                evaluate_with::<T>(plan, &network, &[0.0], set, 1).iter().map(|x| x.to_f64()).collect();
            all.extend(mistakes::<T>(case, &coefficients(found), by));
        }
        let network = network.map(|&weight| T::from_f64(weight));
        let values = evaluate(&network, plan, &[T::ZERO]).unwrap();
        let found = plan.parts().iter().map(|part| values[part.readout][0].to_f64()).collect();
        all.extend(mistakes::<T>(case, &coefficients(found), "by reference"));
    }
    1
}

fn cases() -> Vec<(String, f64, f64, Vec<Option<f64>>)> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/ranges.json");
    let data: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let functions = data.as_object().unwrap();
    let of_function = |(name, cases): (&String, &Value)| -> Vec<_> {
        let case = |case: &Value| {
            let coefficients = case[2].as_array().unwrap().iter().map(Value::as_f64).collect();
            let number = |at: usize| case[at].as_str().unwrap().parse().unwrap();
            (name.clone(), number(0), number(1), coefficients)
        };
        cases.as_array().unwrap().iter().map(case).collect()
    };
    functions.iter().flat_map(of_function).collect()
}

#[test]
fn every_series_is_right_wherever_it_can_be_written() {
    let plans: Vec<Plan> = [2, 4, 8].map(|order| plan(order, Strategy::Minimal)).to_vec();
    let (mut single, mut double, mut all) = (0, 0, Vec::new());
    for (name, x, s, expected) in &cases() {
        assert_eq!(expected.len(), ORDERS);
        let case = (name.as_str(), *x, *s, &expected[..]);
        single += of_type::<f32>(case, &plans, &mut all);
        double += of_type::<f64>(case, &plans, &mut all);
    }
    assert!(all.is_empty(), "{} mistakes\n{}", all.len(), all.join("\n"));
    assert!(single > 300 && double > 600, "{single} {double}");
}

#[test]
fn powers_that_overflow_do_not_make_nan_of_nothing() {
    // One feature overflows, its neighbours in the tile do not: theirs are the digits that they have alone.
    let plan = plan(4, Strategy::Minimal);
    let scales = [1.0, 1e12, 0.3, 3e11];
    let weight = Matrix::from_row_major(4, 1, scales.to_vec()).unwrap();
    for activation in [Activation::Tanh, Activation::Relu, Activation::Atan, Activation::Sigmoid] {
        let network =
            Network::builder(1).affine(weight.clone(), None).elementwise(activation).build().unwrap();
        let together = evaluate_with::<f32>(&plan, &network, &[50.0], InstructionSet::best(), 1);
        for (feature, &scale) in scales.iter().enumerate() {
            let weight = Matrix::from_row_major(1, 1, vec![scale]).unwrap();
            let network = Network::builder(1).affine(weight, None).elementwise(activation).build().unwrap();
            let alone = evaluate_with::<f32>(&plan, &network, &[50.0], InstructionSet::best(), 1);
            for (k, &alone) in alone.iter().enumerate() {
                let found = together[4 * k + feature];
                assert!(
                    alone.is_finite() && found.to_bits() == alone.to_bits(),
                    "{activation}, {scale}, {k}: {found} {alone}"
                );
            }
        }
    }
}

#[test]
fn rms_norms_of_large_values_have_derivatives_in_single_precision() {
    // a/√((a² + b²)/2 + 1/10) with a = 10⁶ (x + 2) and b = 10⁶ (2 x + 3): the root of 10¹² is taken to fourth order.
    let mut graph = GraphBuilder::<f64>::new(1);
    let weight = Matrix::from_row_major(2, 1, vec![1e6, 2e6]).unwrap();
    let input = graph.input();
    let both = graph.linear(input, weight, Some(vec![2e6, 3e6])).unwrap();
    let normal = graph.rms_normalise(both, &[-1], 0.1, None).unwrap();
    let first = graph.slice(normal, 0, 0, 1, 1).unwrap();
    let network = graph.build(first).unwrap();
    let plan = plan(4, Strategy::Minimal);
    let expected = 0.195_150_645_093_659_6;
    let double = evaluate_with::<f64>(&plan, &network, &[0.3], InstructionSet::best(), 1)[4];
    // Terms of up to ten times the result cancel in it.
    assert!((double - expected).abs() <= 1e-14, "{double}");
    let single = f64::from(evaluate_with::<f32>(&plan, &network, &[0.3], InstructionSet::best(), 1)[4]);
    assert!((single - expected).abs() <= 1e-5, "{single}");
}
