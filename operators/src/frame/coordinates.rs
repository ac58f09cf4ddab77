//! Symbols multiplied out into coordinates.
//!
//! Directions that depend on each other, such as twenty in three dimensions, stand for a polynomial in few variables. The
//! coefficients are computed exactly and rounded to doubles where they are long. Checked by
//! `many_directions_in_few_dimensions_become_coordinates`.

use std::collections::BTreeSet;

use jetc_combinatorics::Polynomial;

use super::Rewritten;
use super::independence::are_independent;
use super::rounding::{TOLERANCE_BITS, shortened};
use crate::spec::Variables;

/// Monomials that multiplying out may write down, repeated ones counted: a fraction of a second.
pub(super) const MOST_MONOMIALS: u128 = 100_000;

/// All symbols in coordinates, if that may take fewer channels: their vectors depend on each other, and the products stay
/// within the budget.
pub(super) fn multiplied_out(variables: &Variables, symbols: &[Polynomial]) -> Option<Vec<Rewritten>> {
    let used: BTreeSet<u32> = symbols.iter().flat_map(used).collect();
    if used.iter().all(|&variable| variable < variables.coordinates()) {
        return None;
    }
    if used.iter().any(|&variable| variables.direction(variable).is_none())
        || cost(variables, symbols) > MOST_MONOMIALS
    {
        return None;
    }
    let moved: BTreeSet<u32> = used.iter().flat_map(|&variable| variables.support(variable)).collect();
    let used: Vec<u32> = used.into_iter().collect();
    if are_independent(&used, variables, moved.len()) {
        return None;
    }
    let rewritten = symbols.iter().map(|symbol| {
        let (symbol, rounding) = shortened(variables.in_coordinates(symbol));
        rounding.is_none_or(|bits| bits >= TOLERANCE_BITS).then_some(Rewritten { symbol, rounding })
    });
    rewritten.collect()
}

fn used(symbol: &Polynomial) -> Vec<u32> {
    symbol.terms().flat_map(|(monomial, _)| monomial.pairs().map(|(variable, _)| variable)).collect()
}

/// Σ over terms of ∏ C(n + k − 1, k) for factors (v·ξ)^k with n entries.
pub(super) fn cost(variables: &Variables, symbols: &[Polynomial]) -> u128 {
    let power = |(variable, k): (u32, u32)| {
        let n = variables.entries(variable) as u128;
        (0..u128::from(k)).fold(1u128, |count, i| count.saturating_mul(n + i) / (i + 1))
    };
    let term = |monomial: &jetc_combinatorics::MultiIndex| {
        monomial.pairs().map(power).fold(1u128, u128::saturating_mul)
    };
    let terms = symbols.iter().flat_map(|symbol| symbol.terms().map(|(monomial, _)| term(monomial)));
    terms.fold(0, u128::saturating_add)
}
