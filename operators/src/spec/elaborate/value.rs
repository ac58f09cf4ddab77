//! Values of expressions: numbers, vectors and matrices of formulas.

use std::fmt;

use crate::symbolic::NodeId;

/// The shape of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A number.
    Scalar,
    /// A vector with so many components.
    Vector(usize),
    /// A matrix with so many rows and columns.
    Matrix(usize, usize),
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar => f.write_str("a number"),
            Self::Vector(length) => write!(f, "a vector of {length}"),
            Self::Matrix(rows, columns) => write!(f, "a {rows}×{columns} matrix"),
        }
    }
}

/// A number, vector or matrix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) shape: Shape,
    /// The components, row by row.
    pub(super) items: Vec<NodeId>,
}

impl Value {
    /// A number.
    pub(super) fn scalar(item: NodeId) -> Self {
        Self { shape: Shape::Scalar, items: vec![item] }
    }

    /// A vector.
    pub(super) fn vector(items: Vec<NodeId>) -> Self {
        Self { shape: Shape::Vector(items.len()), items }
    }

    /// The only component of a number.
    pub(super) fn as_scalar(&self) -> Option<NodeId> {
        match self.shape {
            Shape::Scalar => self.items.first().copied(),
            _ => None,
        }
    }
}
