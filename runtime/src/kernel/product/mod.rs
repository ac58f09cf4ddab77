//! y = x Wᵀ + b for row-major x and y: the one matrix product, behind which the time goes.
//!
//! | notation | name |
//! |---|---|
//! | x \[rows, inner\] | all channels of all points of a chunk, one row each |
//! | W \[features, inner\] | [`PackedMatrix`], put in the order of the kernel once for a network |
//! | y \[rows, features\] | in tiles of a few rows and a few vectors of columns that stay in registers (`panels.rs`) |
//! | few features | dot products along `inner` (`dots.rs`) |
//! | W̄ += Yᵀ X | what it does backwards to W (`outer.rs`) |
//!
//! *Order of summation.* An entry of y is a sum over `inner` in an order that depends on the shape of W alone: results at a
//! point have the same bits whatever else is in the batch, however it is cut into chunks, and for every instruction set with
//! fused multiply-add. Partial sums over [`Depth::DEPTH`] terms are added up, so that rounding errors do not grow with the
//! width of the network.
//!
//! *Why not a library's product.* x is tall and W is small, the same for millions of rows, and prepared once; a general
//! product packs both anew in each call. Measured by `cargo bench -p jetc-runtime --bench product` beside faer and gemm.
//!
//! Checked by `products_are_those_of_the_definition`, `a_row_has_the_same_bits_in_any_company`.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

mod dots;
mod outer;
mod panels;
mod vector;

use super::aligned::Aligned;
use crate::float::Float;
use crate::math::{Fma, InstructionSet, VectorKernel};
use crate::network::Matrix;
pub(crate) use outer::{OuterProducts, Packed, Strided, add_outer_products};
use panels::Panel;
use pulp::Simd;
pub(crate) use vector::Lanes;
use vector::Shape;

/// Up to so many features are computed as dot products.
const FEW: usize = 4;

/// How many products are summed before they are added to the rest.
pub trait Depth {
    /// Numbers of `inner` that a tile is summed over at a time.
    const DEPTH: usize;
}

impl Depth for f32 {
    // Single precision needs short sums; half of this would cost two or three per cent of the speed.
    const DEPTH: usize = 512;
}

impl Depth for f64 {
    const DEPTH: usize = 1024;
}

/// W in the order in which the kernel reads it, for one instruction set.
#[derive(Debug)]
pub(crate) struct PackedMatrix<T> {
    features: usize,
    inner: usize,
    entries: Aligned<T>,
    /// None where dot products are taken, and W is as it was.
    panels: Vec<Panel>,
    set: InstructionSet,
}

impl<T: Float> PackedMatrix<T> {
    /// Entries are converted on the way: there is no other copy.
    pub(crate) fn new<S>(set: InstructionSet, matrix: &Matrix<S>, convert: impl Fn(&S) -> T) -> Self {
        Self::of(set, [matrix.rows(), matrix.columns()], |i, k| convert(&matrix.row(i)[k]))
    }

    /// Wᵀ
    pub(crate) fn transposed<S>(set: InstructionSet, matrix: &Matrix<S>, convert: impl Fn(&S) -> T) -> Self {
        Self::of(set, [matrix.columns(), matrix.rows()], |i, k| convert(&matrix.row(k)[i]))
    }

    /// Of shape \[features, inner\], from its entries.
    fn of(set: InstructionSet, [features, inner]: [usize; 2], entry: impl Fn(usize, usize) -> T) -> Self {
        let panels =
            if features <= FEW { Vec::new() } else { panels::cut(features, Shape::of::<T>(set)).collect() };
        let columns = if features <= FEW { features } else { panels.iter().map(|panel| panel.columns).sum() };
        let mut weights = Self { features, inner, entries: Aligned::zeros(columns * inner), panels, set };
        weights.fill(entry);
        weights
    }

    /// Other entries.
    pub(crate) fn fill(&mut self, entry: impl Fn(usize, usize) -> T) {
        let (inner, entries) = (self.inner, &mut self.entries);
        if self.panels.is_empty() {
            for (at, place) in entries.iter_mut().enumerate() {
                *place = entry(at / inner, at % inner);
            }
        }
        for panel in &self.panels {
            let into = &mut entries[panel.start(inner)..][..panel.columns * inner];
            panel.pack(inner, &entry, into);
        }
    }

    /// W, row by row.
    pub(crate) fn entries(&self) -> Vec<T> {
        let row = |i: usize| (0..self.inner).map(move |k| self.entry(i, k));
        (0..self.features).flat_map(row).collect()
    }

    /// One entry of W.
    pub(crate) fn entry(&self, row: usize, k: usize) -> T {
        let panel = self.panels.iter().find_map(|panel| panel.place(row, k, self.inner));
        self.entries[panel.unwrap_or(row * self.inner + k)]
    }

    /// Features of y.
    pub(crate) fn features(&self) -> usize {
        self.features
    }

    /// Features of x.
    pub(crate) fn inner(&self) -> usize {
        self.inner
    }

    /// `output` = `input` · Wᵀ, the bias added to every row, on this thread.
    ///
    /// Shapes: `input` \[rows, inner\], `output` \[rows, features\], `bias` \[features\].
    pub(crate) fn multiply(&self, input: &[T], bias: Option<&[T]>, output: &mut [T]) {
        if self.features == 0 {
            return;
        }
        let rows = output.len() / self.features;
        assert_eq!((input.len(), output.len()), (rows * self.inner, rows * self.features));
        assert!(bias.is_none_or(|bias| bias.len() == self.features));
        T::multiply(self.set, Product { weights: self, rows, input, bias, output });
    }
}

/// One product with all its operands; their lengths have been checked.
#[derive(Debug)]
pub struct Product<'a, T> {
    weights: &'a PackedMatrix<T>,
    rows: usize,
    input: &'a [T],
    bias: Option<&'a [T]>,
    output: &'a mut [T],
}

impl<T: Float> VectorKernel for Product<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd, F: Fma>(self, simd: S) {
        if self.weights.panels.is_empty() {
            dots::multiply::<T, F>(self);
        } else {
            panels::multiply(simd, self);
        }
    }
}

#[cfg(test)]
mod tests;
