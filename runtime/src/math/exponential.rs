//! eˣ and eˣ − 1.
//!
//! | notation | name |
//! |---|---|
//! | x = k ln 2 + r + c, \|r\| ≤ ln 2 / 2, c the rounding error of r | [`Reduced`] |
//! | eʳ⁺ᶜ = 1 + r + t | [`Reduced::tail`] = t = c + r² P(r) |
//! | eˣ = 2ᵏ (1 + r + t) | [`exp`] |
//! | eˣ − 1 = (2ᵏ − 1) + 2ᵏ r + 2ᵏ t | [`expm1`] |
//!
//! Range reduction after Cody and Waite: ln 2 in two parts, the first short enough for k times it to be
//! exact. P is minimax. The two leading terms of each sum are added without error, so that little more than
//! one rounding is left. Bounds: eˣ 1 ulp, eˣ − 1 1.3 ulp.
//! Source: W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980), ch. 6.
//!
//! Checked by `exp_keeps_its_bound` and `expm1_keeps_its_bound`.

use super::coefficients::{EXP, LN_2, LOG2_E};
use super::fma::{Fma, fast_two_sum};
use super::polynomial::polynomial;
use super::real::{Real, at_least, at_most};

/// e^(x + low) = 2ᵏ (1 + r + tail).
#[derive(Clone, Copy, Debug)]
pub(super) struct Reduced<T> {
    pub(super) k: T,
    pub(super) r: T,
    pub(super) tail: T,
}

/// (k, r, c) with x + low = k ln 2 + r + c, where `low` is a correction below 2⁻⁵ and |x| < 2¹⁰ (f32: 2⁷).
#[inline(always)]
pub(super) fn remainder<T: Real, F: Fma>(x: T, low: T) -> (T, T, T) {
    let ln_2 = LN_2.of::<T>();
    let k = F::nearest_integer(x, LOG2_E.of::<T>()[0]);
    let high = F::mul_add(-k, ln_2[0], x);
    let (r, c) = fast_two_sum(high, F::mul_add(-k, ln_2[1], low));
    (k, r, c)
}

/// The parts of e^(x + low), under the conditions of [`remainder`].
#[inline(always)]
pub(super) fn reduce<T: Real, F: Fma>(x: T, low: T) -> Reduced<T> {
    let (k, r, c) = remainder::<T, F>(x, low);
    Reduced { k, r, tail: F::mul_add(r * r, polynomial::<T, F>(r, EXP.of()), c) }
}

/// Like [`reduce`], but with c = 0, for callers that can spare half an ulp of r; and 2ᵏ.
#[inline(always)]
pub(super) fn reduce_roughly<T: Real, F: Fma>(x: T) -> (Reduced<T>, T) {
    let ln_2 = LN_2.of::<T>();
    let shifted = F::mul_add(x, LOG2_E.of::<T>()[0], T::BIASED_SHIFT);
    let k = shifted - T::BIASED_SHIFT;
    let r = F::mul_add(-k, ln_2[1], F::mul_add(-k, ln_2[0], x));
    let tail = r * r * polynomial::<T, F>(r, EXP.of());
    (Reduced { k, r, tail }, shifted.last_bits_as_exponent())
}

impl<T: Real> Reduced<T> {
    /// e^(r + c) as a sum of two, the second below 0.07.
    #[inline(always)]
    pub(super) fn mantissa(self) -> (T, T) {
        let (high, low) = fast_two_sum(T::ONE, self.r);
        (high, low + self.tail)
    }

    /// e − 1 as a sum of two, the second small against the first, where e = 2ᵏ (1 + r + tail) and `scale` =
    /// 2ᵏ, or any small power in place of a smaller one.
    #[inline(always)]
    pub(super) fn minus_one<F: Fma>(self, scale: T) -> (T, T) {
        let (high, low) = fast_two_sum(scale - T::ONE, scale * self.r);
        (high, F::mul_add(scale, self.tail, low))
    }
}

/// eˣ.
#[inline(always)]
pub fn exp<T: Real, F: Fma>(x: T) -> T {
    let x = at_least(at_most(x, T::pick(89.0, 710.0)), T::pick(-104.0, -746.0));
    let reduced = reduce::<T, F>(x, T::ZERO);
    let (high, low) = reduced.mantissa();
    (high + low).times_power_of_two(reduced.k)
}

/// eˣ − 1, also accurate where x is small.
#[inline(always)]
pub fn expm1<T: Real, F: Fma>(x: T) -> T {
    let inside = at_least(at_most(x, T::pick(89.0, 710.0)), T::pick(-18.0, -40.0));
    let reduced = reduce::<T, F>(inside, T::ZERO);
    let k = at_most(reduced.k, T::pick(100.0, 1000.0));
    let (high, low) = reduced.minus_one::<F>(k.power_of_two());
    ((high + low) * (reduced.k - k).power_of_two()).copysign(x)
}
