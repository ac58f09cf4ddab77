//! ln x and ln(1 + x).
//!
//! | notation | name |
//! |---|---|
//! | x = 2ᵏ (1 + f), √½ ≤ 1 + f < √2 | [`Real::exponent_and_mantissa`] |
//! | ln x = k ln 2 + f − f²/2 + f³ P(f) | [`log`] |
//! | 1 + x = u + c, c the rounding error of u; ln(1 + x) = ln u + c/u | [`log1p`] |
//!
//! P is minimax; no division. The sums of k ln 2, f and f²/2 are compensated. Bound: 0.85 ulp for both
//! functions. For ln(1 + x), c/u needs few digits: 2⁻ᵏ c (1 − f + f²) is enough unless c is all there is, and
//! then f = 0.
//! Source: W. Kahan's correction of the rounded 1 + x, as in fdlibm's `s_log1p.c`.
//!
//! Checked by `log_keeps_its_bound` and `log1p_keeps_its_bound`.

use super::coefficients::{LN_2, LOG};
use super::fma::{Fma, fast_two_sum};
use super::polynomial::polynomial;
use super::real::{Real, at_most, select};

/// The natural logarithm: −∞ at 0, NaN below.
#[inline(always)]
pub fn log<T: Real, F: Fma>(x: T) -> T {
    let (k, m) = normal_exponent_and_mantissa(x);
    let value = sum::<T, F>(k, m - T::ONE, T::ZERO);
    at_the_ends(x, value)
}

/// ln(1 + x), also accurate where x is small: −∞ at −1, NaN below.
#[inline(always)]
pub fn log1p<T: Real, F: Fma>(x: T) -> T {
    let u = T::ONE + x;
    let c = x - (u - T::ONE);
    let (k, m) = u.exponent_and_mantissa();
    let f = m - T::ONE;
    // For large k the correction is nothing, and 2⁻ᵏ too small for a number.
    let c = c * (-at_most(k, T::pick(100.0, 1000.0))).power_of_two();
    let correction = F::mul_add(F::mul_add(f, f, -f), c, c);
    let value = at_the_ends(u, sum::<T, F>(k, f, correction));
    select(x == T::ZERO, x, value)
}

/// (k, m) with x = 2ᵏ m and √½ ≤ m < √2, for any positive number.
#[inline(always)]
pub(super) fn normal_exponent_and_mantissa<T: Real>(x: T) -> (T, T) {
    let denormal = x < T::MIN_POSITIVE;
    let shift = T::pick(24.0, 54.0);
    let (k, m) = select(denormal, x * shift.power_of_two(), x).exponent_and_mantissa();
    (k - select(denormal, shift, T::ZERO), m)
}

/// k ln 2 + ln(1 + f) + correction.
#[inline(always)]
fn sum<T: Real, F: Fma>(k: T, f: T, correction: T) -> T {
    let ln_2 = LN_2.of::<T>();
    let square = f * f;
    let cube = square * f;
    let (linear, low) = fast_two_sum(f, -T::HALF * square);
    let rest = F::mul_add(cube, polynomial::<T, F>(f, LOG.of()), low + correction);
    let (high, low) = fast_two_sum(k * ln_2[0], linear);
    high + (F::mul_add(k, ln_2[1], low) + rest)
}

/// The limits and the domain: `value` for 0 < x < ∞.
#[inline(always)]
fn at_the_ends<T: Real>(x: T, value: T) -> T {
    let value = select(x < T::INFINITY, value, x);
    let value = select(x == T::ZERO, -T::INFINITY, value);
    select(x < T::ZERO, T::NAN, value)
}
