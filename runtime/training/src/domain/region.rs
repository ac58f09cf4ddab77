//! Regions: the parts of a domain where conditions hold.

/// A part of a domain.
///
/// Every region ranges over what it does not fix: [`Region::Boundary`] holds at all times and for all parameters,
/// [`Region::Start`] in all of space.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Region {
    /// All of it.
    Interior,
    /// The boundary of space. Its points have outward normals.
    Boundary,
    /// The points of the closed space where a coordinate of space has this value: a face of a box, or a section.
    Face {
        /// The index of the coordinate of space.
        axis: usize,
        /// Its value.
        value: f64,
    },
    /// The first instant.
    Start,
    /// The last instant.
    End,
    /// An instant.
    Instant(f64),
    /// A part of the boundary of space by its numbers: an edge of a polygon, or what an operand of a union, intersection or
    /// difference gives to the boundary; then an operand or an edge of that, and so on. Without numbers, all of it.
    Part(Vec<usize>),
    /// The points whose column i has the value `coordinates[i]`, where there is one, \[n\].
    Point(Vec<Option<f64>>),
    /// What is in all of these regions, such as x = −1 at the start.
    Intersection(Vec<Region>),
}
