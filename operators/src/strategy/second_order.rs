//! Operators up to second order: nothing is eliminated but what is of first order, so no number grows and no readout is a
//! difference of channels.
//!
//! | notation | name |
//! |---|---|
//! | Pₒ = Σⱼ aₒⱼ Fⱼ + lₒ·η + kₒ | the symbols; the Fⱼ are independent second-order parts of some of them |
//! | X | the variables of the Fⱼ |
//! | ηᵢ ∈ X | a channel seeded with ηᵢ |
//! | σⱼ | a channel of order two; ηᵢηₖ = Σⱼ mⱼ σⱼ with mⱼ the coefficient of ηᵢηₖ in Fⱼ, twice for i = k, over `scale`ⱼ |
//!
//! ρₒ(σⱼ) = aₒⱼ `scale`ⱼ, with a scale that makes the first product 1. Of lₒ, what lies in X is read from its channels. The rest
//! either has channels of its own, or σⱼ is seeded with that of the symbol that Fⱼ came from: for u_t − Δu that saves a
//! channel. Where it saves none, σⱼ stays unseeded, so that lap(u) beside u_t − lap(u) is not read as a difference.
//!
//! So d = 1 + |X| + the number of Fⱼ + what the rest needs: the least possible where the derivatives of the Fⱼ are as many as
//! their variables. Checked by the certificate, like every algebra, and by
//! `powers_of_the_laplacian_have_the_published_channel_counts`.

use std::collections::BTreeSet;

use hashbrown::HashMap;
use jetc_combinatorics::elimination::{Echelon, Insertion};
use jetc_combinatorics::rational::{integer, product};
use jetc_combinatorics::{MultiIndex, Polynomial, Rational, SparseVector};

use super::{Names, StrategyError, monomial_name};
use crate::algebra::{Channel, ChannelId, JetAlgebra, Product, Readout, Seed};

/// The algebra of symbols of order two at most.
///
/// # Errors
/// [`StrategyError::TooMuchWork`] where telling the second-order parts apart takes too long.
pub(super) fn propose(
    symbols: &[&Polynomial],
    names: Names<'_>,
) -> Result<(JetAlgebra, Vec<Readout>), StrategyError> {
    let forms = Forms::new(symbols)?;
    let support: BTreeSet<u32> = forms.basis.iter().flat_map(|form| variables(&form.polynomial)).collect();
    let support: Vec<u32> = support.into_iter().collect();
    let rest = Rest::new(symbols, &forms, &support);
    let layout = Layout { support: &support, rest: rest.channels.len() };
    let order_one = support.iter().map(|&variable| Seed::unit(variable)).chain(rest.channels.iter().cloned());
    let first = order_one.map(|seed| Channel { name: seed_name(&seed, names), order: 1, seed });
    let second = forms.basis.iter().enumerate().map(|(number, form)| Channel {
        name: forms.name(number, names),
        order: 2,
        seed: rest.seeds[number].scale(&form.scale.recip()),
    });
    let products = forms.basis.iter().enumerate().flat_map(|(number, form)| form.products(number, &layout));
    let algebra = JetAlgebra::new(first.chain(second).collect(), products.collect());
    let readouts = symbols.iter().zip(&forms.combinations).zip(&rest.readouts);
    let readout =
        |((symbol, combination), rest): ((&&Polynomial, &SparseVector<usize>), &SparseVector<usize>)| {
            let second =
                combination.iter().map(|(&j, weight)| (layout.sigma(j), weight * &forms.basis[j].scale));
            let inside = slope(symbol)
                .iter()
                .filter_map(|(&variable, weight)| Some((layout.variable(variable)?, weight.clone())))
                .collect::<Vec<_>>();
            let outside = rest.iter().map(|(&channel, weight)| (layout.extra(channel), weight.clone()));
            let value = (ChannelId::VALUE, symbol.coefficient(&MultiIndex::one()));
            Readout::from_entries(second.chain(inside).chain(outside).chain([value]))
        };
    Ok((algebra, readouts.map(readout).collect()))
}

