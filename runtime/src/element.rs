//! The arithmetic that activations and the reference executor are written in.
//!
//! [`Element`] is a commutative ring with exact constants: rationals, floats, or a pack of lanes. [`Ordered`] adds
//! division, comparison and rounding, which is all that piecewise rational functions need; a comparison selects and
//! never branches, so that a loop over lanes stays one. [`Analytic`] adds the elementary functions, which no finite exact
//! arithmetic has. A recurrence is written once, in these terms, and serves the exact tests, the reference and the
//! vectorised kernel alike.

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

/// An ordered field, or several side by side.
pub trait Ordered: Element {
    /// The element nearest to a constant; exact for rationals.
    ///
    /// # Panics
    /// For rationals, if the constant is infinite or NaN.
    fn constant(value: f64) -> Self;
    /// The quotient. Of floats, a zero divisor gives an infinity.
    ///
    /// # Panics
    /// For rationals, if the divisor is 0.
    #[must_use]
    fn divide(&self, divisor: &Self) -> Self;
    /// `below` where `self < bound`, else `otherwise`; NaN is below nothing.
    #[must_use]
    fn select_below(&self, bound: &Self, below: &Self, otherwise: &Self) -> Self;
    /// The largest whole number that is not larger.
    #[must_use]
    fn floor(&self) -> Self;
    /// The nearest whole number, the even one of two.
    #[must_use]
    fn round_half_even(&self) -> Self;
    /// −x
    #[must_use]
    fn negate(&self) -> Self {
        self.scale(-1, 1)
    }
    /// |x|
    #[must_use]
    fn magnitude(&self) -> Self {
        self.select_below(&Self::zero(), &self.negate(), self)
    }
    /// Of floats, the power of two up to |x|, one that has a reciprocal; 1 if x is zero, denormal, infinite or NaN. 1 of
    /// exact numbers, whose range has no end.
    #[must_use]
    fn unit(&self) -> Self {
        Self::one()
    }
}

/// A function that has a name and a value, and whose derivatives some recurrence knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Elementary {
    /// eˣ
    Exp,
    /// eˣ − 1
    Expm1,
    /// 2ˣ
    Exp2,
    /// exp(−x²)
    Gaussian,
    /// log x
    Log,
    /// √x
    Sqrt,
    /// log(1 + eˣ)
    Softplus,
    /// tan x
    Tan,
    /// arcsin x
    Asin,
    /// arccos x
    Acos,
    /// arctan x
    Atan,
    /// sinh x
    Sinh,
    /// cosh x
    Cosh,
    /// arsinh x
    Asinh,
    /// arcosh x
    Acosh,
    /// artanh x
    Atanh,
    /// erf x
    Erf,
    /// 1 − erf x
    Erfc,
    /// x − tanh x
    Tanhshrink,
}

/// An element with elementary functions.
///
/// Where a derivative would cancel if it were formed from the value (1 − tanh², s(1 − s)), the pair is computed together.
pub trait Analytic: Ordered {
    /// The value of a function at x.
    #[must_use]
    fn apply(&self, function: Elementary) -> Self;
    /// xᵖ, NaN for x < 0.
    #[must_use]
    fn power(&self, exponent: f64) -> Self;
    /// (tanh x, 1 − tanh² x)
    fn tanh_and_derivative(&self) -> (Self, Self)
    where
        Self: Sized;
    /// (s, s(1 − s)) with s = 1/(1 + e⁻ˣ)
    fn sigmoid_and_derivative(&self) -> (Self, Self)
    where
        Self: Sized;
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

impl Ordered for Rational {
    fn constant(value: f64) -> Self {
        Self::from_float(value).expect("exact arithmetic is asked for finite constants only")
    }
    fn divide(&self, divisor: &Self) -> Self {
        self / divisor
    }
    fn select_below(&self, bound: &Self, below: &Self, otherwise: &Self) -> Self {
        if self < bound { below.clone() } else { otherwise.clone() }
    }
    fn floor(&self) -> Self {
        Rational::floor(self)
    }
    fn round_half_even(&self) -> Self {
        let half = Self::fraction(1, 2);
        let up = Rational::floor(&(self + &half));
        let tie = &up - self == half;
        if tie && !(&up * &half).is_integer() { up - Self::one() } else { up }
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

        impl Ordered for $float {
            #[inline(always)]
            fn constant(value: f64) -> Self {
                value as $float
            }
            #[inline(always)]
            fn divide(&self, divisor: &Self) -> Self {
                self / divisor
            }
            #[inline(always)]
            fn select_below(&self, bound: &Self, below: &Self, otherwise: &Self) -> Self {
                if self < bound { *below } else { *otherwise }
            }
            #[inline(always)]
            fn unit(&self) -> Self {
                crate::math::unit(*self)
            }
            fn floor(&self) -> Self {
                $float::floor(*self)
            }
            fn round_half_even(&self) -> Self {
                self.round_ties_even()
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
    use super::{Element, Ordered, Rational, Scalar, ToPrimitive};
    implement_for_float!(f32);
    implement_for_float!(f64);
}
