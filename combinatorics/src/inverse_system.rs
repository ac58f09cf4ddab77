//! Macaulay's inverse system: the smallest algebra that carries a set of symbols.
//!
//! | notation | name |
//! |---|---|
//! | P₁ … Pₘ ∈ ℚ\[ξ\] | the symbols |
//! | t^β | a monomial, acting on symbols as the derivative ∂^β |
//! | Ann P | the ideal of all t-polynomials that annihilate every Pₒ |
//! | A = ℚ\[t\] / Ann P | the algebra; t^β ↦ (∂^β P₁, …, ∂^β Pₘ) embeds it in ℚ\[ξ\]ᵐ |
//!
//! A basis of A are the monomials t^β whose images are independent; every other monomial is a combination of them
//! ([`InverseSystem::coordinates`]). Only monomials that divide one in the support of some Pₒ have a non-zero image,
//! so the enumeration is as sparse as the symbols.
//!
//! *Why A is least:* a jet algebra B with a correct readout for every Pₒ yields functionals on ℚ\[t\] that equal
//! Q ↦ (Q(∂)Pₒ)(0) and vanish on the kernel of ℚ\[t\] → B. That kernel is an ideal, so it lies in Ann P, and A is a
//! quotient of a subalgebra of B.
//!
//! Source: F. S. Macaulay, *The Algebraic Theory of Modular Systems*, 1916, part IV; A. Iarrobino and V. Kanev, *Power
//! Sums, Gorenstein Algebras, and Determinantal Loci*, 1999, chapter 1. Checked by `the_dimension_is_that_of_the_span_of_all_partial_derivatives`
//! and `multiplication_in_the_algebra_is_differentiation_of_the_symbols`.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::elimination::{Echelon, Insertion};
use crate::multi_index::MultiIndex;
use crate::polynomial::Polynomial;
use crate::rational::{Rational, integer};
use crate::sparse_vector::SparseVector;

/// More monomials than this are refused: the algebra of such a symbol would have no use, and no end.
pub const MAX_MONOMIALS: u64 = 1_000_000;

/// More work in the elimination than this is refused, in the units of [`Echelon::work`]: a matter of a second or two.
const MAX_WORK: u64 = 10_000_000;

/// More structure constants than this are refused, and more than 64 times as many products looked at: what comes after
/// takes seconds.
const MAX_CONSTANTS: usize = 100_000;

/// Why an inverse system was not computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InverseSystemError {
    /// The symbols have too many divisors.
    #[error("the symbol has {monomials} monomials and divisors, more than the limit of {MAX_MONOMIALS}")]
    TooLarge {
        /// An upper bound on the number of monomials that would be visited.
        monomials: u64,
    },
    /// The elimination takes too long.
    #[error(
        "the algebra of the symbol takes more exact arithmetic than the limit of {MAX_WORK} word operations"
    )]
    TooMuchWork,
    /// The product table is too long.
    #[error("the product table of the symbol is longer than the limit of {MAX_CONSTANTS} numbers")]
    TooManyProducts,
}

/// One structure constant: basis\[`left`\] · basis\[`right`\] contains `coefficient` · basis\[`product`\].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StructureConstant {
    /// Index of the smaller factor in the basis.
    pub left: usize,
    /// Index of the larger factor in the basis; `left ≤ right`.
    pub right: usize,
    /// Index of the basis monomial in the product.
    pub product: usize,
    /// Its coefficient.
    pub coefficient: Rational,
}

/// The algebra ℚ\[t\] / Ann(P₁ … Pₘ) with a basis of monomials.
#[derive(Debug, Clone)]
pub struct InverseSystem {
    basis: Vec<MultiIndex>,
    coordinates: BTreeMap<MultiIndex, SparseVector<usize>>,
}

/// A monomial of ξ in the image of one symbol; ordered by degree first.
type ImageKey = (MultiIndex, usize);

