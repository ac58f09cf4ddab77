//! Multiply-add in two kinds, and the error-free transformations that are built on it.
//!
//! | notation | name |
//! |---|---|
//! | a·b + c rounded once | [`Fused`] |
//! | a·b rounded, then + c rounded | [`Separate`] |
//! | a·b = high + low | [`Fma::two_product`] |
//! | a + b = high + low | [`two_sum`], [`fast_two_sum`] |
//!
//! Where the machine has no fused instruction, [`Fused`] calls a routine that is a hundred times slower: code
//! for such machines takes [`Separate`]. Sources: T. J. Dekker, A floating-point technique for extending the
//! available precision, Numer. Math. 18 (1971); J.-M. Muller et al., Handbook of Floating-Point Arithmetic,
//! ch. 4.
//!
//! Checked by `sums_and_products_lose_nothing`.

use core::fmt::Debug;

use super::real::Real;

/// How a product and a sum are rounded together.
pub trait Fma: Copy + Debug + Default + Send + Sync + 'static {
    /// Whether [`Fma::mul_add`] rounds once.
    const FUSED: bool;

    /// a·b + c.
    fn mul_add<T: Real>(a: T, b: T, c: T) -> T;

    /// (high, low) with high + low = a·b and high = a·b rounded. Exact, but for the last bit of `low` in
    /// `f64` with [`Separate`], whose halves have 26 and 27 digits.
    fn two_product<T: Real>(a: T, b: T) -> (T, T);

    /// c − a·b where a·b is close to c, so that nothing is lost but what [`Fma::two_product`] loses.
    fn residual<T: Real>(a: T, b: T, c: T) -> T;

    /// The integer nearest to a·b, or nearly so, for |a·b| < 2⁵⁰ (f32: 2²¹).
    #[inline(always)]
    fn nearest_integer<T: Real>(a: T, b: T) -> T {
        Self::mul_add(a, b, T::SHIFT) - T::SHIFT
    }
}

/// One rounding, by the machine's fused instruction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fused;

impl Fma for Fused {
    const FUSED: bool = true;

    #[inline(always)]
    fn mul_add<T: Real>(a: T, b: T, c: T) -> T {
        a.fused_mul_add(b, c)
    }

    #[inline(always)]
    fn two_product<T: Real>(a: T, b: T) -> (T, T) {
        let high = a * b;
        (high, a.fused_mul_add(b, -high))
    }

    #[inline(always)]
    fn residual<T: Real>(a: T, b: T, c: T) -> T {
        (-a).fused_mul_add(b, c)
    }
}

/// Two roundings, for machines without a fused instruction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Separate;

impl Fma for Separate {
    const FUSED: bool = false;

    #[inline(always)]
    fn mul_add<T: Real>(a: T, b: T, c: T) -> T {
        a * b + c
    }

    #[inline(always)]
    fn two_product<T: Real>(a: T, b: T) -> (T, T) {
        let high = a * b;
        let (a1, b1) = (a.upper_half(), b.upper_half());
        let (a2, b2) = (a - a1, b - b1);
        (high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2)
    }

    #[inline(always)]
    fn residual<T: Real>(a: T, b: T, c: T) -> T {
        let (high, low) = Self::two_product(a, b);
        (c - high) - low
    }
}

/// (high, low) with high + low = a + b and high = a + b rounded, for |a| ≥ |b| (or a = 0).
#[inline(always)]
pub fn fast_two_sum<T: Real>(a: T, b: T) -> (T, T) {
    let high = a + b;
    (high, b - (high - a))
}

/// (high, low) with high + low = a + b and high = a + b rounded.
#[inline(always)]
pub fn two_sum<T: Real>(a: T, b: T) -> (T, T) {
    let high = a + b;
    let part = high - a;
    (high, (a - (high - part)) + (b - part))
}
