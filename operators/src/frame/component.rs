//! The second-order terms of a symbol, taken apart where no coordinate is shared.
//!
//! Exact elimination never mixes components, so what it costs is bounded for each: by Cramer's rule every number that
//! occurs is a quotient of minors of order at most k, the number of coordinates or of squares, and by Hadamard's inequality
//! a minor of whole numbers of b bits has at most k (b + ½ log₂ k) bits. Checked by
//! `numbers_of_exact_elimination_stay_within_the_bound`.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational, SparseVector};
use num_bigint::BigInt;
use num_integer::Integer;

use crate::spec::Variables;

/// Exact elimination is used up to this many bits: five directions of 40 bits, or twenty of ten.
const MOST_BITS: u64 = 256;

/// Second-order terms that share no coordinate with any other.
#[derive(Debug)]
pub(super) struct Component {
    pub(super) form: Polynomial,
    /// The coordinates that its variables move, in order.
    pub(super) coordinates: Vec<u32>,
}

/// Monomials with their coefficients.
type Terms = Vec<(MultiIndex, Rational)>;

/// The components of a form in the order of their first terms; every variable has a vector.
pub(super) fn components(form: &Polynomial, variables: &Variables) -> Vec<Component> {
    let moved = |monomial: &MultiIndex| -> Vec<u32> {
        monomial.pairs().flat_map(|(variable, _)| variables.support(variable)).collect()
    };
    let mut classes = Classes::default();
    for (monomial, _) in form.terms() {
        let mut coordinates = moved(monomial).into_iter();
        if let Some(first) = coordinates.next() {
            coordinates.for_each(|other| classes.join(first, other));
        }
    }
    let mut number_of_root: HashMap<u32, usize> = HashMap::new();
    let mut found: Vec<(Terms, Vec<u32>)> = Vec::new();
    for (monomial, weight) in form.terms() {
        let coordinates = moved(monomial);
        let Some(&first) = coordinates.first() else { continue };
        let number = *number_of_root.entry(classes.root(first)).or_insert(found.len());
        if number == found.len() {
            found.push((Vec::new(), Vec::new()));
        }
        found[number].0.push((monomial.clone(), weight.clone()));
        found[number].1.extend(coordinates);
    }
    let component = |(terms, mut coordinates): (Terms, Vec<u32>)| {
        coordinates.sort_unstable();
        coordinates.dedup();
        Component { form: Polynomial::from_terms(terms), coordinates }
    };
    found.into_iter().map(component).collect()
}

impl Component {
    /// The variables and weights of the squares that the terms are, if they all are squares.
    pub(super) fn given_squares(&self) -> Option<Vec<(u32, &Rational)>> {
        let square = |(monomial, weight): (&MultiIndex, _)| {
            let mut pairs = monomial.pairs();
            pairs.next().filter(|(_, power)| *power == 2).map(|(variable, _)| (variable, weight))
        };
        self.form.terms().map(|(monomial, weight)| square((monomial, weight))).collect()
    }

    /// How many numbers the vectors of its variables hold.
    pub(super) fn entries(&self, variables: &Variables) -> usize {
        let pairs = self.form.terms().flat_map(|(monomial, _)| monomial.pairs().collect::<Vec<_>>());
        pairs.map(|(variable, _)| variables.entries(variable)).sum()
    }
}

/// Whether exact elimination of a form in so many variables, of this rank at most, would need long numbers.
pub(super) fn is_long_as_form(form: &Polynomial, rank: usize) -> bool {
    minor_bits(rank, form.terms().map(|(_, coefficient)| coefficient)) > MOST_BITS
}

/// Whether exact elimination of these directions would need long numbers.
pub(super) fn are_long_as_directions(directions: &[SparseVector<u32>], coordinates: usize) -> bool {
    let order = directions.len().min(coordinates);
    // Each direction may be scaled on its own.
    let bits = directions.iter().map(|direction| minor_bits(1, direction.iter().map(|(_, entry)| entry)));
    bound(order, bits.max().unwrap_or(0)) > MOST_BITS
}

/// The most bits of a minor of this order of a matrix with these entries, scaled to whole numbers.
pub(super) fn minor_bits<'a>(order: usize, entries: impl Iterator<Item = &'a Rational>) -> u64 {
    let mut denominator = BigInt::from(1);
    let mut bits = 0i64;
    for entry in entries {
        denominator = denominator.lcm(entry.denom());
        if denominator.bits() > MOST_BITS {
            return u64::MAX;
        }
        let quotient = i64::try_from(entry.numer().bits()).unwrap_or(i64::MAX / 2)
            - i64::try_from(entry.denom().bits()).unwrap_or(0);
        bits = bits.max(1 + quotient);
    }
    bound(order, denominator.bits() + bits.unsigned_abs())
}

/// k (b + ½ log₂ k), rounded up.
fn bound(order: usize, bits: u64) -> u64 {
    let half_logarithm = u64::from(order.max(1).ilog2()).div_ceil(2) + u64::from(order > 1);
    (order as u64).saturating_mul(bits.saturating_add(half_logarithm))
}

/// Classes of coordinates that meet in some term.
#[derive(Default)]
struct Classes {
    parents: BTreeMap<u32, u32>,
}

impl Classes {
    fn root(&mut self, variable: u32) -> u32 {
        let mut root = variable;
        while let Some(&parent) = self.parents.get(&root) {
            root = parent;
        }
        // The next search is short.
        let mut next = variable;
        while let Some(parent) = self.parents.get_mut(&next) {
            next = std::mem::replace(parent, root);
        }
        root
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parents.insert(a.max(b), a.min(b));
        }
    }
}
