//! Training: steps of a method on the loss of a problem, until it is done, told to stop, or stuck.
//!
//! | item | file |
//! |---|---|
//! | problem → terms with points on one network | `setup.rs` |
//! | which method, and why | `choice.rs` |
//! | what methods hold | `memory.rs` |
//! | steps, phases, and when they end | this one |
//! | where it stands | `progress.rs` |
//! | whether points are spent | `guard.rs` |
//! | errors against the known solution | `error.rs` |
//! | what is needed to go on with the same bits | `checkpoint.rs`, `resume.rs` |
//!
//! A run is a function of problem, settings and the number of steps: points, weights and steps do not depend on the clock or on
//! the number of threads, only where it ends does. Checked by `a_resumed_run_has_the_same_bits`.

mod checkpoint;
mod choice;
mod error;
mod guard;
mod memory;
mod progress;
mod resume;
mod setup;

use std::time::Instant;

pub use choice::Choice;
pub use error::FieldError;
pub use progress::{Limits, Progress, Stopped};
pub(crate) use setup::widened;

use self::error::Yardstick;
use self::guard::Guard;
use crate::method::{GaussNewton, LeastSquares};
use crate::problem::{MethodChoice, Phase, Problem, ProblemError, Resample};
use crate::system::System;
use jetc_runtime::Network;

/// A run: it is stepped by its caller.
#[derive(Debug)]
pub struct Run {
    system: System,
    network: Network<f64>,
    theta: Vec<f64>,
    choice: Choice,
    phases: Vec<Phase>,
    phase: usize,
    steps_of_phase: u64,
    seconds_of_phase: f64,
    method: Option<Running>,
    progress: Progress,
    limits: Limits,
    yardstick: Option<Yardstick>,
    /// How many times points were drawn.
    stream: u64,
    guard: Guard,
    /// The step before which points were last drawn.
    drawn: u64,
    measured: u64,
}

/// A method at work.
#[derive(Debug)]
enum Running {
    GaussNewton(GaussNewton),
    Other(Box<dyn crate::method::Method + Send>),
}

/// Errors are computed anew after so many times the time that it takes.
const SHARE_OF_ERRORS: f64 = 20.0;

impl Run {
    /// Puts terms, points and network together.
    ///
    /// # Errors
    /// Operators without a plan, regions without points, a network that does not fit.
    pub fn new(problem: &Problem, limits: Limits) -> Result<Self, ProblemError> {
        let network = setup::network(problem)?;
        let system = setup::system(problem, &network)?;
        let mut theta = network.parameters().values().to_vec();
        if theta.is_empty() && problem.unknowns.is_empty() {
            return Err(ProblemError::NothingToTrain);
        }
        theta.extend(problem.unknowns.iter().map(|unknown| unknown.start));
        let choice = Choice::new(theta.len(), system.residuals(), problem.settings.memory);
        let phases = choice.phases(&problem.settings.phases);
        if let Some(memory) = problem.settings.memory {
            choice.check(&phases, memory)?;
        }
        let yardstick = problem.solution.as_ref();
        let yardstick = yardstick.map(|solution| Yardstick::new(problem, solution, &network)).transpose()?;
        let seconds = limits.seconds.or(match limits.steps {
            Some(_) => None,
            None => Some(problem.settings.seconds).filter(|seconds| seconds.is_finite()),
        });
        let limits = Limits { seconds, steps: limits.steps.or(problem.settings.steps) };
        let mut run = Self {
            system,
            network,
            choice,
            phases,
            phase: 0,
            steps_of_phase: 0,
            seconds_of_phase: 0.0,
            method: None,
            progress: Progress {
                step: 0,
                seconds: 0.0,
                method: "",
                loss: f64::NAN,
                terms: Vec::new(),
                size: 0.0,
                damping: 0.0,
                gradient_norm: f64::NAN,
                unknowns: Vec::new(),
                errors: Vec::new(),
            },
            limits,
            yardstick,
            stream: 0,
            guard: Guard::new(),
            drawn: 0,
            measured: 0,
            theta,
        };
        run.look();
        run.measure()?;
        Ok(run)
    }

    /// Where it stands.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// What was chosen, and why.
    pub fn choice(&self) -> &Choice {
        &self.choice
    }

    /// The phases, with methods in the place of `auto`.
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// The limits that hold.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The loss with its terms and their points.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The parameters of the network, then the unknowns.
    pub fn parameters(&self) -> &[f64] {
        &self.theta
    }

