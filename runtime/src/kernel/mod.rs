//! The fast inner loops: matrix products, and programs on dense buffers.
//!
//! Architecture invariant: kernels know slices and lanes. Which node they serve, which channels those slices are, and
//! which thread they run on is the executor's business. All `unsafe` of the evaluator is in [`elementwise`],
//! `series` and [`product`].

pub(crate) mod aligned;
pub(crate) mod compiled;
pub(crate) mod elementwise;
pub(crate) mod linear;
pub(crate) mod matrices;
pub(crate) mod pack;
pub(crate) mod product;
mod series;
