//! ⌊x⌋, ⌈x⌉ and the nearest whole number, the even one of two: locally constant, so every derivative is 0.
//!
//! Checked by `derivatives_at_kinks_are_those_of_pytorch` and
//! `exact_series_of_rational_functions_agree_with_those_in_floats`.

use super::rule::RationalRule;
use crate::element::Ordered;

#[derive(Clone, Copy)]
pub(super) enum Rounding {
    Floor,
    Ceil,
    HalfEven,
}

impl RationalRule for Rounding {
    #[inline(always)]
    fn rational_series<E: Ordered>(self, x: &E, series: &mut [E]) {
        for entry in series.iter_mut() {
            *entry = E::zero();
        }
        if let Some(entry) = series.get_mut(0) {
            *entry = match self {
                Self::Floor => x.floor(),
                Self::Ceil => x.negate().floor().negate(),
                Self::HalfEven => x.round_half_even(),
            };
        }
    }
}
