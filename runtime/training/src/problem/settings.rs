//! How to train: what the file says, and what is taken where it says nothing.

use jetc_operators::diagnostic::{Code, Diagnostic, Span};
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Reader, Spanned, Text};
use jetc_operators::{keywords, record};

use super::duration::Duration;
use super::file::{SamplingWord, TrainFile, WeightsWord};
use super::space::{Mistakes, Space};
use crate::method::Schedule;
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

keywords! {
    /// How the rate of Adam falls.
    enum ScheduleWord {
        /// Not at all.
        Constant = "constant",
        /// By a factor every so many steps.
        Exponential = "exponential",
        /// As a cosine, to zero at the end of the phase.
        Cosine = "cosine",
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
        /// How the rate of Adam falls: `constant`, `exponential` or `cosine`.
        schedule: Option<ScheduleWord> = "schedule",
        /// What an exponential schedule multiplies the rate with, 9/10 if not given.
        factor: Option<Text> = "factor",
        /// In how many steps it does so, 1000 if not given.
        every: Option<Spanned<u64>> = "every",
        /// Over how many steps the rate of Adam rises first.
        warm_up: Option<Spanned<u64>> = "warm-up",
        /// The length from which on Adam shortens gradients.
        clip: Option<Text> = "clip",
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
    /// How it falls.
    pub schedule: Schedule,
    /// Over how many steps it rises first.
    pub warm_up: u64,
    /// The length from which on Adam shortens gradients.
    pub clip: Option<f64>,
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
    /// The most bytes that a method may hold.
    pub memory: Option<usize>,
}

/// Without `time` and `steps`, training ends after so many seconds.
const SECONDS: f64 = 60.0;
/// What an exponential schedule does, unless given.
const FACTOR: f64 = 0.9;
const PERIOD: u64 = 1000;
/// Steps between two drawings of points, unless given.
const EVERY: u64 = 100;

impl Default for Phase {
    fn default() -> Self {
        Self {
            method: MethodChoice::Auto,
            steps: None,
            seconds: None,
            rate: 1e-3,
            schedule: Schedule::Constant,
            warm_up: 0,
            clip: None,
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
            memory: None,
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
            memory: file.memory.map(|size| size.bytes),
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
            let phases = phases(&method.0, settings.steps, space, &mut reader, mistakes);
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

/// Phases one after another; `steps` is how many there are in all.
fn phases(
    node: &Node,
    steps: Option<u64>,
    space: &Space<'_>,
    reader: &mut Reader<'_>,
    mistakes: &mut Mistakes,
) -> Vec<Phase> {
    let one = |node| phase(node, steps, space, reader, mistakes);
    match node.sequence() {
        Some(nodes) => nodes.iter().filter_map(one).collect(),
        None => Some(node).into_iter().filter_map(one).collect(),
    }
}

fn phase(
    node: &Node,
    steps: Option<u64>,
    space: &Space<'_>,
    reader: &mut Reader<'_>,
    mistakes: &mut Mistakes,
) -> Option<Phase> {
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
        phase.steps = file.steps.as_ref().map(|steps| steps.value);
        phase.seconds = file.time.map(|time| time.seconds);
        phase.acceleration = file.acceleration.unwrap_or(true);
        if let Some(rate) = &file.rate {
            phase.rate = number(rate, space, mistakes)?;
        }
        rates(&file, steps, &mut phase, (choices.span, space), mistakes)?;
        if let Some(damping) = &file.damping {
            phase.damping = number(damping, space, mistakes)?;
        }
    }
    Some(phase)
}

/// How the rate of Adam rises and falls, and how long gradients may be; `None` if that is wrong.
fn rates(
    file: &PhaseFile,
    steps: Option<u64>,
    phase: &mut Phase,
    (span, space): (Span, &Space<'_>),
    mistakes: &mut Mistakes,
) -> Option<()> {
    let given = [
        ("schedule", file.schedule.is_some()),
        ("factor", file.factor.is_some()),
        ("every", file.every.is_some()),
        ("warm-up", file.warm_up.is_some()),
        ("clip", file.clip.is_some()),
    ];
    if let Some((key, _)) = given.iter().find(|(_, is_given)| *is_given)
        && phase.method != MethodChoice::Adam
    {
        let message =
            format!("`{key}` is for `adam`; `{}` finds its steps itself", crate::run::name(phase.method));
        mistakes.push(Diagnostic::new(Code::InvalidValue, span, message));
        return None;
    }
    phase.warm_up = file.warm_up.as_ref().map_or(0, |steps| steps.value);
    phase.schedule = match file.schedule {
        None | Some(ScheduleWord::Constant) => Schedule::Constant,
        Some(ScheduleWord::Exponential) => {
            let factor = match &file.factor {
                Some(text) => within(text, (0.0, 1.0), "a factor is above 0 and at most 1", space, mistakes)?,
                None => FACTOR,
            };
            let every = file.every.as_ref().map_or(PERIOD, |every| every.value.max(1));
            Schedule::Exponential { factor, every: lossy(every) }
        }
        Some(ScheduleWord::Cosine) => {
            let Some(steps) = phase.steps.or(steps) else {
                let help = "write `{adam: {schedule: cosine, steps: 10000}}`";
                let message = "a cosine ends with its phase: it needs `steps`";
                mistakes.push(Diagnostic::new(Code::MissingKey, span, message).help(help));
                return None;
            };
            Schedule::Cosine { steps: lossy(steps.saturating_sub(phase.warm_up).max(1)) }
        }
    };
    if let Some(clip) = &file.clip {
        phase.clip = Some(within(clip, (0.0, f64::MAX), "a length is positive", space, mistakes)?);
    }
    Some(())
}

/// A number above the first bound, and not above the second.
fn within(
    text: &Text,
    (above, most): (f64, f64),
    sentence: &str,
    space: &Space<'_>,
    mistakes: &mut Mistakes,
) -> Option<f64> {
    let value = number(text, space, mistakes)?;
    if value > above && value <= most {
        return Some(value);
    }
    mistakes.push(Diagnostic::new(Code::InvalidValue, text.span, format!("{sentence}, not {value}")));
    None
}

#[allow(clippy::cast_precision_loss, reason = "a number of steps")]
fn lossy(steps: u64) -> f64 {
    steps as f64
}
