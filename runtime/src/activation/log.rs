//! g = log, g′ = 1/x: gₖ₊₁ = −k/(k+1) gₖ/x for k ≥ 1.
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::integrate;
use super::power::WholeReciprocal;
use super::rule::{RationalRule, Rule};
use crate::element::{Analytic, Elementary};

#[derive(Clone, Copy)]
pub(super) struct Log;

impl Rule for Log {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        WholeReciprocal(1).rational_series(x, series);
        integrate(x.apply(Elementary::Log), series);
    }
}
