use super::judge::{check, function};
use super::wide::Wide;
use crate::math::{self, at_most};

function!(Sigmoid, |x| math::sigmoid::<T, F>(x));
function!(SigmoidOfPair, |x| math::sigmoid_and_derivative::<T, F>(x).0);
function!(SigmoidDerivative, |x| math::sigmoid_and_derivative::<T, F>(x).1);
function!(Softplus, |x| math::softplus::<T, F>(x));

/// exp(−|x|) as (m, k), and 1 + exp(−|x|).
fn decay(x: f64) -> ((Wide, f64), Wide) {
    let parts = Wide::from(-at_most(x.abs(), 2000.0)).exp_in_parts();
    (parts, Wide::from_parts(parts) + 1.0)
}

fn sigmoid(x: f64) -> Wide {
    let ((q, k), sum) = decay(x);
    if x < 0.0 { Wide::from_parts((q / sum, k)) } else { Wide::from(1.0) / sum }
}

fn sigmoid_derivative(x: f64) -> Wide {
    let ((q, k), sum) = decay(x);
    Wide::from_parts((q / (sum * sum), k))
}

fn softplus(x: f64) -> Wide {
    if x.is_infinite() {
        return x.max(0.0).into();
    }
    let (parts, _) = decay(x);
    let q = Wide::from_parts(parts);
    // ln(1 + q) is q, where q has lost its low part.
    let log = if q.high < 1e-200 { q } else { q.log1p() };
    if x > 0.0 { log + x } else { log + x * 0.0 }
}

#[test]
fn sigmoid_is_within_two_ulps() {
    check::<Sigmoid>(|x| sigmoid(f64::from(x)), sigmoid, 2.0);
    check::<SigmoidOfPair>(|x| sigmoid(f64::from(x)), sigmoid, 2.0);
}

#[test]
fn sigmoid_derivative_is_within_two_ulps() {
    check::<SigmoidDerivative>(|x| sigmoid_derivative(f64::from(x)), sigmoid_derivative, 2.0);
}

#[test]
fn softplus_is_within_two_ulps() {
    check::<Softplus>(|x| softplus(f64::from(x)), softplus, 2.0);
}
