//! The smallest algebra that carries a set of symbols: ℚ\[t\]/Ann P with a basis of monomials.
//!
//! Seeds: variable i perturbs along the class of tᵢ. Readout: ρₒ(t^β) = (∂^β Pₒ)(0). The certificate then reads
//! ρₒ(x̂^α) = (∂^α Pₒ)(0) = α! \[ξ^α\] Pₒ. Theory and proof of minimality: [`jetc_combinatorics::inverse_system`].

use jetc_combinatorics::rational::integer;
use jetc_combinatorics::{InverseSystem, MultiIndex, Polynomial, SparseVector};

use super::{Names, StrategyError, monomial_name};
use crate::algebra::{Channel, ChannelId, JetAlgebra, Product, Readout, Seed};

/// The inverse system of the symbols.
pub(super) fn propose(
    symbols: &[&Polynomial],
    names: Names<'_>,
) -> Result<(JetAlgebra, Vec<Readout>), StrategyError> {
    let owned: Vec<Polynomial> = symbols.iter().map(|&symbol| symbol.clone()).collect();
    let system = InverseSystem::new(&owned)?;
    // Where every symbol vanishes the basis is empty; the value channel is there all the same.
    let basis = system.basis().get(1..).unwrap_or(&[]);
    let channels = basis.iter().zip(seeds(&system, symbols)).map(|(monomial, seed)| Channel {
        name: monomial_name(monomial, names),
        order: monomial.degree(),
        seed,
    });
    let products = system.structure_constants()?.into_iter().map(|c| Product {
        left: ChannelId::new(c.left),
        right: ChannelId::new(c.right),
        result: ChannelId::new(c.product),
        coefficient: c.coefficient,
    });
    let readouts = symbols.iter().map(|symbol| readout(symbol, system.basis())).collect();
    Ok((JetAlgebra::new(channels.collect(), products.collect()), readouts))
}

/// The seeds of channels 1, 2, …: tᵢ ↦ ηᵢ, expressed in the basis.
fn seeds(system: &InverseSystem, symbols: &[&Polynomial]) -> Vec<Seed> {
    let mut variables: Vec<u32> = symbols
        .iter()
        .flat_map(|symbol| symbol.terms())
        .flat_map(|(monomial, _)| monomial.pairs().map(|(variable, _)| variable).collect::<Vec<_>>())
        .collect();
    variables.sort_unstable();
    variables.dedup();
    let mut entries = vec![Vec::new(); system.basis().len().saturating_sub(1)];
    for variable in variables {
        let class = system.coordinates(&MultiIndex::variable(variable));
        for (&channel, value) in class.into_iter().flat_map(SparseVector::iter) {
            entries[channel - 1].push((variable, value.clone()));
        }
    }
    entries.into_iter().map(Seed::from_entries).collect()
}

/// ρ(t^β) = (∂^β P)(0) = β! [ξ^β] P on the basis.
fn readout(symbol: &Polynomial, basis: &[MultiIndex]) -> Readout {
    let entries = basis.iter().enumerate().map(|(index, beta)| {
        let value = symbol.coefficient(beta) * integer(beta.factorial());
        (ChannelId::new(index), value)
    });
    Readout::from_entries(entries)
}
