//! exp(−x²), and its integrals erf x and 1 − erf x: g′ = −2x g, so (k+1) gₖ₊₁ = −2 (x gₖ + gₖ₋₁).
//!
//! x is limited in the recurrence, far beyond where g is 0, so that ∞·0 does not arise.
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::rule::Rule;
use super::{int, integrate, limit};
use crate::element::{Analytic, Elementary};

#[derive(Clone, Copy)]
pub(super) struct Gaussian;

impl Rule for Gaussian {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        fill(&E::one(), x, series);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Erf;

impl Rule for Erf {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        fill(&E::constant(std::f64::consts::FRAC_2_SQRT_PI), x, series);
        integrate(x.apply(Elementary::Erf), series);
    }
}

#[derive(Clone, Copy)]
pub(super) struct Erfc;

impl Rule for Erfc {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        fill(&E::constant(-std::f64::consts::FRAC_2_SQRT_PI), x, series);
        integrate(x.apply(Elementary::Erfc), series);
    }
}

/// The series of `factor` · exp(−x²).
#[inline(always)]
fn fill<E: Analytic>(factor: &E, x: &E, series: &mut [E]) {
    let limited = limit(x);
    if let Some(entry) = series.get_mut(0) {
        *entry = x.apply(Elementary::Gaussian).mul(factor);
    }
    for k in 0..series.len().saturating_sub(1) {
        let before = if k > 0 { series[k - 1].clone() } else { E::zero() };
        series[k + 1] = limited.mul_add(&series[k], &before).scale(-2, int(k + 1));
    }
}
