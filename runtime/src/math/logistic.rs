//! The logistic function σ(x) = 1 / (1 + e⁻ˣ), its derivative and its integral, softplus.
//!
//! | notation | name |
//! |---|---|
//! | y = \|x\|, q = e⁻ʸ ≤ 1 | |
//! | 1 / (1 + q) = inverse (1 + error) | [`Logistic`] |
//! | σ(y) = 1/(1 + q), σ(−y) = q/(1 + q) | [`sigmoid`] |
//! | σ′(x) = σ (1 − σ) = q/(1 + q)² | [`sigmoid_and_derivative`] |
//! | ln(1 + eˣ) = max(x, 0) + ln(1 + q) | [`softplus`] |
//! | ln(1 + q) = 2 artanh s = 2 s + 2 s³ P(s²), s = q/(2 + q) ≤ 1/3 | |
//!
//! Nothing is subtracted from anything close to it, so that the tails keep all digits. One division; its
//! residual, and those of the sums before it, are put right in the last operation. Bounds with
//! [`Fused`](super::Fused): σ and σ′ 1 ulp, softplus 1.3 ulp; with [`Separate`](super::Separate) 1.3,
//! 1.4 and 1.8 ulp.
//! Source of artanh: Abramowitz and Stegun 4.1.27 and 4.6.33.
//!
//! Checked by `sigmoid_keeps_its_bound`, `sigmoid_derivative_keeps_its_bound` and `softplus_keeps_its_bound`.

use super::coefficients::ATANH;
use super::exponential::{Reduced, reduce};
use super::fma::{Fma, fast_two_sum};
use super::polynomial::polynomial;
use super::real::{Real, at_least, at_most, select};

/// q = e⁻ʸ and an inverse, for y ≥ 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Logistic<T> {
    /// q = 2ᵏ (high + low).
    pub(super) high: T,
    pub(super) low: T,
    pub(super) k: T,
    /// The inverse of 1 + q (of 2 + q for softplus) is inverse (1 + error).
    inverse: T,
    error: T,
}

impl<T: Real> Logistic<T> {
    /// For `reduced` = e⁻ʸ and `scale` = 2ᵏ, with the inverse of `one` + q.
    #[inline(always)]
    pub(super) fn new<F: Fma>(reduced: Reduced<T>, scale: T, one: T) -> Self {
        let (high, low) = reduced.mantissa();
        let (mantissa, mantissa_rest) = fast_two_sum(high, low);
        let (sum, rest) = fast_two_sum(one, scale * mantissa);
        let inverse = T::ONE / sum;
        let rest = F::mul_add(scale, mantissa_rest, rest);
        let error = F::mul_add(-rest, inverse, F::residual(sum, inverse, T::ONE));
        Self { high, low, k: reduced.k, inverse, error }
    }

    /// (high + low) times the inverse, for |low| small against high.
    #[inline(always)]
    pub(super) fn quotient<F: Fma>(self, high: T, low: T) -> T {
        F::mul_add(high, self.inverse, self.inverse * F::mul_add(high, self.error, low))
    }

    /// 2⁻ᵏ q / (1 + q)².
    #[inline(always)]
    pub(super) fn derivative<F: Fma>(self) -> T {
        let (square, rest) = F::two_product(self.inverse, self.inverse);
        let rest = F::mul_add(T::TWO * self.error, square, rest);
        F::mul_add(self.high, square, F::mul_add(self.high, rest, self.low * square))
    }
}

/// e⁻ʸ for y ≥ 0, and 2ᵏ, or a small power in place of one that underflows.
#[inline(always)]
pub(super) fn decay<T: Real, F: Fma>(y: T) -> (Reduced<T>, T) {
    let reduced = reduce::<T, F>(-at_most(y, T::pick(107.0, 750.0)), T::ZERO);
    (reduced, at_least(reduced.k, T::pick(-100.0, -1000.0)).power_of_two())
}

/// 1 / (1 + e⁻ˣ).
#[inline(always)]
pub fn sigmoid<T: Real, F: Fma>(x: T) -> T {
    sigmoid_of::<T, F>(x, logistic::<T, F>(x))
}

/// σ(x) = 1 / (1 + e⁻ˣ) and σ′(x) = σ(x) (1 − σ(x)).
#[inline(always)]
pub fn sigmoid_and_derivative<T: Real, F: Fma>(x: T) -> (T, T) {
    let logistic = logistic::<T, F>(x);
    let derivative = logistic.derivative::<F>().times_power_of_two(logistic.k);
    (sigmoid_of::<T, F>(x, logistic), derivative)
}

#[inline(always)]
fn logistic<T: Real, F: Fma>(x: T) -> Logistic<T> {
    let (reduced, scale) = decay::<T, F>(x.abs());
    Logistic::new::<F>(reduced, scale, T::ONE)
}

#[inline(always)]
fn sigmoid_of<T: Real, F: Fma>(x: T, logistic: Logistic<T>) -> T {
    let left = x < T::ZERO;
    let high = select(left, logistic.high, T::ONE);
    let low = select(left, logistic.low, T::ZERO);
    let k = select(left, logistic.k, T::ZERO);
    logistic.quotient::<F>(high, low).times_power_of_two(k)
}

/// ln(1 + eˣ).
///
/// # Example: far to the left it is eˣ, not 0
///
/// ```
/// use jetc_runtime::math::{Separate, softplus};
///
/// let value = softplus::<f64, Separate>(-100.0);
/// assert!((value / (-100.0_f64).exp() - 1.0).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn softplus<T: Real, F: Fma>(x: T) -> T {
    let (reduced, scale) = decay::<T, F>(x.abs());
    let logistic = Logistic::new::<F>(reduced, scale, T::TWO);
    // s = 2ᵏ part, so that nothing underflows before the end.
    let part = (logistic.high + logistic.low) * logistic.inverse;
    let s = scale * part;
    let z = s * s;
    // 2⁻ᵏ artanh s, as a quotient by 2 + q like s itself: artanh s = (q + q z P(z)) / (2 + q).
    let rest = (logistic.high + logistic.low) * z * polynomial::<T, F>(z, ATANH.of());
    let half = logistic.quotient::<F>(logistic.high, logistic.low + rest);
    at_least(x, T::ZERO) + half.times_power_of_two(reduced.k + T::ONE)
}
