//! The memory of one thread, and where threads find it.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, PoisonError};

use super::ahead::GROUP;
use super::readout::Outputs;
use super::schedule::Schedule;
use crate::float::Float;
use crate::kernel::aligned::Aligned;
use crate::kernel::elementwise::{CompiledProgram, Scratch, Source};
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
    points: usize,
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
}

impl<T: Float> Workspace<T> {
    fn new(schedule: &Schedule<T>, outputs: &Outputs<T>, points: usize) -> Self {
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
            },
            ahead: schedule.features_ahead().map(|features| Aligned::zeros(features * GROUP)).collect(),
            points,
        }
    }
}

/// Workspaces that wait for the next batch. There are never more than threads have worked at the same time.
#[derive(Debug)]
pub(crate) struct Pool<T: 'static> {
    idle: Mutex<Vec<Workspace<T>>>,
}

impl<T: Float> Pool<T> {
    pub(crate) fn new() -> Self {
        Self { idle: Mutex::new(Vec::new()) }
    }

    /// A workspace for chunks of so many points, to be given back when dropped.
    pub(crate) fn take(&self, schedule: &Schedule<T>, outputs: &Outputs<T>, points: usize) -> Lease<'_, T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let workspace = idle.filter(|workspace| workspace.points >= points);
        let workspace = workspace.unwrap_or_else(|| Workspace::new(schedule, outputs, points));
        Lease { pool: self, workspace: Some(workspace) }
    }
}

/// A workspace in use.
#[derive(Debug)]
pub(crate) struct Lease<'a, T: 'static> {
    pool: &'a Pool<T>,
    /// There until it is dropped.
    workspace: Option<Workspace<T>>,
}

impl<T: 'static> Deref for Lease<'_, T> {
    type Target = Workspace<T>;

    fn deref(&self) -> &Workspace<T> {
        self.workspace.as_ref().expect("a lease in use has a workspace")
    }
}

impl<T: 'static> DerefMut for Lease<'_, T> {
    fn deref_mut(&mut self) -> &mut Workspace<T> {
        self.workspace.as_mut().expect("a lease in use has a workspace")
    }
}

impl<T: 'static> Drop for Lease<'_, T> {
    fn drop(&mut self) {
        // What a panic has left half done is nobody's to use.
        if let Some(workspace) = self.workspace.take().filter(|_| !std::thread::panicking()) {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(workspace);
        }
    }
}
