//! Files of points, results and weights: formats, round trips, and everything that can be wrong with them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod hostile;
mod points;
mod results;
mod sequential;
mod support;
mod tensors;
