//! What each node does to the channels of a chunk: one room for each operation, forwards and backwards side by side.
//!
//! | operation | file |
//! |---|---|
//! | W x + b | `affine.rs` |
//! | features in a new order | `arrange.rs` |
//! | Σ factor ⊙ x + constant | `combine.rs` |
//! | g(x), u ⊙ v | `elementwise.rs`, `product.rs`, over `program.rs` |
//! | U V | `matrix_product.rs` |
//! | the largest, one side of a choice, a comparison | `maximum.rs`, `select.rs`, `compare.rs` |
//! | the library user's | `custom.rs` |
//!
//! A rule reads other nodes through a [`Chunk`] and writes the channels of its own. Backwards it reads the [`Cotangents`] of
//! its own and writes those of one of the nodes that it reads, by an [`Adjoint`]; and it adds those of its numbers to the
//! derived numbers of the network.

mod view;
mod adjoint;
mod affine;
mod arrange;
mod combine;
mod program;
mod elementwise;
mod product;
mod matrix_product;
mod maximum;
mod select;
mod compare;
mod custom;

pub(crate) use adjoint::{Adjoint, AdjointBuilder};
pub(crate) use affine::Affine;
pub(crate) use arrange::Arrange;
pub(crate) use combine::Combine;
pub(crate) use compare::Compare;
pub(crate) use custom::Custom;
pub(crate) use elementwise::Elementwise;
pub(crate) use matrix_product::MatrixProduct;
pub(crate) use maximum::Maximum;
pub(crate) use product::Product;
pub(crate) use select::Select;
pub(crate) use view::{Chunk, CotangentPlace, Cotangents};

use std::ops::Range;

use super::place::Place;
use super::workspace::Tools;
use crate::float::Float;
use crate::kernel::product::Packed;
use crate::network::Operation;

/// What is computed from which nodes.
#[derive(Debug)]
pub(crate) enum Rule<T> {
    Affine(Affine<T>),
    Arrange(Arrange),
    Combine(Combine<T>),
    Elementwise(Elementwise<T>),
    Product(Product<T>),
    MatrixProduct(MatrixProduct<T>),
    Maximum(Maximum),
    Select(Select),
    Compare(Compare),
    Custom(Custom),
}

impl<T: Float> Rule<T> {
    /// The rule of an operation that takes every channel alike, other than an affine map.
    pub(crate) fn linear(operation: Operation<T>) -> Option<Self> {
        match operation {
            Operation::Arrange { pieces } => Some(Self::Arrange(Arrange { pieces })),
            Operation::Combine { summands, constant } => Some(Self::Combine(Combine { summands, constant })),
            _ => None,
        }
    }

    /// Writes the channels of the node at `to`.
    pub(crate) fn forward(&self, chunk: &Chunk<'_, T>, to: &Place, target: &mut [T], tools: &mut Tools<T>) {
        if to.features == 0 {
            return;
        }
        match self {
            Self::Affine(rule) => rule.forward(chunk, to, target),
            Self::Arrange(rule) => rule.forward(chunk, to, target),
            Self::Combine(rule) => rule.forward(chunk, to, target),
            Self::Elementwise(rule) => rule.forward(chunk, to, target, tools),
            Self::Product(rule) => rule.forward(chunk, to, target, tools),
            Self::MatrixProduct(rule) => rule.forward(chunk, to, target),
            Self::Maximum(rule) => rule.forward(chunk, to, target, &mut tools.winners),
            Self::Select(rule) => rule.forward(chunk, to, target, &mut tools.picks),
            Self::Compare(rule) => rule.forward(chunk, to, target),
            Self::Custom(rule) => rule.forward(chunk, to, target),
        }
    }

    /// Takes other derived numbers of the network.
    pub(crate) fn refill(&mut self, derived: &[T]) {
        match self {
            Self::Affine(rule) => rule.refill(derived),
            Self::Combine(rule) => rule.refill(derived),
            _ => {}
        }
    }

    /// Adds the cotangents of the rule's own numbers, for some points of the chunk, to those of the derived numbers.
    pub(crate) fn accumulate(
        &self,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        points: Range<usize>,
        derived: &mut [T],
        packed: &mut Packed<T>,
    ) {
        if cotangents.place.features == 0 {
            return;
        }
        match self {
            Self::Affine(rule) => rule.accumulate(chunk, cotangents, points, derived, packed),
            Self::Combine(rule) => rule.accumulate(chunk, cotangents, points, derived),
            _ => {}
        }
    }

    /// For every point the product of the cotangents of the rule's own numbers with `tangent`, which has one number for each
    /// derived number; added to `sums`.
    pub(crate) fn dot(
        &self,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        tangent: &[T],
        sums: &mut [T],
    ) {
        if cotangents.place.features == 0 {
            return;
        }
        match self {
            Self::Affine(rule) => rule.dot(chunk, cotangents, tangent, sums),
            Self::Combine(rule) => rule.dot(chunk, cotangents, tangent, sums),
            _ => {}
        }
    }
}

/// One of the two nodes that a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    Left,
    Right,
}
