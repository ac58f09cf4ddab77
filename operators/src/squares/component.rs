//! The second-order terms of a linear part, taken apart where no variable is shared.
//!
//! Exact elimination never mixes components, so what it costs is bounded for each: by Cramer's rule every number that
//! occurs is a quotient of minors of order at most k, the number of variables or of squares, and by Hadamard's inequality
//! a minor of whole numbers of b bits has at most k (b + ½ log₂ k) bits. Checked by
//! `numbers_of_exact_elimination_stay_within_the_bound`.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use jetc_combinatorics::quadratic_form::Square;
use jetc_combinatorics::{Polynomial, Rational};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Zero;

use crate::spec::{Direction, DirectionalTerm, LinearPart};

/// Exact elimination is used up to this many bits: five directions of 40 bits, or twenty of ten.
const MOST_BITS: u64 = 256;

/// Second-order terms that share no variable with any other.
#[derive(Debug)]
pub(super) struct Component<'a> {
    pub(super) terms: Vec<&'a DirectionalTerm>,
    /// Their variables in order.
    pub(super) variables: Vec<u32>,
}

/// The components of the second-order terms of a part, in the order of their first terms.
pub(super) fn components(part: &LinearPart) -> Vec<Component<'_>> {
    let terms: Vec<&DirectionalTerm> =
        part.terms.iter().filter(|term| term.order() == 2 && !term.weight.is_zero()).collect();
    let mut classes = Classes::default();
    for term in &terms {
        let mut variables = variables(term);
        if let Some(first) = variables.next() {
            variables.for_each(|other| classes.join(first, other));
        }
    }
    let mut number_of_root: HashMap<u32, usize> = HashMap::new();
    let mut components: Vec<Component<'_>> = Vec::new();
    for term in terms {
        let Some(first) = variables(term).next() else { continue };
        let number = *number_of_root.entry(classes.root(first)).or_insert(components.len());
        if number == components.len() {
            components.push(Component { terms: Vec::new(), variables: Vec::new() });
        }
        components[number].terms.push(term);
        components[number].variables.extend(variables(term));
    }
    for component in &mut components {
        component.variables.sort_unstable();
        component.variables.dedup();
    }
    components
}

fn variables(term: &DirectionalTerm) -> impl Iterator<Item = u32> + '_ {
    term.factors.iter().flat_map(|(direction, _)| direction.iter().map(|(&variable, _)| variable))
}

impl Component<'_> {
    /// The terms as squares, if that is what they all are.
    pub(super) fn given_squares(&self) -> Option<Vec<Square>> {
        let square = |term: &&DirectionalTerm| match &term.factors[..] {
            [(direction, 2)] => Some(Square { weight: term.weight.clone(), direction: direction.clone() }),
            _ => None,
        };
        self.terms.iter().map(square).collect()
    }

    /// The quadratic form multiplied out.
    pub(super) fn form(&self) -> Polynomial {
        Polynomial::from_terms(self.terms.iter().flat_map(|term| {
            let symbol = term.symbol();
            symbol.terms().map(|(m, c)| (m.clone(), c.clone())).collect::<Vec<_>>()
        }))
    }

    /// Whether exact elimination of the form would need long numbers.
    pub(super) fn is_long_as_form(&self, form: &Polynomial) -> bool {
        let order = match self.given_squares() {
            Some(squares) => squares.len().min(self.variables.len()),
            None => self.variables.len(),
        };
        minor_bits(order, form.terms().map(|(_, coefficient)| coefficient)) > MOST_BITS
    }

    /// Whether exact elimination of these directions would need long numbers.
    pub(super) fn is_long_as_directions(&self, directions: &[&Direction]) -> bool {
        let order = directions.len().min(self.variables.len());
        // Each direction may be scaled on its own.
        let bits = directions.iter().map(|direction| minor_bits(1, direction.iter().map(|(_, entry)| entry)));
        bound(order, bits.max().unwrap_or(0)) > MOST_BITS
    }
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

/// Classes of variables that meet in some term.
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
