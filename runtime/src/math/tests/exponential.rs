use super::judge::{check, double, function, single};
use crate::math;

function!(Exp, |x| math::exp::<T, F>(x));
function!(Expm1, |x| math::expm1::<T, F>(x));

#[test]
fn exp_is_within_an_ulp() {
    check::<Exp>(single!(core_math::exp), double!(core_math::exp), 1.0);
}

#[test]
fn expm1_is_within_an_ulp() {
    check::<Expm1>(single!(core_math::expm1), double!(core_math::expm1), 1.0);
}
