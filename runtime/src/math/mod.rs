//! Elementary functions for loops over lanes.
//!
//! Each function is a branchless, always inlined formula, generic over the number type ([`Real`]: `f32`,
//! `f64`) and over the kind of multiply-add ([`Fma`]). Called in a plain loop inside a [`Kernel`], it becomes
//! vector code for the instruction set that [`dispatch()`] finds at run time. A result depends on the
//! argument, the type and the kind of multiply-add only: not on the place in a tile, nor on the width of the
//! vectors.
//!
//! Errors are bounded by tests, against correctly rounded functions and formulas in twice the precision, in
//! units of the last place (ulp), with [`Fused`] and with [`Separate`]; those of denormal results in units of
//! the smallest number. NaN passes through; infinities and signs of zeros are right.
//!
//! | function | value | ulp, fused | ulp, separate |
//! |---|---|---|---|
//! | [`exp`] | eˣ | 1 | 1 |
//! | [`expm1`] | eˣ − 1 | 1.3 | 1.3 |
//! | [`log`], [`log1p`] | ln x, ln(1 + x) | 0.85 | 0.85 |
//! | [`pow`] | xʸ, x ≥ 0 | 1 | 1 |
//! | [`tanh`] | tanh x | 1.6 | 1.6 |
//! | [`tanh_and_derivative`] | tanh x, 1 − tanh² x | 1.1, 1 | 1.6, 1.4 |
//! | [`sinh`], [`cosh`], [`sinh_cosh`] | sinh x, cosh x | 1, 0.85 | 1, 0.85 |
//! | [`sigmoid`], [`sigmoid_and_derivative`] | σ(x) = 1/(1 + e⁻ˣ), σ (1 − σ) | 1, 1 | 1.3, 1.4 |
//! | [`softplus`] | ln(1 + eˣ) | 1.3 | 1.8 |
//! | [`sin`], [`cos`], [`sin_cos`] | sin x, cos x, \|x\| ≤ [`reach`] | 0.85 | 0.85 |
//! | [`sin_tile`], [`cos_tile`], [`sin_cos_tile`] | the same for a slice, any x | 1 | 1 |
//! | [`atan`] | arctan x | 1.5 | 1.5 |
//! | [`erf`], [`erfc`] | erf x, 1 − erf x | 1.5 | 2 |
//! | [`normal_cdf`], [`normal_cdf_and_gaussian`] | Φ(x), exp(−x²/2) | 1.5, 1 | 2, 1 |
//! | [`gaussian`], [`gaussian_of_square`] | exp(−x²/2), exp(−x²) | 1 | 1 |
//! | [`tan`], [`asin`], [`acos`] | tan x, arcsin x, arccos x | 1 | 1 |
//! | [`asinh`], [`acosh`], [`atanh`] | arsinh x, arcosh x, artanh x | 2 | 2 |
//! | [`tanhshrink`] | x − tanh x | 4 | 4 |
//! | [`reciprocal`], [`Real::sqrt`] | 1/x, √x | 0.5 | 0.5 |
//!
//! Two functions of the same x, in the same loop, share what they have in common: the compiler sees it.
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
mod tanhshrink;

mod error_function;
mod logarithm;
mod power;

mod arctangent;
mod inverse;
mod large_angles;
mod trigonometric;

#[cfg(test)]
mod tests;

pub use algebraic::reciprocal;
pub use arctangent::atan;
pub(crate) use dispatch::VectorKernel;
pub use dispatch::{InstructionSet, Kernel, dispatch, dispatch_portable};
pub use error_function::{erf, erfc, gaussian, gaussian_of_square, normal_cdf, normal_cdf_and_gaussian};
pub use exponential::{exp, expm1};
pub use fma::{Fma, Fused, Separate, fast_two_sum, two_sum};
pub use hyperbolic::{cosh, sinh, sinh_cosh, tanh, tanh_and_derivative};
pub use inverse::{acos, acosh, asin, asinh, atanh, tan};
pub use large_angles::{cos_tile, sin_cos_tile, sin_tile, within_reach};
pub use logarithm::{log, log1p};
pub use logistic::{sigmoid, sigmoid_and_derivative, softplus};
pub use power::pow;
pub use real::{Real, at_least, at_most, select, unit};
pub use tanhshrink::tanhshrink;
pub use trigonometric::{cos, reach, sin, sin_cos};
