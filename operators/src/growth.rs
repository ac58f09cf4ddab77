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
//! Squares of a second-order part, F = Σ dᵣ (sᵣ·ξ)², are variables that no file names: for them the sums of |dᵣ| |sᵣᵢ| |sᵣⱼ| are
//! compared with the entries of F, and κ is multiplied with the quotient (`of_squares`).
//!
//! Checked by `interpolation_grows_and_monomials_do_not` and
//! `squares_of_positive_forms_do_not_grow_and_differences_of_squares_do`.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::{Signed, ToPrimitive};

use crate::algebra::{ChannelId, JetAlgebra};
use crate::plan::PlannedReadout;
use crate::spec::Variables;

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

    /// The same where the second-order parts are along squares.
    pub(crate) fn with_squares(mut self, variables: &Variables, readouts: &[PlannedReadout]) -> Self {
        let all: Vec<Self> =
            readouts.iter().filter_map(|readout| of_squares(variables, &readout.symbol)).collect();
        self.cancels |= all.iter().any(|growth| growth.cancels);
        self.factor *= all.iter().map(|growth| growth.factor).fold(1.0, f64::max);
        self
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

/// An entry of F of at most this part of its sum of sizes is what rounding makes of zero.
const VANISHES: f64 = 1e-9;

/// max Σ |dᵣ| |sᵣᵢ| |sᵣⱼ| / max |Σ dᵣ sᵣᵢ sᵣⱼ| over the coordinates i, j, and whether an entry cancels; nothing without
/// squares.
fn of_squares(variables: &Variables, symbol: &Polynomial) -> Option<Growth> {
    let mut sums: HashMap<(u32, u32), (f64, f64)> = HashMap::new();
    for (monomial, weight) in symbol.terms().filter(|(monomial, _)| monomial.degree() == 2) {
        let variable = monomial.pairs().next().filter(|(_, power)| *power == 2)?.0;
        let vector: Vec<(u32, f64)> =
            variables.direction(variable)?.iter().map(|(i, entry)| (i, entry.to_f64())).collect();
        let weight = weight.to_f64()?;
        for &(i, a) in &vector {
            for &(j, b) in vector.iter().filter(|(j, _)| *j <= i) {
                let sum = sums.entry((i, j)).or_default();
                sum.0 += weight * a * b;
                sum.1 += (weight * a * b).abs();
            }
        }
    }
    let largest = |of: fn(&(f64, f64)) -> f64| sums.values().map(of).fold(0.0, f64::max);
    let (signed, unsigned) = (largest(|sum| sum.0.abs()), largest(|sum| sum.1));
    let cancels = sums.values().any(|(signed, unsigned)| signed.abs() < VANISHES * unsigned);
    (signed > 0.0).then_some(Growth { factor: (unsigned / signed).max(1.0), cancels })
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

#[cfg(test)]
mod tests {
    use crate::OperatorSpec;
    use crate::strategy::{Basis, Strategy};

    fn plan(outputs: &str, strategy: Strategy) -> crate::Plan {
        let text = format!(
            "coordinates: [x, y]\ndirections: {{v: {{rows: [[0.37, 1], [0.91, -1], [1, 0.29]]}}}}\noutputs: {outputs}\n"
        );
        OperatorSpec::from_yaml("test", &text)
            .unwrap_or_else(|error| panic!("{error}"))
            .plan(strategy)
            .unwrap()
    }

    #[test]
    fn squares_of_positive_forms_do_not_grow_and_differences_of_squares_do() {
        // Three directions in two dimensions: along two squares, all of one sign.
        let positive = plan("{r: 'hess(u, v)'}", Strategy::Collapsed);
        assert_eq!((positive.basis(), positive.growth().cancels), (Basis::Squares, false));
        // ((x + y)² − (x − y)²)/4 adds up ¼ + ¼ of ∂²/∂x² to take nothing of it.
        let mut variables = crate::Variables::new(2);
        let direction = |entries: [i32; 2]| {
            crate::Direction::exact((0..).zip(entries.map(jetc_combinatorics::rational::integer)))
        };
        let [sum, difference] = [[1, 1], [1, -1]].map(|e| variables.push(String::new(), Some(direction(e))));
        let square = |v| jetc_combinatorics::MultiIndex::from_pairs([(v, 2)]);
        let quarter = jetc_combinatorics::rational::ratio(1, 4);
        let symbol = jetc_combinatorics::Polynomial::from_terms([
            (square(sum), quarter.clone()),
            (square(difference), -quarter),
        ]);
        assert_eq!(
            super::of_squares(&variables, &symbol),
            Some(super::Growth { factor: 1.0, cancels: true })
        );
    }
}
