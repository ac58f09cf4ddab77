//! Values between nodes: what a name of the graph stands for.
//!
//! A tensor of ONNX has a batch axis of size c·N, where N is the number of points. Here it has the size c and is
//! remembered, so every value keeps its rank, and the slice that belongs to point n is exactly
//! x\[…, n·c .. (n+1)·c, …\]. Where axes before the batch were joined with it, as `torch.nn.MultiheadAttention` does, the
//! axis has the size o·N·c: see [`Batch`]. Whole numbers are known when the model is read, but for N itself: see [`Extent`].

use std::sync::Arc;

use super::extent::Extent;
use crate::network::TensorId;

/// A value of the graph.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Floating-point numbers, of whatever precision.
    Real(Array),
    /// Booleans as 0 and 1; where they depend on the point, they are locally constant.
    Truth(Array),
    /// Whole numbers.
    Whole(Whole),
}

/// Which axis is the batch: entry (i, n, j) of \[outer, N, c\] stands at (i·N + n)·c + j of the axis, and at i·c + j for
/// one point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Batch {
    pub(super) axis: usize,
    pub(super) outer: usize,
}

impl Batch {
    /// The points one after another.
    pub(super) fn new(axis: usize) -> Self {
        Self { axis, outer: 1 }
    }

    /// The same batch in another axis.
    pub(super) fn at(self, axis: usize) -> Self {
        Self { axis, ..self }
    }

    /// Behind the removal of axes.
    pub(super) fn without(self, removed: &[usize]) -> Self {
        self.at(self.axis - removed.iter().filter(|&&axis| axis < self.axis).count())
    }
}

/// A tensor of one point, and which of its axes is the batch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Array {
    pub(super) tensor: TensorId,
    /// Nothing where all points have the same, or where a model takes one point at a time.
    pub(super) batch: Option<Batch>,
}

/// Whole numbers, row-major.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub(super) shape: Vec<usize>,
    pub(super) entries: Arc<[Extent]>,
    pub(super) batch: Option<Batch>,
}

impl Value {
    /// What to call it in an error.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Real(_) => "floating-point numbers",
            Self::Truth(_) => "booleans",
            Self::Whole(_) => "whole numbers",
        }
    }

    /// Which axis is the batch.
    pub(super) fn batch(&self) -> Option<Batch> {
        match self {
            Self::Real(array) | Self::Truth(array) => array.batch,
            Self::Whole(whole) => whole.batch,
        }
    }
}

impl Whole {
    /// A list of numbers.
    pub(super) fn list(entries: Vec<Extent>) -> Self {
        Self { shape: vec![entries.len()], entries: entries.into(), batch: None }
    }
}
