//! The slow executor: index for index the three propagation rules, for any scalar, exact rationals included.
//!
//! | notation | name |
//! |---|---|
//! | u = Σ uᵢεᵢ, each uᵢ a vector of features | [`Jet`] |
//! | y = W u + b | every channel times W, b on channel 0 |
//! | (u v)ₖ = Σᵢⱼ cᵢⱼₖ uᵢ vⱼ | the product table |
//! | g(h₀ + N) = Σₖ g⁽ᵏ⁾(h₀)/k! Nᵏ | powers multiplied up one by one |
//!
//! *Normalisation: Taylor coefficients.* It is the oracle of every kernel, and over rationals it proves plans on networks
//! with polynomial activations. Nothing here is fast.

use jetc_combinatorics::Rational;
use jetc_operators::algebra::{JetAlgebra, Readout};

use crate::activation::Activation;
use crate::element::{Analytic, Element, Scalar};
use crate::network::{Matrix, Network, Operation};

/// A scalar that activations can be evaluated in, as far as they can be at all.
pub trait ReferenceScalar: Scalar {
    /// Writes g⁽ᵏ⁾(x)/k! into `series[k]`; false if this arithmetic has no such function.
    fn series(activation: Activation, x: &Self, series: &mut [Self]) -> bool;
}

impl ReferenceScalar for Rational {
    fn series(activation: Activation, x: &Self, series: &mut [Self]) -> bool {
        activation.exact_series(x, series)
    }
}

macro_rules! implement_reference_scalar {
    ($($float:ident)*) => {$(
        impl ReferenceScalar for $float {
            fn series(activation: Activation, x: &Self, series: &mut [Self]) -> bool {
                activation.series(x, series);
                true
            }
        }
    )*};
}
implement_reference_scalar!(f32 f64);

/// An activation is no polynomial, and the arithmetic is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot be evaluated in exact arithmetic; only polynomial activations can")]
pub struct NotExact(pub Activation);

/// One value of the network with all its channels: `channels[i][feature]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Jet<S> {
    channels: Vec<Vec<S>>,
}

impl<S: Element> Jet<S> {
    /// The features of one channel.
    pub fn channel(&self, index: usize) -> &[S] {
        &self.channels[index]
    }

    fn zero(channels: usize, features: usize) -> Self {
        Self { channels: vec![vec![S::zero(); features]; channels] }
    }

    fn add_scaled(&mut self, factor: &[S], other: &Self) {
        for (mine, theirs) in self.channels.iter_mut().zip(&other.channels) {
            for ((entry, value), scale) in mine.iter_mut().zip(theirs).zip(factor) {
                *entry = value.mul_add(scale, entry);
            }
        }
    }
}

/// ρ(f(x + x̂)) for every readout and every output of the network: `result[readout][output]`.
///
/// # Errors
/// [`NotExact`] if an activation has no values in the arithmetic of `S`.
///
/// # Panics
/// If the point does not have as many coordinates as the network has inputs.
pub fn evaluate<S: ReferenceScalar>(
    network: &Network<S>,
    algebra: &JetAlgebra,
    readouts: &[Readout],
    point: &[S],
) -> Result<Vec<Vec<S>>, NotExact> {
    let output = propagate(network, algebra, point)?;
    let read = |readout: &Readout| {
        (0..network.outputs())
            .map(|feature| {
                readout.iter().fold(S::zero(), |sum, (channel, weight)| {
                    output.channel(channel.index())[feature].mul_add(&S::from_rational(weight), &sum)
                })
            })
            .collect()
    };
    Ok(readouts.iter().map(read).collect())
}

/// The jet of the network's output at one point.
///
/// # Errors
/// [`NotExact`] if an activation has no values in the arithmetic of `S`.
///
/// # Panics
/// If the point does not have as many coordinates as the network has inputs.
pub fn propagate<S: ReferenceScalar>(
    network: &Network<S>,
    algebra: &JetAlgebra,
    point: &[S],
) -> Result<Jet<S>, NotExact> {
    assert_eq!(point.len(), network.inputs(), "a point has one coordinate for each input of the network");
    let mut jets: Vec<Jet<S>> = Vec::new();
    for (_, node) in network.nodes() {
        let jet = match &node.operation {
            Operation::Input => seed(algebra, point),
            Operation::Affine { input, weight, bias } => {
                affine(weight, bias.as_deref(), &jets[input.index()])
            }
            Operation::Elementwise { input, activation } => {
                compose(algebra, *activation, &jets[input.index()])?
            }
        };
        jets.push(jet);
    }
    Ok(jets.swap_remove(network.output().index()))
}

/// x + Σ sᵢεᵢ
fn seed<S: Scalar>(algebra: &JetAlgebra, point: &[S]) -> Jet<S> {
    let mut jet = Jet::zero(algebra.dimension(), point.len());
    jet.channels[0] = point.to_vec();
    for (id, channel) in algebra.channels() {
        for (&coordinate, value) in channel.seed.iter() {
            jet.channels[id.index()][coordinate as usize] = S::from_rational(value);
        }
    }
    jet
}

