//! The error function, its complement, the normal distribution function and the Gaussian.
//!
//! | notation | name |
//! |---|---|
//! | erf x = x P(x²), \|x\| ≤ 1/2 | |
//! | erf x = 1 − erfc x, x > 1/2 | [`erf`] |
//! | erfc y = exp(−y²) Q(t)/(1 + y), t = (y − c)/(y + c), y ≥ 0 | [`erfc`] |
//! | Φ(x) = erfc(−x/√2)/2; Φ(−y) = exp(−y²/2) R(t)/(1 + y), y ≥ 0 | [`normal_cdf`] |
//! | exp(−x²/2), exp(−x²) | [`gaussian`], [`gaussian_of_square`] |
//!
//! The map of y to t brings the half-line to an interval on which one polynomial is enough, whatever y; Q and
//! R vary between 1/2 and 1. The tails keep all their digits: the square is taken in two parts, so is its
//! exponential, a quotient's residual is put right, and the products are rounded once. Bounds: the Gaussians
//! 1 ulp; the others with [`Fused`](super::Fused) 1.5 ulp, with [`Separate`](super::Separate) 2 ulp.
//! Source: M. M. Shepherd and J. G. Laframboise, Chebyshev approximation of (1 + 2x) exp(x²) erfc x in
//! 0 ≤ x < ∞, Math. Comp. 36 (1981).
//!
//! Checked by `erf_keeps_its_bound`, `erfc_keeps_its_bound`, `normal_cdf_keeps_its_bound_in_both_tails` and
//! `gaussian_keeps_its_bound`.

use super::coefficients::{ERF, ERFC_TAIL, NORMAL_TAIL};
use super::exponential::reduce;
use super::fma::{Fma, fast_two_sum};
use super::polynomial::polynomial;
use super::real::{Real, at_most, select};

/// The error function, 2/√π ∫₀ˣ exp(−t²) dt.
#[inline(always)]
pub fn erf<T: Real, F: Fma>(x: T) -> T {
    let y = at_most(x.abs(), T::pick(4.0, 6.0));
    let power = Power::new::<F>(y, T::ONE);
    let tail = Tail::of_erfc::<F>(y).times::<F>(power) * power.k.power_of_two();
    let z = y * y;
    let coefficients = ERF.of::<T>();
    let small = F::mul_add(y, coefficients[0], y * polynomial::<T, F>(z, &coefficients[1..]));
    select(y < T::HALF, small, T::ONE - tail).copysign(x)
}

/// 1 − erf x, without cancellation.
#[inline(always)]
pub fn erfc<T: Real, F: Fma>(x: T) -> T {
    let y = at_most(x.abs(), T::pick(10.1, 27.3));
    let power = Power::new::<F>(y, T::ONE);
    let tail = Tail::of_erfc::<F>(y).times::<F>(power).times_power_of_two(power.k);
    select(x < T::ZERO, T::TWO - tail, tail)
}

/// The normal distribution function Φ, with all digits in the left tail.
///
/// # Example: ten standard deviations away
///
/// ```
/// use jetc_runtime::math::{Separate, normal_cdf};
///
/// let tail = normal_cdf::<f64, Separate>(-10.0);
/// assert!((tail / 7.619_853_024_160_527e-24 - 1.0).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn normal_cdf<T: Real, F: Fma>(x: T) -> T {
    normal_cdf_and_gaussian::<T, F>(x).0
}

/// Φ(x) and exp(−x²/2), for the price of one exponential. The density is the second over √(2π).
#[inline(always)]
pub fn normal_cdf_and_gaussian<T: Real, F: Fma>(x: T) -> (T, T) {
    let y = at_most(x.abs(), T::pick(14.5, 39.0));
    let power = Power::new::<F>(y, T::HALF);
    let tail = Tail::of_normal::<F>(y).times::<F>(power).times_power_of_two(power.k);
    let cdf = select(x > T::ZERO, T::ONE - tail, tail);
    (cdf, (power.high + power.low).times_power_of_two(power.k))
}

/// exp(−x²).
#[inline(always)]
pub fn gaussian_of_square<T: Real, F: Fma>(x: T) -> T {
    let power = Power::new::<F>(at_most(x.abs(), T::pick(10.3, 27.4)), T::ONE);
    (power.high + power.low).times_power_of_two(power.k)
}

/// exp(−x²/2).
#[inline(always)]
pub fn gaussian<T: Real, F: Fma>(x: T) -> T {
    let power = Power::new::<F>(at_most(x.abs(), T::pick(14.5, 39.0)), T::HALF);
    (power.high + power.low).times_power_of_two(power.k)
}

/// exp(−factor y²) = 2ᵏ (high + low).
#[derive(Clone, Copy, Debug)]
struct Power<T> {
    high: T,
    low: T,
    k: T,
}

impl<T: Real> Power<T> {
    /// For a factor that is a power of two.
    #[inline(always)]
    fn new<F: Fma>(y: T, factor: T) -> Self {
        let (square, rest) = F::two_product(y, y);
        let reduced = reduce::<T, F>(-factor * square, -factor * rest);
        let (high, low) = reduced.mantissa();
        Self { high, low, k: reduced.k }
    }
}

/// A polynomial of t over 1 + y, as high + low.
#[derive(Clone, Copy, Debug)]
struct Tail<T> {
    high: T,
    low: T,
}

impl<T: Real> Tail<T> {
    #[inline(always)]
    fn of_erfc<F: Fma>(y: T) -> Self {
        Self::new::<F>(y, T::pick(3.0, 4.0), ERFC_TAIL.of())
    }

    #[inline(always)]
    fn of_normal<F: Fma>(y: T) -> Self {
        Self::new::<F>(y, T::pick(4.0, 6.0), NORMAL_TAIL.of())
    }

    #[inline(always)]
    fn new<F: Fma>(y: T, center: T, coefficients: &[T]) -> Self {
        // t = 2y/(y + c) − 1: where y is small the polynomial is steep, and this is sharp.
        let t = F::mul_add(y + y, T::ONE / (y + center), -T::ONE);
        let (sum, sum_rest) = (T::ONE + y, y - ((T::ONE + y) - T::ONE));
        let weight = T::ONE / sum;
        let weight_rest = weight * F::mul_add(-sum_rest, weight, F::residual(sum, weight, T::ONE));
        let (value, rest) = fast_two_sum(coefficients[0], polynomial::<T, F>(t, &coefficients[1..]));
        let (high, low) = F::two_product(value, weight);
        Self { high, low: low + F::mul_add(value, weight_rest, rest * weight) }
    }

    /// The product, without 2ᵏ.
    #[inline(always)]
    fn times<F: Fma>(self, power: Power<T>) -> T {
        F::mul_add(power.high, self.high, F::mul_add(power.high, self.low, power.low * self.high))
    }
}
