//! g(x) = x sigmoid(x).

use super::multiply_by_x;
use super::rule::Rule;
use super::sigmoid::Sigmoid;
use crate::element::Analytic;

#[derive(Clone, Copy)]
pub(super) struct Silu;

impl Rule for Silu {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        Sigmoid.series(x, series);
        multiply_by_x(x, series);
    }
}
