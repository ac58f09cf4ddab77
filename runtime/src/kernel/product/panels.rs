//! A product by tiles of registers.
//!
//! W is cut into panels of two or three vectors of columns, as registers allow, padded with zeros, in the order \[panel, inner, column\]. A tile of
//! y, a few rows of one panel, is summed in registers: for each k the panel's vectors are read once, and each row's x is
//! broadcast. Around it run, from the inside out,
//!
//! | loop | why |
//! |---|---|
//! | tiles of a block of rows | the panel's part of W stays in the first-level cache |
//! | panels | the rows' part of x stays in the second-level cache |
//! | parts of `inner` | short sums; they bound what the two loops above touch |
//! | blocks of rows | x and y pass through once; around the parts, but inside of them where W is very large |
//!
//! After Goto and van de Geijn, Anatomy of high-performance matrix multiplication, ACM TOMS 34 (2008), without the packing
//! of x: its rows are few at a time, and a broadcast reads them where they are.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]
#![allow(clippy::needless_range_loop, reason = "i and k are those of the formula")]

use pulp::Simd;

use super::vector::{Shape, has_many_registers};
use super::{Lanes, PackedMatrix, Product};
use crate::float::Float;

/// Rows that pass through all panels together.
const ROW_BLOCK: usize = 96;

/// With more parts than this, all rows pass through one part of W before the next is read: such a W is far away.
const MOST_PARTS: usize = 4;

/// A few columns of y: rows `first .. first + width` of W.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Panel {
    pub(super) first: usize,
    pub(super) width: usize,
    /// `width` rounded up to whole vectors.
    pub(super) columns: usize,
}

/// Cuts the features into panels of one to three vectors, none of one where two of two do.
#[inline(always)]
pub(super) fn cut(features: usize, Shape { lanes, widest }: Shape) -> impl Iterator<Item = Panel> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let first = next;
        let left = features.checked_sub(first).filter(|&left| left > 0)?;
        let vectors = match left.div_ceil(lanes) {
            4 => 2,
            vectors => vectors.min(widest),
        };
        let columns = vectors * lanes;
        let width = columns.min(left);
        next += width;
        Some(Panel { first, width, columns })
    })
}

impl Panel {
    /// Where the panel starts among the packed entries: only the last one is padded.
    pub(super) fn start(&self, inner: usize) -> usize {
        self.first * inner
    }

    /// Entries in the order \[inner, column\].
    pub(super) fn pack<T>(&self, inner: usize, entry: &impl Fn(usize, usize) -> T, entries: &mut [T]) {
        for column in 0..self.width {
            for k in 0..inner {
                entries[k * self.columns + column] = entry(self.first + column, k);
            }
        }
    }

    /// The same of a matrix whose rows are those of `inner`: `row` gives one of them.
    #[inline(always)]
    pub(super) fn pack_rows<'a, T: Float>(&self, row: impl Fn(usize) -> &'a [T], entries: &mut [T]) {
        for (k, into) in entries.chunks_exact_mut(self.columns).enumerate() {
            let (into, padding) = into.split_at_mut(self.width);
            // In blocks of a length that the compiler knows, which are no calls.
            let (blocks, rest) = into.as_chunks_mut::<8>();
            let (from, from_rest) = row(k)[self.first..][..self.width].as_chunks::<8>();
            blocks.iter_mut().zip(from).for_each(|(into, from)| *into = *from);
            rest.iter_mut().zip(from_rest).for_each(|(into, from)| *into = *from);
            padding.fill(T::ZERO);
        }
    }

    /// Where an entry of W stands among those of all panels, if it is in this one.
    pub(super) fn place(&self, row: usize, k: usize, inner: usize) -> Option<usize> {
        let column = row.checked_sub(self.first).filter(|&column| column < self.width)?;
        Some(self.start(inner) + k * self.columns + column)
    }
}

#[inline(always)]
pub(super) fn multiply<T: Float, S: Simd>(simd: S, mut product: Product<'_, T>) {
    let (inner, rows) = (product.weights.inner, product.rows);
    // Parts of nearly the same length; the sum over no terms is the bias, too.
    let parts = inner.div_ceil(T::DEPTH).max(1);
    // Blocks of rows outside of the parts, or inside.
    let (outer_rows, inner_rows) =
        if parts <= MOST_PARTS { (ROW_BLOCK, ROW_BLOCK) } else { (rows.max(1), ROW_BLOCK) };
    for outer in (0..rows).step_by(outer_rows) {
        let end = rows.min(outer + outer_rows);
        for part in 0..parts {
            for first in (outer..end).step_by(inner_rows) {
                let last = end.min(first + inner_rows);
                product.part::<S>(simd, part, inner.div_ceil(parts), first, last);
            }
        }
    }
}

