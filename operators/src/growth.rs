//! How much a plan magnifies rounding: the condition number of its sums.
//!
//! | notation | name |
//! |---|---|
//! | \|A\| | the algebra with the sizes of its seeds and products in place of the numbers |
//! | Gₒ(α) = Σ_c \|ρₒ_c\| \[x̂^α\]_c / α! over \|A\| | what readout o adds up to take ∂^α f, all terms with the same sign |
//! | Pₒ(α) | what it should take of it: the coefficient of the symbol |
//! | κ = maxₒ max_α Gₒ(α) / max_β \|Pₒ(β)\|, \|β\| = \|α\| | [`Growth::factor`] |
//!
//! Every number of an evaluation in an arithmetic with unit roundoff ε carries a relative error of some ε, and sums carry those
//! of their terms: where derivatives of one order are of one size, a result is off by about κ ε times that size. The
//! certificate is exact and says nothing of this. Seeds are counted in the variables of the plan, whose vectors are of size
//! one, so κ is max \|weight\| · \|node\|^K of an interpolation, and 1 for an algebra that adds up just the terms of its symbol.
//!
//! Where Gₒ(α) > 0 = Pₒ(α), terms cancel: [`Growth::cancels`]. Then a derivative that is not asked for disturbs one that is,
//! and coordinates of different size make it worse than κ.
//!
//! Checked by `interpolation_grows_and_monomials_do_not` and `growth_bounds_the_sums_of_random_plans`.

use std::collections::BTreeMap;

use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::{Signed, ToPrimitive};

use crate::algebra::{ChannelId, JetAlgebra};
use crate::plan::PlannedReadout;

/// How much a plan magnifies rounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Growth {
    /// κ, at least 1.
    pub factor: f64,
    /// Whether readouts rely on terms that cancel.
    pub cancels: bool,
}

impl Growth {
    /// Of an algebra with these readouts.
    pub(crate) fn of(algebra: &JetAlgebra, readouts: &[PlannedReadout]) -> Self {
        let mut growth = Self { factor: 1.0, cancels: false };
        if has_no_minus(algebra, readouts) {
            return growth;
        }
        let exponential = exponential(algebra);
        for readout in readouts {
            let mut sums: BTreeMap<&MultiIndex, f64> = BTreeMap::new();
            for (channel, weight) in readout.functional.iter() {
                for (monomial, value) in exponential.get(channel).into_iter().flatten() {
                    *sums.entry(monomial).or_default() += size(weight) * value;
                }
            }
            growth.take(&sums, &readout.symbol);
        }
        growth
    }

    fn take(&mut self, sums: &BTreeMap<&MultiIndex, f64>, symbol: &Polynomial) {
        let mut largest: BTreeMap<u32, f64> = BTreeMap::new();
        for (monomial, coefficient) in symbol.terms() {
            let most = largest.entry(monomial.degree()).or_default();
            *most = most.max(size(coefficient));
        }
        let of_all = largest.values().fold(0.0, |most: f64, &value| most.max(value));
        for (monomial, &sum) in sums {
            let scale = largest.get(&monomial.degree()).copied().unwrap_or(of_all);
            // NaN, where a number is beyond doubles, is as bad as infinity.
            let ratio = if scale > 0.0 { sum / scale } else { f64::INFINITY };
            self.factor = if ratio.is_nan() { f64::INFINITY } else { self.factor.max(ratio) };
            self.cancels |= sum > 0.0 && symbol.get(monomial).is_none();
        }
    }
}

/// Whether |A| is A, and readouts add up: then Gₒ is Pₒ, by the certificate.
fn has_no_minus(algebra: &JetAlgebra, readouts: &[PlannedReadout]) -> bool {
    let seeds = algebra.channels().flat_map(|(_, channel)| channel.seed.iter().map(|(_, weight)| weight));
    let products = algebra.products().iter().map(|product| &product.coefficient);
    let weights = readouts.iter().flat_map(|readout| readout.functional.iter().map(|(_, weight)| weight));
    !seeds.chain(products).chain(weights).any(Signed::is_negative)
}

fn size(value: &Rational) -> f64 {
    value.abs().to_f64().unwrap_or(f64::INFINITY)
}

type Sizes = BTreeMap<ChannelId, Vec<(MultiIndex, f64)>>;

/// exp(ξ·x̂) over |A|, term by term as in [`crate::certificate`].
fn exponential(algebra: &JetAlgebra) -> Sizes {
    let seeded = algebra.channels().filter(|(_, channel)| !channel.seed.is_empty());
    let perturbation: Sizes = seeded
        .map(|(id, channel)| {
            (id, channel.seed.iter().map(|(&v, weight)| (MultiIndex::variable(v), size(weight))).collect())
        })
        .collect();
    let mut sum = Sizes::from([(ChannelId::VALUE, vec![(MultiIndex::one(), 1.0)])]);
    let mut term = perturbation.clone();
    let mut k = 1.0;
    while !term.is_empty() {
        k += 1.0;
        let next = multiply(algebra, &perturbation, &term, 1.0 / k);
        for (channel, terms) in term {
            sum.entry(channel).or_default().extend(terms);
        }
        term = next;
    }
    sum
}

fn multiply(algebra: &JetAlgebra, a: &Sizes, b: &Sizes, factor: f64) -> Sizes {
    let mut products: Sizes = BTreeMap::new();
    let mut accumulate =
        |x: Option<&Vec<(MultiIndex, f64)>>, y: Option<&Vec<(MultiIndex, f64)>>, result, weight: f64| {
            let (Some(x), Some(y)) = (x, y) else { return };
            let pairs = x.iter().flat_map(|(m, p)| y.iter().map(move |(n, q)| (m * n, weight * p * q)));
            products.entry(result).or_default().extend(pairs);
        };
    for p in algebra.products() {
        let weight = size(&p.coefficient) * factor;
        accumulate(a.get(&p.left), b.get(&p.right), p.result, weight);
        if p.left != p.right {
            accumulate(a.get(&p.right), b.get(&p.left), p.result, weight);
        }
    }
    for terms in products.values_mut() {
        terms.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        terms.dedup_by(|later, first| {
            let is_same = later.0 == first.0;
            if is_same {
                first.1 += later.1;
            }
            is_same
        });
    }
    products
}
