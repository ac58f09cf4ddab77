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

use crate::activation::{Function, NotRational};
use crate::element::{Element, Scalar};
use crate::network::{Matrix, Network, Operation};

/// A scalar that activations can be evaluated in, as far as they can be at all.
pub trait ReferenceScalar: Scalar {
    /// Writes g⁽ᵏ⁾(x)/k! into `series[k]`.
    ///
    /// # Errors
    /// [`NotExact`] if this arithmetic has no such function.
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact>;
}

impl ReferenceScalar for Rational {
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact> {
        let result = match function {
            Function::Known(activation) => activation.exact_series(x, series),
            Function::Custom(_) => Err(NotRational::Function),
        };
        result.map_err(|reason| NotExact { function: function.to_string(), reason })
    }
}

impl ReferenceScalar for f64 {
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact> {
        match function {
            Function::Known(activation) => activation.series(x, series),
            Function::Custom(_) if series.is_empty() => (),
            Function::Custom(custom) => custom.series(*x, series),
        }
        Ok(())
    }
}

impl ReferenceScalar for f32 {
    #[allow(clippy::cast_possible_truncation, reason = "f32 is computed in f64 and rounded once")]
    fn series(function: &Function, x: &Self, series: &mut [Self]) -> Result<(), NotExact> {
        let mut double = vec![0.0; series.len()];
        f64::series(function, &f64::from(*x), &mut double)?;
        for (entry, value) in series.iter_mut().zip(double) {
            *entry = value as f32;
        }
        Ok(())
    }
}

/// An activation has no values in exact arithmetic.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{function} cannot be evaluated in exact arithmetic")]
pub struct NotExact {
    /// The activation as it is written.
    pub function: String,
    /// Why not.
    #[source]
    pub reason: NotRational,
}

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
                compose(algebra, activation, &jets[input.index()])?
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
    function: &Function,
    input: &Jet<S>,
) -> Result<Jet<S>, NotExact> {
    let features = input.channels[0].len();
    let order = algebra.nilpotency();
    let mut coefficients = vec![vec![S::zero(); features]; order + 1];
    for (feature, h0) in input.channels[0].iter().enumerate() {
        let mut series = vec![S::zero(); order + 1];
        S::series(function, h0, &mut series)?;
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
