//! Sums of products of small matrices: what one channel of a matrix product is.
//!
//! C += c · A B for row-major A \[rows, inner\] and B \[inner, columns\]. The loop over the columns is innermost and
//! contiguous, so it is vectorised; the order of summation depends on the shapes alone.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

use crate::float::Float;
use crate::math::{Fma, Kernel};
use crate::network::MatrixShape;

/// `output` += `coefficient` · `left` · `right` for every matrix of the batch.
#[derive(Debug)]
pub struct AddProducts<'a, T> {
    pub(crate) shape: MatrixShape,
    pub(crate) coefficient: T,
    /// \[batch, rows, inner\]
    pub(crate) left: &'a [T],
    /// \[batch, inner, columns\]
    pub(crate) right: &'a [T],
    /// \[batch, rows, columns\]
    pub(crate) output: &'a mut [T],
}

impl<T: Float> Kernel for AddProducts<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<F: Fma>(self) {
        let MatrixShape { rows, inner, columns, .. } = self.shape;
        if rows * inner * columns == 0 {
            return;
        }
        let left = self.left.chunks_exact(rows * inner);
        let right = self.right.chunks_exact(inner * columns);
        for ((c, a), b) in self.output.chunks_exact_mut(rows * columns).zip(left).zip(right) {
            for (c, a) in c.chunks_exact_mut(columns).zip(a.chunks_exact(inner)) {
                for (&a, b) in a.iter().zip(b.chunks_exact(columns)) {
                    let factor = self.coefficient * a;
                    for (c, &b) in c.iter_mut().zip(b) {
                        *c = F::mul_add(factor, b, *c);
                    }
                }
            }
        }
    }
}

/// `output` += c · Y Bᵀ for every matrix of the batch: what a product A B does backwards to A.
///
/// Shapes: Y \[batch, rows, columns\], B \[batch, inner, columns\], `output` \[batch, rows, inner\].
pub(crate) fn add_left<T: Float>(shape: MatrixShape, c: T, y: &[T], b: &[T], output: &mut [T]) {
    let MatrixShape { batch, rows, inner, columns } = shape;
    for m in 0..batch {
        for i in 0..rows {
            let y = &y[(m * rows + i) * columns..][..columns];
            for j in 0..inner {
                let b = &b[(m * inner + j) * columns..][..columns];
                let dot = y.iter().zip(b).fold(T::ZERO, |sum, (&y, &b)| sum + y * b);
                output[(m * rows + i) * inner + j] += c * dot;
            }
        }
    }
}

/// `output` += c · Aᵀ Y for every matrix of the batch: what a product A B does backwards to B.
///
/// Shapes: A \[batch, rows, inner\], Y \[batch, rows, columns\], `output` \[batch, inner, columns\].
pub(crate) fn add_right<T: Float>(shape: MatrixShape, c: T, a: &[T], y: &[T], output: &mut [T]) {
    let MatrixShape { batch, rows, inner, columns } = shape;
    for m in 0..batch {
        for i in 0..rows {
            let y = &y[(m * rows + i) * columns..][..columns];
            for j in 0..inner {
                let factor = c * a[(m * rows + i) * inner + j];
                let output = &mut output[(m * inner + j) * columns..][..columns];
                for (entry, &y) in output.iter_mut().zip(y) {
                    *entry += factor * y;
                }
            }
        }
    }
}
