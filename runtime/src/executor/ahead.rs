//! Large first layers, multiplied for many chunks at once.
//!
//! Behind the first nonlinearity a chunk has many rows, one for each channel of each point; before it only the value differs
//! from point to point. The weights of a first layer with very many inputs would be read from memory for a few rows at
//! a time: so it runs ahead of the chunks, over a group of them.

use super::rules::{Affine, Rule};
use super::schedule::Schedule;
use super::workspace::Workspace;
use crate::float::Float;

/// Multiplies the points of a group, at most [`GROUP`](super::schedule::GROUP), by the first layers that run ahead.
pub(crate) fn run<T: Float>(schedule: &Schedule<T>, points: &[T], workspace: &mut Workspace<T>) {
    let count = points.len() / schedule.inputs().max(1);
    let steps = schedule.steps.iter().filter(|step| step.ahead.is_some());
    for (step, target) in steps.zip(&mut workspace.ahead) {
        if let Rule::Affine(Affine { weights, bias, .. }) = &step.rule {
            let features = schedule.place(step.node).features;
            weights.multiply(points, bias.as_deref(), &mut target[..count * features]);
        }
    }
}
