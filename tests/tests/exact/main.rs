//! Truth without rounding: polynomial networks are expanded as polynomials and derived by hand; plans must agree exactly.
//!
//! The expansion knows no jets, no partitions and no interpolation: affine maps and powers of polynomials, and
//! ∂^β x^α = α!/(α−β)! x^{α−β}.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod linear;
mod nonlinear;
mod operator;
mod polynomial_network;
