//! The two number types, and the few operations on their bits that the elementary functions need.
//!
//! Everything here is branchless and inlined: a loop over lanes of such functions becomes vector code.
//! Integers travel as floating-point numbers; a number `k` is turned into bits by adding 1.5 · 2⁵² (f32: 1.5
//! · 2²³), whose last bits then hold `k`, because conversions between floating point and integers have no
//! vector form on most machines.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "rounding is what is asked for"
)]

use core::fmt::{Debug, Display, LowerExp};
use core::iter::Sum;
use core::ops::{Add, AddAssign, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A floating-point number: `f32` or `f64`.
#[allow(clippy::return_self_not_must_use, reason = "all of this is arithmetic")]
pub trait Real:
    sealed::Sealed
    + Copy
    + Debug
    + Default
    + Display
    + LowerExp
    + PartialEq
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
    + DivAssign
    + Sum
{
    /// 0.
    const ZERO: Self;
    /// 1/2.
    const HALF: Self;
    /// 1.
    const ONE: Self;
    /// 2.
    const TWO: Self;
    /// +∞.
    const INFINITY: Self;
    /// Not a number.
    const NAN: Self;
    /// The distance from 1 to the next number.
    const EPSILON: Self;
    /// The smallest positive number of full precision.
    const MIN_POSITIVE: Self;
    /// 1.5 · 2⁵² (f32: 1.5 · 2²³): added to a number below 2⁵⁰ (2²¹) and taken away again, it rounds to an
    /// integer.
    const SHIFT: Self;
    /// The same plus 1023 (f32: 127), the bias of the exponent: see [`Real::last_bits_as_exponent`].
    const BIASED_SHIFT: Self;

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;
    /// This number as `f64`, exactly.
    fn to_f64(self) -> f64;
    /// One of two constants, by type.
    fn pick(single: f32, double: f64) -> Self;
    /// One of two tables of constants, by type.
    fn pick_slice<'a>(single: &'a [f32], double: &'a [f64]) -> &'a [Self];

    /// `self · b + c`, rounded once. Slow where the machine has no such instruction: see [`Fma`](super::Fma).
    fn fused_mul_add(self, b: Self, c: Self) -> Self;
    /// The absolute value.
    fn abs(self) -> Self;
    /// The absolute value of `self` with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;
    /// `self` with its sign flipped where `sign` is negative (−0 included).
    fn flip_sign(self, sign: Self) -> Self;
    /// The square root, correctly rounded.
    fn sqrt(self) -> Self;

    /// 2ᵏ, for `self` = k + [`Real::BIASED_SHIFT`], k as for [`Real::power_of_two`].
    fn last_bits_as_exponent(self) -> Self;
    /// 2ᵏ for an integer `self` = k from −1022 to 1023 (f32: −126 to 127).
    fn power_of_two(self) -> Self;
    /// 2ᵏ `self`, rounded once, for an integer k from −2000 to 1025 (f32: −250 to 129).
    fn times_power_of_two(self, k: Self) -> Self;
    /// Whether the integer `self`, |self| < 2⁵⁰ (f32: 2²¹), is odd.
    fn is_odd(self) -> bool;
    /// `self` with its sign flipped where bit 1 of the integer `k`, |k| < 2⁵⁰ (f32: 2²¹), is set.
    fn flip_sign_by_bit_1(self, k: Self) -> Self;
    /// (k, m) with `self` = 2ᵏ m and √½ ≤ m < √2, for a positive number of full precision.
    fn exponent_and_mantissa(self) -> (Self, Self);
    /// `self` with all digits cleared but the first: a power of two for a number of full precision, 0 for a smaller one,
    /// ∞ for ∞ and NaN; and without the sign.
    fn first_digit(self) -> Self;
    /// The upper half of the digits; `self` less these is the lower half, exactly.
    fn upper_half(self) -> Self;
}

/// `a` where the condition holds, else `b`; both are always computed.
#[inline(always)]
pub fn select<T: Real>(condition: bool, a: T, b: T) -> T {
    core::hint::select_unpredictable(condition, a, b)
}

/// The smaller number; `x` where it is NaN.
#[inline(always)]
pub fn at_most<T: Real>(x: T, limit: T) -> T {
    select(x > limit, limit, x)
}

/// The larger number; `x` where it is NaN.
#[inline(always)]
pub fn at_least<T: Real>(x: T, limit: T) -> T {
    select(x < limit, limit, x)
}

/// The power of two up to |x|, halved if its reciprocal would have less than full precision; 1 for a number that is zero,
/// denormal, infinite or NaN.
#[inline(always)]
pub fn unit<T: Real>(x: T) -> T {
    let power = x.first_digit();
    let unit = at_most(power, T::ONE / T::MIN_POSITIVE);
    select((power == T::ZERO) | (power == T::INFINITY), T::ONE, unit)
}

macro_rules! implement {
    ($float:ident, $bits:ident, $shift:literal, $single:ident, $double:ident, $pick:ident) => {
        const DIGITS: u32 = $float::MANTISSA_DIGITS - 1;
        const BIAS: $float = ($float::MAX_EXP - 1) as $float;

        impl Real for $float {
            const ZERO: Self = 0.0;
            const HALF: Self = 0.5;
            const ONE: Self = 1.0;
            const TWO: Self = 2.0;
            const INFINITY: Self = $float::INFINITY;
            const NAN: Self = $float::NAN;
            const EPSILON: Self = $float::EPSILON;
            const MIN_POSITIVE: Self = $float::MIN_POSITIVE;
            const SHIFT: Self = $shift;
            const BIASED_SHIFT: Self = $shift + BIAS;

            #[inline(always)]
            fn from_f64(value: f64) -> Self {
                value as Self
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self.into()
            }
            #[inline(always)]
            fn pick($single: f32, $double: f64) -> Self {
                $pick
            }
            #[inline(always)]
            fn pick_slice<'a>($single: &'a [f32], $double: &'a [f64]) -> &'a [Self] {
                $pick
            }

            #[inline(always)]
            fn fused_mul_add(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }
            #[inline(always)]
            fn abs(self) -> Self {
                $float::abs(self)
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                $float::copysign(self, sign)
            }
            #[inline(always)]
            fn flip_sign(self, sign: Self) -> Self {
                const SIGN: $bits = 1 << ($bits::BITS - 1);
                Self::from_bits(self.to_bits() ^ (sign.to_bits() & SIGN))
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                $float::sqrt(self)
            }

            #[inline(always)]
            fn last_bits_as_exponent(self) -> Self {
                Self::from_bits(self.to_bits() << DIGITS)
            }
            #[inline(always)]
            fn power_of_two(self) -> Self {
                (self + Self::BIASED_SHIFT).last_bits_as_exponent()
            }
            #[inline(always)]
            fn times_power_of_two(self, k: Self) -> Self {
                // Two factors, 2^⌊k/2⌋ and 2^⌈k/2⌉, each with its exponent above the mantissa.
                const HALF: $bits = 1 << (DIGITS - 1);
                const EXPONENT: $bits = $float::INFINITY.to_bits();
                let shifted = (k + (Self::SHIFT + 2.0 * BIAS)).to_bits() << (DIGITS - 1);
                let floor = Self::from_bits(shifted & EXPONENT);
                let ceil = Self::from_bits(shifted.wrapping_add(HALF) & EXPONENT);
                self * floor * ceil
            }
            #[inline(always)]
            fn is_odd(self) -> bool {
                (self + Self::SHIFT).to_bits() & 1 != 0
            }
            #[inline(always)]
            fn flip_sign_by_bit_1(self, k: Self) -> Self {
                let flip = ((k + Self::SHIFT).to_bits() & 2) << ($bits::BITS - 2);
                Self::from_bits(self.to_bits() ^ flip)
            }
            #[inline(always)]
            fn exponent_and_mantissa(self) -> (Self, Self) {
                const ONE: $bits = (1.0 as $float).to_bits();
                const ROOT: $bits = core::$float::consts::FRAC_1_SQRT_2.to_bits();
                const MANTISSA: $bits = (1 << DIGITS) - 1;
                const SCALE: $float = 1.0 / $float::EPSILON;
                // The exponent of self/√½, so that the mantissa starts at √½.
                let shifted = self.to_bits().wrapping_add(ONE - ROOT);
                let k = Self::from_bits((shifted >> DIGITS) | SCALE.to_bits()) - (SCALE + BIAS);
                let m = Self::from_bits((shifted & MANTISSA) + ROOT);
                (k, m)
            }
            #[inline(always)]
            fn first_digit(self) -> Self {
                Self::from_bits(self.to_bits() & $float::INFINITY.to_bits())
            }
            #[inline(always)]
            fn upper_half(self) -> Self {
                const LOWER: $bits = (1 << $float::MANTISSA_DIGITS.div_ceil(2)) - 1;
                Self::from_bits(self.to_bits() & !LOWER)
            }
        }
    };
}

mod single {
    use super::Real;
    implement!(f32, u32, 12_582_912.0, single, _double, single);
}

mod double {
    use super::Real;
    implement!(f64, u64, 6_755_399_441_055_744.0, _single, double, double);
}
