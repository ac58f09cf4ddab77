//! Sparse polynomials over ℚ: the symbols of differential operators with constant coefficients.

use std::ops::{Add, Mul, Neg, Sub};

use num_traits::One;

use crate::multi_index::MultiIndex;
use crate::rational::{Rational, integer, product};
use crate::sparse_vector::SparseVector;

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
    terms: SparseVector<MultiIndex>,
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
        Self { terms: SparseVector::unit(MultiIndex::variable(variable)) }
    }

    /// The single term `coefficient · ξ^monomial`.
    pub fn term(monomial: MultiIndex, coefficient: Rational) -> Self {
        Self::from_terms([(monomial, coefficient)])
    }

    /// The sum of the given terms, equal monomials collected.
    pub fn from_terms(terms: impl IntoIterator<Item = (MultiIndex, Rational)>) -> Self {
        Self { terms: SparseVector::from_entries(terms) }
    }

    /// The linear form Σ coefficient · ξ_variable.
    pub fn linear<'a>(entries: impl IntoIterator<Item = (u32, &'a Rational)>) -> Self {
        Self::from_terms(entries.into_iter().map(|(v, c)| (MultiIndex::variable(v), c.clone())))
    }

    /// Adds one term in place. To sum many, collect them for [`Self::from_terms`].
    pub fn add_term(&mut self, monomial: MultiIndex, coefficient: Rational) {
        self.terms.add_entry(monomial, coefficient);
    }

    /// Adds `factor · other` in place.
    pub fn add_scaled(&mut self, other: &Self, factor: &Rational) {
        self.terms.add_scaled(&other.terms, factor);
    }

    /// The terms in graded order.
    pub fn terms(&self) -> impl ExactSizeIterator<Item = (&MultiIndex, &Rational)> {
        self.terms.iter()
    }

    /// \[ξ^monomial\] of this polynomial.
    pub fn coefficient(&self, monomial: &MultiIndex) -> Rational {
        self.terms.get(monomial).cloned().unwrap_or_default()
    }

    /// \[ξ^monomial\] of this polynomial, if it is not zero.
    pub fn get(&self, monomial: &MultiIndex) -> Option<&Rational> {
        self.terms.get(monomial)
    }

    /// The degree; 0 for constants and for the zero polynomial.
    pub fn degree(&self) -> u32 {
        self.terms.leading().map_or(0, |(monomial, _)| monomial.degree())
    }

    /// Whether this is the polynomial 0.
    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// This polynomial times a number.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        Self { terms: self.terms.scale(factor) }
    }

    /// The products of all pairs of terms, equal monomials not yet collected.
    pub fn product_terms<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (MultiIndex, Rational)> + 'a {
        self.terms().flat_map(|(a, x)| other.terms().map(move |(b, y)| (a * b, product(x, y))))
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
        Polynomial::from_terms(self.product_terms(other))
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
