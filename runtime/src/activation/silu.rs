//! g(x) = x sigmoid(x).

use super::{multiply_by_x, sigmoid};
use crate::element::Analytic;

#[inline(always)]
pub(super) fn series<E: Analytic>(x: &E, series: &mut [E]) {
    sigmoid::series(x, series);
    multiply_by_x(x, series);
}
