//! The evaluator: against the reference, on random graphs, and in fewer coordinates.
#![allow(clippy::unwrap_used)]

mod executor;
mod gradients;
mod graphs;
mod ranges;
mod reduction;
mod support;
