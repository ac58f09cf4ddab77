//! Elementary functions for loops over lanes.
//!
//! Each function is a branchless, always inlined formula, generic over the number type ([`Real`]: `f32`, `f64`) and over
//! the kind of multiply-add ([`Fma`]). Called in a plain loop inside a [`Kernel`], it becomes vector code for the
//! instruction set that [`dispatch`] finds at run time. A result depends on the argument, the type and the kind of
//! multiply-add only: not on the place in a tile, nor on the width of the vectors.
//!
//! Architecture invariant: this module knows numbers, not networks, plans or slots.
#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]
#![allow(clippy::needless_bitwise_bool, reason = "a lazy operator is a branch")]

mod dispatch;
mod fma;
mod real;

#[rustfmt::skip]
#[allow(clippy::approx_constant, clippy::excessive_precision, clippy::unreadable_literal, reason = "generated")]
mod coefficients;
mod polynomial;

mod algebraic;
mod exponential;
mod hyperbolic;
mod logistic;

mod error_function;
mod logarithm;
mod power;

mod arctangent;
mod large_angles;
mod trigonometric;

#[cfg(test)]
mod tests;

pub use algebraic::reciprocal;
pub use arctangent::atan;
pub use dispatch::{InstructionSet, Kernel, dispatch, dispatch_portable};
pub use error_function::{erf, erfc, gaussian, normal_cdf, normal_cdf_and_gaussian};
pub use exponential::{exp, expm1};
pub use fma::{Fma, Fused, Separate, fast_two_sum, two_sum};
pub use hyperbolic::{cosh, sinh, sinh_cosh, tanh, tanh_and_derivative};
pub use large_angles::{cos_tile, sin_cos_tile, sin_tile, within_reach};
pub use logarithm::{log, log1p};
pub use logistic::{sigmoid, sigmoid_and_derivative, softplus};
pub use power::pow;
pub use real::{Real, at_least, at_most, select};
pub use trigonometric::{cos, reach, sin, sin_cos};
