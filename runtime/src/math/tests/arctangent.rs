use super::judge::{Bounds, function, oracles};
use super::wide::Wide;
use crate::math;

function!(Atan, |x| math::atan::<T, F>(x));

#[test]
fn atan_keeps_its_bound() {
    let (single, double) = oracles!(core_math::atan, Wide::atan).everywhere();
    let bounds = Bounds { fused: 1.5, separate: 1.5 };
    single.check::<Atan>(bounds);
    double.check::<Atan>(bounds);
}
