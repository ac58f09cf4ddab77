//! g(x) = xᵖ: gₖ = C(p, k) xᵖ⁻ᵏ.
//!
//! A whole p is multiplied out, exactly where arithmetic is exact; a negative one has a pole at 0. Any other real p takes
//! gₖ₊₁ = (p−k)/(k+1) gₖ/x, and, where 1/x overflows, the formula itself. The unit is the size of x.
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::int;
use super::rule::{RationalRule, Rule};
use crate::element::{Analytic, Ordered};

/// xⁿ for a small n ≥ 0.
#[derive(Clone, Copy)]
pub(super) struct WholePower(pub(super) usize);

impl RationalRule for WholePower {
    #[inline(always)]
    fn rational_series<E: Ordered>(self, x: &E, series: &mut [E]) {
        // From the top down: g_n = 1, and C(n, k−1) = C(n, k) k/(n−k+1).
        let n = self.0;
        for entry in series.iter_mut().skip(n + 1) {
            *entry = E::zero();
        }
        let mut term = E::one();
        for k in (0..=n).rev() {
            if let Some(entry) = series.get_mut(k) {
                *entry = term.clone();
            }
            if k > 0 {
                term = term.mul(x).scale(int(k), int(n - k + 1));
            }
        }
    }
}

/// x⁻ᵐ for a small m > 0: (k+1) gₖ₊₁ = −(m+k) gₖ/x. `WholeReciprocal(1)` is 1/x.
#[derive(Clone, Copy)]
pub(super) struct WholeReciprocal(pub(super) usize);

impl RationalRule for WholeReciprocal {
    const RATIONAL_HAS_UNIT: bool = true;

    #[inline(always)]
    fn rational_series<E: Ordered>(self, x: &E, series: &mut [E]) {
        self.rational_series_in_units(x, &E::one(), series);
    }

    #[inline(always)]
    fn rational_unit<E: Ordered>(self, x: &E) -> E {
        x.unit()
    }

    #[inline(always)]
    fn rational_series_in_units<E: Ordered>(self, x: &E, unit: &E, series: &mut [E]) {
        let inverse = E::one().divide(x);
        let mut value = inverse.clone();
        for _ in 1..self.0 {
            value = value.mul(&inverse);
        }
        self.fill(value, &unit.divide(x), series);
    }
}

impl WholeReciprocal {
    /// uᵏ gₖ times any factor, from the first of them and u/x.
    #[inline(always)]
    pub(super) fn fill<E: Ordered>(self, first: E, relative: &E, series: &mut [E]) {
        let mut term = first;
        for (k, entry) in series.iter_mut().enumerate() {
            *entry = term.clone();
            term = term.mul(relative).scale(-int(self.0 + k), int(k + 1));
        }
    }
}

/// xᵖ for any other real p.
#[derive(Clone, Copy)]
pub(super) struct RealPower(pub(super) f64);

impl Rule for RealPower {
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
    #[allow(clippy::cast_precision_loss, reason = "orders are small")]
    fn series_in_units<E: Analytic>(self, x: &E, unit: &E, series: &mut [E]) {
        let p = self.0;
        // Infinite in single precision, and above every finite reciprocal that occurs in double.
        let most = E::constant(f64::MAX);
        let inverse = E::one().divide(x).magnitude();
        let relative = unit.divide(x);
        let (mut term, mut binomial, mut power) = (x.power(p), 1.0, E::one());
        for (k, entry) in series.iter_mut().enumerate() {
            let order = k as f64;
            let near_zero = x.power(p - order).mul(&E::constant(binomial)).mul(&power);
            *entry = inverse.select_below(&most, &term, &near_zero);
            power = power.mul(unit);
            let factor = (p - order) / (order + 1.0);
            term = term.mul(&relative).mul(&E::constant(factor));
            binomial *= factor;
        }
    }
}
