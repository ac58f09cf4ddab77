//! Where a run stands, why it ended, and what limits it.

use super::FieldError;

/// Where a run stands behind a step.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// How many steps were taken.
    pub step: u64,
    /// How long it took, interruptions left out.
    pub seconds: f64,
    /// The method of the phase.
    pub method: &'static str,
    /// L
    pub loss: f64,
    /// The part of each term, in the order of the problem.
    pub terms: Vec<f64>,
    /// The length of the step.
    pub size: f64,
    /// The damping of Gauss–Newton, or the rate or length of the step of others.
    pub damping: f64,
    /// ‖∂L/∂θ‖
    pub gradient_norm: f64,
    /// The values of the unknowns.
    pub unknowns: Vec<f64>,
    /// Errors of the fields whose solution is known, when they were last computed.
    pub errors: Vec<FieldError>,
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stopped {
    /// The loss is as small as was asked for.
    Tolerance,
    /// The time is over.
    Time,
    /// All steps were taken.
    Steps,
    /// No step makes the loss smaller: it is at rounding, or in a minimum.
    Stalled,
    /// The loss is not finite, from the first step on.
    NotFinite,
    /// Somebody asked for it.
    Interrupted,
}

impl Stopped {
    /// In words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Tolerance => "the tolerance is reached",
            Self::Time => "the time is over",
            Self::Steps => "all steps are done",
            Self::Stalled => "no step makes the loss smaller",
            Self::NotFinite => "the loss is not finite",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Limits that replace those of the problem.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Limits {
    /// The most seconds.
    pub seconds: Option<f64>,
    /// The most steps.
    pub steps: Option<u64>,
}
