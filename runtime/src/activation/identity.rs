//! g(x) = x.

use crate::element::Element;

#[inline(always)]
pub(super) fn series<E: Element>(x: &E, series: &mut [E]) {
    for (k, entry) in series.iter_mut().enumerate() {
        *entry = match k {
            0 => x.clone(),
            1 => E::one(),
            _ => E::zero(),
        };
    }
}
