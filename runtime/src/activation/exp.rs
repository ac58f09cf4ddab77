//! g = exp, g′ = g: gₖ₊₁ = gₖ/(k+1).

use super::int;
use crate::element::Analytic;

#[inline(always)]
pub(super) fn series<E: Analytic>(x: &E, series: &mut [E]) {
    let mut term = x.exp();
    for (k, entry) in series.iter_mut().enumerate() {
        if k > 0 {
            term = term.scale(1, int(k));
        }
        *entry = term.clone();
    }
}
