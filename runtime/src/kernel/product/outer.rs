//! W̄ += Yᵀ X, a sum of outer products of rows: what a matrix product does backwards to its weights.
//!
//! | notation | name |
//! |---|---|
//! | Y \[rows, features\] | `left`: all cotangents of a leaf, one row for each channel of each point |
//! | X \[rows, inner\] | `right`: the channels that they belong to |
//! | W̄ \[features, inner\] | `output`, row-major |
//!
//! A tile of W̄, a few features by one panel of columns, is summed in registers over several hundred rows before it goes to
//! memory, for W̄ is larger than a cache. Both operands are read along their rows' direction, so both are packed: X in panels
//! as W is in `panels.rs`, Y in groups of a few features. Around a tile run, from the inside out,
//!
//! | loop | why |
//! |---|---|
//! | groups of a block of features | the panel of X stays in the nearest caches |
//! | panels of a block of columns | the block of Y stays in the second-level cache |
//! | blocks of features, blocks of columns | they bound what is packed |
//! | parts of the rows | short sums, which are added to W̄ one after the other |
//!
//! *Order of summation.* It depends on the number of rows alone, and is the same for every instruction set with fused
//! multiply-add. What it gains over a library's product is in `speed.md`.
//!
//! Checked by `outer_products_are_those_of_the_definition`.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]
#![allow(clippy::needless_range_loop, reason = "i is that of the formula")]

use pulp::Simd;

use super::panels::cut;
use super::vector::{Shape, has_many_registers};
use crate::float::Float;
use crate::kernel::aligned::Aligned;
use crate::math::{Fma, InstructionSet, VectorKernel};

/// Rows that are summed before they are added to W̄, at most.
const DEPTH: usize = 512;

/// Columns of X that are packed together: a multiple of every panel.
const COLUMNS: usize = 384;

/// Features of Y that are packed together: a multiple of every group.
const FEATURES: usize = 96;

/// Rows of equal length at equal distances.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Strided<'a, T> {
    values: &'a [T],
    rows: usize,
    width: usize,
    distance: usize,
}

impl<'a, T> Strided<'a, T> {
    /// So many rows of `width` numbers, each `distance` behind the one before it.
    pub(crate) fn new(values: &'a [T], rows: usize, width: usize, distance: usize) -> Self {
        assert!(rows == 0 || values.len() >= (rows - 1) * distance + width, "rows are inside");
        Self { values, rows, width, distance }
    }

    #[inline(always)]
    fn row(&self, row: usize) -> &'a [T] {
        &self.values[row * self.distance..][..self.width]
    }
}

/// Room for what is packed, for one thread; it grows to what the largest product needs and stays.
#[derive(Debug)]
pub(crate) struct Packed<T> {
    left: Aligned<T>,
    right: Aligned<T>,
}

impl<T> Default for Packed<T> {
    fn default() -> Self {
        Self { left: Aligned::default(), right: Aligned::default() }
    }
}

impl<T: Float> Packed<T> {
    /// For parts of so many rows.
    fn grow(&mut self, depth: usize, features: usize, columns: usize) {
        for (room, length) in [(&mut self.left, features), (&mut self.right, columns)] {
            if room.len() < depth * length {
                *room = Aligned::zeros(depth * length);
            }
        }
    }
}

/// One sum with all its operands; their lengths have been checked.
#[derive(Debug)]
pub struct OuterProducts<'a, T> {
    left: Strided<'a, T>,
    right: Strided<'a, T>,
    output: &'a mut [T],
    packed: &'a mut Packed<T>,
}

/// `output` += `left`ᵀ `right`, on this thread.
pub(crate) fn add_outer_products<T: Float>(
    set: InstructionSet,
    left: Strided<'_, T>,
    right: Strided<'_, T>,
    output: &mut [T],
    packed: &mut Packed<T>,
) {
    assert_eq!(left.rows, right.rows);
    assert_eq!(output.len(), left.width * right.width);
    if !output.is_empty() {
        T::add_outer_products(set, OuterProducts { left, right, output, packed });
    }
}

