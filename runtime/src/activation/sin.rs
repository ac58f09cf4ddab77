//! sin and cos: sₖ₊₁ = cₖ/(k+1), cₖ₊₁ = −sₖ/(k+1).

use super::int;
use crate::element::Analytic;

#[inline(always)]
pub(super) fn sine_series<E: Analytic>(x: &E, series: &mut [E]) {
    let (sine, cosine) = x.sin_cos();
    fill(sine, cosine, series);
}

#[inline(always)]
pub(super) fn cosine_series<E: Analytic>(x: &E, series: &mut [E]) {
    let (sine, cosine) = x.sin_cos();
    fill(cosine, sine.scale(-1, 1), series);
}

/// The solution of g″ = −g with g₀ = `value` and g₁ = `slope`.
#[inline(always)]
fn fill<E: Analytic>(value: E, slope: E, series: &mut [E]) {
    let (mut current, mut next) = (value, slope);
    for (k, entry) in series.iter_mut().enumerate() {
        *entry = current.clone();
        // gₖ₊₂ = −gₖ/((k+1)(k+2))
        let after = current.scale(-1, int((k + 1) * (k + 2)));
        current = next;
        next = after;
    }
}
