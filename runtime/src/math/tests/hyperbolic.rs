use super::judge::{Oracle, check, double, function, single};
use super::wide::Wide;
use crate::math::{self, at_most};

function!(Tanh, |x| math::tanh::<T, F>(x));
function!(TanhOfPair, |x| math::tanh_and_derivative::<T, F>(x).0);
function!(TanhDerivative, |x| math::tanh_and_derivative::<T, F>(x).1);
function!(Sinh, |x| math::sinh::<T, F>(x));
function!(Cosh, |x| math::cosh::<T, F>(x));
function!(SinhOfPair, |x| math::sinh_cosh::<T, F>(x).0);
function!(CoshOfPair, |x| math::sinh_cosh::<T, F>(x).1);

/// 4q/(1 + q)², q = exp(−2|x|).
fn sech_squared(x: f64) -> Wide {
    let (q, k) = Wide::from(-2.0 * at_most(x.abs(), 1000.0)).exp_in_parts();
    let one_plus_q = Wide::from_parts((q, k)) + 1.0;
    Wide::from_parts((q * 4.0 / (one_plus_q * one_plus_q), k))
}

#[test]
fn tanh_is_within_two_ulps() {
    let (single, double): (Oracle<f32>, Oracle<f64>) = (single!(core_math::tanh), double!(core_math::tanh));
    check::<Tanh>(single, double, 2.0);
    check::<TanhOfPair>(single, double, 2.0);
}

#[test]
fn tanh_derivative_is_within_two_ulps() {
    check::<TanhDerivative>(|x| sech_squared(f64::from(x)), sech_squared, 2.0);
}

#[test]
fn sinh_and_cosh_are_within_two_ulps() {
    let (single, double): (Oracle<f32>, Oracle<f64>) = (single!(core_math::sinh), double!(core_math::sinh));
    check::<Sinh>(single, double, 2.0);
    check::<SinhOfPair>(single, double, 2.0);
    let (single, double): (Oracle<f32>, Oracle<f64>) = (single!(core_math::cosh), double!(core_math::cosh));
    check::<Cosh>(single, double, 2.0);
    check::<CoshOfPair>(single, double, 2.0);
}
