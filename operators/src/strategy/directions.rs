//! The directions of the univariate strategies: every term becomes weighted Taylor coefficients along directions.
//!
//! | notation | name |
//! |---|---|
//! | p | a primitive direction: coprime integers on the variables, the first positive; equal and opposite ones are one |
//! | ω(p, k) | [`DirectionTable::weights`]: what each readout takes of (1/k!) ∂ᵏf\[pᵏ\] |
//!
//! Pure powers need no interpolation: w ∂ᵏf\[vᵏ\] = w k! · (1/k!) ∂ᵏf\[vᵏ\]. Mixed derivatives are interpolated by
//! [`jetc_combinatorics::interpolation`]: its nodes are small integers on the variables, whatever vectors these stand for.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jetc_combinatorics::interpolation::{Direction, family, family_cost};
use jetc_combinatorics::rational::{factorial, integer, power};
use jetc_combinatorics::{MultiIndex, Polynomial, Rational, SparseVector};
use num_integer::Integer;
use num_traits::{Signed, Zero};

use super::StrategyError;
use crate::algebra::Seed;

/// Interpolating all mixed derivatives may sum at most this many terms, which is a matter of seconds.
const MAX_INTERPOLATION_COST: u64 = 2_000_000;

/// Directions that all mixed derivatives may ask for together, repeated ones counted: a second.
const MAX_NODES: usize = 100_000;

/// By primitive direction and order: the weights of all readouts.
#[derive(Debug, Default)]
pub(super) struct DirectionTable {
    pub(super) weights: BTreeMap<Seed, BTreeMap<u32, SparseVector<usize>>>,
    /// The weights of the plain value f.
    pub(super) value: SparseVector<usize>,
}

impl DirectionTable {
    /// Collects all terms of all symbols, the highest orders first, so that lower ones find directions to share.
    ///
    /// # Errors
    /// [`StrategyError`] when interpolation is out of bounds, and as soon as the directions need more than `most` channels.
    pub(super) fn new(symbols: &[&Polynomial], most: u64) -> Result<Self, StrategyError> {
        let of_symbol = |(number, symbol): (usize, &&Polynomial)| {
            let terms = symbol.terms().map(|(monomial, weight)| Term::new(monomial, weight));
            terms.map(|term| (number, term)).collect::<Vec<_>>()
        };
        let mut terms: Vec<(usize, Term)> = symbols.iter().enumerate().flat_map(of_symbol).collect();
        terms.sort_by_key(|(_, term)| std::cmp::Reverse(term.order()));
        let highest = terms.first().map_or(0, |(_, term)| term.order());
        let mut table = Self::default();
        let mut families = Families { known: HashMap::new(), left: MAX_INTERPOLATION_COST };
        check_nodes(&terms)?;
        for (part, term) in &terms {
            table.add(*part, term, highest, &mut families)?;
            // A direction of order two or more has a channel of its own, and few cancel.
            let channels = table.weights.len() as u64;
            if term.order() > 1 && channels > most {
                return Err(StrategyError::Channels { channels, limit: most });
            }
        }
        table.drop_cancelled();
        Ok(table)
    }

    fn add(
        &mut self,
        part: usize,
        term: &Term,
        highest: u32,
        families: &mut Families,
    ) -> Result<(), StrategyError> {
        let order = term.order();
        match &term.factors[..] {
            [] => self.value.add_entry(part, term.weight.clone()),
            [(variable, _)] => {
                let weight = &term.weight * integer(factorial(order));
                self.add_direction(Seed::unit(*variable), order, part, weight);
            }
            _ => {
                for (direction, weight) in self.interpolate(term, highest, families)? {
                    self.add_direction(direction, order, part, weight * &term.weight);
                }
            }
        }
        Ok(())
    }

    fn add_direction(&mut self, direction: Seed, order: u32, part: usize, weight: Rational) {
        let orders = self.weights.entry(direction).or_default();
        orders.entry(order).or_default().add_entry(part, weight);
    }

    /// The Griewank–Utke–Walther family that needs the fewest directions that are not there yet.
    ///
    /// Families of every degree from the order of the derivative to the highest order in use are exact; a family of
    /// higher degree often lies wholly on directions that a higher-order term has brought already.
    fn interpolate(
        &self,
        term: &Term,
        highest: u32,
        families: &mut Families,
    ) -> Result<Vec<(Seed, Rational)>, StrategyError> {
        let exponents: Vec<u32> = term.factors.iter().map(|(_, power)| *power).collect();
        let mut best = directions_of(term, families.get(&exponents, term.order())?);
        let new = |candidate: &[(Seed, Rational)]| {
            candidate.iter().filter(|(direction, _)| !self.weights.contains_key(direction)).count()
        };
        let mut fewest = new(&best);
        for degree in term.order() + 1..=highest {
            // A family that would cost too much is no reason to give up: there is one already.
            let Ok(family) = families.get(&exponents, degree) else { break };
            let candidate = directions_of(term, family);
            if new(&candidate) < fewest {
                fewest = new(&candidate);
                best = candidate;
            }
        }
        Ok(best)
    }

