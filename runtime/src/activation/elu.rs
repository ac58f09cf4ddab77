//! g(x) = s x for x > 0, s α (e^{x/w} − 1) for x ≤ 0: ELU (s = w = 1), SELU (w = 1) and CELU (s = 1, w = α).
//!
//! A width far from 1 is the unit. At 0 the derivatives are those of the exponential, as PyTorch takes them: ELU′(0) = α, CELU′(0) = 1.
//!
//! Checked by `every_series_agrees_with_fifty_digits` and `derivatives_at_kinks_are_those_of_pytorch`.

use super::rule::Rule;
use super::{int, large, near};
use crate::element::{Analytic, Elementary};

#[derive(Clone, Copy)]
pub(super) struct ExponentialUnit {
    pub(super) scale: f64,
    pub(super) alpha: f64,
    pub(super) width: f64,
}

impl ExponentialUnit {
    /// SELU's constants, of Klambauer, Unterthiner, Mayr and Hochreiter, Self-normalizing neural networks (2017).
    pub(super) const SELU: Self =
        Self { scale: 1.050_700_987_355_480_5, alpha: 1.673_263_242_354_377_2, width: 1.0 };
}

impl Rule for ExponentialUnit {
    const HAS_UNIT: bool = true;

    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        self.series_in_units(x, &E::one(), series);
    }

    #[inline(always)]
    fn unit<E: Analytic>(self, _: &E) -> E {
        let width = E::constant(self.width.abs());
        large(&width).mul(&near(&width))
    }

    #[inline(always)]
    fn series_in_units<E: Analytic>(self, x: &E, unit: &E, series: &mut [E]) {
        let zero = E::zero();
        let (scale, factor) = (E::constant(self.scale), E::constant(self.scale * self.alpha));
        let width = E::constant(self.width);
        let exponent = x.divide(&width);
        let width = width.divide(unit);
        let mut term = exponent.apply(Elementary::Exp).mul(&factor);
        let value = exponent.apply(Elementary::Expm1).mul(&factor);
        for (k, entry) in series.iter_mut().enumerate() {
            if k > 0 {
                term = term.divide(&width).scale(1, int(k));
            }
            let (positive, other) = match k {
                0 => (x.mul(&scale), &value),
                1 => (scale.mul(unit), &term),
                _ => (zero.clone(), &term),
            };
            *entry = zero.select_below(x, &positive, other);
        }
    }
}
