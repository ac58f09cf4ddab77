//! Rows that are moved, scaled and added: what linear operations other than matrix products do to one channel.
//!
//! A channel is read through [`Rows`]: one row for each point, or one row for all of them.

use crate::float::Float;
use crate::network::{Factor, Pick, Piece};

/// One channel of one node: a row of features for each point.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rows<'a, T> {
    /// Row p starts at p · features.
    Each(&'a [T]),
    /// The same row for every point.
    Same(&'a [T]),
}

impl<'a, T> Rows<'a, T> {
    /// The row of a point.
    #[inline]
    pub(crate) fn row(&self, point: usize, features: usize) -> &'a [T] {
        match self {
            Self::Each(rows) => &rows[point * features..][..features],
            Self::Same(row) => &row[..features],
        }
    }
}

/// `output` = the entries of a piece of `row`.
pub(crate) fn copy_piece<T: Float>(piece: &Piece, row: &[T], output: &mut [T]) {
    match piece.step {
        1 => output.copy_from_slice(&row[piece.start..][..piece.length]),
        0 => output.fill(row[piece.start]),
        _ => {
            for (position, entry) in output.iter_mut().enumerate() {
                *entry = row[piece.feature(position)];
            }
        }
    }
}

/// `output` += factor ⊙ `row`
pub(crate) fn add_scaled<T: Float>(factor: &Factor<T>, row: &[T], output: &mut [T]) {
    match factor {
        Factor::Scalar(factor) if *factor == T::ONE => {
            for (entry, &x) in output.iter_mut().zip(row) {
                *entry += x;
            }
        }
        Factor::Scalar(factor) => {
            for (entry, &x) in output.iter_mut().zip(row) {
                *entry += *factor * x;
            }
        }
        Factor::Features(factors) => {
            for ((entry, &x), &factor) in output.iter_mut().zip(row).zip(factors.iter()) {
                *entry += factor * x;
            }
        }
    }
}

/// `output` = each feature from the side that is picked; a side that is not there is zero.
pub(crate) fn pick_row<T: Float>(picks: &[Pick], left: Option<&[T]>, right: Option<&[T]>, output: &mut [T]) {
    let at = |side: Option<&[T]>, feature: usize| side.map_or(T::ZERO, |row| row[feature]);
    for (feature, (entry, pick)) in output.iter_mut().zip(picks).enumerate() {
        *entry = pick.from(&at(left, feature), &at(right, feature));
    }
}

/// Of each block of `count` entries the position of the largest, the first of several; NaN wins, as it should be seen.
pub(crate) fn winners<T: Float>(count: usize, row: &[T], winners: &mut [usize]) {
    for (block, winner) in winners.iter_mut().enumerate() {
        let first = block * count;
        *winner = (first..first + count)
            .fold(first, |best, i| if Pick::larger(&row[best], &row[i]) == Pick::Right { i } else { best });
    }
}
