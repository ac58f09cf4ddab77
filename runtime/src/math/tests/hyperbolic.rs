use super::judge::{Bounds, Oracles, function, oracles};
use super::wide::Wide;
use crate::math::{self, at_most};

function!(Tanh, |x| math::tanh::<T, F>(x));
function!(TanhOfPair, |x| math::tanh_and_derivative::<T, F>(x).0);
function!(TanhDerivative, |x| math::tanh_and_derivative::<T, F>(x).1);
function!(Sinh, |x| math::sinh::<T, F>(x));
function!(Cosh, |x| math::cosh::<T, F>(x));
function!(SinhOfPair, |x| math::sinh_cosh::<T, F>(x).0);
function!(CoshOfPair, |x| math::sinh_cosh::<T, F>(x).1);

#[test]
fn tanh_keeps_its_bound() {
    let (single, double) = oracles!(core_math::tanh, Wide::tanh).everywhere();
    let bounds = Bounds { fused: 1.6, separate: 1.6 };
    single.check::<Tanh>(bounds);
    double.check::<Tanh>(bounds);
    let bounds = Bounds { fused: 1.1, separate: 1.6 };
    single.check::<TanhOfPair>(bounds);
    double.check::<TanhOfPair>(bounds);
}

/// 4q/(1 + q)², q = exp(−2|x|).
fn sech_squared(x: f64) -> Wide {
    let (q, k) = Wide::from(-2.0 * at_most(x.abs(), 1000.0)).exp_in_parts();
    let one_plus_q = q.scaled(k) + 1.0;
    (q * 4.0 / (one_plus_q * one_plus_q)).scaled(k)
}

#[test]
fn tanh_derivative_keeps_its_bound() {
    let oracles = Oracles { single: |x| core_math::cosh(x.into()).powi(-2).into(), double: sech_squared };
    let (single, double) = oracles.everywhere();
    let bounds = Bounds { fused: 1.0, separate: 1.4 };
    single.check::<TanhDerivative>(bounds);
    double.check::<TanhDerivative>(bounds);
}

#[test]
fn sinh_keeps_its_bound() {
    let (single, double) = oracles!(core_math::sinh, Wide::sinh).everywhere();
    let bounds = Bounds { fused: 1.0, separate: 1.0 };
    single.check::<Sinh>(bounds);
    double.check::<Sinh>(bounds);
    single.check::<SinhOfPair>(bounds);
    double.check::<SinhOfPair>(bounds);
}

#[test]
fn cosh_keeps_its_bound() {
    let (single, double) = oracles!(core_math::cosh, Wide::cosh).everywhere();
    let bounds = Bounds { fused: 0.85, separate: 0.85 };
    single.check::<Cosh>(bounds);
    double.check::<Cosh>(bounds);
    single.check::<CoshOfPair>(bounds);
    double.check::<CoshOfPair>(bounds);
}
