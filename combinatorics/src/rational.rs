//! The exact scalar of the whole project.
//!
//! [`product`] and [`sum`] are what `*` and `+` are, several times faster: a greatest common divisor with 1 or with a power of
//! two is read off, and fractions of 64 bits are multiplied in 128. Elimination and the proof of plans spend their time
//! in these two. Checked by `fast_arithmetic_is_that_of_the_operators`.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

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

/// a · b.
pub fn product(a: &Rational, b: &Rational) -> Rational {
    if let (Some((p, q)), Some((r, s))) = (small(a), small(b)) {
        return reduced(i128::from(p) * i128::from(r), i128::from(q) * i128::from(s));
    }
    let (left, right) = (gcd(a.numer(), b.denom()), gcd(b.numer(), a.denom()));
    let numerator = quotient(a.numer(), &left) * quotient(b.numer(), &right);
    Rational::new_raw(numerator, quotient(a.denom(), &right) * quotient(b.denom(), &left))
}

/// a + b, by Henrici's formulas: only the part that the denominators have in common can cancel.
pub fn sum(a: &Rational, b: &Rational) -> Rational {
    if let (Some((p, q)), Some((r, s))) = (small(a), small(b)) {
        let [p, q, r, s] = [p, q, r, s].map(i128::from);
        if let Some(numerator) = (p * s).checked_add(r * q) {
            return reduced(numerator, q * s);
        }
    }
    let common = gcd(a.denom(), b.denom());
    let rest = quotient(a.denom(), &common);
    let numerator = a.numer() * quotient(b.denom(), &common) + b.numer() * &rest;
    if numerator.is_zero() {
        return Rational::zero();
    }
    let cancelled = gcd(&numerator, &common);
    Rational::new_raw(quotient(&numerator, &cancelled), rest * quotient(b.denom(), &cancelled))
}

/// Numerator and denominator, if they fit into 64 bits.
fn small(value: &Rational) -> Option<(i64, i64)> {
    Some((value.numer().to_i64()?, value.denom().to_i64()?))
}

/// The fraction in lowest terms; the denominator is positive.
fn reduced(numerator: i128, denominator: i128) -> Rational {
    if denominator == 1 {
        return Rational::new_raw(numerator.into(), BigInt::one());
    }
    let numerator_size = numerator.unsigned_abs();
    let divisor = numerator_size.gcd(&denominator.unsigned_abs());
    let divisor = i128::try_from(divisor).expect("it divides the denominator");
    Rational::new_raw((numerator / divisor).into(), (denominator / divisor).into())
}

/// The greatest common divisor; the second number is positive.
fn gcd(a: &BigInt, positive: &BigInt) -> BigInt {
    if positive.is_one() || a.magnitude().is_one() {
        return BigInt::one();
    }
    let (a_zeros, zeros) = (a.trailing_zeros(), positive.trailing_zeros().unwrap_or(0));
    match a_zeros {
        None => positive.clone(),
        Some(a_zeros) if positive.bits() == zeros + 1 || a.bits() == a_zeros + 1 => {
            BigInt::one() << zeros.min(a_zeros)
        }
        Some(_) => a.gcd(positive),
    }
}

fn quotient(value: &BigInt, divisor: &BigInt) -> BigInt {
    if divisor.is_one() { value.clone() } else { value / divisor }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Numbers around every boundary: small, of 32, 64 and 128 bits, powers of two and their neighbours.
    fn whole() -> impl Strategy<Value = BigInt> {
        let power = (0u32..200, -1i64..2, any::<bool>()).prop_map(|(bits, offset, is_negative)| {
            let value = (BigInt::one() << bits) + offset;
            if is_negative { -value } else { value }
        });
        prop_oneof![
            (-9i64..10).prop_map(BigInt::from),
            any::<i64>().prop_map(BigInt::from),
            any::<i128>().prop_map(BigInt::from),
            power
        ]
    }

    fn fraction() -> impl Strategy<Value = Rational> {
        (whole(), whole().prop_filter("a denominator", |d| !d.is_zero()))
            .prop_map(|(n, d)| Rational::new(n, d))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn fast_arithmetic_is_that_of_the_operators(a in fraction(), b in fraction(), factor in whole()) {
            let same = |found: Rational, expected: Rational| {
                prop_assert_eq!(found.numer(), expected.numer());
                prop_assert_eq!(found.denom(), expected.denom());
                Ok(())
            };
            same(product(&a, &b), &a * &b)?;
            same(sum(&a, &b), &a + &b)?;
            same(sum(&a, &-&a), Rational::zero())?;
            let whole = Rational::from_integer(factor);
            same(product(&a, &whole), &a * &whole)?;
            same(sum(&(&a - &whole), &whole), a)?;
        }
    }

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
