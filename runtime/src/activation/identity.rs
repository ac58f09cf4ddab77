//! g(x) = x.
//!
//! Checked by `exact_series_of_rational_functions_agree_with_those_in_floats`.

use super::rule::RationalRule;
use crate::element::Ordered;

#[derive(Clone, Copy)]
pub(super) struct Identity;

impl RationalRule for Identity {
    #[inline(always)]
    fn rational_series<E: Ordered>(self, x: &E, series: &mut [E]) {
        for (k, entry) in series.iter_mut().enumerate() {
            *entry = match k {
                0 => x.clone(),
                1 => E::one(),
                _ => E::zero(),
            };
        }
    }
}
