//! Sparse polynomials over ℚ: the symbols of differential operators with constant coefficients.

use std::collections::BTreeMap;
use std::ops::{Add, Mul, Neg, Sub};

use num_traits::{One, Zero};

use crate::multi_index::MultiIndex;
use crate::rational::{Rational, integer};

/// A polynomial in ℚ[ξ₀, ξ₁, …]; the operator P(∂) has the symbol P(ξ).
///
/// Terms are kept in graded order and are never zero, so equality is equality of polynomials.
///
/// # Example
/// ```
/// use jetc_combinatorics::Polynomial;
/// let (x, y) = (Polynomial::variable(0), Polynomial::variable(1));
/// let laplacian = &(&x * &x) + &(&y * &y);
/// assert_eq!((&laplacian * &laplacian).terms().count(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Polynomial {
    terms: BTreeMap<MultiIndex, Rational>,
}

impl Polynomial {
    /// The polynomial 0.
    pub fn zero() -> Self {
        Self::default()
    }

    /// A constant polynomial.
    pub fn constant(value: Rational) -> Self {
        Self::term(MultiIndex::one(), value)
    }

    /// The polynomial ξᵥ.
    pub fn variable(variable: u32) -> Self {
        Self::term(MultiIndex::variable(variable), Rational::one())
    }

    /// The single term `coefficient · ξ^monomial`.
    pub fn term(monomial: MultiIndex, coefficient: Rational) -> Self {
        Self::from_terms([(monomial, coefficient)])
    }

    /// The sum of the given terms, equal monomials collected.
    pub fn from_terms(terms: impl IntoIterator<Item = (MultiIndex, Rational)>) -> Self {
        let mut polynomial = Self::zero();
        for (monomial, coefficient) in terms {
            polynomial.add_term(monomial, coefficient);
        }
        polynomial
    }

    /// The linear form Σ coefficient · ξ_variable.
    pub fn linear<'a>(entries: impl IntoIterator<Item = (u32, &'a Rational)>) -> Self {
        Self::from_terms(entries.into_iter().map(|(v, c)| (MultiIndex::variable(v), c.clone())))
    }

    /// Adds one term in place.
    pub fn add_term(&mut self, monomial: MultiIndex, coefficient: Rational) {
        use std::collections::btree_map::Entry;
        if coefficient.is_zero() {
            return;
        }
        match self.terms.entry(monomial) {
            Entry::Vacant(entry) => {
                entry.insert(coefficient);
            }
            Entry::Occupied(mut entry) => {
                *entry.get_mut() += coefficient;
                if entry.get().is_zero() {
                    entry.remove();
                }
            }
        }
    }

    /// Adds `factor · other` in place.
    pub fn add_scaled(&mut self, other: &Self, factor: &Rational) {
        for (monomial, coefficient) in other.terms() {
            self.add_term(monomial.clone(), coefficient * factor);
        }
    }

    /// The terms in graded order.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = (&MultiIndex, &Rational)> {
        self.terms.iter()
    }

    /// [ξ^monomial] of this polynomial.
    pub fn coefficient(&self, monomial: &MultiIndex) -> Rational {
        self.terms.get(monomial).cloned().unwrap_or_default()
    }

    /// The degree; 0 for constants and for the zero polynomial.
    pub fn degree(&self) -> u32 {
        self.terms.last_key_value().map_or(0, |(monomial, _)| monomial.degree())
    }

    /// Whether this is the polynomial 0.
    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// This polynomial times a number.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        let mut scaled = Self::zero();
        scaled.add_scaled(self, factor);
        scaled
    }

    /// This polynomial to the power `exponent`.
    #[must_use]
    pub fn power(&self, exponent: u32) -> Self {
        (0..exponent).fold(Self::constant(Rational::one()), |product, _| &product * self)
    }

    /// ∂^β of this polynomial.
    #[must_use]
    pub fn derivative(&self, beta: &MultiIndex) -> Self {
        Self::from_terms(self.terms().filter_map(|(monomial, coefficient)| {
            let rest = monomial.checked_div(beta)?;
            Some((rest, coefficient * integer(monomial.falling_factorial(beta))))
        }))
    }

    /// The part of the given degree.
    #[must_use]
    pub fn homogeneous_part(&self, degree: u32) -> Self {
        let part = self.terms().filter(|(monomial, _)| monomial.degree() == degree);
        Self::from_terms(part.map(|(monomial, coefficient)| (monomial.clone(), coefficient.clone())))
    }
}

impl Add for &Polynomial {
    type Output = Polynomial;
    fn add(self, other: &Polynomial) -> Polynomial {
        let mut sum = self.clone();
        sum.add_scaled(other, &Rational::one());
        sum
    }
}

impl Sub for &Polynomial {
    type Output = Polynomial;
    fn sub(self, other: &Polynomial) -> Polynomial {
        self + &-other
    }
}

impl Neg for &Polynomial {
    type Output = Polynomial;
    fn neg(self) -> Polynomial {
        self.scale(&-Rational::one())
    }
}

impl Mul for &Polynomial {
    type Output = Polynomial;
    fn mul(self, other: &Polynomial) -> Polynomial {
        let mut product = Polynomial::zero();
        for (a, x) in self.terms() {
            for (b, y) in other.terms() {
                product.add_term(a * b, x * y);
            }
        }
        product
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn polynomial() -> impl Strategy<Value = Polynomial> {
        let term = (proptest::collection::vec((0u32..3, 0u32..3), 0..3), -4i64..5);
        proptest::collection::vec(term, 0..6).prop_map(|terms| {
            Polynomial::from_terms(terms.into_iter().map(|(m, c)| (MultiIndex::from_pairs(m), integer(c))))
        })
    }

    proptest! {
        #[test]
        fn multiplication_distributes_and_commutes(a in polynomial(), b in polynomial(), c in polynomial()) {
            prop_assert_eq!(&a * &(&b + &c), &(&a * &b) + &(&a * &c));
            prop_assert_eq!(&a * &b, &b * &a);
            prop_assert!((&a - &a).is_zero());
        }

        #[test]
        fn derivatives_obey_the_product_rule(a in polynomial(), b in polynomial(), v in 0u32..3) {
            let d = MultiIndex::variable(v);
            let expected = &(&a.derivative(&d) * &b) + &(&a * &b.derivative(&d));
            prop_assert_eq!((&a * &b).derivative(&d), expected);
        }

        #[test]
        fn mixed_derivatives_compose(a in polynomial(), v in 0u32..3, w in 0u32..3) {
            let (d, e) = (MultiIndex::variable(v), MultiIndex::variable(w));
            prop_assert_eq!(a.derivative(&d).derivative(&e), a.derivative(&(&d * &e)));
        }
    }
}
