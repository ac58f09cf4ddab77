//! g(x) = log(1 + eˣ), g′ = sigmoid; log sigmoid x = −g(−x); and g(βx)/β, which is x where βx exceeds a threshold.
//!
//! A β far from 1 is the reciprocal of the unit. Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::rule::Rule;
use super::sigmoid::Sigmoid;
use super::{integrate, large, near};
use crate::element::{Analytic, Elementary};

#[derive(Clone, Copy)]
pub(super) struct Softplus;

impl Rule for Softplus {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        Sigmoid.series(x, series);
        integrate(x.apply(Elementary::Softplus), series);
    }
}

/// gₖ = −(−1)ᵏ sₖ with s the series of [`Softplus`] at −x.
#[derive(Clone, Copy)]
pub(super) struct LogSigmoid;

impl Rule for LogSigmoid {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        Softplus.series(&x.negate(), series);
        for entry in series.iter_mut().step_by(2) {
            *entry = entry.negate();
        }
    }
}

/// gₖ = βᵏ⁻¹ sₖ with s the series of [`Softplus`] at βx, as long as βx ≤ `threshold`.
#[derive(Clone, Copy)]
pub(super) struct ScaledSoftplus {
    pub(super) beta: f64,
    pub(super) threshold: f64,
}

impl Rule for ScaledSoftplus {
    const HAS_UNIT: bool = true;

    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        self.series_in_units(x, &E::one(), series);
    }

    #[inline(always)]
    fn unit<E: Analytic>(self, _: &E) -> E {
        let width = E::constant(1.0 / self.beta.abs());
        large(&width).mul(&near(&width))
    }

    #[inline(always)]
    fn series_in_units<E: Analytic>(self, x: &E, unit: &E, series: &mut [E]) {
        let (beta, threshold) = (E::constant(self.beta), E::constant(self.threshold));
        let scaled = x.mul(&beta);
        Softplus.series(&scaled, series);
        let mut power = E::one().divide(&beta);
        let rate = beta.mul(unit);
        for (k, entry) in series.iter_mut().enumerate() {
            let linear = match k {
                0 => x.clone(),
                1 => unit.clone(),
                _ => E::zero(),
            };
            *entry = threshold.select_below(&scaled, &linear, &entry.mul(&power));
            power = power.mul(&rate);
        }
    }
}
