//! An evaluation that rounds to `f32` only what is stored: the error that no better summation could avoid.
//!
//! Every channel is rounded after every affine map and every activation, and the result once more; all between is in
//! double precision. What the evaluator's error in `f32` has beyond this comes from its sums and products.
//!
//! Checked by `errors_stay_below_what_the_sizes_of_the_terms_allow`.

use jetc_operators::Plan;
use jetc_runtime::Network;
use jetc_runtime::element::Scalar;
use jetc_runtime::jet::Jet;
use jetc_runtime::network::{Matrix, Operation};
use jetc_runtime::reference::propagate;
use rayon::prelude::*;

use super::case::rounded;
use super::{Case, Errors, Measured, Reference};

impl Errors {
    /// The errors of a plan of the case where only stored numbers are rounded to `f32`.
    ///
    /// # Panics
    /// If the plan is not of the case.
    pub fn of_stored_numbers(case: &Case, plan: &Plan, reference: &Reference) -> Self {
        let (network, _) = case.network();
        let values: Vec<f64> =
            case.points().par_chunks(case.dimension).map(|point| value(&network, plan, point)).collect();
        Self::between(&values, reference, f32::UNIT)
    }
}

/// The operator's value at one point.
fn value(network: &Network<f64>, plan: &Plan, point: &[f64]) -> f64 {
    let algebra = plan.algebra();
    let input = Network::builder(point.len()).build().expect("a network may be its input");
    let mut jet = propagate(&input, plan, point).expect("there is no function");
    for (_, node) in network.nodes().skip(1) {
        let next = match &node.operation {
            Operation::Affine { weight, bias, .. } => affine(weight, bias.as_deref(), &jet),
            Operation::Elementwise { activation, .. } => {
                jet.compose(activation, algebra).expect("f64 has every function")
            }
            _ => unreachable!("a case is a chain of affine maps and activations"),
        };
        jet = next.map_channels(|channel| channel.iter().map(|&x| rounded(x)).collect());
    }
    let readout = &plan.readouts()[0].functional;
    rounded(readout.iter().map(|(id, weight)| f64::from_rational(weight) * jet.channel(id.index())[0]).sum())
}

/// W u + b
fn affine(weight: &Matrix<f64>, bias: Option<&[f64]>, jet: &Jet<f64>) -> Jet<f64> {
    let dot = |row: &[f64], x: &[f64]| row.iter().zip(x).map(|(w, x)| w * x).sum();
    let product =
        jet.map_channels(|channel| (0..weight.rows()).map(|i| dot(weight.row(i), channel)).collect());
    let mut channels = product.channels().to_vec();
    for (entry, bias) in channels[0].iter_mut().zip(bias.unwrap_or_default()) {
        *entry += bias;
    }
    Jet::new(channels)
}
