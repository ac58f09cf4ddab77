use super::judge::{Bounds, Function, Oracles, function};
use super::wide::Wide;
use crate::math;

function!(Tan, |x| math::tan(x));
function!(Asin, |x| math::asin(x));
function!(Acos, |x| math::acos(x));
function!(Asinh, |x| math::asinh(x));
function!(Acosh, |x| math::acosh(x));
function!(Atanh, |x| math::atanh(x));
function!(Tanhshrink, |x| math::tanhshrink::<T, F>(x));

/// The truth is correctly rounded, so that the error in `f64` is a whole number of units, or half one more.
macro_rules! rounded {
    ($function:path) => {
        Oracles { single: |x| $function(f64::from(x)).into(), double: |x| $function(x).into() }
    };
}

fn check<G: Function>(oracles: Oracles, bound: f64) {
    let (single, double) = oracles.everywhere();
    let bounds = Bounds { fused: bound, separate: bound };
    single.check::<G>(bounds);
    double.check::<G>(bounds);
}

#[test]
fn rare_functions_keep_their_bounds() {
    check::<Tan>(rounded!(core_math::tan), 1.0);
    check::<Asin>(rounded!(core_math::asin), 1.0);
    check::<Acos>(rounded!(core_math::acos), 1.0);
    check::<Asinh>(rounded!(core_math::asinh), 2.0);
    check::<Acosh>(rounded!(core_math::acosh), 2.0);
    check::<Atanh>(rounded!(core_math::atanh), 2.0);
}

/// x − tanh x in twice the precision; where it would cancel, the beginning of the series x³/3 − 2x⁵/15 + ….
fn tanhshrink(x: Wide) -> Wide {
    if x.high.abs() < 1e-100 {
        return (x.high * (x.high * x.high / 3.0)).into();
    }
    if x.high.is_infinite() {
        return x;
    }
    if x.high.abs() > 100.0 {
        return x - 1.0_f64.copysign(x.high);
    }
    if x.high.abs() > 0.02 {
        return x - x.tanh();
    }
    let z = x * x;
    let terms = [(1382.0, 155_925.0), (62.0, 2835.0), (17.0, 315.0), (2.0, 15.0), (1.0, 3.0)];
    let sum = terms.iter().fold(Wide::from(0.0), |sum, (n, d)| Wide::from(*n) / *d - sum * z);
    x * z * sum
}

#[test]
fn tanhshrink_keeps_its_bound() {
    check::<Tanhshrink>(
        Oracles { single: |x| tanhshrink(f64::from(x).into()), double: |x| tanhshrink(x.into()) },
        4.0,
    );
}