/// Whether no algebra has fewer channels than [`propose`] makes for these symbols, without a look at their ranks: the
/// second-order parts are multiples of one that is diagonal.
pub(super) fn is_clearly_least(symbols: &[&Polynomial]) -> bool {
    let parts = symbols.iter().map(|symbol| symbol.homogeneous_part(2)).filter(|part| !part.is_zero());
    let mut first: Option<Polynomial> = None;
    for part in parts {
        let is_diagonal = part.terms().all(|(monomial, _)| monomial.pairs().len() == 1);
        let is_multiple = first.as_ref().is_none_or(|first| crate::frame::proportion(&part, first).is_some());
        if !is_diagonal || !is_multiple {
            return false;
        }
        first.get_or_insert(part);
    }
    true
}

/// lₒ
fn slope(symbol: &Polynomial) -> Seed {
    let linear = symbol.homogeneous_part(1);
    Seed::from_entries(linear.terms().flat_map(|(monomial, coefficient)| {
        monomial.pairs().map(|(variable, _)| (variable, coefficient.clone())).collect::<Vec<_>>()
    }))
}

fn variables(form: &Polynomial) -> Vec<u32> {
    form.terms().flat_map(|(monomial, _)| monomial.pairs().map(|(variable, _)| variable)).collect()
}

/// A variable's own name, or that of a sum.
fn seed_name(seed: &Seed, names: Names<'_>) -> String {
    const SHOWN: usize = 4;
    if let Some(&variable) = seed.as_unit() {
        return names.of(variable);
    }
    let variables: Vec<String> = seed.iter().take(SHOWN).map(|(&variable, _)| names.of(variable)).collect();
    let others = if seed.len() > SHOWN { ", …" } else { "" };
    format!("l({}{others})", variables.join(", "))
}

/// Where every channel is: X, the rest of first order, the σ.
struct Layout<'a> {
    support: &'a [u32],
    rest: usize,
}

impl Layout<'_> {
    fn variable(&self, variable: u32) -> Option<ChannelId> {
        self.support.binary_search(&variable).ok().map(|place| ChannelId::new(1 + place))
    }

    fn extra(&self, number: usize) -> ChannelId {
        ChannelId::new(1 + self.support.len() + number)
    }

    fn sigma(&self, number: usize) -> ChannelId {
        ChannelId::new(1 + self.support.len() + self.rest + number)
    }
}

/// One Fⱼ.
struct Form {
    polynomial: Polynomial,
    scale: Rational,
    /// The symbol that it comes from.
    symbol: usize,
}

impl Form {
    fn products<'a>(&'a self, number: usize, layout: &'a Layout<'_>) -> impl Iterator<Item = Product> + 'a {
        let once = self.scale.recip();
        let twice = integer(2) * &once;
        self.polynomial.terms().map(move |(monomial, weight)| {
            let channels: Vec<ChannelId> =
                monomial.pairs().filter_map(|(variable, _)| layout.variable(variable)).collect();
            let (left, right, times) = match channels[..] {
                [only] => (only, only, &twice),
                [first, second] => (first, second, &once),
                _ => unreachable!("a form of order two has one or two variables in each term"),
            };
            Product { left, right, result: layout.sigma(number), coefficient: product(weight, times) }
        })
    }
}

/// The second-order parts, each as a combination of independent ones.
struct Forms {
    basis: Vec<Form>,
    /// aₒ
    combinations: Vec<SparseVector<usize>>,
}

impl Forms {
    fn new(symbols: &[&Polynomial]) -> Result<Self, StrategyError> {
        let mut forms = Self { basis: Vec::new(), combinations: Vec::with_capacity(symbols.len()) };
        let mut echelon: Echelon<MultiIndex> = Echelon::new();
        for (number, symbol) in symbols.iter().enumerate() {
            let part = symbol.homogeneous_part(2);
            let entries = part.terms().map(|(monomial, weight)| (monomial.clone(), weight.clone()));
            let insertion = echelon.insert(SparseVector::from_entries(entries));
            if echelon.work() > super::MOST_WORK {
                return Err(StrategyError::TooMuchWork);
            }
            forms.combinations.push(match insertion {
                Insertion::Independent(place) => {
                    let (monomial, weight) = part.terms().next().expect("independent parts are not zero");
                    let scale =
                        if monomial.pairs().len() == 1 { weight * integer(2) } else { weight.clone() };
                    forms.basis.push(Form { polynomial: part, scale, symbol: number });
                    SparseVector::unit(place)
                }
                Insertion::Dependent(combination) => combination,
            });
        }
        Ok(forms)
    }

