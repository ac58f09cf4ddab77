//! g(x) = x Φ(x), Φ′ = φ, φ′ = −x φ: (k+1) φₖ₊₁ = −(x φₖ + φₖ₋₁).
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::rule::Rule;
use super::{int, integrate, multiply_by_x};
use crate::element::Analytic;

#[derive(Clone, Copy)]
pub(super) struct Gelu;

impl Rule for Gelu {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let (cdf, density) = x.normal_cdf_and_density();
        if let Some(entry) = series.get_mut(0) {
            *entry = density;
        }
        for k in 0..series.len().saturating_sub(1) {
            let before = if k > 0 { series[k - 1].clone() } else { E::zero() };
            series[k + 1] = x.mul_add(&series[k], &before).scale(-1, int(k + 1));
        }
        integrate(cdf, series);
        multiply_by_x(x, series);
    }
}
