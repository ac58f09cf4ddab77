//! Products and powers of formulas.

use std::collections::BTreeMap;

use jetc_combinatorics::{Polynomial, Rational};
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::graph::check_size;
use super::{Failure, Graph, Node, NodeId};
use crate::spec::{RealFunction, limits};

impl Graph {
    /// ∏ node^exponent.
    pub(crate) fn product(
        &mut self,
        factors: impl IntoIterator<Item = (NodeId, i32)>,
    ) -> Result<NodeId, Failure> {
        let mut weight = Rational::one();
        let mut powers: BTreeMap<NodeId, i32> = BTreeMap::new();
        for (id, exponent) in factors {
            self.multiply(&mut weight, &mut powers, id, exponent)?;
        }
        powers.retain(|_, exponent| *exponent != 0);
        let product: Vec<(NodeId, i32)> = powers.into_iter().collect();
        if weight.is_zero() {
            return Ok(Self::ZERO);
        }
        match product.as_slice() {
            [] => self.constant(weight),
            [(only, 1)] => self.scale(*only, &weight),
            _ => {
                let id = self.intern(Node::Product(product))?;
                self.scale(id, &weight)
            }
        }
    }

    /// a · b.
    pub(crate) fn times(&mut self, a: NodeId, b: NodeId) -> Result<NodeId, Failure> {
        self.product([(a, 1), (b, 1)])
    }

    fn multiply(
        &mut self,
        weight: &mut Rational,
        powers: &mut BTreeMap<NodeId, i32>,
        id: NodeId,
        exponent: i32,
    ) -> Result<(), Failure> {
        self.charge(1)?;
        match self.node(id) {
            Node::Constant(value) => {
                *weight *= power_of_number(value, exponent)?;
                check_size(weight)
            }
            Node::Product(factors) => {
                for &(factor, power) in factors {
                    let power = power.checked_mul(exponent).ok_or(Failure::ExponentTooLarge)?;
                    add_power(powers, factor, power)?;
                }
                self.charge(self.node(id).size())
            }
            Node::Sum(terms) if terms.len() == 1 => {
                let (part, part_weight) = &terms[0];
                *weight *= power_of_number(part_weight, exponent)?;
                check_size(weight)?;
                self.multiply(weight, powers, *part, exponent)
            }
            Node::Linear { symbol, .. } => {
                *weight *= power_of_number(&leading_coefficient(symbol), exponent)?;
                check_size(weight)?;
                let monic = self.monic(id)?;
                add_power(powers, monic, exponent)
            }
            _ => add_power(powers, id, exponent),
        }
    }

    /// A linear node divided by its leading coefficient.
    fn monic(&mut self, id: NodeId) -> Result<NodeId, Failure> {
        let Node::Linear { field, symbol } = self.node(id) else { return Ok(id) };
        let leading = leading_coefficient(symbol);
        if leading.is_one() {
            return Ok(id);
        }
        let (field, scaled) = (*field, symbol.scale(&leading.recip()));
        self.charge(scaled.terms().len())?;
        self.linear(field, scaled)
    }

    /// base^exponent.
    pub(crate) fn power(&mut self, base: NodeId, exponent: NodeId) -> Result<NodeId, Failure> {
        match self.as_constant(exponent).cloned() {
            Some(value) if value.is_integer() => {
                let value = value.to_integer().to_i32().ok_or(Failure::ExponentTooLarge)?;
                self.integer_power(base, value)
            }
            Some(value) if value == Rational::new(1.into(), 2.into()) => {
                self.call(RealFunction::Sqrt, vec![base])
            }
            _ => self.call(RealFunction::Pow, vec![base, exponent]),
        }
    }

    /// base^exponent for a whole exponent.
    pub(crate) fn integer_power(&mut self, base: NodeId, exponent: i32) -> Result<NodeId, Failure> {
        if exponent.unsigned_abs() > limits::EXPONENT {
            return Err(Failure::ExponentTooLarge);
        }
        match exponent {
            0 => Ok(Self::ONE),
            1 => Ok(base),
            _ => self.product([(base, exponent)]),
        }
    }

    /// numerator / denominator.
    pub(crate) fn quotient(&mut self, numerator: NodeId, denominator: NodeId) -> Result<NodeId, Failure> {
        self.product([(numerator, 1), (denominator, -1)])
    }
}

fn add_power(powers: &mut BTreeMap<NodeId, i32>, id: NodeId, exponent: i32) -> Result<(), Failure> {
    let total = powers.entry(id).or_insert(0);
    *total = total.checked_add(exponent).ok_or(Failure::ExponentTooLarge)?;
    if total.unsigned_abs() > limits::EXPONENT { Err(Failure::ExponentTooLarge) } else { Ok(()) }
}

/// The coefficient of the first monomial.
fn leading_coefficient(symbol: &Polynomial) -> Rational {
    symbol.terms().next().map_or_else(Rational::one, |term| term.1.clone())
}

/// value^exponent, if it exists and is not too large.
pub(super) fn power_of_number(value: &Rational, exponent: i32) -> Result<Rational, Failure> {
    if value.is_zero() && exponent < 0 {
        return Err(Failure::DivisionByZero);
    }
    if exponent == 1 || value.is_one() {
        return Ok(value.clone());
    }
    let bits = value.numer().bits().max(value.denom().bits());
    if !value.abs().is_one() && bits.saturating_mul(u64::from(exponent.unsigned_abs())) > limits::NUMBER_BITS
    {
        return Err(Failure::NumberTooLarge);
    }
    Ok(num_traits::Pow::pow(value, exponent))
}
