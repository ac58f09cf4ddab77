use super::judge::{check, double, function, single};
use crate::math;

function!(Atan, |x| math::atan::<T, F>(x));

#[test]
fn atan_is_within_one_and_a_half_ulps() {
    check::<Atan>(single!(core_math::atan), double!(core_math::atan), 1.5);
}