    /// Called after the first product that it is, if no other is.
    fn name(&self, number: usize, names: Names<'_>) -> String {
        let first = |form: &Form| form.polynomial.terms().next().map(|(monomial, _)| monomial.clone());
        let mine = first(&self.basis[number]);
        let is_only = self.basis.len() == 1 || {
            let mut counts: HashMap<Option<MultiIndex>, usize> = HashMap::new();
            self.basis.iter().for_each(|form| *counts.entry(first(form)).or_default() += 1);
            counts[&mine] == 1
        };
        match mine {
            Some(monomial) if is_only => monomial_name(&monomial, names),
            _ => format!("sigma{}", number + 1),
        }
    }
}

/// What the symbols have of first order outside of X.
struct Rest {
    /// Seeds of channels of their own.
    channels: Vec<Seed>,
    /// What each symbol reads of these.
    readouts: Vec<SparseVector<usize>>,
    /// By form: what σⱼ is seeded with, before it is scaled.
    seeds: Vec<Seed>,
}

impl Rest {
    fn new(symbols: &[&Polynomial], forms: &Forms, support: &[u32]) -> Self {
        let outside: Vec<Seed> = symbols
            .iter()
            .map(|symbol| {
                let slope = slope(symbol);
                let entries = slope.iter().filter(|(variable, _)| support.binary_search(variable).is_err());
                Seed::from_entries(entries.map(|(&variable, weight)| (variable, weight.clone())))
            })
            .collect();
        let unseeded = Self::along(&outside, vec![Seed::zero(); forms.basis.len()]);
        let seeds: Vec<Seed> = forms.basis.iter().map(|form| outside[form.symbol].clone()).collect();
        if seeds.iter().all(Seed::is_empty) {
            return unseeded;
        }
        let left = outside.iter().zip(&forms.combinations).map(|(slope, combination)| {
            let mut left = slope.clone();
            for (&form, weight) in combination.iter() {
                left.add_scaled(&seeds[form], &-weight);
            }
            left
        });
        let seeded = Self::along(&left.collect::<Vec<_>>(), seeds);
        if seeded.channels.len() < unseeded.channels.len() { seeded } else { unseeded }
    }

    /// Channels for the span of these slopes: along the variables themselves, if these are no more.
    fn along(slopes: &[Seed], seeds: Vec<Seed>) -> Self {
        let mut echelon = Echelon::new();
        let mut channels = Vec::new();
        let insert = |slope: &Seed| match echelon.insert(slope.clone()) {
            Insertion::Independent(number) => {
                channels.push(slope.clone());
                SparseVector::unit(number)
            }
            Insertion::Dependent(combination) => combination,
        };
        let readouts: Vec<SparseVector<usize>> = slopes.iter().map(insert).collect();
        let variables: BTreeSet<u32> =
            slopes.iter().flat_map(|slope| slope.iter().map(|(&v, _)| v).collect::<Vec<_>>()).collect();
        if variables.len() > channels.len() {
            return Self { channels, readouts, seeds };
        }
        let variables: Vec<u32> = variables.into_iter().collect();
        let place = |variable: &u32| variables.binary_search(variable).expect("a variable of a slope");
        let read = |slope: &Seed| {
            SparseVector::from_entries(
                slope.iter().map(|(variable, weight)| (place(variable), weight.clone())),
            )
        };
        let readouts = slopes.iter().map(read).collect();
        Self { channels: variables.iter().map(|&variable| Seed::unit(variable)).collect(), readouts, seeds }
    }
}