impl InverseSystem {
    /// Computes the algebra; `basis()[0]` is 1 unless all symbols vanish.
    ///
    /// # Errors
    /// [`InverseSystemError::TooLarge`] when the symbols have more than [`MAX_MONOMIALS`] divisors, and
    /// [`InverseSystemError::TooMuchWork`] when these depend on each other in too many ways.
    ///
    /// # Example
    /// The Laplacian in two variables needs 1, x, y and one element of order two:
    /// ```
    /// use jetc_combinatorics::{InverseSystem, Polynomial};
    /// let square = |v| { let x = Polynomial::variable(v); &x * &x };
    /// let system = InverseSystem::new(&[&square(0) + &square(1)]).unwrap();
    /// assert_eq!(system.basis().len(), 4);
    /// ```
    pub fn new(symbols: &[Polynomial]) -> Result<Self, InverseSystemError> {
        let monomials = symbols
            .iter()
            .flat_map(Polynomial::terms)
            .fold(0u64, |sum, (alpha, _)| sum.saturating_add(alpha.divisor_count()));
        if monomials > MAX_MONOMIALS {
            return Err(InverseSystemError::TooLarge { monomials });
        }
        Self::eliminate(images(symbols))
    }

    /// Visits monomials from the highest degree down, so that a product of degree k is a combination of basis
    /// monomials of degree k and above: the basis follows the powers of the maximal ideal, and the product table is
    /// strictly triangular even where the symbols are not homogeneous (∂t = ∂x⁴/24 for u_t + u_xxxx).
    fn eliminate(images: BTreeMap<MultiIndex, SparseVector<ImageKey>>) -> Result<Self, InverseSystemError> {
        let mut queue: Vec<_> = images.into_iter().collect();
        queue.sort_by_key(|(monomial, _)| std::cmp::Reverse(monomial.degree()));
        let mut echelon = Echelon::new();
        let mut found = Vec::new();
        let mut combinations = Vec::new();
        for (monomial, image) in queue {
            let combination = match echelon.insert(image) {
                Insertion::Independent(number) => {
                    found.push(monomial.clone());
                    SparseVector::unit(number)
                }
                Insertion::Dependent(combination) => combination,
            };
            combinations.push((monomial, combination));
            if echelon.work() > MAX_WORK {
                return Err(InverseSystemError::TooMuchWork);
            }
        }
        Ok(Self::in_graded_order(&found, combinations))
    }

    /// Renumbers the basis from the order in which it was found to graded order.
    fn in_graded_order(found: &[MultiIndex], combinations: Vec<(MultiIndex, SparseVector<usize>)>) -> Self {
        let mut basis = found.to_vec();
        basis.sort();
        let rank: Vec<usize> =
            found.iter().map(|m| basis.binary_search(m).expect("the same monomials")).collect();
        let renumber = |combination: SparseVector<usize>| {
            SparseVector::from_entries(combination.iter().map(|(&old, value)| (rank[old], value.clone())))
        };
        let coordinates = combinations.into_iter().map(|(monomial, c)| (monomial, renumber(c))).collect();
        Self { basis, coordinates }
    }

    /// The basis monomials in graded order.
    pub fn basis(&self) -> &[MultiIndex] {
        &self.basis
    }

    /// The class of t^`monomial` in the basis, or nothing where it is zero.
    pub fn coordinates(&self, monomial: &MultiIndex) -> Option<&SparseVector<usize>> {
        self.coordinates.get(monomial)
    }

    /// All products of two basis elements that are not zero, without those by 1, sorted by (left, right, product).
    ///
    /// # Errors
    /// [`InverseSystemError::TooManyProducts`] for a table beyond the limit.
    pub fn structure_constants(&self) -> Result<Vec<StructureConstant>, InverseSystemError> {
        let index: HashMap<&MultiIndex, usize> = self.basis.iter().enumerate().map(|(i, m)| (m, i)).collect();
        let mut constants = Vec::new();
        let mut looked_at = 0usize;
        for (monomial, combination) in &self.coordinates {
            if combination.is_empty() {
                continue;
            }
            for divisor in monomial.divisors() {
                looked_at += 1;
                if looked_at > 64 * MAX_CONSTANTS || constants.len() > MAX_CONSTANTS {
                    return Err(InverseSystemError::TooManyProducts);
                }
                let Some(&left) = index.get(&divisor) else { continue };
                let cofactor = monomial.checked_div(&divisor).expect("a divisor divides");
                let Some(&right) = index.get(&cofactor) else { continue };
                if left <= right && divisor.degree() > 0 {
                    constants.extend(combination.iter().map(|(&product, coefficient)| StructureConstant {
                        left,
                        right,
                        product,
                        coefficient: coefficient.clone(),
                    }));
                }
            }
        }
        constants.sort_by_key(|c| (c.left, c.right, c.product));
        Ok(constants)
    }
}

