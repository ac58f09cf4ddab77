//! Elementwise functions and their derivatives to any order.
//!
//! *Normalisation: Taylor coefficients.* The series of g at x is gₖ = g⁽ᵏ⁾(x)/k! for k = 0 … K. Every function has one
//! file with its recurrence, which follows from a differential equation that the function solves; recurrences are
//! written index for index. Each is checked at random points against exact series by an addition theorem
//! (`tests.rs`), and end to end against nested automatic differentiation.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

mod exp;
mod gelu;
mod identity;
mod power;
mod sigmoid;
mod silu;
mod sin;
mod softplus;
mod tanh;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use crate::element::{Analytic, Element};

/// An elementwise function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Activation {
    /// x
    Identity,
    /// x²
    Square,
    /// x³
    Cube,
    /// tanh x
    Tanh,
    /// sin x
    Sin,
    /// cos x
    Cos,
    /// eˣ
    Exp,
    /// 1/(1 + e⁻ˣ)
    Sigmoid,
    /// log(1 + eˣ)
    Softplus,
    /// x/(1 + e⁻ˣ), also called swish
    Silu,
    /// x Φ(x) with the normal distribution function Φ, the exact form (`approximate='none'` in PyTorch)
    Gelu,
}

impl Activation {
    /// Every activation.
    pub const ALL: [Self; 11] = [
        Self::Identity,
        Self::Square,
        Self::Cube,
        Self::Tanh,
        Self::Sin,
        Self::Cos,
        Self::Exp,
        Self::Sigmoid,
        Self::Softplus,
        Self::Silu,
        Self::Gelu,
    ];

    /// The name in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Square => "square",
            Self::Cube => "cube",
            Self::Tanh => "tanh",
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Exp => "exp",
            Self::Sigmoid => "sigmoid",
            Self::Softplus => "softplus",
            Self::Silu => "silu",
            Self::Gelu => "gelu",
        }
    }

    /// Writes gₖ = g⁽ᵏ⁾(x)/k! into `series[k]`, for as many orders as there is room.
    #[inline(always)]
    pub fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        match self {
            Self::Identity => identity::series(x, series),
            Self::Square => power::series(2, x, series),
            Self::Cube => power::series(3, x, series),
            Self::Tanh => tanh::series(x, series),
            Self::Sin => sin::sine_series(x, series),
            Self::Cos => sin::cosine_series(x, series),
            Self::Exp => exp::series(x, series),
            Self::Sigmoid => sigmoid::series(x, series),
            Self::Softplus => softplus::series(x, series),
            Self::Silu => silu::series(x, series),
            Self::Gelu => gelu::series(x, series),
        }
    }

    /// The same without elementary functions; false, and nothing written, unless the function is a polynomial.
    pub fn exact_series<E: Element>(self, x: &E, series: &mut [E]) -> bool {
        match self {
            Self::Identity => identity::series(x, series),
            Self::Square => power::series(2, x, series),
            Self::Cube => power::series(3, x, series),
            _ => return false,
        }
        true
    }
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The name is no activation's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown activation `{name}`; known are {}", itertools::join(Activation::ALL, ", "))]
pub struct UnknownActivation {
    /// What was asked for.
    pub name: String,
}

impl FromStr for Activation {
    type Err = UnknownActivation;

    fn from_str(name: &str) -> Result<Self, UnknownActivation> {
        let lower = name.to_lowercase();
        let synonym = match lower.as_str() {
            "sine" => "sin",
            "cosine" => "cos",
            "swish" => "silu",
            "logistic" => "sigmoid",
            "linear" | "none" => "identity",
            other => other,
        };
        Self::ALL
            .into_iter()
            .find(|activation| activation.name() == synonym)
            .ok_or_else(|| UnknownActivation { name: name.to_owned() })
    }
}

/// k as the i32 that [`Element::scale`] takes.
#[inline(always)]
#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "orders are small")]
fn int(k: usize) -> i32 {
    k as i32
}

/// Σ_{j=first}^{last} aⱼ a_{k−j}
#[inline(always)]
fn convolve<E: Element>(a: &[E], k: usize, first: usize, last: usize) -> E {
    let mut sum = E::zero();
    for j in first..=last {
        sum = a[j].mul_add(&a[k - j], &sum);
    }
    sum
}

/// The series of x·f(x) from that of f, in place: (x f)ₖ = x fₖ + fₖ₋₁.
#[inline(always)]
fn multiply_by_x<E: Element>(x: &E, series: &mut [E]) {
    for k in (1..series.len()).rev() {
        series[k] = x.mul_add(&series[k], &series[k - 1]);
    }
    if let Some(first) = series.first_mut() {
        *first = x.mul(first);
    }
}

/// The series of an antiderivative with the given value: Fₖ₊₁ = fₖ/(k+1), in place.
#[inline(always)]
fn integrate<E: Element>(value: E, series: &mut [E]) {
    for k in (1..series.len()).rev() {
        series[k] = series[k - 1].scale(1, int(k));
    }
    if let Some(first) = series.first_mut() {
        *first = value;
    }
}
