//! tanh, also with its derivative, sinh and cosh.
//!
//! | notation | name |
//! |---|---|
//! | tanh x = −e/(2 + e), e = exp(−2x) − 1, x ≥ 0 | [`tanh`] |
//! | 1 − tanh² x = 4q/(1 + q)², q = exp(−2\|x\|) | [`tanh_and_derivative`] |
//! | \|x\| = k ln 2 + r, S = (2ᵏ − 2⁻ᵏ)/2, C = (2ᵏ + 2⁻ᵏ)/2 | |
//! | sinh \|x\| = S cosh r + C sinh r | [`sinh`] |
//! | cosh x = C cosh r + S sinh r | [`cosh`] |
//!
//! tanh is odd, keeps −0 and reaches ±1 for large arguments; the derivative keeps all its digits in the
//! tails, where 1 − tanh² would lose them. S and C are exact or as good, and their sums with the leading
//! terms of sinh r and cosh r are compensated, as in [`expm1`](super::expm1). Bounds: tanh 1.6 ulp, sinh 1
//! ulp, cosh 0.85 ulp; of the pair, with [`Fused`](super::Fused) tanh 1.1 ulp and the derivative 1 ulp, with
//! [`Separate`](super::Separate) 1.6 and 1.4 ulp.
//! Source of the addition formulas: Abramowitz and Stegun 4.5.24, 4.5.25.
//!
//! Checked by `tanh_keeps_its_bound`, `tanh_derivative_keeps_its_bound`, `sinh_keeps_its_bound` and
//! `cosh_keeps_its_bound`.

use super::coefficients::{COSH, SINH};
use super::exponential::{reduce_roughly, remainder};
use super::fma::{Fma, fast_two_sum};
use super::logistic::{Logistic, decay};
use super::polynomial::polynomial;
use super::real::{Real, at_most};

/// The hyperbolic tangent.
#[inline(always)]
pub fn tanh<T: Real, F: Fma>(x: T) -> T {
    let y = at_most(x.abs(), T::pick(10.0, 20.0));
    let (reduced, scale) = reduce_roughly::<T, F>(-(y + y));
    // e = numerator + rest, 2 + e = sum + rest, where numerator is cut for sum to be exact.
    let (high, low) = reduced.minus_one::<F>(scale);
    let sum = T::TWO + (high + low);
    let numerator = sum - T::TWO;
    let rest = (high - numerator) + low;
    // −tanh y = t + rest (1 − t)/sum, and 1/sum = (1 − t)/2.
    let t = numerator / sum;
    let factor = T::ONE - t;
    F::mul_add(T::HALF * rest * factor, factor, t).copysign(x)
}

/// t = tanh x and 1 − t².
///
/// # Example: a derivative that 1 − t² would lose
///
/// ```
/// use jetc_runtime::math::{Separate, tanh_and_derivative};
///
/// let (t, derivative) = tanh_and_derivative::<f64, Separate>(30.0);
/// assert_eq!(1.0 - t * t, 0.0);
/// assert!((derivative / (4.0 * (-60.0_f64).exp()) - 1.0).abs() < 1e-15);
/// ```
#[inline(always)]
pub fn tanh_and_derivative<T: Real, F: Fma>(x: T) -> (T, T) {
    let (reduced, scale) = decay::<T, F>(T::TWO * x.abs());
    let logistic = Logistic::new::<F>(reduced, scale, T::ONE);
    let (high, low) = reduced.minus_one::<F>(scale);
    // A product that is rounded by itself must not be larger than the quotient.
    let (high, low) = if F::FUSED { (high, low) } else { fast_two_sum(high, low) };
    let t = logistic.quotient::<F>(high, low).copysign(x);
    (t, logistic.derivative::<F>().times_power_of_two(logistic.k + T::TWO))
}

/// The hyperbolic sine.
#[inline(always)]
pub fn sinh<T: Real, F: Fma>(x: T) -> T {
    let parts = Parts::new::<F>(x.abs());
    parts.sum::<F>(parts.sinh_k, parts.cosh_k).copysign(x)
}

/// The hyperbolic cosine.
#[inline(always)]
pub fn cosh<T: Real, F: Fma>(x: T) -> T {
    let parts = Parts::new::<F>(x.abs());
    parts.sum::<F>(parts.cosh_k, parts.sinh_k)
}

/// The hyperbolic sine and cosine.
#[inline(always)]
pub fn sinh_cosh<T: Real, F: Fma>(x: T) -> (T, T) {
    let parts = Parts::new::<F>(x.abs());
    let sinh = parts.sum::<F>(parts.sinh_k, parts.cosh_k).copysign(x);
    (sinh, parts.sum::<F>(parts.cosh_k, parts.sinh_k))
}

/// S and C with what their rounding left, sinh r = r + `sinh_tail`, cosh r = 1 + `cosh_tail`, and the power
/// of two that would overflow S and C.
#[derive(Clone, Copy, Debug)]
struct Parts<T> {
    sinh_k: (T, T),
    cosh_k: (T, T),
    r: T,
    sinh_tail: T,
    cosh_tail: T,
    scale: T,
}

impl<T: Real> Parts<T> {
    #[inline(always)]
    fn new<F: Fma>(y: T) -> Self {
        let (k, r, c) = remainder::<T, F>(at_most(y, T::pick(90.0, 711.0)), T::ZERO);
        let small = at_most(k, T::pick(100.0, 1000.0));
        let (up, down) = ((small - T::ONE).power_of_two(), (-small - T::ONE).power_of_two());
        let z = r * r;
        Self {
            sinh_k: fast_two_sum(up, -down),
            cosh_k: fast_two_sum(up, down),
            r,
            sinh_tail: F::mul_add(r * z, polynomial::<T, F>(z, SINH.of()), c),
            cosh_tail: z * polynomial::<T, F>(z, COSH.of()),
            scale: (k - small).power_of_two(),
        }
    }

    /// even · cosh r + odd · sinh r, for |even| ≥ |odd · r| or even = 0.
    #[inline(always)]
    fn sum<F: Fma>(self, (even, even_rest): (T, T), (odd, _): (T, T)) -> T {
        let (product, rest) = F::two_product(odd, self.r);
        let (high, low) = fast_two_sum(even, product);
        let tail =
            F::mul_add(even, self.cosh_tail, F::mul_add(odd, self.sinh_tail, low + (rest + even_rest)));
        (high + tail) * self.scale
    }
}
