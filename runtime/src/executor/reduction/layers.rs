//! W, the affine maps that read the whole input.

use std::borrow::Cow;
use std::ops::Range;

use faer::Mat;

use crate::network::{Network, NodeId, Operation};

/// Products of weights with entries of vectors: a second.
const MOST_PRODUCTS: usize = 1_000_000_000;

/// An affine map of the whole input, by the entries of its weight, row by row.
#[derive(Debug)]
pub(crate) struct Layer<'a, S: Clone> {
    pub(crate) node: NodeId,
    pub(crate) entries: Cow<'a, [S]>,
    /// n
    pub(crate) inputs: usize,
}

impl<S: Clone> Layer<'_, S> {
    pub(super) fn rows(&self) -> impl ExactSizeIterator<Item = &[S]> {
        self.entries.chunks_exact(self.inputs.max(1))
    }
}

/// The affine maps of the whole input, if nothing else reads it.
pub(super) fn first_layers<S: Clone>(network: &Network<S>) -> Option<Vec<Layer<'_, S>>> {
    let (mut layers, inputs) = (Vec::new(), network.inputs());
    for (node, found) in network.nodes() {
        match &found.operation {
            Operation::Affine { input: NodeId::INPUT, weight, .. } if weight.columns() == inputs => {
                layers.push(Layer { node, entries: Cow::Borrowed(weight.entries()), inputs });
            }
            operation if operation.inputs().contains(&NodeId::INPUT) => return None,
            _ => {}
        }
    }
    (!layers.is_empty()).then_some(layers)
}

/// WVᵀ, a few columns at a time: there may be very many.
pub(super) struct Columns<'a, S> {
    /// The rows of all layers.
    pub(super) rows: Vec<&'a [S]>,
    /// V
    vectors: &'a [Vec<(usize, f64)>],
}

impl<'a, S: Into<f64> + Copy> Columns<'a, S> {
    /// Nothing where the products would take longer than they save.
    pub(super) fn new(layers: &'a [Layer<'_, S>], vectors: &'a [Vec<(usize, f64)>]) -> Option<Self> {
        let rows: Vec<&[S]> = layers.iter().flat_map(Layer::rows).collect();
        let entries: usize = vectors.iter().map(Vec::len).sum();
        (entries.saturating_mul(rows.len()) <= MOST_PRODUCTS).then_some(Self { rows, vectors })
    }

    pub(super) fn are_finite(&self) -> bool {
        let is_finite =
            |row: &&[S]| self.vectors.iter().flatten().all(|&(j, entry)| (entry * row[j].into()).is_finite());
        self.rows.iter().all(is_finite)
    }

    pub(super) fn block(&self, columns: Range<usize>) -> Mat<f64> {
        let vectors = &self.vectors[columns];
        let dot =
            |row: &[S], vector: &[(usize, f64)]| vector.iter().map(|&(j, entry)| entry * row[j].into()).sum();
        Mat::from_fn(self.rows.len(), vectors.len(), |i, j| dot(self.rows[i], &vectors[j]))
    }
}
