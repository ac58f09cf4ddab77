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
//! has not, so small and zero entries of D cost no digits. Checked by
//! `a_determinant_is_leibniz_formula_in_exact_arithmetic`.

use std::collections::BTreeMap;

use super::elimination::Remaining;
use super::jets::{Field, negated};

/// The largest matrix whose sets of columns fit the type.
const LARGEST: usize = 63;

/// So many minors are no trouble.
const MOST_MINORS: u64 = 1 << 16;

/// Whether a matrix of this size has few enough minors.
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

/// The determinant of a matrix whose value is diagonal.
pub(super) fn expand<S: Field>(matrix: &Remaining<'_, S>) -> Vec<S> {
    let (jets, n) = (matrix.jets, matrix.size);
    let zeros = (0..n).filter(|&i| matrix.entry(i, i)[0] == S::zero()).count();
    if zeros > jets.order {
        return jets.zero();
    }
    let mut minors = BTreeMap::from([(0u64, jets.one())]);
    for row in 0..n {
        let mut next = BTreeMap::new();
        for (&columns, minor) in &minors {
            let minus = negated(minor);
            for column in (0..n).filter(|column| (columns >> column) & 1 == 0) {
                let taken = columns | (1 << column);
                let ahead = (taken >> (row + 1)).count_ones() as usize;
                if 2 * ahead > jets.order {
                    continue;
                }
                let is_odd = (columns >> column).count_ones() % 2 == 1;
                let factor = if is_odd { &minus } else { minor };
                let sum = next.entry(taken).or_insert_with(|| jets.zero());
                jets.add_product(factor, matrix.entry(row, column), sum);
            }
        }
        minors = next;
    }
    minors.into_values().next().unwrap_or_else(|| jets.zero())
}
