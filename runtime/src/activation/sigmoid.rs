//! g(x) = 1/(1 + e⁻ˣ), g′ = g − g²: (k+1) gₖ₊₁ = gₖ − Σ_{j=0}^{k} gⱼ gₖ₋ⱼ for k ≥ 1.
//!
//! g₁ = g(1 − g) comes without cancellation; in the sum, gₖ − 2g₀gₖ = (g(−x) − g(x)) gₖ is kept together.

use super::{convolve, int};
use crate::element::Analytic;

#[inline(always)]
pub(super) fn series<E: Analytic>(x: &E, series: &mut [E]) {
    let (value, slope) = x.sigmoid_and_derivative();
    let asymmetry = E::one().sub(&value.scale(2, 1));
    if let Some(entry) = series.get_mut(0) {
        *entry = value;
    }
    if let Some(entry) = series.get_mut(1) {
        *entry = slope;
    }
    for k in 1..series.len().saturating_sub(1) {
        let inner = if k >= 2 { convolve(series, k, 1, k - 1) } else { E::zero() };
        series[k + 1] = asymmetry.mul(&series[k]).sub(&inner).scale(1, int(k + 1));
    }
}
