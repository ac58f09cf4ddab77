//! Every series against fifty digits: `tests/data/activations.json`, by `tests/oracle/activations.py`.
//!
//! Errors are compared with gₖ and with the size that its neighbours suggest: a coefficient near one of its own zeros
//! has the absolute accuracy of those beside it.

use serde_json::Value;

use crate::Activation;

pub(super) fn data() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/activations.json");
    let text = std::fs::read_to_string(path).expect("the data is beside the tests");
    serde_json::from_str(&text).expect("the data is json")
}

pub(super) fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

/// The size of gₖ, by itself and by its neighbours: √|gₖ₋₁ gₖ₊₁|, or gₖ₋₁²/|gₖ₋₂| at the end, where that is more.
fn size(expected: &[f64], k: usize) -> f64 {
    let beside = match *expected {
        _ if k == 0 => 0.0,
        [..] if k + 1 < expected.len() => expected[k - 1].abs().sqrt() * expected[k + 1].abs().sqrt(),
        [..] => expected[k - 1] / expected[k - 2] * expected[k - 1],
    };
    expected[k].abs().max(beside.abs())
}

/// How many times the distance of 1 to the next number gₖ may be wrong: six for each of eight steps of a recurrence;
/// more where the module of the function says why, for mish 2ᵏ⁺¹, for the tails of gelu-tanh what rounding its cubic costs.
fn allowed(activation: Activation, k: usize, x: f64) -> f64 {
    let more = match activation {
        Activation::Mish => f64::from(2 << k),
        Activation::GeluTanh => 0.04 * x.abs().powi(3),
        _ => 0.0,
    };
    48.0 + more
}

#[test]
fn every_series_agrees_with_fifty_digits() {
    let mut functions = 0;
    for (name, cases) in data()["smooth"].as_object().unwrap() {
        let activation: Activation = name.parse().unwrap();
        functions += 1;
        for case in cases.as_array().unwrap() {
            let x = number(&case[0]);
            let expected: Vec<f64> = case[1].as_array().unwrap().iter().map(number).collect();
            let mut found = vec![0.0; expected.len()];
            activation.series(&x, &mut found);
            for (k, (found, value)) in found.iter().zip(&expected).enumerate() {
                let error = (found - value).abs() / size(&expected, k).max(1e-290) / f64::EPSILON;
                let allowed = allowed(activation, k, x);
                assert!(
                    error <= allowed,
                    "{name}, order {k} at {x}: {found:e} for {value:e}, {error} > {allowed}"
                );
            }
        }
    }
    assert!(functions > 30, "{functions}");
}
