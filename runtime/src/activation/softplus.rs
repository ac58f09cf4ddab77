//! g(x) = log(1 + eˣ), g′ = sigmoid.

use super::{integrate, sigmoid};
use crate::element::Analytic;

#[inline(always)]
pub(super) fn series<E: Analytic>(x: &E, series: &mut [E]) {
    sigmoid::series(x, series);
    integrate(x.softplus(), series);
}