impl<T: Float> Product<'_, T> {
    /// Adds part number `part` of the sum, of `longest` terms or what is left, to the rows from `first` to `last`.
    #[inline(always)]
    fn part<S: Simd>(&mut self, simd: S, part: usize, longest: usize, first: usize, last: usize) {
        let Product { weights, input, bias, .. } = *self;
        let k = part * longest;
        let depth = longest.min(weights.inner - k);
        for panel in &weights.panels {
            let w =
                &weights.entries[panel.start(weights.inner) + k * panel.columns..][..depth * panel.columns];
            let w = T::vectors::<S>(w);
            let bias = bias.map(|bias| &bias[panel.first..][..panel.width]);
            let output = &mut *self.output;
            let mut part = Part { simd, panel, weights, k, depth, w, input, bias, output };
            match panel.columns * size_of::<T>() / size_of::<T::Vector<S>>() {
                3 => part.tiles::<3>(first, last),
                2 => part.tiles::<2>(first, last),
                _ => part.tiles::<1>(first, last),
            }
        }
    }
}

/// A panel and a part of the sum.
struct Part<'a, T: Lanes, S: Simd> {
    simd: S,
    panel: &'a Panel,
    weights: &'a PackedMatrix<T>,
    /// The first term.
    k: usize,
    /// How many terms.
    depth: usize,
    /// The part's vectors of W, \[depth, vector\].
    w: &'a [T::Vector<S>],
    input: &'a [T],
    bias: Option<&'a [T]>,
    output: &'a mut [T],
}

impl<T: Float, S: Simd> Part<'_, T, S> {
    /// The rows from `first` to `last`: as many at a time as registers hold, then what is left over.
    #[inline(always)]
    fn tiles<const VECTORS: usize>(&mut self, first: usize, last: usize) {
        let mut row = first;
        while has_many_registers::<S>() && row + 8 <= last {
            self.tile::<VECTORS, 8>(row);
            row += 8;
        }
        while !has_many_registers::<S>() && row + 6 <= last {
            self.tile::<VECTORS, 6>(row);
            row += 6;
        }
        while row + 4 <= last {
            self.tile::<VECTORS, 4>(row);
            row += 4;
        }
        while row < last {
            self.tile::<VECTORS, 1>(row);
            row += 1;
        }
    }

    /// y\[row + i, column\] += Σₖ x\[row + i, k\] W\[column, k\] for i < `ROWS` and the panel's columns.
    #[inline(always)]
    fn tile<const VECTORS: usize, const ROWS: usize>(&mut self, row: usize) {
        let Self { simd, weights, k, depth, w, input, .. } = *self;
        let inner = weights.inner;
        let x = &input[row * inner + k..][..(ROWS - 1) * inner + depth];
        let mut sums = [[T::splat(simd, T::ZERO); VECTORS]; ROWS];
        assert_eq!(w.len(), depth * VECTORS);
        for k in 0..depth {
            // SAFETY: there are `depth` times VECTORS vectors.
            let w: [T::Vector<S>; VECTORS] =
                std::array::from_fn(|vector| unsafe { *w.get_unchecked(k * VECTORS + vector) });
            for i in 0..ROWS {
                // SAFETY: i < ROWS and k < `depth`; the slice ends with the last of these.
                let x = T::splat(simd, unsafe { *x.get_unchecked(i * inner + k) });
                for vector in 0..VECTORS {
                    sums[i][vector] = T::multiply_add(simd, x, w[vector], sums[i][vector]);
                }
            }
        }
        for (i, sums) in sums.iter().enumerate() {
            self.store(row + i, T::numbers::<S>(sums));
        }
    }

    /// Adds the sums to what comes before them: the bias, or the sums of earlier parts.
    #[inline(always)]
    fn store(&mut self, row: usize, sums: &[T]) {
        let Self { panel, weights, bias, .. } = *self;
        let output = &mut self.output[row * weights.features + panel.first..][..panel.width];
        match bias {
            _ if self.k > 0 => output.iter_mut().zip(sums).for_each(|(y, &sum)| *y += sum),
            Some(bias) => {
                output.iter_mut().zip(sums.iter().zip(bias)).for_each(|(y, (&sum, &b))| *y = sum + b);
            }
            // Of a length that the compiler knows, this is no call.
            None if panel.width == sums.len() => output.copy_from_slice(sums),
            None => output.copy_from_slice(&sums[..panel.width]),
        }
    }
}
