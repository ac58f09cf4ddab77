//! √x and 1/√x: (k+1) gₖ₊₁ = (p−k) gₖ/x with p = ±1/2. The unit is the size of x.
//!
//! g₁ of the root is ½/√x, so that it is infinite at 0, as it should be, and not 0·∞.
//!
//! Checked by `every_recurrence_gives_the_exact_series`, `every_series_agrees_with_fifty_digits` and
//! `roots_and_powers_are_infinite_where_they_are_steep`.

use super::int;
use super::rule::Rule;
use crate::element::{Analytic, Elementary};

#[derive(Clone, Copy)]
pub(super) struct Sqrt;

impl Rule for Sqrt {
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
        let root = x.apply(Elementary::Sqrt);
        let relative = unit.divide(x);
        let mut term = E::one().divide(&root).scale(1, 2).mul(unit);
        for (k, entry) in series.iter_mut().enumerate() {
            if k == 0 {
                *entry = root.clone();
            } else {
                *entry = term.clone();
                term = term.mul(&relative).scale(1 - 2 * int(k), 2 * int(k + 1));
            }
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Rsqrt;

impl Rule for Rsqrt {
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
        let mut term = E::one().divide(&x.apply(Elementary::Sqrt));
        for (k, entry) in series.iter_mut().enumerate() {
            *entry = term.clone();
            term = term.mul(&relative).scale(-1 - 2 * int(k), 2 * int(k + 1));
        }
    }
}
