//! g(x) = x/(1 + |x|): g₁ = 1/(1 + |x|)², gₖ₊₁ = −sign(x) gₖ/(1 + |x|) for k ≥ 1.
//!
//! The unit is the size of 1 + |x|, once that is large. The sign of 0 is 0: there the second derivative and those beyond are 0, as PyTorch takes them.
//!
//! Checked by `every_series_agrees_with_fifty_digits` and `derivatives_at_kinks_are_those_of_pytorch`.

use super::large;
use super::rule::RationalRule;
use crate::element::Ordered;

#[derive(Clone, Copy)]
pub(super) struct Softsign;

impl RationalRule for Softsign {
    const RATIONAL_HAS_UNIT: bool = true;

    #[inline(always)]
    fn rational_series<E: Ordered>(self, x: &E, series: &mut [E]) {
        self.rational_series_in_units(x, &E::one(), series);
    }

    #[inline(always)]
    fn rational_unit<E: Ordered>(self, x: &E) -> E {
        large(&x.magnitude())
    }

    #[inline(always)]
    fn rational_series_in_units<E: Ordered>(self, x: &E, unit: &E, series: &mut [E]) {
        let (zero, one) = (E::zero(), E::one());
        let size = x.magnitude();
        let inverse = one.divide(&size.add(&one));
        let sign = zero.select_below(x, &one, &x.select_below(&zero, &one.negate(), &zero));
        // Far out, where x/(1 + |x|) may be ∞/∞, 1 − 1/(1 + |x|) loses nothing.
        let value = size.select_below(&one, &x.mul(&inverse), &one.sub(&inverse).mul(&sign));
        let relative = inverse.mul(unit);
        let mut term = inverse.mul(&relative);
        for (k, entry) in series.iter_mut().enumerate() {
            if k == 0 {
                *entry = value.clone();
            } else {
                *entry = term.clone();
                term = term.mul(&sign).mul(&relative).negate();
            }
        }
    }
}
