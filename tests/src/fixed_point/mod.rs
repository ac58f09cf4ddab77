//! Real numbers in fixed point: a whole number of units 2^−BITS, for any BITS.
//!
//! | notation | name |
//! |---|---|
//! | u = 2^−BITS | the unit; numbers are n u with n of any size |
//! | a + b, a − b | exact |
//! | a b, the nearest number to a fraction | off by at most u/2 |
//! | tanh, sin, cos | off by at most u |
//!
//! Errors are absolute and nothing overflows, so an evaluation in m operations with numbers of size s is off by a small
//! multiple of m s u: with 192 bits there are 57 digits behind the point, and a second BITS shows how many are right.
//!
//! Checked by `fixed_point_numbers_round_to_nearest`, by `tanh_and_sin_agree_with_sixty_digits` and, through whole
//! networks, by `a_network_of_one_layer_has_its_closed_form`.

mod functions;
mod series;

use jetc_combinatorics::Rational;
use jetc_runtime::element::{Element, Scalar};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// A number n 2^−BITS.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fixed<const BITS: u64>(BigInt);

impl<const BITS: u64> Fixed<BITS> {
    /// The nearest number to a float.
    ///
    /// # Panics
    /// If it is infinite or NaN.
    pub fn new(value: f64) -> Self {
        Self::from_rational(&Rational::from_float(value).expect("fixed-point numbers are finite"))
    }

    /// The number as a fraction.
    pub fn to_rational(&self) -> Rational {
        Rational::new(self.0.clone(), BigInt::from(1) << BITS)
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        self.to_rational().to_f64().expect("the conversion is total")
    }

    /// The difference `value − self`, rounded once: the error of a float.
    pub fn error_of(&self, value: f64) -> f64 {
        Self::new(value).sub(self).to_f64()
    }
}

/// n/2ᵏ to the nearest whole number, halves upwards.
fn shift_right(n: BigInt, k: u64) -> BigInt {
    ((n >> (k - 1)) + 1u32) >> 1u32
}

impl<const BITS: u64> Element for Fixed<BITS> {
    fn fraction(numerator: i32, denominator: i32) -> Self {
        Self::from_rational(&Rational::new(numerator.into(), denominator.into()))
    }
    fn add(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }
    fn sub(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }
    fn mul(&self, other: &Self) -> Self {
        Self(shift_right(&self.0 * &other.0, BITS))
    }
}

impl<const BITS: u64> Scalar for Fixed<BITS> {
    fn from_rational(value: &Rational) -> Self {
        // Rounds n/d as the whole part of n/d + 1/2.
        let doubled = (value.numer() << (BITS + 1)) + value.denom();
        Self(num_traits::Euclid::div_euclid(&doubled, &(value.denom() << 1u32)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jetc_combinatorics::rational::ratio;

    #[test]
    fn fixed_point_numbers_round_to_nearest() {
        let unit = ratio(1, 1 << 4);
        for n in -40..40 {
            for d in 1..9 {
                let exact = ratio(n, d);
                let error = Fixed::<4>::from_rational(&exact).to_rational() - &exact;
                assert!(&error + &error <= unit && &error + &error >= -&unit, "{n}/{d}: {error}");
                let (a, b) = (Fixed::<4>::from_rational(&exact), Fixed::<4>::new(0.3125));
                let error = a.mul(&b).to_rational() - a.to_rational() * b.to_rational();
                assert!(&error + &error <= unit && &error + &error >= -&unit, "{n}/{d}: {error}");
            }
        }
    }

    #[test]
    fn floats_are_kept_whole() {
        for value in [1.5, -0.1, 1e-20, f64::EPSILON, 12_345.678_9] {
            assert_eq!(Fixed::<192>::new(value).to_f64().to_bits(), value.to_bits(), "{value}");
            assert_eq!(Fixed::<192>::new(value).error_of(value).to_bits(), 0);
        }
    }
}
