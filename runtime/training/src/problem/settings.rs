//! How to train: what the file says, and what is taken where it says nothing.

use jetc_operators::diagnostic::{Code, Diagnostic};
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Reader, Spanned, Text};
use jetc_operators::{keywords, record};

use super::duration::Duration;
use super::file::{SamplingWord, TrainFile, WeightsWord};
use super::space::{Mistakes, Space};
use crate::sampling::Scheme;

keywords! {
    /// A method.
    enum MethodWord {
        /// By the number of parameters and residuals.
        Auto = "auto",
        /// Damped Gauss–Newton with geodesic acceleration.
        GaussNewton = "gauss-newton",
        /// L-BFGS with a Wolfe line search.
        LBfgs = "l-bfgs",
        /// Self-scaled Broyden with a Wolfe line search.
        Broyden = "broyden",
        /// Adam.
        Adam = "adam",
    }
}

record! {
    /// A phase of training.
    struct PhaseFile {
        /// The most steps.
        steps: Option<Spanned<u64>> = "steps",
        /// The most time.
        time: Option<Duration> = "time",
        /// The learning rate of Adam, or the first damping of Gauss–Newton.
        rate: Option<Text> = "rate",
        /// The first damping of Gauss–Newton.
        damping: Option<Text> = "damping",
        /// Whether Gauss–Newton steps follow the curve that residuals take.
        acceleration: Option<bool> = "acceleration",
    }
}

/// A method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodChoice {
    /// By the number of parameters and residuals.
    Auto,
    /// Damped Gauss–Newton.
    GaussNewton,
    /// L-BFGS.
    LBfgs,
    /// Self-scaled Broyden.
    Broyden,
    /// Adam.
    Adam,
}

/// A method and how long it goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Phase {
    /// The method.
    pub method: MethodChoice,
    /// The most steps.
    pub steps: Option<u64>,
    /// The most seconds.
    pub seconds: Option<f64>,
    /// The learning rate of Adam.
    pub rate: f64,
    /// The first damping of Gauss–Newton.
    pub damping: f64,
    /// Whether Gauss–Newton steps are accelerated.
    pub acceleration: bool,
}

/// When points are drawn anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resample {
    /// Every so many steps.
    Every(u64),
    /// Every so many steps, where residuals are large.
    Adaptive(u64),
    /// Points stay.
    Never,
}

/// How to train.
#[derive(Clone, Debug)]
pub struct Settings {
    /// One after another.
    pub phases: Vec<Phase>,
    /// What random numbers follow from.
    pub seed: u64,
    /// The most seconds.
    pub seconds: f64,
    /// The most steps.
    pub steps: Option<u64>,
    /// The loss that is small enough.
    pub tolerance: Option<f64>,
    /// How points are chosen; by dimension if not given.
    pub sampling: Option<Scheme>,
    /// Whether points are drawn anew; if not given, once they are spent ([`crate::Run::spent_points`]).
    pub resample: Option<Resample>,
    /// Whether early times come first.
    pub causal: bool,
    /// Whether terms are weighted by their gradients.
    pub balanced: bool,
}

/// Without `time` and `steps`, training ends after so many seconds.
const SECONDS: f64 = 60.0;
/// Steps between two drawings of points, unless given.
const EVERY: u64 = 100;

impl Default for Phase {
    fn default() -> Self {
        Self {
            method: MethodChoice::Auto,
            steps: None,
            seconds: None,
            rate: 1e-3,
            damping: 1e-2,
            acceleration: true,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            phases: vec![Phase::default()],
            seed: 0,
            seconds: SECONDS,
            steps: None,
            tolerance: None,
            sampling: None,
            resample: None,
            causal: false,
            balanced: false,
        }
    }
}

