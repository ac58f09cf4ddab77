//! y = x Wᵀ for row-major x: the one matrix product, behind which the library stands.

use faer::{MatMut, MatRef};

use crate::float::Float;
use crate::network::Matrix;

/// `output` = `input` · `weight`ᵀ, sequentially.
///
/// Shapes: `input` \[rows, weight.columns()\], `output` \[rows, weight.rows()\], both row-major. The order of summation
/// depends on the shapes alone.
pub(crate) fn multiply_transposed<T: Float>(rows: usize, input: &[T], weight: &Matrix<T>, output: &mut [T]) {
    let (columns, features) = (weight.columns(), weight.rows());
    if rows == 0 || features == 0 {
        return;
    }
    let x = MatRef::from_row_major_slice(input, rows, columns);
    let w = MatRef::from_row_major_slice(weight.entries(), features, columns);
    let y = MatMut::from_row_major_slice_mut(output, rows, features);
    T::multiply(y, x, w);
}

/// Adds `bias` to every row of `values`.
pub(crate) fn add_bias<T: Float>(values: &mut [T], bias: &[T]) {
    for row in values.chunks_exact_mut(bias.len().max(1)) {
        for (entry, &b) in row.iter_mut().zip(bias) {
            *entry += b;
        }
    }
}
