//! The memory of one thread.

use super::readout::Outputs;
use super::schedule::Schedule;
use crate::float::Float;

/// Buffers for one chunk; allocated once for a thread and batch.
#[derive(Debug)]
pub(crate) struct Workspace<T> {
    pub(crate) buffers: Vec<Vec<T>>,
    pub(crate) scratch: Vec<T>,
    /// One column of `chunk` numbers for each part or node of the formulas.
    pub(crate) formula: Vec<f64>,
}

impl<T: Float> Workspace<T> {
    pub(crate) fn new(schedule: &Schedule<T>, outputs: &Outputs<T>, chunk: usize) -> Self {
        Self {
            buffers: schedule.buffers.iter().map(|&size| vec![T::ZERO; size * chunk]).collect(),
            scratch: vec![T::ZERO; schedule.scratch()],
            formula: vec![0.0; outputs.scratch(chunk)],
        }
    }
}
