//! Where an equation holds: shapes of space, an interval of time, intervals of parameters, and the regions of them.
//!
//! | item | concept |
//! |---|---|
//! | [`Shape`] | a bounded set of space: box, ellipsoid, polygon, and what set operations make of them |
//! | [`Domain`] | space × time × parameters, and the order of its columns |
//! | [`Cloud`] | a domain that is known by points alone |
//! | [`Region`] | the part of a domain where a condition holds: interior, boundary, start, … |
//!
//! ```
//! use jetc_training::domain::{Column, Domain, Region, Shape};
//! use jetc_training::sampling::{Scheme, sample};
//!
//! // −1 ≤ x ≤ 1 and 0 ≤ t ≤ 2, in points (t, x).
//! let space = Shape::cuboid(vec![-1.0], vec![1.0])?;
//! let domain = Domain::new(Some(space), Some([0.0, 2.0]), vec![], vec![Column::Time, Column::Space(0)])?;
//!
//! let start = sample(&domain, &Region::Start, 5, Scheme::Grid, 0, 0)?;
//! assert_eq!(start.point(2), [0.0, 0.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod shape;
mod cuboid;
mod ellipsoid;
mod polygon;
mod triangulation;
mod combination;
mod cloud;
mod product;
mod region;
mod error;
#[cfg(test)]
mod tests;

pub use cloud::Cloud;
pub use combination::{Combination, Operation};
pub use cuboid::Cuboid;
pub use ellipsoid::Ellipsoid;
pub use error::DomainError;
pub use polygon::Polygon;
pub use product::{Column, Domain};
pub use region::Region;
pub use shape::Shape;
