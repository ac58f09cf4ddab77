//! g = log, g′ = 1/x: gₖ₊₁ = −k/(k+1) gₖ/x for k ≥ 1. The unit is the size of x.
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::integrate;
use super::power::WholeReciprocal;
use super::rule::Rule;
use crate::element::{Analytic, Elementary};

#[derive(Clone, Copy)]
pub(super) struct Log;

impl Rule for Log {
    const HAS_UNIT: bool = true;

    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        self.series_in_units(x, &E::one(), series);
    }

    #[inline(always)]
    fn unit<E: Analytic>(self, x: &E) -> E {
        x.unit()
    }

    #[inline(always)]
    fn series_in_units<E: Analytic>(self, x: &E, unit: &E, series: &mut [E]) {
        let relative = unit.divide(x);
        WholeReciprocal(1).fill(relative.clone(), &relative, series);
        integrate(x.apply(Elementary::Log), series);
    }
}
