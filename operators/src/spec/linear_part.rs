//! Linear differential operators with constant coefficients, as sums over directions.
//!
//! | here | meaning |
//! |---|---|
//! | [`LinearPart`] | Σ weight · ∏ (v·∂)^power, applied to one field |
//! | [`DirectionalTerm`] | one summand |
//! | [`LinearPart::symbol`] | the polynomial Σ weight · ∏ (v·ξ)^power |
//!
//! Normalisation: derivatives, not Taylor coefficients: `u_xx` is weight 1 and (e_x·∂)².

use super::Direction;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};

/// Names one of the linear parts of a spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinearPartId(u32);

impl LinearPartId {
    /// The id of the linear part at `index`.
    pub fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("limits keep the number of linear parts below 2³²"))
    }

    /// Its place in [`OperatorSpec::linear_parts`](super::OperatorSpec::linear_parts).
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// Σ weight ∏ (v·∂)^power applied to one field: one readout of the jet algebra.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinearPart {
    /// The field it is applied to, an index into the network's outputs; 0 where the file declares no fields.
    pub field: usize,
    /// The summands; no two have the same factors, and no weight is zero.
    pub terms: Vec<DirectionalTerm>,
}

/// weight · ∏ (v·∂)^power.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DirectionalTerm {
    /// The coefficient.
    pub weight: Rational,
    /// Directions and how often each is derived along; no direction twice, no power zero. Empty: the field itself.
    pub factors: Vec<(Direction, u32)>,
}

impl DirectionalTerm {
    /// The order of the derivative.
    pub fn order(&self) -> u32 {
        self.factors.iter().map(|factor| factor.1).sum()
    }

    /// weight · ∏ (v·ξ)^power, multiplied out.
    pub fn symbol(&self) -> Polynomial {
        let (units, others): (Vec<_>, Vec<_>) =
            self.factors.iter().partition(|(direction, _)| direction.as_unit().is_some());
        let monomial = MultiIndex::from_pairs(
            units.into_iter().filter_map(|(direction, power)| Some((*direction.as_unit()?, *power))),
        );
        let product = Polynomial::term(monomial, self.weight.clone());
        others.into_iter().fold(product, |product, (direction, power)| {
            let form = Polynomial::linear(direction.iter().map(|(&v, entry)| (v, entry)));
            &product * &form.power(*power)
        })
    }
}

impl LinearPart {
    /// The highest order of a derivative; 0 for a part without terms.
    pub fn order(&self) -> u32 {
        self.terms.iter().map(DirectionalTerm::order).max().unwrap_or(0)
    }

    /// The polynomial P with P(∂) the operator. Terms in many directions are multiplied out: a term ∏ (v·∂)^k costs
    /// as many monomials as its directions have entries, to the power k.
    pub fn symbol(&self) -> Polynomial {
        Polynomial::from_terms(self.terms.iter().flat_map(|term| {
            let symbol = term.symbol();
            symbol.terms().map(|(m, c)| (m.clone(), c.clone())).collect::<Vec<_>>()
        }))
    }
}
