//! xʸ for x ≥ 0 and any real y.
//!
//! | notation | name |
//! |---|---|
//! | x = 2ᵏ m, √½ ≤ m < √2, s = (m − 1)/(m + 1) | |
//! | ln x = k ln 2 + 2 (s + s³/3 + s⁵ P(s²)) | `log_in_two_parts` |
//! | xʸ = exp(y ln x) | [`pow`] |
//!
//! An error of ln x is magnified by y ln x, up to 745 (f32: 104), so that ln x is needed in two parts; only
//! the term with P, below s/1000, is computed in one. P is minimax. Bound: 0.9 ulp in `f32`, 1 ulp from the
//! rounded truth in `f64`.
//! Source: the scheme of fdlibm's `e_pow.c`, without its table.
//!
//! Checked by `pow_keeps_its_bound` and `pow_keeps_its_bound_where_exponents_are_large`.

use super::coefficients::{ATANH_TAIL, LN_2, THIRD};
use super::exponential::reduce;
use super::fma::{Fma, fast_two_sum};
use super::logarithm::normal_exponent_and_mantissa;
use super::polynomial::polynomial;
use super::real::{Real, at_least, at_most, select};

/// x to the power y; NaN for x < 0. Where y = 0 or x = 1 it is 1, whatever the other is, as in IEEE 754.
#[inline(always)]
pub fn pow<T: Real, F: Fma>(x: T, y: T) -> T {
    let (log, rest) = log_in_two_parts::<T, F>(x);
    let (exponent, low) = F::two_product(y, log);
    let low = F::mul_add(y, rest, low);
    // The ends of the domain: ln 0 = −∞, ln ∞ = ∞, NaN passes through.
    let end = select(x == T::ZERO, -T::INFINITY, x) * y;
    let inside = (x > T::ZERO) & (x < T::INFINITY);
    let exponent = select(inside, exponent, end);
    let value = bounded_exp::<T, F>(exponent, low);
    let value = select(x < T::ZERO, T::NAN, value);
    select((y == T::ZERO) | (x == T::ONE), T::ONE, value)
}

/// e^(x + low) for any x.
#[inline(always)]
fn bounded_exp<T: Real, F: Fma>(x: T, low: T) -> T {
    let (least, most) = (T::pick(-104.0, -746.0), T::pick(89.0, 710.0));
    let low = select((x > least) & (x < most), low, T::ZERO);
    let reduced = reduce::<T, F>(at_least(at_most(x, most), least), low);
    let (high, low) = reduced.mantissa();
    (high + low).times_power_of_two(reduced.k)
}

/// ln x = high + low, for 0 < x < ∞.
#[inline(always)]
fn log_in_two_parts<T: Real, F: Fma>(x: T) -> (T, T) {
    let (k, m) = normal_exponent_and_mantissa(x);
    // s = s1 + s2 = f / (2 + f), f = m − 1; and 1/(2 + f) = (1 − s)/2.
    let f = m - T::ONE;
    let (sum, sum_rest) = fast_two_sum(T::TWO, f);
    let s1 = f / sum;
    let residual = F::mul_add(-s1, sum_rest, F::residual(s1, sum, f));
    let s2 = residual * (T::HALF - T::HALF * s1);
    // z = s², third = z/3, cube = s³/3.
    let (z1, z2) = F::two_product(s1, s1);
    let z2 = F::mul_add(T::TWO * s1, s2, z2);
    let a_third = THIRD.of::<T>();
    let (third1, third2) = F::two_product(z1, a_third[0]);
    let third2 = F::mul_add(z1, a_third[1], F::mul_add(z2, a_third[0], third2));
    let (cube1, cube2) = F::two_product(s1, third1);
    let cube2 = F::mul_add(s1, third2, F::mul_add(s2, third1, cube2));
    let tail = F::mul_add(s1 * z1 * z1, polynomial::<T, F>(z1, ATANH_TAIL.of()), cube2);

    let ln_2 = LN_2.of::<T>();
    let (high, low) = fast_two_sum(s1, cube1);
    let low = low + (s2 + tail);
    let (sum, rest) = fast_two_sum(k * ln_2[0], T::TWO * high);
    fast_two_sum(sum, F::mul_add(k, ln_2[1], F::mul_add(T::TWO, low, rest)))
}
