//! The exact scalar of the whole project.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::One;

/// An exact rational number of any size.
///
/// Coefficients of high-order operators outgrow 64 bits early: ν of a partition of 23 may exceed 2⁵³, and
/// 21! exceeds 2⁶³. A fixed-width type would wrap or round silently.
pub type Rational = BigRational;

/// The rational `numerator / denominator`.
///
/// # Panics
/// If `denominator` is zero.
///
/// # Example
/// ```
/// use jetc_combinatorics::rational::{integer, ratio};
/// assert_eq!(ratio(6, 4) * integer(2), integer(3));
/// ```
pub fn ratio(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator.into(), denominator.into())
}

/// The integer `n` as a rational.
pub fn integer(n: impl Into<BigInt>) -> Rational {
    Rational::from_integer(n.into())
}

/// n! exactly.
pub fn factorial(n: u32) -> BigInt {
    (2..=n).fold(BigInt::one(), |product, k| product * k)
}

/// The falling factorial n (n−1) … (n−k+1) = n!/(n−k)!, zero for k > n.
pub fn falling_factorial(n: u32, k: u32) -> BigInt {
    if k > n {
        return BigInt::default();
    }
    (n - k + 1..=n).fold(BigInt::one(), |product, factor| product * factor)
}

/// `base`ᵉ for a non-negative exponent.
pub fn power(base: &Rational, exponent: u32) -> Rational {
    num_traits::pow(base.clone(), exponent as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factorials_leave_64_bits_without_wrapping() {
        let by_recurrence = (1..=30u32).map(factorial).collect::<Vec<_>>();
        for (n, pair) in (2..).zip(by_recurrence.windows(2)) {
            assert_eq!(pair[1], &pair[0] * n);
        }
        assert_eq!(factorial(25).to_string(), "15511210043330985984000000");
    }

    #[test]
    fn a_falling_factorial_is_a_quotient_of_factorials() {
        for n in 0..12 {
            for k in 0..=n {
                assert_eq!(falling_factorial(n, k) * factorial(n - k), factorial(n));
            }
            assert_eq!(falling_factorial(n, n + 1), BigInt::default());
        }
    }
}
