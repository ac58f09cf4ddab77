//! g(x) = x s(x) with s(x) = sigmoid(v(x)), v(x) = √(8/π) (x + 0.044715 x³): s′ = v′ (s − s²), with v′ of degree two:
//! (k+1) sₖ₊₁ = Σ_{j=0}^{2} v′ⱼ (s − s²)ₖ₋ⱼ.
//!
//! This is x (1 + tanh(v/2))/2, the form that avoids erf. (s − s²)₀ comes without cancellation, and so the left tail
//! keeps its digits. In the recurrence v′ is limited where s is 0 or 1.
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::rule::Rule;
use super::sigmoid::minus_square;
use super::{int, limit, multiply_by_x};
use crate::element::{Analytic, Ordered};

#[derive(Clone, Copy)]
pub(super) struct GeluTanh;

/// √(8/π)
const RATE: f64 = 1.595_769_121_605_730_7;
const CUBIC: f64 = 0.044_715;

impl Rule for GeluTanh {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let square = x.mul(x);
        let argument = x.mul(&E::constant(RATE)).mul(&square.mul_add(&E::constant(CUBIC), &E::one()));
        let (value, slope) = argument.sigmoid_and_derivative();
        let rate = rate(x);
        if let Some(entry) = series.get_mut(0) {
            *entry = value;
        }
        for k in 0..series.len().saturating_sub(1) {
            let mut sum = E::zero();
            for (j, rate) in rate.iter().enumerate().take(k + 1) {
                let factor = if j == k { slope.clone() } else { minus_square(series, k - j) };
                sum = rate.mul_add(&factor, &sum);
            }
            series[k + 1] = sum.scale(1, int(k + 1));
        }
        multiply_by_x(x, series);
    }
}

/// v′(x + h) = v′₀ + v′₁ h + v′₂ h²
#[inline(always)]
fn rate<E: Ordered>(x: &E) -> [E; 3] {
    let x = limit(x);
    let curvature = E::constant(3.0 * RATE * CUBIC);
    [curvature.mul(&x).mul_add(&x, &E::constant(RATE)), curvature.mul(&x).scale(2, 1), curvature]
}
