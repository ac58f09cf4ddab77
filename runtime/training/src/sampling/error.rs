//! Why points cannot be chosen.

use thiserror::Error;

/// Why points cannot be chosen, and what to do about it.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SamplingError {
    /// No points asked for.
    #[error("no points are asked for; give a count of at least 1")]
    NoCount,
    /// A region of space where there is none.
    #[error("the domain has no space, so it has no {0}; give it a shape or drop the region")]
    NoSpace(&'static str),
    /// A region of time where there is none.
    #[error(
        "the domain has no time, so it has no start, end or instant; give it a time interval or drop the region"
    )]
    NoTime,
    /// A coordinate of space that does not exist.
    #[error("the face is of space coordinate {axis}, but space has {dimension}; count them from 0")]
    NoAxis {
        /// The coordinate.
        axis: usize,
        /// How many there are.
        dimension: usize,
    },
    /// A point of another length than the domain's columns.
    #[error(
        "the point has {found} entries where the domain has {expected} columns; give one for each, or none where it is free"
    )]
    PointLength {
        /// Entries it has.
        found: usize,
        /// Columns of the domain.
        expected: usize,
    },
    /// A value outside the range of its coordinate.
    #[error("{coordinate} = {value} is outside of [{lower}, {upper}]; choose a value within")]
    Outside {
        /// The coordinate.
        coordinate: String,
        /// The value.
        value: f64,
        /// The lower end of its range.
        lower: f64,
        /// The upper end of its range.
        upper: f64,
    },
    /// Two values of one coordinate, or two parts of the boundary.
    #[error("the regions have no common points: {what} is both {first} and {second}; keep one")]
    Contradiction {
        /// What is given twice.
        what: String,
        /// Once.
        first: f64,
        /// And once more.
        second: f64,
    },
    /// A part that the shape does not have.
    #[error("part {part} does not exist: {shape} has {count} numbered parts, counted from 0{hint}")]
    NoPart {
        /// Its number.
        part: usize,
        /// The kind of shape.
        shape: &'static str,
        /// How many parts the shape has.
        count: usize,
        /// What else names a part of it.
        hint: &'static str,
    },
    /// A region that given points do not tell.
    #[error("points alone do not tell {0}; name its points: `at: {{file: rim.csv}}`")]
    Cloud(&'static str),
    /// An intersection without a rule for its points.
    #[error(
        "points where {0} are not implemented; take the boundary, a part or a face alone, or make the shape of boxes"
    )]
    Unsupported(&'static str),
    /// Fixed coordinates without points of the shape.
    #[error("no point of the ellipsoid has the fixed coordinates; choose values nearer to its center")]
    Empty,
    /// A grid of too many axes.
    #[error("a {scheme} over {axes} axes is out of reach, at most {limit} are possible; use sobol")]
    TooManyAxes {
        /// The scheme.
        scheme: &'static str,
        /// The axes of the region.
        axes: usize,
        /// The most a product can have.
        limit: usize,
    },
    /// A region without product rules.
    #[error("there is no {scheme} on the boundary of a ball in {dimension} dimensions; use sobol")]
    NoRule {
        /// The scheme.
        scheme: &'static str,
        /// The dimension of the ball.
        dimension: usize,
    },
    /// Nearly all candidates are outside of the region.
    #[error(
        "only {found} of {tried} candidates are in the region; it is empty or too thin in its bounds, make it of smaller shapes"
    )]
    TooThin {
        /// Points found.
        found: usize,
        /// Candidates tried.
        tried: usize,
    },
    /// Residuals that do not go with the candidates.
    #[error("{found} residuals are given for {expected} candidates; give one for each")]
    Residuals {
        /// How many are given.
        found: usize,
        /// How many candidates there are.
        expected: usize,
    },
    /// A residual that is infinite or not a number.
    #[error("residual {index} is {value}; only finite residuals can be compared")]
    ResidualNotFinite {
        /// Its row.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// More points asked for than there are candidates.
    #[error("{count} points are asked for of {candidates} candidates; draw more candidates")]
    FewCandidates {
        /// Points asked for.
        count: usize,
        /// Candidates there are.
        candidates: usize,
    },
    /// A negative or infinite exponent or offset.
    #[error("the {name} is {value}; give a finite number that is not negative")]
    Refinement {
        /// Which number.
        name: &'static str,
        /// Its value.
        value: f64,
    },
}
