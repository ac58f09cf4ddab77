//! Binomial coefficients, also with a rational upper argument.

use num_traits::One;

use crate::rational::{Rational, integer};

/// C(x, k) = x (x−1) … (x−k+1) / k! for any rational x.
///
/// # Example
/// ```
/// use jetc_combinatorics::{binomial::binomial, rational::ratio};
/// assert_eq!(binomial(&ratio(1, 2), 2), ratio(-1, 8));
/// ```
pub fn binomial(upper: &Rational, lower: u32) -> Rational {
    (0..lower).fold(Rational::one(), |product, step| product * (upper - integer(step)) / integer(step + 1))
}

/// ∏ₚ C(upperₚ, lowerₚ), componentwise over two sequences of one length.
pub fn componentwise(upper: &[Rational], lower: &[u32]) -> Rational {
    debug_assert_eq!(upper.len(), lower.len());
    upper.iter().zip(lower).map(|(x, &k)| binomial(x, k)).product()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rational::ratio;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pascals_rule_holds_for_rational_arguments(n in -40i64..40, d in 1i64..12, k in 1u32..9) {
            let x = ratio(n, d);
            let below = &x - integer(1);
            prop_assert_eq!(binomial(&x, k), binomial(&below, k) + binomial(&below, k - 1));
        }

        #[test]
        fn vandermondes_identity_holds_for_rational_arguments(a in -20i64..20, b in -20i64..20, d in 1i64..7, k in 0u32..7) {
            let (x, y) = (ratio(a, d), ratio(b, d));
            let convolution: Rational = (0..=k).map(|j| binomial(&x, j) * binomial(&y, k - j)).sum();
            prop_assert_eq!(binomial(&(x + y), k), convolution);
        }
    }
}