/// t^β ↦ (∂^β P₁, …, ∂^β Pₘ) for every β that divides a monomial in some support.
fn images(symbols: &[Polynomial]) -> BTreeMap<MultiIndex, SparseVector<ImageKey>> {
    let mut images: BTreeMap<MultiIndex, Vec<(ImageKey, Rational)>> = BTreeMap::new();
    for (number, symbol) in symbols.iter().enumerate() {
        for (alpha, coefficient) in symbol.terms() {
            for beta in alpha.divisors() {
                let rest = alpha.checked_div(&beta).expect("a divisor divides");
                let value = coefficient * integer(alpha.falling_factorial(&beta));
                images.entry(beta).or_default().push(((rest, number), value));
            }
        }
    }
    images.into_iter().map(|(beta, image)| (beta, SparseVector::from_entries(image))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn laplacian(n: u32) -> Polynomial {
        Polynomial::from_terms((0..n).map(|v| (MultiIndex::from_pairs([(v, 2)]), integer(1))))
    }

    fn dimension(symbols: &[Polynomial]) -> usize {
        InverseSystem::new(symbols).unwrap().basis().len()
    }

    #[test]
    fn the_laplacian_and_its_powers_have_the_known_dimensions() {
        for n in 1..8 {
            assert_eq!(dimension(&[laplacian(n)]), n as usize + 2);
        }
        for (n, d) in [(2, 9), (3, 14), (5, 27), (8, 54), (10, 77)] {
            assert_eq!(dimension(&[laplacian(n).power(2)]), d, "Δ² in {n} dimensions");
        }
        for (n, d) in [(2, 16), (3, 30)] {
            assert_eq!(dimension(&[laplacian(n).power(3)]), d, "Δ³ in {n} dimensions");
        }
        assert_eq!(dimension(&[laplacian(3), laplacian(3).power(2)]), 14);
    }

    #[test]
    fn products_climb_strictly_even_where_the_symbol_is_not_homogeneous() {
        // P = (ξ + τ)² + τ: t = x + x²/2, although x and t have independent images.
        let (x, t) = (Polynomial::variable(0), Polynomial::variable(1));
        let symbol = &(&x + &t).power(2) + &t;
        let system = InverseSystem::new(&[symbol]).unwrap();
        assert_eq!(system.basis().len(), 3);
        for c in system.structure_constants().unwrap() {
            assert!(c.product > c.right);
        }
    }

    #[test]
    fn a_symbol_with_too_many_divisors_is_refused() {
        let huge = Polynomial::term(MultiIndex::from_pairs((0..40).map(|v| (v, 1))), integer(1));
        assert!(matches!(InverseSystem::new(&[huge]), Err(InverseSystemError::TooLarge { .. })));
    }

    fn symbol() -> impl Strategy<Value = Polynomial> {
        let term = (proptest::collection::vec((0u32..3, 0u32..3), 0..3), -3i64..4);
        proptest::collection::vec(term, 1..5).prop_map(|terms| {
            Polynomial::from_terms(terms.into_iter().map(|(m, c)| (MultiIndex::from_pairs(m), integer(c))))
        })
    }

    proptest! {
        #[test]
        fn the_dimension_is_that_of_the_span_of_all_partial_derivatives(symbols in proptest::collection::vec(symbol(), 1..3)) {
            // Macaulay's duality: dim ℚ[t]/Ann P equals the dimension of the space that all ∂^β Pₒ span together.
            let mut span = Echelon::new();
            for symbol in &symbols {
                for beta in crate::multi_index::graded(3, symbol.degree()) {
                    let derivative = symbol.derivative(&beta);
                    span.insert(SparseVector::from_entries(derivative.terms().map(|(m, c)| (m.clone(), c.clone()))));
                }
            }
            prop_assert_eq!(dimension(&symbols), span.rank());
        }

        #[test]
        fn multiplication_in_the_algebra_is_differentiation_of_the_symbols(symbols in proptest::collection::vec(symbol(), 1..3)) {
            let system = InverseSystem::new(&symbols).unwrap();
            let constants = system.structure_constants().unwrap();
            for (left, a) in system.basis().iter().enumerate().skip(1) {
                for (right, b) in system.basis().iter().enumerate().skip(left) {
                    for symbol in &symbols {
                        let direct = symbol.derivative(&(a * b));
                        let mut by_table = Polynomial::zero();
                        for c in constants.iter().filter(|c| (c.left, c.right) == (left, right)) {
                            by_table.add_scaled(&symbol.derivative(&system.basis()[c.product]), &c.coefficient);
                        }
                        prop_assert_eq!(direct, by_table);
                    }
                }
            }
        }
    }
}