    /// The network with its parameters as they are now.
    pub fn network(&self) -> Network<f64> {
        let count = self.network.parameters().len();
        self.network.with_parameters(&self.theta[..count]).expect("as many numbers as before")
    }

    /// The parameters of the network alone.
    pub fn weights(&self) -> &[f64] {
        &self.theta[..self.network.parameters().len()]
    }

    /// Loss, terms and unknowns at θ, for points and weights as they are now.
    fn look(&mut self) {
        let mut residuals = vec![0.0; self.system.residuals()];
        self.system.evaluate(&self.theta, &mut residuals);
        self.take_notice();
    }

    /// The same behind a step, which has mostly evaluated where it ended.
    fn look_behind_a_step(&mut self) {
        if self.system.latest(&self.theta).is_some() { self.take_notice() } else { self.look() }
    }

    /// Of what was evaluated last, at θ.
    fn take_notice(&mut self) {
        if let Some((loss, losses)) = self.system.latest(&self.theta) {
            (self.progress.loss, self.progress.terms) = (loss, losses.to_vec());
        }
        self.progress.unknowns = self.theta[self.network.parameters().len()..].to_vec();
    }

    /// Computes the errors against the known solution anew.
    ///
    /// # Errors
    /// A network that cannot be evaluated.
    pub fn measure(&mut self) -> Result<(), ProblemError> {
        if let Some(yardstick) = &mut self.yardstick {
            self.progress.errors = yardstick.measure(&self.theta[..self.network.parameters().len()])?;
            self.measured = self.progress.step;
        }
        Ok(())
    }

    /// One step; `Some` if the run is over.
    ///
    /// # Errors
    /// Points that cannot be drawn, a network that cannot be evaluated.
    pub fn step(&mut self, problem: &Problem) -> Result<Option<Stopped>, ProblemError> {
        if let Some(stopped) = self.is_over(problem) {
            return Ok(Some(stopped));
        }
        let start = Instant::now();
        self.resample(problem)?;
        let phase = self.phases[self.phase];
        let Self { method, theta, system, .. } = self;
        let method = method.get_or_insert_with(|| Choice::method(&phase, theta.len()));
        let (is_progress, size, damping, gradient_norm) = match method {
            Running::GaussNewton(method) => {
                let step = method.step(system, theta);
                (step.is_progress, step.size, step.damping, step.gradient_norm)
            }
            Running::Other(method) => {
                let step = method.step(system, theta);
                (step.is_progress, step.size, step.size, step.gradient_norm)
            }
        };
        if let Some(reason) = system.failure() {
            return Err(ProblemError::Gradient { term: problem.name.clone(), reason });
        }
        self.clip(problem);
        self.look_behind_a_step();
        if problem.settings.balanced && self.progress.step.is_multiple_of(BALANCE) {
            self.balance();
        }
        if problem.settings.causal {
            self.favour_early(problem)?;
        }
        let is_stuck = !is_progress;
        let is_guarded = self.is_guarded(problem);
        if is_guarded && (is_stuck || self.progress.step.is_multiple_of(guard::LOOK)) {
            let losses = setup::at_and_between(problem, &mut self.system)?;
            self.guard.look(self.progress.step, losses, is_stuck);
        }
        self.steps_of_phase += 1;
        self.progress.step += 1;
        (self.progress.size, self.progress.damping) = (size, damping);
        (self.progress.gradient_norm, self.progress.method) = (gradient_norm, name(phase.method));
        let spent = start.elapsed().as_secs_f64();
        self.progress.seconds += spent;
        self.seconds_of_phase += spent;
        if is_stuck && is_guarded && self.guard.spent().is_some() && self.drawn + 1 < self.progress.step {
            self.draw(problem, true)?;
        } else if is_stuck {
            return Ok(self.next_phase().then_some(Stopped::Stalled));
        }
        Ok(None)
    }

    /// Whether points are drawn anew when they are spent: the file says nothing about them, and the method follows.
    fn is_guarded(&self, problem: &Problem) -> bool {
        problem.settings.resample.is_none() && matches!(self.method, Some(Running::GaussNewton(_)))
    }

    /// The step at which the loss between the points no longer followed that at the points, if it is behind; from then on they
    /// were drawn anew.
    pub fn spent_points(&self) -> Option<u64> {
        self.guard.spent()
    }

