use super::judge::{Bounds, function, oracles};
use super::wide::Wide;
use crate::math;

function!(Exp, |x| math::exp::<T, F>(x));
function!(Expm1, |x| math::expm1::<T, F>(x));

#[test]
fn exp_keeps_its_bound() {
    let (single, double) = oracles!(core_math::exp, Wide::exp).everywhere();
    let bounds = Bounds { fused: 1.0, separate: 1.0 };
    single.check::<Exp>(bounds);
    double.check::<Exp>(bounds);
}

#[test]
fn expm1_keeps_its_bound() {
    let (single, double) = oracles!(core_math::expm1, Wide::expm1).everywhere();
    let bounds = Bounds { fused: 1.3, separate: 1.3 };
    single.check::<Expm1>(bounds);
    double.check::<Expm1>(bounds);
}
