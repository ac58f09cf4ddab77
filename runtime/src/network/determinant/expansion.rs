//! The determinant of D + F without a division: D a diagonal matrix of numbers, F jets without value.
//!
//! | notation | name |
//! |---|---|
//! | rows 0 … r−1, and as many columns C | a minor, by the set of its columns |
//! | t | the columns of C from r on |
//! | K | the nilpotency of the algebra: a product of more than K jets without value is zero |
//!
//! The minor of the first r+1 rows is the sum of Aᵣⱼ times that of the first r rows without column j, up to signs
//! (Laplace's expansion along the last row). Of a minor whose set has t columns ahead, t columns are left behind for later
//! rows: 2t factors of each term stand beside the diagonal and have no value. So sets with 2t > K are never formed, and
//! Σᵣ Σₜ C(r, t) C(n−r, t) minors remain in place of 2ⁿ. Nothing is divided by and no term appears that the determinant
//! has not, so small and zero entries of D cost no digits.
//!
//! *Cofactors.* C = ∂ det/∂A, jets again: the minors once more, from the last row up. A term that nilpotency leaves out of the
//! determinant has one factor less in a cofactor, so sets are kept up to 2t = K + 1.
//!
//! Checked by `a_determinant_is_leibniz_formula_in_exact_arithmetic` and `cofactors_are_determinants_of_minors`.

use std::collections::BTreeMap;

use super::elimination::Remaining;
use super::jets::{Field, Jets, negated};

/// The largest matrix whose sets of columns fit the type.
const LARGEST: usize = 63;

/// So many minors are no trouble.
const MOST_MINORS: u64 = 1 << 16;

/// Whether a matrix of this size has few enough minors, where a product has up to `order` factors without value: K for a
/// determinant, K + 1 for cofactors.
pub(super) fn is_small(size: usize, order: usize) -> bool {
    size <= LARGEST && minors(size as u64, order as u64) <= MOST_MINORS
}

/// How many minors are formed.
fn minors(size: u64, order: u64) -> u64 {
    let of_rows = |r: u64| {
        (0..=order / 2)
            .fold(0u64, |sum, t| sum.saturating_add(binomial(r, t).saturating_mul(binomial(size - r, t))))
    };
    (0..=size).fold(0u64, |sum, r| sum.saturating_add(of_rows(r)))
}

fn binomial(n: u64, k: u64) -> u64 {
    (0..k.min(n)).fold(u64::from(k <= n), |product, i| product.saturating_mul(n - i) / (i + 1))
}

/// Minors of the first rows, by the sets of their columns.
type Minors<S> = BTreeMap<u64, Vec<S>>;

/// The determinant of a matrix whose value is diagonal.
pub(super) fn expand<S: Field>(matrix: &Remaining<'_, S>) -> Vec<S> {
    let jets = matrix.jets;
    if zeros(matrix) > jets.order {
        return jets.zero();
    }
    let first = BTreeMap::from([(0u64, jets.one())]);
    let minors = (0..matrix.size).fold(first, |minors, row| below(matrix, &minors, row, jets.order));
    only(minors, jets)
}

/// The determinant and the cofactors of a matrix whose value is diagonal.
pub(super) fn expand_with_cofactors<'a, S: Field>(matrix: &Remaining<'a, S>) -> (Vec<S>, Remaining<'a, S>) {
    let (jets, n) = (matrix.jets, matrix.size);
    let mut cofactors = Remaining { jets, size: n, entries: vec![jets.zero(); n * n] };
    if zeros(matrix) > jets.order + 1 {
        return (jets.zero(), cofactors);
    }
    let mut levels = vec![BTreeMap::from([(0u64, jets.one())])];
    for row in 0..n {
        levels.push(below(matrix, &levels[row], row, jets.order + 1));
    }
    let determinant = only(levels.pop().unwrap_or_default(), jets);
    // What each minor of the rows so far is multiplied by in the determinant.
    let mut rests = BTreeMap::from([(full(n), jets.one())]);
    for (row, minors) in levels.iter().enumerate().rev() {
        let mut above = BTreeMap::new();
        for (&columns, minor) in minors {
            let mut sum = jets.zero();
            for Step { column, taken, is_odd } in steps(columns, row, n, jets.order + 1) {
                let Some(rest) = rests.get(&taken) else { continue };
                let rest = if is_odd { negated(rest) } else { rest.clone() };
                jets.add_product(&rest, minor, &mut cofactors.entries[row * n + column]);
                jets.add_product(&rest, matrix.entry(row, column), &mut sum);
            }
            above.insert(columns, sum);
        }
        rests = above;
    }
    (determinant, cofactors)
}

/// How many entries of D are zero: so many rows have no value.
fn zeros<S: Field>(matrix: &Remaining<'_, S>) -> usize {
    (0..matrix.size).filter(|&i| matrix.entry(i, i)[0] == S::zero()).count()
}

/// The minors with one row more.
fn below<S: Field>(matrix: &Remaining<'_, S>, minors: &Minors<S>, row: usize, order: usize) -> Minors<S> {
    let jets = matrix.jets;
    let mut next = BTreeMap::new();
    for (&columns, minor) in minors {
        let minus = negated(minor);
        for Step { column, taken, is_odd } in steps(columns, row, matrix.size, order) {
            let factor = if is_odd { &minus } else { minor };
            let sum = next.entry(taken).or_insert_with(|| jets.zero());
            jets.add_product(factor, matrix.entry(row, column), sum);
        }
    }
    next
}

/// From a minor to one with one row and one column more.
struct Step {
    column: usize,
    /// All columns then.
    taken: u64,
    is_odd: bool,
}

/// The columns that a minor of the first `row` rows can take with the next one.
fn steps(columns: u64, row: usize, size: usize, order: usize) -> impl Iterator<Item = Step> {
    let step = move |column: usize| {
        let (taken, behind) = (columns | (1 << column), columns >> column);
        let ahead = (taken >> (row + 1)).count_ones() as usize;
        (2 * ahead <= order).then_some(Step { column, taken, is_odd: behind.count_ones() % 2 == 1 })
    };
    (0..size).filter(move |column| (columns >> column) & 1 == 0).filter_map(step)
}

/// All columns; no more than [`LARGEST`].
fn full(size: usize) -> u64 {
    (1 << size) - 1
}

/// The minor of all rows.
fn only<S: Field>(minors: Minors<S>, jets: &Jets<S>) -> Vec<S> {
    minors.into_values().next().unwrap_or_else(|| jets.zero())
}
