use super::judge::{check, double, function, single};
use crate::math;

function!(Log, |x| math::log::<T, F>(x));
function!(Log1p, |x| math::log1p::<T, F>(x));

#[test]
fn log_is_within_an_ulp() {
    check::<Log>(single!(core_math::log), double!(core_math::log), 1.0);
}

#[test]
fn log1p_is_within_an_ulp() {
    check::<Log1p>(single!(core_math::log1p), double!(core_math::log1p), 1.0);
}
