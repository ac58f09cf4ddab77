//! A diagonal product table for operators of second order.
//!
//! Where every product of first-order channels lands on one channel σ, it is a quadratic form, hᵀMh σ. Written as a sum
//! of squares Σ dᵣ (sᵣ·h)² it needs one product for each channel instead of one for each pair: the weighted Laplacian
//! of rank R costs R products. The change of channels is h′ᵣ = sᵣ·h; forms that complete the sᵣ to a basis carry what
//! has no square. Checked by the certificate, like every algebra.

use std::collections::BTreeSet;

use jetc_combinatorics::elimination::{Echelon, Insertion};
use jetc_combinatorics::quadratic_form;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational, SparseVector};

use super::Proposal;
use crate::algebra::{Channel, ChannelId, JetAlgebra, Product, Readout};
use crate::spec::Direction;

/// Changes to a basis with a diagonal product table where there is a single second-order channel to land on.
pub(super) fn diagonalise(proposal: Proposal) -> Proposal {
    let algebra = &proposal.algebra;
    let landing: BTreeSet<ChannelId> = algebra.products().iter().map(|p| p.result).collect();
    let [sigma] = landing.iter().copied().collect::<Vec<_>>()[..] else { return proposal };
    let already_diagonal = algebra.products().iter().all(|p| p.left == p.right);
    if already_diagonal {
        return proposal;
    }
    let squares = quadratic_form::diagonalise(&form(algebra));
    let weights: Vec<Rational> = squares.iter().map(|square| square.weight.clone()).collect();
    let forms = complete(squares.into_iter().map(|square| square.direction).collect(), algebra, sigma);
    rebuild(&proposal, sigma, &forms, &weights)
}

/// hᵀMh as a polynomial, one variable for each channel.
fn form(algebra: &JetAlgebra) -> Polynomial {
    Polynomial::from_terms(algebra.products().iter().map(|p| {
        let both_orders = if p.left == p.right { 1 } else { 2 };
        let monomial = MultiIndex::from_pairs([(variable(p.left), 1), (variable(p.right), 1)]);
        (monomial, &p.coefficient * Rational::from_integer(both_orders.into()))
    }))
}

fn variable(channel: ChannelId) -> u32 {
    u32::try_from(channel.index()).expect("channels are numbered in 32 bits")
}

/// Appends single channels to independent forms until they are a basis of all first-order channels.
fn complete(
    mut forms: Vec<SparseVector<u32>>,
    algebra: &JetAlgebra,
    sigma: ChannelId,
) -> Vec<SparseVector<u32>> {
    let mut echelon = Echelon::new();
    for form in &forms {
        echelon.insert(form.clone());
    }
    for (id, _) in algebra.channels().skip(1).filter(|(id, _)| *id != sigma) {
        let unit = SparseVector::unit(variable(id));
        if let Insertion::Independent(_) = echelon.insert(unit.clone()) {
            forms.push(unit);
        }
    }
    forms
}

/// The algebra in the channels h′ᵣ = formᵣ·h; σ stays and comes last.
fn rebuild(
    proposal: &Proposal,
    sigma: ChannelId,
    forms: &[SparseVector<u32>],
    weights: &[Rational],
) -> Proposal {
    let old = &proposal.algebra;
    let new_sigma = ChannelId::new(forms.len() + 1);
    let mut channels: Vec<Channel> = forms
        .iter()
        .enumerate()
        .map(|(number, form)| Channel { name: format!("q{}", number + 1), order: 1, seed: seed(old, form) })
        .collect();
    channels.push(old.channel(sigma).clone());
    let products = weights.iter().enumerate().map(|(number, weight)| {
        let q = ChannelId::new(number + 1);
        Product { left: q, right: q, result: new_sigma, coefficient: weight.clone() }
    });
    let algebra = JetAlgebra::new(channels, products.collect());
    let in_forms = Coordinates::new(forms);
    let translate = |readout: &Readout| in_forms.readout(readout, sigma, new_sigma);
    Proposal { algebra, readouts: proposal.readouts.iter().map(translate).collect() }
}

/// x̂ᵣ′ = formᵣ·x̂: the seed of a new channel is the same combination of the old seeds.
fn seed(algebra: &JetAlgebra, form: &SparseVector<u32>) -> Direction {
    let mut seed = Direction::zero();
    for (&channel, weight) in form.iter() {
        seed.add_scaled(&algebra.channel(ChannelId::new(channel as usize)).seed, weight);
    }
    seed
}

/// Expresses linear functionals of the old channels in the new ones.
struct Coordinates {
    echelon: Echelon<u32>,
}

impl Coordinates {
    fn new(forms: &[SparseVector<u32>]) -> Self {
        let mut echelon = Echelon::new();
        for form in forms {
            echelon.insert(form.clone());
        }
        Self { echelon }
    }

    /// The same functional on the new channels: value and σ keep their weights, the rest is a combination of forms.
    fn readout(&self, readout: &Readout, sigma: ChannelId, new_sigma: ChannelId) -> Readout {
        let mut first_order = SparseVector::zero();
        let mut entries = Vec::new();
        for (&channel, weight) in readout.iter() {
            match channel {
                ChannelId::VALUE => entries.push((channel, weight.clone())),
                _ if channel == sigma => entries.push((new_sigma, weight.clone())),
                _ => first_order.add_entry(variable(channel), weight.clone()),
            }
        }
        let Insertion::Dependent(combination) = self.echelon.clone().insert(first_order) else {
            unreachable!("the forms are a basis of all first-order channels");
        };
        entries.extend(combination.iter().map(|(&form, weight)| (ChannelId::new(form + 1), weight.clone())));
        Readout::from_entries(entries)
    }
}
