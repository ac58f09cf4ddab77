//! Total derivatives: fields are functions of the coordinates.

use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::{One, Zero};

use super::{Failure, Graph, Node, NodeId};
use crate::spec::{RealFunction, limits};

impl Graph {
    /// ∂f/∂x for the coordinate x, or the derivative along a direction, which is a variable behind the coordinates.
    pub(crate) fn derivative(&mut self, id: NodeId, variable: u32) -> Result<NodeId, Failure> {
        self.charge(1)?;
        if let Some(&known) = self.derivatives.get(&(id, variable)) {
            return Ok(known);
        }
        let derivative = match self.node(id).clone() {
            Node::Constant(_) | Node::Irrational(_) | Node::Unknown(_) => Self::ZERO,
            Node::Coordinate(other) => {
                let entry = self.directions.entry(variable, other);
                self.constant(entry)?
            }
            Node::Linear { field, symbol } => {
                self.charge(symbol.terms().len())?;
                self.linear(field, times_monomial(&symbol, &MultiIndex::variable(variable)))?
            }
            Node::Sum(terms) => {
                let mut derived = Vec::with_capacity(terms.len());
                for (part, weight) in terms {
                    derived.push((self.derivative(part, variable)?, weight));
                }
                self.sum(derived)?
            }
            Node::Product(factors) => self.derivative_of_product(&factors, variable)?,
            Node::Call(function, arguments) => self.derivative_of_call(id, function, &arguments, variable)?,
        };
        self.derivatives.insert((id, variable), derivative);
        Ok(derivative)
    }

    /// (∏ fᵢ^kᵢ)′ = Σᵢ kᵢ fᵢ^(kᵢ−1) fᵢ′ ∏_{j≠i} fⱼ^kⱼ
    fn derivative_of_product(&mut self, factors: &[(NodeId, i32)], variable: u32) -> Result<NodeId, Failure> {
        let mut summands = Vec::new();
        for (index, &(factor, exponent)) in factors.iter().enumerate() {
            let derived = self.derivative(factor, variable)?;
            if derived == Self::ZERO {
                continue;
            }
            self.charge(factors.len())?;
            let mut product = factors.to_vec();
            product[index].1 -= 1;
            product.push((derived, 1));
            summands.push((self.product(product)?, Rational::from_integer(exponent.into())));
        }
        self.sum(summands)
    }

    /// f(g₁, …)′ = Σ ∂f/∂gᵢ · gᵢ′
    fn derivative_of_call(
        &mut self,
        id: NodeId,
        function: RealFunction,
        arguments: &[NodeId],
        variable: u32,
    ) -> Result<NodeId, Failure> {
        let mut summands = Vec::new();
        for (index, &argument) in arguments.iter().enumerate() {
            let inner = self.derivative(argument, variable)?;
            if inner == Self::ZERO {
                continue;
            }
            let outer = self.partial(id, function, arguments, index)?;
            summands.push((self.times(outer, inner)?, Rational::one()));
        }
        self.sum(summands)
    }

    /// P(∂)f for an operator with constant coefficients.
    pub(crate) fn apply(&mut self, operator: &Polynomial, id: NodeId) -> Result<NodeId, Failure> {
        if operator.degree() > limits::ORDER {
            return Err(Failure::OrderTooHigh);
        }
        match self.node(id).clone() {
            Node::Linear { field, symbol } => {
                self.charge(operator.terms().len().saturating_mul(symbol.terms().len()))?;
                let product = product_of_symbols(operator, &symbol);
                self.linear(field, product)
            }
            Node::Sum(terms) => {
                let mut applied = Vec::with_capacity(terms.len());
                for (part, weight) in terms {
                    applied.push((self.apply(operator, part)?, weight));
                }
                self.sum(applied)
            }
            _ => {
                self.charge(operator.terms().len())?;
                let mut summands = Vec::new();
                for (monomial, coefficient) in operator.terms() {
                    summands.push((self.derivatives(id, monomial)?, coefficient.clone()));
                }
                self.sum(summands)
            }
        }
    }

    /// ∂^α f.
    fn derivatives(&mut self, id: NodeId, monomial: &MultiIndex) -> Result<NodeId, Failure> {
        let mut derived = id;
        for (variable, times) in monomial.pairs() {
            for _ in 0..times {
                if derived == Self::ZERO {
                    return Ok(Self::ZERO);
                }
                derived = self.derivative(derived, variable)?;
            }
        }
        Ok(derived)
    }
}

fn times_monomial(symbol: &Polynomial, factor: &MultiIndex) -> Polynomial {
    Polynomial::from_terms(symbol.terms().map(|(monomial, c)| (monomial * factor, c.clone())))
}

/// The product of two symbols; most coefficients of operators are 1.
fn product_of_symbols(a: &Polynomial, b: &Polynomial) -> Polynomial {
    let mut product = Polynomial::zero();
    for (m, x) in a.terms() {
        for (n, y) in b.terms() {
            let coefficient = if x.is_one() { y.clone() } else { x * y };
            debug_assert!(!coefficient.is_zero());
            product.add_term(m * n, coefficient);
        }
    }
    product
}
