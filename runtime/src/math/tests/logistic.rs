use super::judge::{Bounds, Oracles, function};
use super::wide::Wide;
use crate::math::{self, at_least, at_most};

function!(Sigmoid, |x| math::sigmoid::<T, F>(x));
function!(SigmoidOfPair, |x| math::sigmoid_and_derivative::<T, F>(x).0);
function!(SigmoidDerivative, |x| math::sigmoid_and_derivative::<T, F>(x).1);
function!(Softplus, |x| math::softplus::<T, F>(x));

/// (m, k, 1 + 2ᵏ m) with 2ᵏ m = exp(−|x|).
fn decay(x: f64) -> (Wide, f64, Wide) {
    let (m, k) = Wide::from(-at_most(x.abs(), 2000.0)).exp_in_parts();
    (m, k, m.scaled(k) + 1.0)
}

fn sigmoid(x: f64) -> Wide {
    let (m, k, sum) = decay(x);
    if x < 0.0 { (m / sum).scaled(k) } else { Wide::from(1.0) / sum }
}

/// With the precision of `f64`.
fn nearly_sigmoid(x: f32) -> f64 {
    1.0 / (1.0 + core_math::exp(-f64::from(x)))
}

/// With the precision of `f64`.
fn nearly_softplus(x: f32) -> f64 {
    let x = f64::from(x);
    core_math::log1p(core_math::exp(-x.abs())) + at_least(x, 0.0)
}

fn sigmoid_derivative(x: f64) -> Wide {
    let (m, k, sum) = decay(x);
    (m / (sum * sum)).scaled(k)
}

fn softplus(x: f64) -> Wide {
    if x.is_infinite() {
        return x.max(0.0).into();
    }
    let (m, k, _) = decay(x);
    let q = m.scaled(k);
    // ln(1 + q) is q, where q has lost its low part.
    let log = if q.high < 1e-200 { q } else { q.log1p() };
    if x > 0.0 { log + x } else { log }
}

#[test]
fn sigmoid_keeps_its_bound() {
    let (single, double) = Oracles { single: |x| nearly_sigmoid(x).into(), double: sigmoid }.everywhere();
    let bounds = Bounds { fused: 1.0, separate: 1.3 };
    single.check::<Sigmoid>(bounds);
    double.check::<Sigmoid>(bounds);
    single.check::<SigmoidOfPair>(bounds);
    double.check::<SigmoidOfPair>(bounds);
}

#[test]
fn sigmoid_derivative_keeps_its_bound() {
    let oracles =
        Oracles { single: |x| (nearly_sigmoid(x) * nearly_sigmoid(-x)).into(), double: sigmoid_derivative };
    let (single, double) = oracles.everywhere();
    let bounds = Bounds { fused: 1.0, separate: 1.4 };
    single.check::<SigmoidDerivative>(bounds);
    double.check::<SigmoidDerivative>(bounds);
}

#[test]
fn softplus_keeps_its_bound() {
    let (single, double) = Oracles { single: |x| nearly_softplus(x).into(), double: softplus }.everywhere();
    let bounds = Bounds { fused: 1.3, separate: 1.8 };
    single.check::<Softplus>(bounds);
    double.check::<Softplus>(bounds);
}