impl<T: Float> VectorKernel for OuterProducts<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd, F: Fma>(self, simd: S) {
        let Self { left, right, output, packed } = self;
        let (rows, features, inner) = (left.rows, left.width, right.width);
        // Parts of nearly the same length.
        let parts = rows.div_ceil(DEPTH);
        let longest = rows.div_ceil(parts.max(1));
        let shape = Shape::of_vectors::<T, S>();
        packed.grow(longest, features.min(FEATURES), inner.min(COLUMNS).next_multiple_of(shape.lanes));
        for part in 0..parts {
            let first = part * longest;
            let depth = longest.min(rows - first);
            for column in (0..inner).step_by(COLUMNS) {
                let columns = COLUMNS.min(inner - column);
                let panels = || cut(columns, shape);
                for panel in panels() {
                    let into = &mut packed.right[panel.start(depth)..][..depth * panel.columns];
                    panel.pack_rows(|k| &right.row(first + k)[column..], into);
                }
                for feature in (0..features).step_by(FEATURES) {
                    let count = FEATURES.min(features - feature);
                    pack_groups::<T, S>(depth, count, |k| &left.row(first + k)[feature..], &mut packed.left);
                    for panel in panels() {
                        let x = &packed.right[panel.start(depth)..][..depth * panel.columns];
                        let (x, y) = (T::vectors::<S>(x), &packed.left[..depth * count]);
                        let at = feature * inner + column + panel.first;
                        let output = &mut output[at..];
                        let tiles = Tiles { simd, depth, x, y, width: panel.width, inner, output };
                        match panel.columns / shape.lanes {
                            3 => tiles.groups::<3>(count),
                            2 => tiles.groups::<2>(count),
                            _ => tiles.groups::<1>(count),
                        }
                    }
                }
            }
        }
    }
}

/// Cuts features into groups of the rows of a tile: as many as registers hold, then what is left over.
#[inline(always)]
fn group<S: Simd>(left: usize) -> usize {
    let most = if has_many_registers::<S>() { 8 } else { 6 };
    match left {
        _ if left >= most => most,
        4.. => 4,
        _ => 1,
    }
}

/// Features in the order \[group, row, feature\].
#[inline(always)]
fn pack_groups<'a, T: Float, S: Simd>(
    depth: usize,
    count: usize,
    row: impl Fn(usize) -> &'a [T],
    packed: &mut [T],
) {
    let mut first = 0;
    while first < count {
        let width = group::<S>(count - first);
        let into = &mut packed[first * depth..][..width * depth];
        match width {
            8 => pack_group::<T, 8>(|k| &row(k)[first..], into),
            6 => pack_group::<T, 6>(|k| &row(k)[first..], into),
            4 => pack_group::<T, 4>(|k| &row(k)[first..], into),
            _ => pack_group::<T, 1>(|k| &row(k)[first..], into),
        }
        first += width;
    }
}

#[inline(always)]
fn pack_group<'a, T: Float, const ROWS: usize>(row: impl Fn(usize) -> &'a [T], into: &mut [T]) {
    for (k, into) in into.as_chunks_mut::<ROWS>().0.iter_mut().enumerate() {
        into.copy_from_slice(&row(k)[..ROWS]);
    }
}

/// One panel with all groups of a block of features.
struct Tiles<'a, T: super::Lanes, S: Simd> {
    simd: S,
    depth: usize,
    /// \[depth, vector\]
    x: &'a [T::Vector<S>],
    /// \[group, depth, feature\]
    y: &'a [T],
    /// Columns of the panel that are in W̄.
    width: usize,
    inner: usize,
    /// W̄ from the panel's first column of the first feature on.
    output: &'a mut [T],
}

impl<T: Float, S: Simd> Tiles<'_, T, S> {
    #[inline(always)]
    fn groups<const VECTORS: usize>(mut self, count: usize) {
        let mut first = 0;
        while first < count {
            let width = group::<S>(count - first);
            match width {
                8 => self.tile::<VECTORS, 8>(first),
                6 => self.tile::<VECTORS, 6>(first),
                4 => self.tile::<VECTORS, 4>(first),
                _ => self.tile::<VECTORS, 1>(first),
            }
            first += width;
        }
    }

    /// W̄\[first + i, column\] += Σₖ y\[k, first + i\] x\[k, column\] for i < `ROWS` and the panel's columns.
    #[inline(always)]
    fn tile<const VECTORS: usize, const ROWS: usize>(&mut self, first: usize) {
        let Self { simd, depth, x, y, width, inner, .. } = *self;
        let y = y[first * depth..][..depth * ROWS].as_chunks::<ROWS>().0;
        let x = x[..depth * VECTORS].as_chunks::<VECTORS>().0;
        let mut sums = [[T::splat(simd, T::ZERO); VECTORS]; ROWS];
        for (y, x) in y.iter().zip(x) {
            for i in 0..ROWS {
                let y = T::splat(simd, y[i]);
                for vector in 0..VECTORS {
                    sums[i][vector] = T::multiply_add(simd, y, x[vector], sums[i][vector]);
                }
            }
        }
        for (i, sums) in sums.iter().enumerate() {
            let sums = T::numbers::<S>(sums);
            let output = &mut self.output[(first + i) * inner..][..width];
            output.iter_mut().zip(sums).for_each(|(entry, &sum)| *entry += sum);
        }
    }
}
