//! The Gram matrix J Jᵀ of the Jacobian J = ∂r/∂θ, without J.
//!
//! Rows of J are formed for a block of points at a time, as many as memory allows two blocks of, and multiplied with those of
//! every block behind it, which are formed again: b blocks take b (b + 1)/2 passes, one where J fits. Entries are sums over the
//! parameters in an order that depends on their number alone. Checked by `the_gram_matrix_is_the_product_of_the_rows`.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use rayon::prelude::*;

use super::{Differentiator, GradientError, expect, rows};
use crate::float::Float;

/// Rows of the product that one thread computes together.
const TILE: usize = 64;

impl<T: Float> Differentiator<T> {
    /// J Jᵀ into `gram`, and the results into `results`; rows and columns in the order point, then column. `memory` bounds the
    /// bytes of the rows of J that are held, as far as those of a few points fit.
    ///
    /// Shapes: `points` \[N, n\], `results` \[N, columns\], `gram` \[N · columns, N · columns\].
    ///
    /// # Errors
    /// As [`Self::jacobian`].
    pub fn gram(
        &self,
        points: &[T],
        memory: usize,
        results: &mut [T],
        gram: &mut [T],
    ) -> Result<(), GradientError> {
        let (inputs, columns, parameters) = (self.inputs(), self.columns().len(), self.parameters());
        let count = rows(points.len(), inputs)?;
        let size = count * columns;
        expect("results", results.len(), size)?;
        expect("the Gram matrix", gram.len(), size * size)?;
        if size == 0 || parameters == 0 {
            gram.fill(T::ZERO);
            return Ok(());
        }
        let per_point = columns * parameters * size_of::<T>();
        let block = (memory / 2 / per_point.max(1)).clamp(1, count);
        let (mut first, mut second) = (vec![T::ZERO; block * columns * parameters], Vec::new());
        for a in (0..count).step_by(block) {
            let of_a = a..count.min(a + block);
            let rows_a = &mut first[..of_a.len() * columns * parameters];
            let here = of_a.start * columns..of_a.end * columns;
            self.jacobian(
                &points[of_a.start * inputs..of_a.end * inputs],
                &mut results[here.clone()],
                rows_a,
            )?;
            multiply(rows_a, rows_a, parameters, here.start, here.start, size, gram);
            for b in (of_a.end..count).step_by(block) {
                let of_b = b..count.min(b + block);
                second.resize(of_b.len() * columns * parameters, T::ZERO);
                let there = of_b.start * columns..of_b.end * columns;
                let points = &points[of_b.start * inputs..of_b.end * inputs];
                self.jacobian(points, &mut results[there.clone()], &mut second)?;
                multiply(rows_a, &second, parameters, here.start, there.start, size, gram);
            }
        }
        // What lies below the diagonal mirrors what lies above.
        for i in 0..size {
            for j in 0..i {
                gram[i * size + j] = gram[j * size + i];
            }
        }
        Ok(())
    }
}

/// A Bᵀ at row `top` and column `left` of a square matrix, where A and B have rows of `inner` numbers.
fn multiply<T: Float>(a: &[T], b: &[T], inner: usize, top: usize, left: usize, size: usize, gram: &mut [T]) {
    let (rows, columns) = (a.len() / inner, b.len() / inner);
    let b = MatRef::from_row_major_slice(b, columns, inner);
    let bands = gram[top * size..(top + rows) * size].par_chunks_mut(TILE * size);
    bands.zip(a.par_chunks(TILE * inner)).for_each(|(band, a)| {
        let rows = a.len() / inner;
        let a = MatRef::from_row_major_slice(a, rows, inner);
        let band = MatMut::from_row_major_slice_mut(band, rows, size);
        let target = band.subcols_mut(left, columns);
        matmul(target, Accum::Replace, a, b.transpose(), T::ONE, Par::Seq);
    });
}