    /// Computes the errors if they are not up to date, and it is cheap beside the steps since.
    ///
    /// # Errors
    /// As [`Self::measure`].
    pub fn measure_now_and_then(&mut self, since: &mut f64) -> Result<(), ProblemError> {
        if self.yardstick.is_some() && self.progress.seconds >= *since {
            let start = Instant::now();
            self.measure()?;
            *since = self.progress.seconds + SHARE_OF_ERRORS * start.elapsed().as_secs_f64();
        }
        Ok(())
    }

    /// Whether the run, or a phase of it, is over before another step.
    fn is_over(&mut self, problem: &Problem) -> Option<Stopped> {
        let progress = &self.progress;
        if !progress.loss.is_finite() {
            return Some(Stopped::NotFinite);
        }
        if problem.settings.tolerance.is_some_and(|tolerance| progress.loss <= tolerance) {
            return Some(Stopped::Tolerance);
        }
        if self.limits.steps.is_some_and(|steps| progress.step >= steps) {
            return Some(Stopped::Steps);
        }
        if self.limits.seconds.is_some_and(|seconds| progress.seconds >= seconds) {
            return Some(Stopped::Time);
        }
        let phase = self.phases[self.phase];
        let is_done = phase.steps.is_some_and(|steps| self.steps_of_phase >= steps)
            || phase.seconds.is_some_and(|seconds| self.seconds_of_phase >= seconds);
        (is_done && self.next_phase()).then_some(Stopped::Steps)
    }

    /// Goes on to the next phase; whether there is none.
    fn next_phase(&mut self) -> bool {
        if self.phase + 1 == self.phases.len() {
            return true;
        }
        self.phase += 1;
        (self.steps_of_phase, self.seconds_of_phase, self.method) = (0, 0.0, None);
        false
    }

    /// Unknowns stay in their ranges.
    fn clip(&mut self, problem: &Problem) {
        let first = self.network.parameters().len();
        for (value, unknown) in self.theta[first..].iter_mut().zip(&problem.unknowns) {
            if let Some([lower, upper]) = unknown.range {
                *value = value.clamp(lower, upper);
            }
        }
    }

    /// Draws points anew when it is time.
    fn resample(&mut self, problem: &Problem) -> Result<(), ProblemError> {
        let (every, is_adaptive) = match problem.settings.resample {
            Some(Resample::Every(every)) => (every, false),
            Some(Resample::Adaptive(every)) => (every, true),
            None if self.is_guarded(problem) && self.guard.spent().is_some() => (guard::REDRAWN, true),
            Some(Resample::Never) | None => return Ok(()),
        };
        if self.progress.step > 0 && self.progress.step.is_multiple_of(every) {
            self.draw(problem, is_adaptive)?;
        }
        Ok(())
    }

    fn draw(&mut self, problem: &Problem, is_adaptive: bool) -> Result<(), ProblemError> {
        self.stream += 1;
        self.drawn = self.progress.step;
        setup::draw(problem, &mut self.system, self.stream, is_adaptive)?;
        self.look();
        Ok(())
    }

    /// Weights of terms so that their gradients have equal lengths (Wang, Teng, Perdikaris, SIAM J. Sci. Comput. 2021), averaged
    /// over time.
    fn balance(&mut self) {
        let norms = self.system.gradient_norms(&self.theta);
        let total: f64 = norms.iter().sum();
        for (term, norm) in self.system.terms.iter_mut().zip(norms) {
            if norm > 0.0 && norm.is_finite() {
                let wanted = term.weight * total / norm;
                term.set_weight(0.9 * term.weight + 0.1 * wanted);
            }
        }
        self.look();
    }

    /// Weights of points by time: a slice counts when the slices before it are solved (Wang, Sankaran, Perdikaris,
    /// arXiv:2203.07404), w = exp(−ε Σ of the mean squares before).
    fn favour_early(&mut self, problem: &Problem) -> Result<(), ProblemError> {
        setup::favour_early(problem, &mut self.system)
            .map_err(|reason| ProblemError::Gradient { term: problem.name.clone(), reason })?;
        self.look();
        Ok(())
    }
}

/// The loss of a problem at its first points.
///
/// # Errors
/// As [`Run::new`].
pub fn system(problem: &Problem) -> Result<System, ProblemError> {
    setup::system(problem, &setup::network(problem)?)
}

/// Steps between two balances of the terms.
const BALANCE: u64 = 10;

/// What a method is called.
pub fn name(method: MethodChoice) -> &'static str {
    match method {
        MethodChoice::Auto => "auto",
        MethodChoice::GaussNewton => "gauss-newton",
        MethodChoice::LBfgs => "l-bfgs",
        MethodChoice::Broyden => "broyden",
        MethodChoice::Adam => "adam",
    }
}
