//! tanh, tan and x − tanh x. g = tanh, g′ = 1 − g²: (k+1) gₖ₊₁ = −Σ_{j=0}^{k} gⱼ gₖ₋ⱼ for k ≥ 1; for tan, g′ = 1 + g².
//!
//! The unit of tan is 1/|tan x| near a pole. g₁ = 1 − tanh² comes from the exponential function, not by subtraction, so derivatives keep their relative accuracy
//! where tanh saturates.
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::rule::Rule;
use super::{convolve, int, near};
use crate::element::{Analytic, Element, Elementary};

#[derive(Clone, Copy)]
pub(super) struct Tanh;

impl Rule for Tanh {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let (value, slope) = x.tanh_and_derivative();
        fill(-1, value, slope, &E::one(), series);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Tan;

impl Rule for Tan {
    const HAS_UNIT: bool = true;

    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        self.series_in_units(x, &E::one(), series);
    }

    #[inline(always)]
    fn unit<E: Analytic>(self, x: &E) -> E {
        near(&E::one().divide(&x.apply(Elementary::Tan).magnitude()))
    }

    #[inline(always)]
    fn series_in_units<E: Analytic>(self, x: &E, unit: &E, series: &mut [E]) {
        let value = x.apply(Elementary::Tan);
        let slope = value.mul_add(&value, &E::one());
        fill(1, value, slope.mul(unit), unit, series);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Tanhshrink;

impl Rule for Tanhshrink {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        Tanh.series(x, series);
        let square = series.first().map(|value| value.mul(value));
        for entry in series.iter_mut() {
            *entry = entry.negate();
        }
        if let Some(entry) = series.get_mut(0) {
            *entry = x.apply(Elementary::Tanhshrink);
        }
        if let (Some(entry), Some(square)) = (series.get_mut(1), square) {
            *entry = square;
        }
    }
}

/// The solution of g′ = 1 + `sign` g² with g₀ = `value` and u g₁ = `slope`, in units of u.
#[inline(always)]
fn fill<E: Element>(sign: i32, value: E, slope: E, unit: &E, series: &mut [E]) {
    if let Some(entry) = series.get_mut(0) {
        *entry = value;
    }
    if let Some(entry) = series.get_mut(1) {
        *entry = slope;
    }
    for k in 1..series.len().saturating_sub(1) {
        series[k + 1] = convolve(series, k, 0, k).mul(unit).scale(sign, int(k + 1));
    }
}
