use super::judge::{Bounds, function, oracles};
use super::wide::Wide;
use crate::math;

function!(Log, |x| math::log::<T, F>(x));
function!(Log1p, |x| math::log1p::<T, F>(x));

const BOUNDS: Bounds = Bounds { fused: 0.85, separate: 0.85 };

#[test]
fn log_keeps_its_bound() {
    let (single, double) = oracles!(core_math::log, Wide::log).everywhere();
    single.check::<Log>(BOUNDS);
    double.check::<Log>(BOUNDS);
}

#[test]
fn log1p_keeps_its_bound() {
    let (single, double) = oracles!(core_math::log1p, Wide::log1p).everywhere();
    single.check::<Log1p>(BOUNDS);
    double.check::<Log1p>(BOUNDS);
}
