//! Solves differential equations with neural networks.
//!
//! | module | concept |
//! |---|---|
//! | [`domain`] | where an equation holds: shapes of space, time, parameters, and the regions of them |
//! | [`sampling`] | points of a region with weights and normals |
//! | [`method`] | how parameters are changed to make a loss smaller |
//!
//! *Architecture invariant:* this crate knows no command line; it never prints.

pub mod domain;
pub mod sampling;
pub mod method;
