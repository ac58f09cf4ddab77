//! Second-order operators along the coordinates themselves: nothing is eliminated, so no number grows.
//!
//! One channel xᵢ for each coordinate in use and one σⱼ for each independent second-order part Qⱼ; xᵢxₖ = Σⱼ mⱼ σⱼ with mⱼ the
//! coefficient of ξᵢξₖ in Qⱼ, twice for i = k. The product table is full, but there are only n + 2 channels however many
//! first-order readouts there are. Checked by the certificate, like every algebra.

use std::collections::BTreeSet;

use jetc_combinatorics::elimination::{Echelon, Insertion};
use jetc_combinatorics::rational::integer;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational, SparseVector};
use num_traits::One;

use super::Proposal;
use crate::algebra::{Channel, ChannelId, JetAlgebra, Product, Readout};
use crate::spec::Direction;
use crate::squares::PreparedPart;

/// The algebra of parts of order two at most.
pub(super) fn propose(parts: &[PreparedPart], coordinates: &[String]) -> Proposal {
    let support: BTreeSet<u32> = parts
        .iter()
        .flat_map(|part| part.symbol.terms())
        .flat_map(|(monomial, _)| monomial.pairs().map(|(variable, _)| variable).collect::<Vec<_>>())
        .collect();
    let support: Vec<u32> = support.into_iter().collect();
    let channel = |variable: u32| {
        ChannelId::new(1 + support.binary_search(&variable).expect("the variables of all symbols"))
    };
    let sigma = |number: usize| ChannelId::new(1 + support.len() + number);
    let mut forms = Forms::default();
    let readouts = parts.iter().map(|part| {
        let second = forms.read(&part.symbol.homogeneous_part(2));
        let second =
            second.iter().map(|(&number, weight)| (sigma(number), weight.clone())).collect::<Vec<_>>();
        let lower = part.symbol.terms().filter(|(monomial, _)| monomial.degree() < 2);
        let lower = lower.map(|(monomial, weight)| {
            let variable = monomial.pairs().next();
            (variable.map_or(ChannelId::VALUE, |(variable, _)| channel(variable)), weight.clone())
        });
        Readout::from_entries(second.into_iter().chain(lower))
    });
    let readouts = readouts.collect();
    let along = support.iter().map(|&variable| Channel {
        name: coordinates[variable as usize].clone(),
        order: 1,
        seed: Direction::unit(variable),
    });
    let sums = (1..=forms.basis.len()).map(|number| Channel {
        name: format!("sigma{number}"),
        order: 2,
        seed: Direction::zero(),
    });
    let products =
        forms.basis.iter().enumerate().flat_map(|(number, form)| {
            form.terms().map(move |(monomial, weight)| (number, monomial, weight))
        });
    let products = products.map(|(number, monomial, weight)| {
        let mut variables = monomial.pairs().map(|(variable, _)| variable);
        let first = variables.next().expect("a form has variables");
        let (second, times) = variables.next().map_or((first, 2), |second| (second, 1));
        Product {
            left: channel(first),
            right: channel(second),
            result: sigma(number),
            coefficient: weight * integer(times),
        }
    });
    Proposal { algebra: JetAlgebra::new(along.chain(sums).collect(), products.collect()), readouts }
}

/// The second-order parts, each as a combination of independent ones.
#[derive(Default)]
struct Forms {
    basis: Vec<Polynomial>,
    echelon: Echelon<MultiIndex>,
}

impl Forms {
    fn read(&mut self, form: &Polynomial) -> SparseVector<usize> {
        let entries = form.terms().map(|(monomial, weight)| (monomial.clone(), weight.clone()));
        match self.echelon.insert(SparseVector::from_entries(entries)) {
            Insertion::Independent(number) => {
                self.basis.push(form.clone());
                SparseVector::from_entries([(number, Rational::one())])
            }
            Insertion::Dependent(combination) => combination,
        }
    }
}
