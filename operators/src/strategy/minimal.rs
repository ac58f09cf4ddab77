//! The smallest algebra that carries a set of symbols: ℚ\[t\]/Ann P with a basis of monomials.
//!
//! Seeds: coordinate i perturbs along the class of tᵢ. Readout: ρₒ(t^β) = (∂^β Pₒ)(0). The certificate then reads
//! ρₒ(x̂^α) = (∂^α Pₒ)(0) = α! \[ξ^α\] Pₒ. Theory and proof of minimality: [`jetc_combinatorics::inverse_system`].
//!
//! Operators of second order that share one form have a basis in which the product table is diagonal ([`super::squares`]).
//! Where the numbers of a form are too long to eliminate with, the smallest of the algebras that need no elimination
//! is taken: that of the squares, that of all directions side by side, or that of the coordinates.

use jetc_combinatorics::rational::integer;
use jetc_combinatorics::{InverseSystem, MultiIndex, Polynomial};

use super::univariate::{self, Top};
use super::{Proposal, StrategyError, coordinates as along_coordinates, squares};
use crate::algebra::{Channel, ChannelId, JetAlgebra, Product, Readout};
use crate::spec::Direction;
use crate::squares::PreparedPart;

pub(super) fn propose(
    parts: &[PreparedPart],
    coordinates: &[String],
    most: u64,
) -> Result<Proposal, StrategyError> {
    let shared = squares::propose(parts, coordinates);
    if !parts.iter().all(|part| part.squares.is_some()) || !parts.iter().any(|part| part.is_long) {
        let symbols: Vec<Polynomial> = parts.iter().map(|part| part.symbol.clone()).collect();
        return shared.map_or_else(|| by_elimination(&symbols, coordinates), Ok);
    }
    let side_by_side = || univariate::propose(parts, Top::Collapsed, most);
    let with_directions = shared.map_or_else(side_by_side, Ok)?;
    let with_coordinates = along_coordinates::propose(parts, coordinates);
    let is_smaller = with_coordinates.algebra.dimension() < with_directions.algebra.dimension();
    Ok(if is_smaller { with_coordinates } else { with_directions })
}

/// The inverse system of the symbols.
fn by_elimination(symbols: &[Polynomial], coordinates: &[String]) -> Result<Proposal, StrategyError> {
    let system = InverseSystem::new(symbols)?;
    // Where every symbol vanishes the basis is empty; the value channel is there all the same.
    let basis = system.basis().get(1..).unwrap_or(&[]);
    let seeds = seeds(&system, coordinates.len());
    let channels = basis.iter().zip(seeds).map(|(monomial, seed)| Channel {
        name: monomial_name(monomial, coordinates),
        order: monomial.degree(),
        seed,
    });
    let products = system.structure_constants().into_iter().map(|c| Product {
        left: ChannelId::new(c.left),
        right: ChannelId::new(c.right),
        result: ChannelId::new(c.product),
        coefficient: c.coefficient,
    });
    let readouts = symbols.iter().map(|symbol| readout(symbol, system.basis())).collect();
    Ok(Proposal { algebra: JetAlgebra::new(channels.collect(), products.collect()), readouts })
}

/// The seeds of channels 1, 2, …: tᵢ ↦ eᵢ, expressed in the basis.
fn seeds(system: &InverseSystem, dimension: usize) -> Vec<Direction> {
    let mut entries = vec![Vec::new(); system.basis().len().saturating_sub(1)];
    for variable in (0..).take(dimension) {
        let class = system.coordinates(&MultiIndex::variable(variable));
        for (&channel, value) in class.into_iter().flat_map(jetc_combinatorics::SparseVector::iter) {
            entries[channel - 1].push((variable, value.clone()));
        }
    }
    entries.into_iter().map(Direction::from_entries).collect()
}

/// ρ(t^β) = (∂^β P)(0) = β! [ξ^β] P on the basis.
fn readout(symbol: &Polynomial, basis: &[MultiIndex]) -> Readout {
    let entries = basis.iter().enumerate().map(|(index, beta)| {
        let value = symbol.coefficient(beta) * integer(beta.factorial());
        (ChannelId::new(index), value)
    });
    Readout::from_entries(entries)
}

/// `x^2*y` in the names of the coordinates.
fn monomial_name(monomial: &MultiIndex, coordinates: &[String]) -> String {
    let factors = monomial.pairs().map(|(variable, exponent)| {
        let name = &coordinates[variable as usize];
        if exponent > 1 { format!("{name}^{exponent}") } else { name.clone() }
    });
    itertools::join(factors, "*")
}
