//! The linear building blocks of an operator, before any strategy is chosen.

use jetc_combinatorics::{Polynomial, Rational, SparseVector};

/// A direction v ∈ ℚⁿ, by coordinate.
pub type Direction = SparseVector<u32>;

/// One term `weight · ∏ (v·∂)^power` with constant coefficients.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DirectionalTerm {
    /// The coefficient of the term.
    pub weight: Rational,
    /// Directions and how often the term differentiates along each; empty for a multiple of the value itself.
    pub factors: Vec<(Direction, u32)>,
}

impl DirectionalTerm {
    /// The order of differentiation.
    pub fn order(&self) -> u32 {
        self.factors.iter().map(|(_, power)| power).sum()
    }

    /// weight · ∏ (v·ξ)^power.
    pub fn symbol(&self) -> Polynomial {
        self.factors.iter().fold(Polynomial::constant(self.weight.clone()), |product, (direction, power)| {
            &product * &Polynomial::linear(direction.iter().map(|(&v, c)| (v, c))).power(*power)
        })
    }
}

/// A linear operator with constant coefficients, applied to one field of the network.
///
/// The directions are those that the operator was written with: a weighted Laplacian over R explicit rows stays R
/// directions, whatever its matrix looks like in coordinates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinearPart {
    /// Which network output it differentiates.
    pub field: usize,
    /// The terms, summed.
    pub terms: Vec<DirectionalTerm>,
}

impl LinearPart {
    /// The symbol P(ξ) of the operator P(∂).
    pub fn symbol(&self) -> Polynomial {
        let mut sum = Polynomial::zero();
        for term in &self.terms {
            sum.add_scaled(&term.symbol(), &jetc_combinatorics::rational::integer(1));
        }
        sum
    }
}
