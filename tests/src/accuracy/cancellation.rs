//! How much larger the terms of a result are than the result.
//!
//! | notation | name |
//! |---|---|
//! | ρ, cᵢ | the readout and the channels of the network's output |
//! | Σ \|ρᵢ cᵢ\| / \|Σ ρᵢ cᵢ\| | [`Cancellation::readout`] |
//! | z = z₀ + N, w | the jet before the last activation g, and the weights after it |
//! | N̂, ĉᵢⱼₖ, … | the same with every number replaced by its modulus |
//! | Σ\_f \|w\_f\| Σₖ \|gₖ\| Σᵢ \|ρᵢ\| (N̂ᵏ)ᵢ / \|Σ ρᵢ cᵢ\| | [`Cancellation::layer`] |
//!
//! A sum whose terms carry relative errors u is off by u Σ \|terms\|: each number is what one rounding of every term can do
//! to the result. The first knows of the readout alone. The second counts the terms of the whole last layer, those
//! of Faà di Bruno's formula and of the product table, and so sees cancellation wherever a strategy has put it. Medians over
//! the points, in double precision: two digits are enough.
//!
//! Checked by `the_cancellation_of_the_pure_second_derivative_is_its_formula`.

use jetc_operators::Plan;
use jetc_operators::algebra::{JetAlgebra, Readout};
use jetc_runtime::Network;
use jetc_runtime::activation::Function;
use jetc_runtime::element::Scalar;
use jetc_runtime::jet::{Jet, JetScalar};
use jetc_runtime::network::Operation;
use jetc_runtime::reference::propagate;
use rayon::prelude::*;

use super::{Case, median};

/// Both factors of one plan.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cancellation {
    /// Of the readout.
    pub readout: f64,
    /// Of the last layer.
    pub layer: f64,
}

impl Cancellation {
    /// The factors of a plan of the case, medians over its points.
    ///
    /// # Panics
    /// If the plan is not of the case.
    pub fn of(case: &Case, plan: &Plan) -> Self {
        let (network, trunk) = case.network();
        let readout = &plan.readouts()[0].functional;
        let weights = last_weights(&network);
        let factors = |point: &[f64]| {
            let output = propagate(&network, plan, point).expect("f64 has every function");
            let terms: Vec<f64> =
                entries(readout).map(|(channel, weight)| weight * output.channel(channel)[0]).collect();
            let value = terms.iter().sum::<f64>().abs();
            let before = propagate(&trunk, plan, point).expect("f64 has every function");
            let layer = size(&before, plan.algebra(), readout, &case.activation.into(), weights);
            (terms.iter().map(|term| term.abs()).sum::<f64>() / value, layer / value)
        };
        let (readouts, layers) = case.points().par_chunks(case.dimension).map(factors).unzip();
        Self { readout: median(readouts), layer: median(layers) }
    }
}

/// The entries of a readout as floats.
fn entries(readout: &Readout) -> impl Iterator<Item = (usize, f64)> {
    readout.iter().map(|(channel, weight)| (channel.index(), f64::from_rational(weight)))
}

/// The weights of the network's only output.
fn last_weights(network: &Network<f64>) -> &[f64] {
    match network.nodes().next_back().map(|(_, node)| &node.operation) {
        Some(Operation::Affine { weight, .. }) => weight.entries(),
        _ => unreachable!("a case ends in an affine map"),
    }
}

/// Σ\_f \|w\_f\| Σₖ \|gₖ\| Σᵢ \|ρᵢ\| (N̂ᵏ)ᵢ
fn size(z: &Jet<f64>, algebra: &JetAlgebra, readout: &Readout, g: &Function, weights: &[f64]) -> f64 {
    let table: Vec<(usize, usize, usize, f64)> = algebra
        .products()
        .iter()
        .map(|p| {
            let both = if p.left == p.right { 1.0 } else { 2.0 };
            let size = both * f64::from_rational(&p.coefficient).abs();
            (p.left.index(), p.right.index(), p.result.index(), size)
        })
        .collect();
    let of_feature = |(feature, weight): (usize, &f64)| {
        let mut nilpotent: Vec<f64> = z.channels().iter().map(|channel| channel[feature].abs()).collect();
        nilpotent[0] = 0.0;
        let mut series = vec![0.0; algebra.nilpotency() + 1];
        f64::series(g, &z.channel(0)[feature], &mut series).expect("f64 has every function");
        let read = |power: &[f64]| -> f64 {
            entries(readout).map(|(channel, weight)| weight.abs() * power[channel]).sum()
        };
        let mut power = nilpotent.clone();
        let mut unit = vec![0.0; power.len()];
        unit[0] = 1.0;
        let mut sum = series[0].abs() * read(&unit);
        for coefficient in &series[1..] {
            sum += coefficient.abs() * read(&power);
            power = times(&power, &nilpotent, &table);
        }
        weight.abs() * sum
    };
    weights.iter().enumerate().map(of_feature).sum()
}

/// The product of two nilpotent elements with non-negative entries.
fn times(a: &[f64], b: &[f64], table: &[(usize, usize, usize, f64)]) -> Vec<f64> {
    let mut product = vec![0.0; a.len()];
    for &(i, j, k, coefficient) in table {
        product[k] += coefficient / 2.0 * (a[i] * b[j] + a[j] * b[i]);
    }
    product
}
