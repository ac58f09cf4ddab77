//! g(x) = xᵖ: gₖ = C(p, k) xᵖ⁻ᵏ.
//!
//! A whole p is multiplied out, exactly where arithmetic is exact; a negative one has a pole at 0. Any other real p takes
//! gₖ₊₁ = (p−k)/(k+1) gₖ/x, and, where 1/x overflows, the formula itself.
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
    #[inline(always)]
    fn rational_series<E: Ordered>(self, x: &E, series: &mut [E]) {
        let inverse = E::one().divide(x);
        let mut term = inverse.clone();
        for _ in 1..self.0 {
            term = term.mul(&inverse);
        }
        for (k, entry) in series.iter_mut().enumerate() {
            *entry = term.clone();
            term = term.mul(&inverse).scale(-int(self.0 + k), int(k + 1));
        }
    }
}

/// xᵖ for any other real p.
#[derive(Clone, Copy)]
pub(super) struct RealPower(pub(super) f64);

impl Rule for RealPower {
    #[inline(always)]
    #[allow(clippy::cast_precision_loss, reason = "orders are small")]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let p = self.0;
        let least = E::constant(f64::from(f32::MIN_POSITIVE));
        let inverse = E::one().divide(x);
        let (mut term, mut binomial) = (x.power(p), 1.0);
        for (k, entry) in series.iter_mut().enumerate() {
            let order = k as f64;
            let near_zero = x.power(p - order).mul(&E::constant(binomial));
            *entry = x.select_below(&least, &near_zero, &term);
            let factor = (p - order) / (order + 1.0);
            term = term.mul(&inverse).mul(&E::constant(factor));
            binomial *= factor;
        }
    }
}
