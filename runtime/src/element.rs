//! The arithmetic that activations and the reference executor are written in.
//!
//! [`Element`] is a commutative ring with exact constants: rationals, floats, or a pack of lanes. [`Analytic`] adds
//! the elementary functions, which no finite exact arithmetic has. A recurrence is written once, in these terms, and
//! serves the exact tests, the reference and the vectorised kernel alike.

use jetc_combinatorics::Rational;
use num_traits::ToPrimitive;

/// A commutative ring with division by small integers.
pub trait Element: Clone {
    /// The quotient `numerator / denominator` as an element.
    fn fraction(numerator: i32, denominator: i32) -> Self;
    /// The sum.
    #[must_use]
    fn add(&self, other: &Self) -> Self;
    /// The difference.
    #[must_use]
    fn sub(&self, other: &Self) -> Self;
    /// The product.
    #[must_use]
    fn mul(&self, other: &Self) -> Self;
    /// `self · factor + addend`, possibly rounded once.
    #[must_use]
    fn mul_add(&self, factor: &Self, addend: &Self) -> Self {
        self.mul(factor).add(addend)
    }
    /// The element 0.
    fn zero() -> Self {
        Self::fraction(0, 1)
    }
    /// The element 1.
    fn one() -> Self {
        Self::fraction(1, 1)
    }
    /// The element times `numerator / denominator`.
    #[must_use]
    fn scale(&self, numerator: i32, denominator: i32) -> Self {
        self.mul(&Self::fraction(numerator, denominator))
    }
}

/// An element with elementary functions.
///
/// Where a derivative would cancel if it were formed from the value (1 − tanh², s(1 − s)), the pair is computed together.
pub trait Analytic: Element {
    /// eˣ
    #[must_use]
    fn exp(&self) -> Self;
    /// (tanh x, 1 − tanh² x)
    fn tanh_and_derivative(&self) -> (Self, Self)
    where
        Self: Sized;
    /// (s, s(1 − s)) with s = 1/(1 + e⁻ˣ)
    fn sigmoid_and_derivative(&self) -> (Self, Self)
    where
        Self: Sized;
    /// log(1 + eˣ)
    #[must_use]
    fn softplus(&self) -> Self;
    /// (sin x, cos x)
    fn sin_cos(&self) -> (Self, Self)
    where
        Self: Sized;
    /// (Φ(x), φ(x)) with Φ(x) = (1 + erf(x/√2))/2 and φ(x) = e^{−x²/2}/√(2π)
    fn normal_cdf_and_density(&self) -> (Self, Self)
    where
        Self: Sized;
}

/// A scalar that coefficients of plans and weights of networks convert to.
pub trait Scalar: Element + Send + Sync {
    /// The nearest value to an exact number.
    fn from_rational(value: &Rational) -> Self;
}

impl Element for Rational {
    fn fraction(numerator: i32, denominator: i32) -> Self {
        Self::new(numerator.into(), denominator.into())
    }
    fn add(&self, other: &Self) -> Self {
        self + other
    }
    fn sub(&self, other: &Self) -> Self {
        self - other
    }
    fn mul(&self, other: &Self) -> Self {
        self * other
    }
}

impl Scalar for Rational {
    fn from_rational(value: &Rational) -> Self {
        value.clone()
    }
}

macro_rules! implement_for_float {
    ($float:ident) => {
        impl Element for $float {
            #[inline(always)]
            fn fraction(numerator: i32, denominator: i32) -> Self {
                (f64::from(numerator) / f64::from(denominator)) as $float
            }
            #[inline(always)]
            fn add(&self, other: &Self) -> Self {
                self + other
            }
            #[inline(always)]
            fn sub(&self, other: &Self) -> Self {
                self - other
            }
            #[inline(always)]
            fn mul(&self, other: &Self) -> Self {
                self * other
            }
        }

        impl Scalar for $float {
            fn from_rational(value: &Rational) -> Self {
                // Rational::to_f64 is total: what is out of range becomes infinite.
                value.to_f64().unwrap_or(f64::NAN) as $float
            }
        }
    };
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_lossless,
    reason = "rounding to the type is the meaning"
)]
mod floats {
    use super::{Element, Rational, Scalar, ToPrimitive};
    implement_for_float!(f32);
    implement_for_float!(f64);
}
