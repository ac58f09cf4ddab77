//! From a problem to a solved one, in one call.

use std::path::Path;

use crate::problem::{Problem, ProblemError};
use crate::report::{Folder, History};
use crate::run::{Limits, Progress, Run, Stopped};

/// What a caller may want to know while it goes on; all of it may be left out.
pub trait Observer {
    /// Hears of the run before its first step.
    fn begin(&mut self, run: &Run) {
        let _ = run;
    }

    /// Hears of each step.
    fn step(&mut self, progress: &Progress) {
        let _ = progress;
    }

    /// Whether to end after this step; everything is written then.
    fn is_interrupted(&self) -> bool {
        false
    }
}

/// Nobody watches.
impl Observer for () {}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Why.
    pub stopped: Stopped,
    /// Where.
    pub progress: Progress,
    /// What `summary.json` has.
    pub summary: serde_json::Value,
    /// Whether a tolerance was asked for and not reached.
    pub is_short_of_tolerance: bool,
}

/// Seconds between two checkpoints.
const BETWEEN_CHECKPOINTS: f64 = 30.0;

impl Problem {
    /// Trains, and fills `folder`; with `resume`, from its checkpoint.
    ///
    /// # Errors
    /// What is wrong with terms, network and files.
    ///
    /// # Example
    /// ```
    /// use jetc_training::{Limits, Problem};
    /// let problem = Problem::from_yaml("decay.yaml", "
    ///     coordinates: [t]
    ///     domain: {t: [0, 1]}
    ///     equations: {decay: u_t = -u}
    ///     conditions: {start: {at: t = 0, require: u = 1}}
    ///     solution: {u: exp(-t)}
    ///     network: {hidden: [8]}
    /// ")?;
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path();
    /// let limits = Limits { steps: Some(30), ..Limits::default() };
    /// let outcome = problem.train(folder, limits, false, &mut ())?;
    /// assert!(outcome.progress.errors[0].relative_l2 < 1e-4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn train(
        &self,
        folder: impl AsRef<Path>,
        limits: Limits,
        resume: bool,
        observer: &mut dyn Observer,
    ) -> Result<Outcome, ProblemError> {
        let mut run = Run::new(self, limits)?;
        let mut history = History::default();
        let folder = if resume { Folder::of_a_run(folder.as_ref())? } else { Folder::new(folder.as_ref())? };
        if resume {
            run.resume(&folder.checkpoint())?;
            history = History::read(&folder.history(), self, run.progress().step);
        } else {
            history.push(run.progress());
        }
        observer.begin(&run);
        let (mut saved, mut measured) = (run.progress().seconds, run.progress().seconds);
        let stopped = loop {
            if let Some(stopped) = run.step(self)? {
                break stopped;
            }
            run.measure_now_and_then(&mut measured)?;
            history.push(run.progress());
            observer.step(run.progress());
            if observer.is_interrupted() {
                break Stopped::Interrupted;
            }
            if run.progress().seconds > saved + BETWEEN_CHECKPOINTS {
                folder.save(self, &run, &history, None)?;
                saved = run.progress().seconds;
            }
        };
        run.measure()?;
        folder.save(self, &run, &history, Some(stopped))?;
        folder.draw(self, &run, &history)?;
        let tolerance = self.settings.tolerance;
        Ok(Outcome {
            stopped,
            progress: run.progress().clone(),
            summary: crate::report::summary(self, &run, Some(stopped)),
            is_short_of_tolerance: tolerance
                .is_some_and(|tolerance| run.progress().loss.is_nan() || run.progress().loss > tolerance),
        })
    }
}
