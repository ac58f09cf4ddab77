//! sin and cos, sinh and cosh: g″ = ∓g, so gₖ₊₂ = ∓gₖ/((k+1)(k+2)).
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::int;
use super::rule::Rule;
use crate::element::{Analytic, Element, Elementary};

#[derive(Clone, Copy)]
pub(super) struct Sin;

impl Rule for Sin {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let (sine, cosine) = x.sin_cos();
        fill(-1, sine, cosine, series);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Cos;

impl Rule for Cos {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let (sine, cosine) = x.sin_cos();
        fill(-1, cosine, sine.negate(), series);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Sinh;

impl Rule for Sinh {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        fill(1, x.apply(Elementary::Sinh), x.apply(Elementary::Cosh), series);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Cosh;

impl Rule for Cosh {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        fill(1, x.apply(Elementary::Cosh), x.apply(Elementary::Sinh), series);
    }
}

/// The solution of g″ = `sign` g with g₀ = `value` and g₁ = `slope`.
#[inline(always)]
fn fill<E: Element>(sign: i32, value: E, slope: E, series: &mut [E]) {
    let (mut current, mut next) = (value, slope);
    for (k, entry) in series.iter_mut().enumerate() {
        *entry = current.clone();
        let after = current.scale(sign, int((k + 1) * (k + 2)));
        current = next;
        next = after;
    }
}
