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