impl Settings {
    pub(super) fn of(file: &TrainFile, space: &Space<'_>, source: &str, mistakes: &mut Mistakes) -> Self {
        let mut settings = Self {
            seed: file.seed.unwrap_or(0),
            steps: file.steps.as_ref().map(|steps| steps.value),
            causal: file.causal.unwrap_or(false),
            balanced: matches!(file.weights, Some(WeightsWord::Balanced)),
            ..Self::default()
        };
        settings.seconds = match (file.time, settings.steps) {
            (Some(time), _) => time.seconds,
            (None, Some(_)) => f64::INFINITY,
            (None, None) => SECONDS,
        };
        settings.sampling = file.sampling.as_ref().map(|word| match word {
            SamplingWord::Grid => Scheme::Grid,
            SamplingWord::Uniform => Scheme::Uniform,
            SamplingWord::Sobol => Scheme::Sobol,
            SamplingWord::LatinHypercube => Scheme::LatinHypercube,
            SamplingWord::Gauss => Scheme::Gauss,
        });
        settings.tolerance = file.tolerance.as_ref().and_then(|text| number(text, space, mistakes));
        if let Some(text) = &file.resample {
            settings.resample = resample(&text.value);
            if settings.resample.is_none() {
                let message = format!("expected `every 100`, `adaptive` or `never`, found `{}`", text.value);
                mistakes.push(Diagnostic::new(Code::InvalidValue, text.span, message));
            }
        }
        if let Some(dtype) = file.dtype.as_ref().filter(|dtype| dtype.value != "f64") {
            let message = format!("training computes in `f64`, not in `{}`", dtype.value);
            mistakes.push(Diagnostic::new(Code::InvalidValue, dtype.span, message));
        }
        if let Some(method) = &file.method {
            let mut reader = Reader::new(source);
            let phases = phases(&method.0, space, &mut reader, mistakes);
            mistakes.extend(reader.diagnostics);
            settings.phases = phases;
        }
        settings
    }
}

fn number(text: &Text, space: &Space<'_>, mistakes: &mut Mistakes) -> Option<f64> {
    Some(space.numbers(&[&super::declarations::at(&text.text, text.span)], mistakes)?[0])
}

fn resample(text: &str) -> Option<Resample> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words[..] {
        ["every", steps] => steps.parse().ok().filter(|&steps| steps > 0).map(Resample::Every),
        ["never"] => Some(Resample::Never),
        ["adaptive"] => Some(Resample::Adaptive(EVERY)),
        ["adaptive", "every", steps] => steps.parse().ok().filter(|&steps| steps > 0).map(Resample::Adaptive),
        _ => None,
    }
}

fn phases(node: &Node, space: &Space<'_>, reader: &mut Reader<'_>, mistakes: &mut Mistakes) -> Vec<Phase> {
    match node.sequence() {
        Some(nodes) => nodes.iter().filter_map(|node| phase(node, space, reader, mistakes)).collect(),
        None => phase(node, space, reader, mistakes).into_iter().collect(),
    }
}

fn phase(node: &Node, space: &Space<'_>, reader: &mut Reader<'_>, mistakes: &mut Mistakes) -> Option<Phase> {
    let (word, choices) = match node.mapping() {
        Some([(word, choices)]) => (word, Some(choices)),
        Some(_) => {
            reader.wrong_kind(node, "a method, or a mapping with one method like `{adam: {steps: 1000}}`");
            return None;
        }
        None => (node, None),
    };
    let method = match MethodWord::decode(word, reader)? {
        MethodWord::Auto => MethodChoice::Auto,
        MethodWord::GaussNewton => MethodChoice::GaussNewton,
        MethodWord::LBfgs => MethodChoice::LBfgs,
        MethodWord::Broyden => MethodChoice::Broyden,
        MethodWord::Adam => MethodChoice::Adam,
    };
    let mut phase = Phase { method, ..Phase::default() };
    if let Some(choices) = choices {
        let file = PhaseFile::decode(choices, reader)?;
        phase.steps = file.steps.map(|steps| steps.value);
        phase.seconds = file.time.map(|time| time.seconds);
        phase.acceleration = file.acceleration.unwrap_or(true);
        if let Some(rate) = &file.rate {
            phase.rate = number(rate, space, mistakes)?;
        }
        if let Some(damping) = &file.damping {
            phase.damping = number(damping, space, mistakes)?;
        }
    }
    Some(phase)
}
