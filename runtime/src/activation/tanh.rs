//! g = tanh, g′ = 1 − g²: (k+1) gₖ₊₁ = −Σ_{j=0}^{k} gⱼ gₖ₋ⱼ for k ≥ 1.
//!
//! g₁ = 1 − tanh² comes from the exponential function, not by subtraction, so derivatives keep their relative accuracy
//! where tanh saturates.

use super::{convolve, int};
use crate::element::Analytic;

#[inline(always)]
pub(super) fn series<E: Analytic>(x: &E, series: &mut [E]) {
    let (value, slope) = x.tanh_and_derivative();
    if let Some(entry) = series.get_mut(0) {
        *entry = value;
    }
    if let Some(entry) = series.get_mut(1) {
        *entry = slope;
    }
    for k in 1..series.len().saturating_sub(1) {
        series[k + 1] = convolve(series, k, 0, k).scale(-1, int(k + 1));
    }
}
