//! Why an operation does not take its tensors.

use jetc_operators::{counted, printable};

use crate::jet::NotExact;

/// The number of entries, or the largest number if there are more.
fn count(shape: &[usize]) -> usize {
    shape.iter().fold(1, |count: usize, &axis| count.saturating_mul(axis))
}

/// Why an operation does not take its tensors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GraphError {
    /// Two shapes that cannot be broadcast together.
    #[error("shapes {left:?} and {right:?} do not go together: axes must be equal or 1")]
    Broadcast {
        /// The first shape.
        left: Vec<usize>,
        /// The second shape.
        right: Vec<usize>,
    },
    /// A product of matrices whose inner axes differ.
    #[error(
        "matrices of shape {left:?} and {right:?} cannot be multiplied: {} against {}",
        counted(inner_left, "column"),
        counted(inner_right, "row")
    )]
    Inner {
        /// The first shape.
        left: Vec<usize>,
        /// The second shape.
        right: Vec<usize>,
        /// Its last axis.
        inner_left: usize,
        /// The axis it meets.
        inner_right: usize,
    },
    /// An axis that is not there.
    #[error("axis {axis} is none of shape {shape:?}")]
    Axis {
        /// The axis.
        axis: isize,
        /// The shape.
        shape: Vec<usize>,
    },
    /// A new shape of another size.
    #[error("shape {from:?} has {}, {to:?} has {}", counted(count(from), "number"), count(to))]
    Reshape {
        /// The shape.
        from: Vec<usize>,
        /// The wanted shape.
        to: Vec<usize>,
    },
    /// A position outside an axis.
    #[error("{what} {position} is outside of axis {axis} of shape {shape:?}")]
    Position {
        /// What is out of range.
        what: &'static str,
        /// The position.
        position: isize,
        /// The axis.
        axis: usize,
        /// The shape.
        shape: Vec<usize>,
    },
    /// A shape that the operation does not take.
    #[error("{operation} takes {expected}, not shape {found:?}")]
    Shape {
        /// The operation.
        operation: &'static str,
        /// What it takes.
        expected: String,
        /// What it got.
        found: Vec<usize>,
    },
    /// A constant with another number of entries than its shape says.
    #[error("a constant of shape {shape:?} has {}", counted(entries, "entry"))]
    Constant {
        /// The shape.
        shape: Vec<usize>,
        /// The number of entries.
        entries: usize,
    },
    /// A name that two parameters of different shapes have.
    #[error(
        "parameter `{}` has shape {known:?}, and then {found:?}; give each parameter a name of its own",
        printable(name)
    )]
    Parameter {
        /// The name.
        name: String,
        /// The shape that it has.
        known: Vec<usize>,
        /// The shape that is asked for.
        found: Vec<usize>,
    },
    /// A function that cannot be evaluated on a constant.
    #[error(transparent)]
    Function(#[from] NotExact),
    /// An equation that is none.
    #[error(
        "`{}` is no equation for {}: {}",
        printable(equation),
        counted(operands, "tensor"),
        printable(reason)
    )]
    Equation {
        /// The equation.
        equation: String,
        /// How many tensors there are.
        operands: usize,
        /// What is wrong.
        reason: String,
    },
    /// A custom node refuses its inputs.
    #[error("node `{}`: {}", printable(name), printable(reason))]
    Custom {
        /// The node's name.
        name: String,
        /// Its reason.
        reason: String,
    },
    /// More features than fit.
    #[error(
        "a value of shape {shape:?} is too large: all values together may have {limit} features for one point"
    )]
    TooLarge {
        /// The shape.
        shape: Vec<usize>,
        /// The limit.
        limit: usize,
    },
}
