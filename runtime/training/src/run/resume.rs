//! From a run to a checkpoint, and back. Checked by `a_resumed_run_has_the_same_bits`.

use std::path::Path;

use super::checkpoint::Checkpoint;
use super::guard::Guard;
use super::{Choice, Run, Running};
use crate::method::State;
use crate::problem::ProblemError;

impl Run {
    /// Writes everything that is needed to go on: it appears whole, or the last one stays.
    ///
    /// # Errors
    /// What the system says.
    pub fn save(&self, path: &Path) -> Result<(), ProblemError> {
        let weights: Vec<f64> = self.system.terms.iter().map(|term| term.weight).collect();
        let state = match &self.method {
            Some(Running::GaussNewton(method)) => method.state(),
            Some(Running::Other(method)) => method.state(),
            None => State::new(),
        };
        Checkpoint {
            parameters: self.theta.clone(),
            position: [
                self.progress.step,
                self.phase as u64,
                self.steps_of_phase,
                self.stream,
                u64::from(self.method.is_some()),
                self.drawn,
            ],
            guard: self.guard.state(),
            seconds: [self.progress.seconds, self.seconds_of_phase],
            weights,
            points: self
                .system
                .terms
                .iter()
                .map(|term| (self.stream > 0).then(|| term.points().to_vec()))
                .collect(),
            point_weights: self.system.terms.iter().map(|term| term.weights().to_vec()).collect(),
            state,
        }
        .write(path)
    }

    /// Goes on where a checkpoint was written.
    ///
    /// # Errors
    /// [`ProblemError::Checkpoint`] for one that does not fit.
    pub fn resume(&mut self, path: &Path) -> Result<(), ProblemError> {
        let wrong = |reason: &str| ProblemError::Checkpoint {
            path: path.display().to_string(),
            reason: reason.to_owned(),
        };
        let checkpoint = Checkpoint::read(path)?;
        if checkpoint.parameters.len() != self.theta.len()
            || checkpoint.weights.len() != self.system.terms.len()
        {
            return Err(wrong("it is of another network or another problem"));
        }
        let [step, phase, steps_of_phase, stream, has_method, drawn] = checkpoint.position;
        (self.guard, self.drawn) = (Guard::restored(checkpoint.guard), drawn);
        self.theta = checkpoint.parameters;
        self.progress.step = step;
        [self.progress.seconds, self.seconds_of_phase] = checkpoint.seconds;
        self.phase = usize::try_from(phase).unwrap_or(usize::MAX);
        self.steps_of_phase = steps_of_phase;
        if self.phase >= self.phases.len() {
            return Err(wrong("it is of another list of phases"));
        }
        self.stream = stream;
        let stored = checkpoint.weights.into_iter().zip(checkpoint.point_weights).zip(checkpoint.points);
        for (term, ((weight, weights), points)) in self.system.terms.iter_mut().zip(stored) {
            match points {
                Some(points) if points.len() == weights.len() * term.inputs() => {
                    term.set_points(points, weights);
                }
                None if weights.len() == term.count() => term.set_point_weights(weights),
                _ => return Err(wrong("it has another number of points")),
            }
            term.set_weight(weight);
        }
        if has_method == 1 {
            let phase = self.phases[self.phase];
            let mut method = Choice::method(&phase, self.theta.len());
            let is_restored = match &mut method {
                Running::GaussNewton(method) => method.restore(&checkpoint.state),
                Running::Other(method) => method.restore(&checkpoint.state),
            };
            if !is_restored {
                return Err(wrong("it is of another method"));
            }
            self.method = Some(method);
        }
        self.look();
        self.measure()
    }
}
