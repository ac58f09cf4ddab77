//! g(x) = x sigmoid(x).
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

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
