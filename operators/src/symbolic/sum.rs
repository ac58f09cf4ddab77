//! Sums of formulas.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jetc_combinatorics::{Polynomial, Rational};
use num_traits::{One, Zero};

use super::graph::check_size;
use super::{Failure, Graph, Node, NodeId};

/// A sum under construction.
#[derive(Default)]
struct Summands {
    constant: Rational,
    linear: BTreeMap<u32, Polynomial>,
    rest: BTreeMap<NodeId, Rational>,
}

/// A product without one of its linear factors, and the field of that factor.
type Cofactor = (Vec<(NodeId, i32)>, u32);

impl Graph {
    /// Σ weight · node.
    pub(crate) fn sum(
        &mut self,
        summands: impl IntoIterator<Item = (NodeId, Rational)>,
    ) -> Result<NodeId, Failure> {
        let mut sum = Summands::default();
        for (id, weight) in summands {
            check_size(&weight)?;
            self.add(&mut sum, id, &weight)?;
        }
        self.collect(&mut sum)?;
        self.finish(sum)
    }

    /// a + b.
    pub(crate) fn plus(&mut self, a: NodeId, b: NodeId) -> Result<NodeId, Failure> {
        self.sum([(a, Rational::one()), (b, Rational::one())])
    }

    /// factor · node.
    pub(crate) fn scale(&mut self, id: NodeId, factor: &Rational) -> Result<NodeId, Failure> {
        if factor.is_one() { Ok(id) } else { self.sum([(id, factor.clone())]) }
    }

    fn add(&mut self, sum: &mut Summands, id: NodeId, weight: &Rational) -> Result<(), Failure> {
        if weight.is_zero() {
            return Ok(());
        }
        let size = match self.node(id) {
            Node::Linear { symbol, .. } => symbol.terms().len(),
            Node::Sum(terms) => terms.len(),
            _ => 1,
        };
        self.charge(size)?;
        match self.node(id) {
            Node::Sum(terms) => {
                for (part, part_weight) in terms {
                    self.add_part(sum, *part, &(part_weight * weight))?;
                }
                Ok(())
            }
            _ => self.add_part(sum, id, weight),
        }
    }

    /// Adds a node that is not a sum.
    fn add_part(&self, sum: &mut Summands, id: NodeId, weight: &Rational) -> Result<(), Failure> {
        match self.node(id) {
            Node::Constant(value) => {
                sum.constant += value * weight;
                check_size(&sum.constant)
            }
            Node::Linear { field, symbol } => {
                add_symbol(sum.linear.entry(*field).or_insert_with(Polynomial::zero), symbol, weight)
            }
            _ => {
                let total = sum.rest.entry(id).or_default();
                *total += weight;
                check_size(total)
            }
        }
    }

    /// Joins products that differ in one linear factor only: c·Lu + c·Mu = c·(L+M)u.
    fn collect(&mut self, sum: &mut Summands) -> Result<(), Failure> {
        sum.rest.retain(|_, weight| !weight.is_zero());
        let mut groups: Vec<(Cofactor, Vec<(NodeId, NodeId)>)> = Vec::new();
        let mut group_of: HashMap<Cofactor, usize> = HashMap::new();
        for &id in sum.rest.keys() {
            self.charge(self.node(id).size())?;
            if let Some((cofactor, linear)) = self.main_factor(id) {
                let group = *group_of.entry(cofactor.clone()).or_insert_with(|| {
                    groups.push((cofactor, Vec::new()));
                    groups.len() - 1
                });
                groups[group].1.push((id, linear));
            }
        }
        for ((cofactor, field), members) in groups.into_iter().filter(|group| group.1.len() > 1) {
            let mut symbol = Polynomial::zero();
            for (id, linear) in members {
                let weight = sum.rest.remove(&id).unwrap_or_default();
                if let Node::Linear { symbol: summand, .. } = self.node(linear) {
                    add_symbol(&mut symbol, summand, &weight)?;
                }
            }
            let linear = self.linear(field, symbol)?;
            let product = self.product(cofactor.into_iter().chain([(linear, 1)]))?;
            self.add(sum, product, &Rational::one())?;
        }
        sum.rest.retain(|_, weight| !weight.is_zero());
        Ok(())
    }

    /// Splits a product into its linear factor of the highest order and the others.
    fn main_factor(&self, id: NodeId) -> Option<(Cofactor, NodeId)> {
        let Node::Product(factors) = self.node(id) else { return None };
        let order = |factor: &(NodeId, i32)| match self.node(factor.0) {
            Node::Linear { field, symbol } if factor.1 == 1 => Some((symbol.degree(), *field)),
            _ => None,
        };
        let candidates =
            factors.iter().enumerate().filter_map(|(index, factor)| Some((order(factor)?, index)));
        let ((_, field), index) = candidates.max()?;
        let mut cofactor = factors.clone();
        let (linear, _) = cofactor.remove(index);
        Some(((cofactor, field), linear))
    }

    fn finish(&mut self, sum: Summands) -> Result<NodeId, Failure> {
        let mut terms: Vec<(NodeId, Rational)> = sum.rest.into_iter().collect();
        for (field, symbol) in sum.linear {
            if !symbol.is_zero() {
                terms.push((self.linear(field, symbol)?, Rational::one()));
            }
        }
        if terms.is_empty() {
            return self.constant(sum.constant);
        }
        if !sum.constant.is_zero() {
            terms.push((Self::ONE, sum.constant));
        }
        terms.sort_unstable_by_key(|term| term.0);
        match terms.as_slice() {
            [(only, weight)] if weight.is_one() => Ok(*only),
            _ => self.intern(Node::Sum(terms)),
        }
    }
}

/// Adds `weight · summand`; numbers that grow are checked.
fn add_symbol(symbol: &mut Polynomial, summand: &Polynomial, weight: &Rational) -> Result<(), Failure> {
    for (monomial, coefficient) in summand.terms() {
        let coefficient = if weight.is_one() { coefficient.clone() } else { coefficient * weight };
        let is_small = coefficient.is_integer() && coefficient.numer().bits() < 64;
        symbol.add_term(monomial.clone(), coefficient);
        if !is_small {
            check_size(&symbol.coefficient(monomial))?;
        }
    }
    Ok(())
}
