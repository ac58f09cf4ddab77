//! M = J D Jᵀ from the eigenvectors and eigenvalues of M.

use std::collections::BTreeMap;

use faer::diag::Diag;
use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{ComputeEigenvectors, self_adjoint_evd, self_adjoint_evd_scratch};
use faer::linalg::matmul::matmul;
use faer::{Accum, Mat, MatRef, Par, Spec};
use jetc_operators::reduction::Sign;

use super::layers::Layer;
use crate::network::{Matrix, NodeId};

/// Whether the columns are independent up to rounding.
pub(super) fn has_full_rank(weight: MatRef<'_, f64>) -> bool {
    let (h, g) = (weight.nrows(), weight.ncols());
    let mut gram = Mat::zeros(g, g);
    matmul(gram.as_mut(), Accum::Replace, weight.transpose(), weight, 1.0, Par::Seq);
    Factor::new(gram.as_ref(), h.max(g)).is_some_and(|factor| factor.signs.len() == g)
}

/// M = J D Jᵀ
#[derive(Debug)]
pub(super) struct Factor {
    /// D
    pub(super) signs: Vec<Sign>,
    /// J
    pub(super) columns: Mat<f64>,
    pub(super) condition: f64,
}

impl Factor {
    /// `size` is the larger of the dimensions of what M was computed from.
    pub(super) fn new(matrix: MatRef<'_, f64>, size: usize) -> Option<Self> {
        let n = matrix.nrows();
        let (mut values, mut vectors) = (Diag::zeros(n), Mat::zeros(n, n));
        let parameters = Spec::default();
        let scratch = self_adjoint_evd_scratch::<f64>(n, ComputeEigenvectors::Yes, Par::Seq, parameters);
        let mut memory = MemBuffer::new(scratch);
        let stack = MemStack::new(&mut memory);
        let (s, u) = (values.as_mut(), Some(vectors.as_mut()));
        self_adjoint_evd(matrix, s, u, Par::Seq, stack, parameters).ok()?;
        let values: Vec<f64> = (0..n).map(|i| values[i]).collect();
        let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        #[allow(clippy::cast_precision_loss, reason = "a size in a rough bound")]
        let negligible = size as f64 * f64::EPSILON * largest;
        let kept: Vec<usize> = (0..n).filter(|&i| values[i].abs() > negligible).collect();
        let smallest = kept.iter().fold(largest, |smallest, &i| smallest.min(values[i].abs()));
        Some(Self {
            signs: kept.iter().map(|&i| if values[i] > 0.0 { Sign::Plus } else { Sign::Minus }).collect(),
            columns: Mat::from_fn(n, kept.len(), |i, j| vectors[(i, kept[j])] * values[kept[j]].abs().sqrt()),
            condition: if kept.is_empty() { 1.0 } else { largest / smallest },
        })
    }

    /// The rows of J that belong to each layer.
    pub(super) fn images<S: Clone>(&self, layers: &[Layer<'_, S>]) -> BTreeMap<NodeId, Matrix<f64>> {
        let mut first = 0;
        let image = |layer: &Layer<'_, S>| {
            let (rows, columns) = (layer.rows().len(), self.columns.ncols());
            let entries = (first..first + rows).flat_map(|i| (0..columns).map(move |j| self.columns[(i, j)]));
            let entries = entries.collect();
            first += rows;
            (
                layer.node,
                Matrix::from_row_major(rows, columns, entries)
                    .expect("as many entries as rows and columns say"),
            )
        };
        layers.iter().map(image).collect()
    }
}
