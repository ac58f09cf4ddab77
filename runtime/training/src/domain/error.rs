//! Why a shape or a domain cannot be made.

use thiserror::Error;

/// Why a shape or a domain cannot be made, and what to do about it.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DomainError {
    /// A shape of no coordinates.
    #[error("a shape needs at least one coordinate; leave the space out where there is none")]
    NoCoordinates,
    /// Two lists that go together have different lengths.
    #[error("{what} has {found} numbers where {expected} are needed; give one for each coordinate")]
    Length {
        /// The list.
        what: &'static str,
        /// Numbers it has.
        found: usize,
        /// Numbers it needs.
        expected: usize,
    },
    /// Infinite or not a number.
    #[error("{what} {index} is {value}; give a finite number")]
    NotFinite {
        /// What the number is.
        what: &'static str,
        /// Its place in the list.
        index: usize,
        /// The number.
        value: f64,
    },
    /// An interval that is empty or backwards.
    #[error("{what} {index} goes from {lower} to {upper}; its lower end must be below its upper end")]
    NotOrdered {
        /// What the interval is.
        what: &'static str,
        /// Its place in the list.
        index: usize,
        /// Its lower end.
        lower: f64,
        /// Its upper end.
        upper: f64,
    },
    /// A radius that is zero or negative.
    #[error("radius {index} is {value}; give a positive number")]
    NotPositive {
        /// The coordinate.
        index: usize,
        /// The radius.
        value: f64,
    },
    /// Fewer than three vertices.
    #[error("a polygon of {0} vertices encloses nothing; give at least 3")]
    FewVertices(usize),
    /// Two edges of a polygon meet where they should not.
    #[error(
        "edges {first} and {second} of the polygon touch or cross; order the vertices along its boundary, each once"
    )]
    NotSimple {
        /// One edge, from the vertex of this index.
        first: usize,
        /// The other.
        second: usize,
    },
    /// A set operation of no or one shape.
    #[error("a {0} needs at least two shapes")]
    FewOperands(&'static str),
    /// Shapes of different spaces.
    #[error(
        "operand {index} has dimension {found}, the first has {expected}; combine shapes of one dimension"
    )]
    Dimension {
        /// Which operand.
        index: usize,
        /// Its dimension.
        found: usize,
        /// The dimension of the first.
        expected: usize,
    },
    /// The operands of an intersection have no common inside.
    #[error("the bounds of the operands have no common inside along axis {axis}; move the shapes together")]
    Disjoint {
        /// The axis that separates them.
        axis: usize,
    },
    /// A coordinate of the domain without a column, or with two.
    #[error("{coordinate} has {found} columns; list each coordinate of the domain once")]
    Columns {
        /// The coordinate.
        coordinate: String,
        /// How many columns it has.
        found: usize,
    },
    /// A column of a coordinate that the domain does not have.
    #[error(
        "column {column} is {coordinate}, which the domain does not have; give it an interval or leave it out"
    )]
    UnknownColumn {
        /// The column.
        column: usize,
        /// What it should hold.
        coordinate: String,
    },
}

/// Checks that `numbers` are finite.
pub(super) fn finite(what: &'static str, numbers: &[f64]) -> Result<(), DomainError> {
    match numbers.iter().position(|value| !value.is_finite()) {
        Some(index) => Err(DomainError::NotFinite { what, index, value: numbers[index] }),
        None => Ok(()),
    }
}

/// Checks that `found` numbers are as many as `expected`.
pub(super) fn length(what: &'static str, found: usize, expected: usize) -> Result<(), DomainError> {
    if found == expected { Ok(()) } else { Err(DomainError::Length { what, found, expected }) }
}

/// Checks that an interval goes upwards, and that its length is a finite number.
pub(super) fn interval(
    what: &'static str,
    index: usize,
    [lower, upper]: [f64; 2],
) -> Result<(), DomainError> {
    finite(what, &[lower, upper])?;
    if lower < upper && (upper - lower).is_finite() {
        Ok(())
    } else {
        Err(DomainError::NotOrdered { what, index, lower, upper })
    }
}
