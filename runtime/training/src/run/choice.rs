//! Which method: by the numbers of parameters P and residuals M, and the memory that its matrices take.

use super::{Running, memory};
use crate::method::{Adam, GaussNewton, LBfgs, SelfScaledBroyden};
use crate::problem::{MethodChoice, Phase, ProblemError};

/// The most that the Jacobian may have, in bytes.
const LARGEST_JACOBIAN: usize = 2 << 30;
/// The most unknowns of the systems that Gauss–Newton solves.
const LARGEST_SYSTEM: usize = 4000;
/// Steps of Adam before L-BFGS takes over.
const WARM_UP: u64 = 1000;

/// The numbers that decide, and a sentence about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// P
    pub parameters: usize,
    /// M
    pub residuals: usize,
    /// What `auto` is, and why.
    pub reason: String,
    automatic: MethodChoice,
}

impl Choice {
    pub(super) fn new(parameters: usize, residuals: usize, memory: Option<usize>) -> Self {
        let jacobian = parameters.saturating_mul(residuals).saturating_mul(size_of::<f64>());
        let system = parameters.min(residuals);
        let needed = memory::bytes(MethodChoice::GaussNewton, parameters, residuals);
        let fits = memory.map_or(jacobian <= LARGEST_JACOBIAN, |memory| needed <= memory);
        // What decides: all that is held, if there is a bound on it.
        let size = match memory {
            None => format!("a Jacobian of {} MiB", jacobian >> 20),
            Some(memory) => {
                format!("{} of the {} that it may have", memory::words(needed), memory::words(memory))
            }
        };
        let (automatic, reason) = if fits && system <= LARGEST_SYSTEM {
            let space = if parameters <= residuals { "parameter" } else { "sample" };
            let reason = format!(
                "gauss-newton in {space} space: {parameters} parameters, {residuals} residuals, {size}"
            );
            (MethodChoice::GaussNewton, reason)
        } else {
            let too_much = if fits { format!("systems of {system} unknowns") } else { size };
            let reason = format!(
                "adam, then l-bfgs: {parameters} parameters and {residuals} residuals are too much for gauss-newton, {too_much}"
            );
            (MethodChoice::LBfgs, reason)
        };
        Self { parameters, residuals, reason, automatic }
    }

    /// Whether all phases keep to a bound on memory; an error for the first that does not.
    pub(super) fn check(&self, phases: &[Phase], memory: usize) -> Result<(), ProblemError> {
        for phase in phases {
            let needed = memory::bytes(phase.method, self.parameters, self.residuals);
            if needed > memory {
                let (needed, memory) = (memory::words(needed), memory::words(memory));
                return Err(ProblemError::Memory { method: super::name(phase.method), needed, memory });
            }
        }
        Ok(())
    }

    /// The phases, with methods in the place of `auto`.
    pub(super) fn phases(&self, phases: &[Phase]) -> Vec<Phase> {
        let mut all = Vec::new();
        for &phase in phases {
            if phase.method != MethodChoice::Auto {
                all.push(phase);
                continue;
            }
            if self.automatic == MethodChoice::LBfgs {
                all.push(Phase { method: MethodChoice::Adam, steps: Some(WARM_UP), ..phase });
            }
            all.push(Phase { method: self.automatic, ..phase });
        }
        if all.is_empty() {
            all.push(Phase { method: self.automatic, ..Phase::default() });
        }
        all
    }

    pub(super) fn method(phase: &Phase, parameters: usize) -> Running {
        match phase.method {
            MethodChoice::Auto | MethodChoice::GaussNewton => {
                Running::GaussNewton(GaussNewton::new(phase.damping, phase.acceleration))
            }
            MethodChoice::Adam => {
                let adam = Adam::new(parameters, phase.rate, phase.schedule);
                #[allow(clippy::cast_precision_loss, reason = "a number of steps")]
                let adam = adam.with_warm_up(phase.warm_up as f64);
                Running::Other(Box::new(adam.with_clipping(phase.clip.unwrap_or(f64::INFINITY))))
            }
            MethodChoice::LBfgs => Running::Other(Box::new(LBfgs::new())),
            MethodChoice::Broyden => Running::Other(Box::new(SelfScaledBroyden::new(parameters))),
        }
    }
}
