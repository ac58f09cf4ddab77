//! The memory of one thread.

use super::readout::Outputs;
use super::schedule::{GROUP, Schedule};
use crate::float::Float;
use crate::kernel::aligned::Aligned;
use crate::kernel::elementwise::{CompiledProgram, Scratch, Source};
use crate::kernel::product::Packed;
use crate::network::Pick;

/// Buffers for one chunk.
#[derive(Debug)]
pub(crate) struct Workspace<T: 'static> {
    /// One for each buffer of the schedule, for `points` points.
    pub(crate) buffers: Vec<Aligned<T>>,
    /// One column of `points` numbers for each part or node of the formulas.
    pub(crate) formula: Vec<f64>,
    pub(crate) tools: Tools<T>,
    /// The results of each step that runs ahead, for a group of points.
    pub(crate) ahead: Vec<Aligned<T>>,
    pub(crate) points: usize,
}

/// What steps need besides the buffers; it grows to what the largest step needs and stays.
#[derive(Debug)]
pub(crate) struct Tools<T: 'static> {
    pub(crate) scratch: Scratch<T>,
    /// Empty between steps.
    pub(crate) sources: Vec<Source<'static, T>>,
    pub(crate) targets: Vec<usize>,
    /// Positions of the largest entries.
    pub(crate) winners: Vec<usize>,
    /// Which side each feature of each point comes from.
    pub(crate) picks: Vec<Pick>,
    /// What sums of outer products are made from.
    pub(crate) packed: Packed<T>,
}

impl<T: Float> Workspace<T> {
    /// For chunks of so many points.
    pub(crate) fn new(schedule: &Schedule<T>, outputs: &Outputs<T>, points: usize) -> Self {
        Self::with_programs(schedule, outputs, points, schedule.programs())
    }

    /// With scratch for these programs.
    pub(crate) fn with_programs<'a>(
        schedule: &Schedule<T>,
        outputs: &Outputs<T>,
        points: usize,
        programs: impl Iterator<Item = &'a CompiledProgram<T>>,
    ) -> Self {
        Self {
            buffers: schedule.buffers.iter().map(|&size| Aligned::zeros(size * points)).collect(),
            formula: vec![0.0; outputs.scratch(points)],
            tools: Tools {
                scratch: Scratch::of(programs),
                sources: Vec::new(),
                targets: Vec::new(),
                winners: Vec::new(),
                picks: Vec::new(),
                packed: Packed::default(),
            },
            ahead: schedule.features_ahead().map(|features| Aligned::zeros(features * GROUP)).collect(),
            points,
        }
    }
}
