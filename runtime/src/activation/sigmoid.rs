//! g(x) = 1/(1 + e⁻ˣ), g′ = g − g²: (k+1) gₖ₊₁ = gₖ − Σ_{j=0}^{k} gⱼ gₖ₋ⱼ for k ≥ 1.
//!
//! g₁ = g(1 − g) comes without cancellation; in the sum, gₖ − 2g₀gₖ = (g(−x) − g(x)) gₖ is kept together.
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::rule::Rule;
use super::{convolve, int};
use crate::element::{Analytic, Element};

#[derive(Clone, Copy)]
pub(super) struct Sigmoid;

impl Rule for Sigmoid {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let (value, slope) = x.sigmoid_and_derivative();
        if let Some(entry) = series.get_mut(0) {
            *entry = value;
        }
        if let Some(entry) = series.get_mut(1) {
            *entry = slope;
        }
        for k in 1..series.len().saturating_sub(1) {
            series[k + 1] = minus_square(series, k).scale(1, int(k + 1));
        }
    }
}

/// (g − g²)ₖ for k ≥ 1.
#[inline(always)]
pub(super) fn minus_square<E: Element>(series: &[E], k: usize) -> E {
    let asymmetry = E::one().sub(&series[0].scale(2, 1));
    let inner = if k >= 2 { convolve(series, k, 1, k - 1) } else { E::zero() };
    asymmetry.mul(&series[k]).sub(&inner)
}