    fn drop_cancelled(&mut self) {
        for orders in self.weights.values_mut() {
            orders.retain(|_, weights| !weights.is_empty());
        }
        self.weights.retain(|_, orders| !orders.is_empty());
    }
}

/// Refuses at once what asks for too many directions: a family of degree k has C(k + p − 1, p − 1) of them.
fn check_nodes(terms: &[(usize, Term)]) -> Result<(), StrategyError> {
    let mut nodes = 0usize;
    for (_, term) in terms.iter().filter(|(_, term)| term.factors.len() > 1) {
        let (order, variables) = (term.order(), term.factors.len());
        let family = (1..variables).fold(1usize, |count, p| count.saturating_mul(order as usize + p) / p);
        nodes = nodes.saturating_add(family);
        if nodes > MAX_NODES {
            return Err(StrategyError::Interpolation { order, variables, limit: MAX_NODES as u64 });
        }
    }
    Ok(())
}

/// Interpolation families by exponents and degree: operators repeat a few patterns many times.
struct Families {
    known: HashMap<(Vec<u32>, u32), Vec<Direction>>,
    /// Terms that may still be summed.
    left: u64,
}

impl Families {
    fn get(&mut self, exponents: &[u32], degree: u32) -> Result<&[Direction], StrategyError> {
        let key = (exponents.to_vec(), degree);
        if !self.known.contains_key(&key) {
            let cost = family_cost(exponents, degree);
            self.left = self.left.checked_sub(cost).ok_or(StrategyError::Interpolation {
                order: exponents.iter().sum(),
                variables: exponents.len(),
                limit: MAX_INTERPOLATION_COST,
            })?;
            self.known.insert(key.clone(), family(exponents, degree));
        }
        Ok(&self.known[&key])
    }
}

/// The directions Σₚ jₚ vₚ of a family as primitive directions with their weights γ·(scale)ᵏ.
fn directions_of(term: &Term, family: &[Direction]) -> Vec<(Seed, Rational)> {
    let order = term.order();
    let mut collected: BTreeMap<Seed, Rational> = BTreeMap::new();
    for direction in family {
        let entries = term
            .factors
            .iter()
            .zip(&direction.coefficients)
            .map(|((variable, _), &j)| (*variable, integer(j)));
        if let Some((primitive, scale)) = primitive(&Seed::from_entries(entries)) {
            *collected.entry(primitive).or_default() += &direction.weight * power(&scale, order);
        }
    }
    collected.into_iter().filter(|(_, weight)| !weight.is_zero()).collect()
}

/// One term of a symbol, the highest exponents first.
#[derive(Debug)]
struct Term {
    weight: Rational,
    factors: Vec<(u32, u32)>,
}

impl Term {
    fn new(monomial: &MultiIndex, weight: &Rational) -> Self {
        let mut factors: Vec<(u32, u32)> = monomial.pairs().collect();
        // Terms that differ by the order of their exponents alone share a family.
        factors.sort_by_key(|(_, exponent)| std::cmp::Reverse(*exponent));
        Self { weight: weight.clone(), factors }
    }

    fn order(&self) -> u32 {
        self.factors.iter().map(|(_, exponent)| exponent).sum()
    }
}

/// `direction` = scale · primitive with coprime integer entries, the first positive; nothing for the zero vector.
fn primitive(direction: &Seed) -> Option<(Seed, Rational)> {
    let (_, first) = direction.iter().next()?;
    let numerators = direction.iter().fold(num_bigint::BigInt::default(), |gcd, (_, v)| gcd.gcd(v.numer()));
    let denominators = direction.iter().fold(num_bigint::BigInt::from(1), |lcm, (_, v)| lcm.lcm(v.denom()));
    let scale = Rational::new(numerators, denominators);
    let scale = if first.is_negative() { -scale } else { scale };
    Some((direction.scale(&scale.recip()), scale))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jetc_combinatorics::rational::ratio;

    #[test]
    fn opposite_and_stretched_directions_are_one() {
        let direction = |a, b| Seed::from_entries([(0, a), (3, b)]);
        let (expected, scale) = primitive(&direction(integer(2), integer(-3))).unwrap();
        assert_eq!(scale, integer(1));
        for factor in [ratio(-1, 1), ratio(5, 7), ratio(-4, 3)] {
            let stretched = direction(&factor * integer(2), &factor * integer(-3));
            assert_eq!(primitive(&stretched).unwrap(), (expected.clone(), factor));
        }
        assert_eq!(primitive(&Seed::zero()), None);
    }
}
