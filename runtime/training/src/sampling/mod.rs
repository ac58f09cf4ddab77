//! Points of a region, with weights that average over it and outward normals on boundaries.
//!
//! | item | concept |
//! |---|---|
//! | [`sample`] | points of a region of a domain |
//! | [`Scheme`] | how they are chosen |
//! | [`Points`] | coordinates, weights, normals |
//! | [`adaptive`] | the candidates to take where residuals are large |
//! | [`gauss_legendre`] | nodes and weights of quadrature on an interval |
//!
//! *How it works.* A region is cut into pieces, each with a map from a unit cube (`piece`). A scheme chooses points of
//! the cube (`cube` for sequences, `tensor` for products of rules); one more coordinate of the cube chooses the piece of
//! a sequence. A filter rejects what is outside where a piece is larger than its part of the region (`filter`). Weights
//! are those of the scheme times the density of the map, scaled to sum to one.
//!
//! *Reproducibility.* [`sample`] and [`adaptive`] are functions of their arguments: random numbers come from a counter,
//! elementary functions from `libm`, and nothing depends on threads. The same arguments give the same bits.

mod adaptive;
mod cube;
mod error;
mod filter;
mod gauss_legendre;
mod latin_hypercube;
pub(crate) mod number;
mod piece;
mod points;
mod random;
mod region;
mod cloud;
mod scheme;
mod sobol;
mod target;
mod tensor;
#[cfg(test)]
mod tests;

pub use adaptive::adaptive;
pub use error::SamplingError;
pub use gauss_legendre::gauss_legendre;
pub use points::Points;
pub use scheme::{Scheme, sample};
