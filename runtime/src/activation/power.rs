//! g(x) = xⁿ for a small whole n: gₖ = C(n, k) xⁿ⁻ᵏ.

use super::int;
use crate::element::Element;

#[inline(always)]
pub(super) fn series<E: Element>(n: usize, x: &E, series: &mut [E]) {
    // From the top down: g_n = 1, and C(n, k−1) = C(n, k) k/(n−k+1).
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
