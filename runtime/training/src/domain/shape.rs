//! Bounded sets of space.

use super::combination::{Combination, Operation};
use super::cuboid::Cuboid;
use super::ellipsoid::Ellipsoid;
use super::error::DomainError;
use super::polygon::Polygon;

/// A bounded set of space with an inside. Its constructors check it.
///
/// ```
/// use jetc_training::domain::Shape;
///
/// let square = Shape::cuboid(vec![-1.0, -1.0], vec![1.0, 1.0])?;
/// let corner = Shape::cuboid(vec![0.0, 0.0], vec![1.0, 1.0])?;
/// let ell = Shape::difference(square, vec![corner])?;
/// assert!(ell.contains(&[-0.5, 0.5]) && !ell.contains(&[0.5, 0.5]));
/// # Ok::<(), jetc_training::domain::DomainError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// A product of intervals.
    Box(Cuboid),
    /// An ellipsoid with axes along the coordinates; a ball where the radii are equal.
    Ellipsoid(Ellipsoid),
    /// A simple polygon of the plane.
    Polygon(Polygon),
    /// A union, intersection or difference.
    Combination(Combination),
}

impl Shape {
    /// The box from the corner `lower` to the corner `upper`.
    ///
    /// # Errors
    /// As [`Cuboid::new`].
    pub fn cuboid(lower: Vec<f64>, upper: Vec<f64>) -> Result<Self, DomainError> {
        Ok(Self::Box(Cuboid::new(lower, upper)?))
    }

    /// The points of distance `radius` at most from the center. In one dimension that is an interval, a box.
    ///
    /// # Errors
    /// As [`Ellipsoid::new`].
    pub fn ball(center: Vec<f64>, radius: f64) -> Result<Self, DomainError> {
        let radii = vec![radius; center.len()];
        Self::ellipsoid(center, radii)
    }

    /// The ellipsoid of radius `radii[i]` along coordinate i. In one dimension that is an interval, a box.
    ///
    /// # Errors
    /// As [`Ellipsoid::new`].
    pub fn ellipsoid(center: Vec<f64>, radii: Vec<f64>) -> Result<Self, DomainError> {
        let ellipsoid = Ellipsoid::new(center, radii)?;
        Ok(match ellipsoid.center().len() {
            1 => Self::Box(ellipsoid.bounds().clone()),
            _ => Self::Ellipsoid(ellipsoid),
        })
    }

    /// The polygon of these vertices, along its boundary in either direction.
    ///
    /// # Errors
    /// As [`Polygon::new`].
    pub fn polygon(vertices: Vec<[f64; 2]>) -> Result<Self, DomainError> {
        Ok(Self::Polygon(Polygon::new(vertices)?))
    }

    /// What is in any of the shapes.
    ///
    /// # Errors
    /// As [`Combination::new`].
    pub fn union(shapes: Vec<Shape>) -> Result<Self, DomainError> {
        Ok(Self::Combination(Combination::new(Operation::Union, shapes)?))
    }

    /// What is in all of the shapes.
    ///
    /// # Errors
    /// As [`Combination::new`].
    pub fn intersection(shapes: Vec<Shape>) -> Result<Self, DomainError> {
        Ok(Self::Combination(Combination::new(Operation::Intersection, shapes)?))
    }

    /// What is in `shape` and not inside one of `holes`.
    ///
    /// # Errors
    /// As [`Combination::new`].
    pub fn difference(shape: Shape, holes: Vec<Shape>) -> Result<Self, DomainError> {
        let operands = std::iter::once(shape).chain(holes).collect();
        Ok(Self::Combination(Combination::new(Operation::Difference, operands)?))
    }

    /// How many coordinates its points have, d.
    pub fn dimension(&self) -> usize {
        self.bounds().dimension()
    }

    /// A box around it, the least one except for intersections and differences.
    pub fn bounds(&self) -> &Cuboid {
        match self {
            Self::Box(cuboid) => cuboid,
            Self::Ellipsoid(ellipsoid) => ellipsoid.bounds(),
            Self::Polygon(polygon) => polygon.bounds(),
            Self::Combination(combination) => combination.bounds(),
        }
    }

    /// Whether the closed shape has this point; points on curved and slanted boundaries count up to rounding.
    pub fn contains(&self, point: &[f64]) -> bool {
        match self {
            Self::Box(cuboid) => cuboid.contains(point),
            Self::Ellipsoid(ellipsoid) => ellipsoid.contains(point),
            Self::Polygon(polygon) => polygon.contains(point),
            Self::Combination(combination) => combination.contains(point),
        }
    }

    /// Whether the point is inside, not on the boundary.
    pub fn encloses(&self, point: &[f64]) -> bool {
        match self {
            Self::Box(cuboid) => cuboid.encloses(point),
            Self::Ellipsoid(ellipsoid) => ellipsoid.encloses(point),
            Self::Polygon(polygon) => polygon.encloses(point),
            Self::Combination(combination) => combination.encloses(point),
        }
    }

    /// Its length, area or volume, where a formula gives it: not for combinations.
    pub fn measure(&self) -> Option<f64> {
        match self {
            Self::Box(cuboid) => Some(cuboid.measure()),
            Self::Ellipsoid(ellipsoid) => Some(ellipsoid.measure()),
            Self::Polygon(polygon) => Some(polygon.measure()),
            Self::Combination(_) => None,
        }
    }
}