/// W u + b
fn affine<S: Scalar>(weight: &Matrix<S>, bias: Option<&[S]>, input: &Jet<S>) -> Jet<S> {
    let mut output = Jet::zero(input.channels.len(), weight.rows());
    for (channel, (y, x)) in output.channels.iter_mut().zip(&input.channels).enumerate() {
        for (i, entry) in y.iter_mut().enumerate() {
            let product = weight.row(i).iter().zip(x).fold(S::zero(), |sum, (w, x)| w.mul_add(x, &sum));
            *entry = match bias {
                Some(bias) if channel == 0 => product.add(&bias[i]),
                _ => product,
            };
        }
    }
    output
}

/// g(h₀ + N) = Σₖ gₖ Nᵏ
fn compose<S: ReferenceScalar>(
    algebra: &JetAlgebra,
    activation: Activation,
    input: &Jet<S>,
) -> Result<Jet<S>, NotExact> {
    let features = input.channels[0].len();
    let order = algebra.nilpotency();
    let mut coefficients = vec![vec![S::zero(); features]; order + 1];
    for (feature, h0) in input.channels[0].iter().enumerate() {
        let mut series = vec![S::zero(); order + 1];
        if !S::series(activation, h0, &mut series) {
            return Err(NotExact(activation));
        }
        for (coefficient, value) in coefficients.iter_mut().zip(series) {
            coefficient[feature] = value;
        }
    }
    let mut nilpotent = input.clone();
    nilpotent.channels[0] = vec![S::zero(); features];
    let mut output = Jet::zero(algebra.dimension(), features);
    output.channels[0].clone_from(&coefficients[0]);
    let mut power = nilpotent.clone();
    for coefficient in &coefficients[1..] {
        output.add_scaled(coefficient, &power);
        power = multiply_nilpotent(algebra, &power, &nilpotent);
    }
    Ok(output)
}

/// u v for jets without value part.
fn multiply_nilpotent<S: Scalar>(algebra: &JetAlgebra, u: &Jet<S>, v: &Jet<S>) -> Jet<S> {
    let features = u.channels[0].len();
    let mut product = Jet::zero(algebra.dimension(), features);
    for p in algebra.products() {
        let (i, j, k) = (p.left.index(), p.right.index(), p.result.index());
        let coefficient = S::from_rational(&p.coefficient);
        for feature in 0..features {
            let straight = u.channels[i][feature].mul(&v.channels[j][feature]);
            let crossed = u.channels[j][feature].mul(&v.channels[i][feature]);
            let sum = if i == j { straight } else { straight.add(&crossed) };
            product.channels[k][feature] = coefficient.mul_add(&sum, &product.channels[k][feature]);
        }
    }
    product
}

/// The standard library's functions, which know nothing of the vectorised ones.
#[allow(clippy::cast_possible_truncation, reason = "f32 is computed in f64 and rounded once")]
mod standard_library {
    use super::Analytic;
    use std::f64::consts::{FRAC_1_SQRT_2, TAU};

    impl Analytic for f64 {
        fn exp(&self) -> Self {
            f64::exp(*self)
        }
        fn tanh_and_derivative(&self) -> (Self, Self) {
            let cosh = self.cosh();
            (self.tanh(), 1.0 / (cosh * cosh))
        }
        fn sigmoid_and_derivative(&self) -> (Self, Self) {
            let (value, complement) = (1.0 / (1.0 + (-self).exp()), 1.0 / (1.0 + f64::exp(*self)));
            (value, value * complement)
        }
        fn softplus(&self) -> Self {
            self.max(0.0) + (-self.abs()).exp().ln_1p()
        }
        fn sin_cos(&self) -> (Self, Self) {
            f64::sin_cos(*self)
        }
        fn normal_cdf_and_density(&self) -> (Self, Self) {
            (0.5 * libm::erfc(-self * FRAC_1_SQRT_2), (-0.5 * self * self).exp() / TAU.sqrt())
        }
    }

    impl Analytic for f32 {
        fn exp(&self) -> Self {
            f64::from(*self).exp() as f32
        }
        fn tanh_and_derivative(&self) -> (Self, Self) {
            let (value, slope) = f64::from(*self).tanh_and_derivative();
            (value as f32, slope as f32)
        }
        fn sigmoid_and_derivative(&self) -> (Self, Self) {
            let (value, slope) = f64::from(*self).sigmoid_and_derivative();
            (value as f32, slope as f32)
        }
        fn softplus(&self) -> Self {
            f64::from(*self).softplus() as f32
        }
        fn sin_cos(&self) -> (Self, Self) {
            let (sine, cosine) = f64::from(*self).sin_cos();
            (sine as f32, cosine as f32)
        }
        fn normal_cdf_and_density(&self) -> (Self, Self) {
            let (cdf, density) = f64::from(*self).normal_cdf_and_density();
            (cdf as f32, density as f32)
        }
    }
}
