//! A line about where a run stands, and signals that end it.

use std::io::IsTerminal;
use std::path::Path;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jetc_operators::{printable, printable_path};
use jetc_training::problem::MethodChoice;
use jetc_training::{Limits, Observer, Outcome, Problem, Progress, Run};

use crate::{diagnostics, interrupt};

/// On a terminal a line that changes; elsewhere a line now and then.
pub(super) struct Watch {
    terms: Vec<String>,
    unknowns: Vec<String>,
    /// Whether the file leaves the method open.
    is_automatic: bool,
    bar: Option<ProgressBar>,
    limits: Limits,
    said: Instant,
    between: Duration,
}

impl Watch {
    pub(super) fn new(problem: &Problem) -> Self {
        interrupt::ask_for_signals();
        Self {
            terms: problem.terms.iter().map(|term| printable(&term.name).into_owned()).collect(),
            unknowns: problem.unknowns.iter().map(|unknown| printable(&unknown.name).into_owned()).collect(),
            is_automatic: problem.settings.phases.iter().any(|phase| phase.method == MethodChoice::Auto),
            bar: std::io::stderr().is_terminal().then(bar),
            limits: Limits::default(),
            said: Instant::now(),
            between: Duration::from_secs(1),
        }
    }

    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, progress: &Progress) -> String {
        let mut parts = vec![format!("step {}", progress.step), format!("loss {:.2e}", progress.loss)];
        if self.terms.len() > 1 {
            let terms =
                self.terms.iter().zip(&progress.terms).map(|(name, loss)| format!("{name} {loss:.1e}"));
            parts.push(format!("({})", terms.collect::<Vec<_>>().join(", ")));
        }
        parts.extend(
            progress
                .errors
                .iter()
                .map(|error| format!("error of {} {:.1e}", printable(&error.field), error.relative_l2)),
        );
        parts.extend(
            self.unknowns.iter().zip(&progress.unknowns).map(|(name, value)| format!("{name} {value:.8}")),
        );
        parts.push(self.left(progress));
        parts.join("  ")
    }

    /// How long it goes on, as far as that is known.
    fn left(&self, progress: &Progress) -> String {
        let by_time = self.limits.seconds.map(|seconds| seconds - progress.seconds);
        #[allow(clippy::cast_precision_loss, reason = "a number of steps")]
        let by_steps = self.limits.steps.filter(|_| progress.step > 0).map(|steps| {
            steps.saturating_sub(progress.step) as f64 * progress.seconds / progress.step as f64
        });
        match (by_time, by_steps) {
            (None, None) => format!("{:.0} s", progress.seconds),
            (time, steps) => {
                let left = time.unwrap_or(f64::INFINITY).min(steps.unwrap_or(f64::INFINITY)).max(0.0);
                format!("{:.0} s, {left:.0} s left", progress.seconds)
            }
        }
    }
}

impl Observer for Watch {
    fn begin(&mut self, run: &Run) {
        self.limits = run.limits();
        let choice = run.choice();
        let methods = if self.is_automatic {
            choice.reason.clone()
        } else {
            let names = run.phases().iter().map(|phase| jetc_training::run::name(phase.method));
            let names: Vec<&str> = names.collect();
            format!("{}: {} parameters, {} residuals", names.join(", "), choice.parameters, choice.residuals)
        };
        diagnostics::say(&format!("{methods}\n{}", self.line(run.progress())));
    }

    fn step(&mut self, progress: &Progress) {
        if let Some(bar) = &self.bar {
            bar.set_message(self.line(progress));
        } else if self.said.elapsed() >= self.between {
            diagnostics::say(&self.line(progress));
            self.said = Instant::now();
            self.between = (self.between * 5 / 4).min(Duration::from_mins(1));
        }
    }

    fn is_interrupted(&self) -> bool {
        interrupt::is_asked_to_end()
    }
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(4));
    bar.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("the template is well-formed"));
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

/// The last line.
pub(super) fn closing(problem: &Problem, outcome: &Outcome, folder: &Path) -> String {
    let progress = &outcome.progress;
    let errors = progress
        .errors
        .iter()
        .map(|error| format!(", relative L2 error of {} {:.2e}", printable(&error.field), error.relative_l2));
    format!(
        "{}: {} after {} steps in {:.1} s, loss {:.2e}{}; everything is in {}",
        printable(&problem.name),
        outcome.stopped.reason(),
        progress.step,
        progress.seconds,
        progress.loss,
        errors.collect::<String>(),
        printable_path(folder)
    )
}
