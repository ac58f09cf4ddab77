//! The names of activations, and activations from text.
//!
//! Checked by `what_is_printed_reads_back`, `every_default_reads_back` and `names_of_other_libraries_are_understood`.

use std::fmt;
use std::str::FromStr;

use jetc_operators::printable;

use super::{Activation, Parameter, advice};

const fn parameter(value: f64) -> Parameter {
    Parameter::new(value)
}

impl Activation {
    /// Every activation, with the default parameters.
    pub const ALL: [Self; 52] = [
        Self::Identity,
        Self::Square,
        Self::Cube,
        Self::Power(parameter(2.0)),
        Self::Reciprocal,
        Self::Sqrt,
        Self::Rsqrt,
        Self::Tanh,
        Self::Sin,
        Self::Cos,
        Self::Tan,
        Self::Asin,
        Self::Acos,
        Self::Atan,
        Self::Sinh,
        Self::Cosh,
        Self::Asinh,
        Self::Acosh,
        Self::Atanh,
        Self::Exp,
        Self::Exp2,
        Self::Log,
        Self::Gaussian,
        Self::Erf,
        Self::Erfc,
        Self::Sigmoid,
        Self::LogSigmoid,
        Self::Softplus,
        Self::ScaledSoftplus { beta: parameter(1.0), threshold: parameter(20.0) },
        Self::Silu,
        Self::Gelu,
        Self::GeluTanh,
        Self::Mish,
        Self::Tanhshrink,
        Self::Softsign,
        Self::Elu(parameter(1.0)),
        Self::Selu,
        Self::Celu(parameter(1.0)),
        Self::Relu,
        Self::LeakyRelu(parameter(0.01)),
        Self::ThresholdedRelu { theta: parameter(1.0), value: parameter(0.0) },
        Self::Clip { low: parameter(-1.0), high: parameter(1.0) },
        Self::HardSigmoid { alpha: parameter(1.0 / 6.0), beta: parameter(0.5) },
        Self::HardSwish,
        Self::Softshrink(parameter(0.5)),
        Self::Hardshrink(parameter(0.5)),
        Self::Abs,
        Self::Sign,
        Self::Step,
        Self::Floor,
        Self::Ceil,
        Self::Round,
    ];

    /// The name in files and on the command line, with no parameters.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Square => "square",
            Self::Cube => "cube",
            Self::Power(..) => "power",
            Self::Reciprocal => "reciprocal",
            Self::Sqrt => "sqrt",
            Self::Rsqrt => "rsqrt",
            Self::Tanh => "tanh",
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Tan => "tan",
            Self::Asin => "asin",
            Self::Acos => "acos",
            Self::Atan => "atan",
            Self::Sinh => "sinh",
            Self::Cosh => "cosh",
            Self::Asinh => "asinh",
            Self::Acosh => "acosh",
            Self::Atanh => "atanh",
            Self::Exp => "exp",
            Self::Exp2 => "exp2",
            Self::Log => "log",
            Self::Gaussian => "gaussian",
            Self::Erf => "erf",
            Self::Erfc => "erfc",
            Self::Sigmoid => "sigmoid",
            Self::LogSigmoid => "log-sigmoid",
            Self::Softplus => "softplus",
            Self::ScaledSoftplus { .. } => "scaled-softplus",
            Self::Silu => "silu",
            Self::Gelu => "gelu",
            Self::GeluTanh => "gelu-tanh",
            Self::Mish => "mish",
            Self::Tanhshrink => "tanhshrink",
            Self::Softsign => "softsign",
            Self::Elu(..) => "elu",
            Self::Selu => "selu",
            Self::Celu(..) => "celu",
            Self::Relu => "relu",
            Self::LeakyRelu(..) => "leaky-relu",
            Self::ThresholdedRelu { .. } => "thresholded-relu",
            Self::Clip { .. } => "clip",
            Self::HardSigmoid { .. } => "hard-sigmoid",
            Self::HardSwish => "hard-swish",
            Self::Softshrink(..) => "softshrink",
            Self::Hardshrink(..) => "hardshrink",
            Self::Abs => "abs",
            Self::Sign => "sign",
            Self::Step => "step",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
            Self::Round => "round",
        }
    }

    /// The parameters, by name.
    pub fn parameters(self) -> Vec<(&'static str, Parameter)> {
        match self {
            Self::Power(exponent) => vec![("exponent", exponent)],
            Self::Elu(alpha) | Self::Celu(alpha) => vec![("alpha", alpha)],
            Self::LeakyRelu(slope) => vec![("slope", slope)],
            Self::Softshrink(lambda) | Self::Hardshrink(lambda) => vec![("lambda", lambda)],
            Self::ScaledSoftplus { beta, threshold } => vec![("beta", beta), ("threshold", threshold)],
            Self::ThresholdedRelu { theta, value } => vec![("theta", theta), ("value", value)],
            Self::Clip { low, high } => vec![("low", low), ("high", high)],
            Self::HardSigmoid { alpha, beta } => vec![("alpha", alpha), ("beta", beta)],
            _ => Vec::new(),
        }
    }

    /// The same function with another value for the parameter at this place of [`Activation::parameters`].
    fn with_parameter(self, place: usize, parameter: Parameter) -> Self {
        let or = |at: usize, old: Parameter| if at == place { parameter } else { old };
        match self {
            Self::Power(_) => Self::Power(parameter),
            Self::Elu(_) => Self::Elu(parameter),
            Self::Celu(_) => Self::Celu(parameter),
            Self::LeakyRelu(_) => Self::LeakyRelu(parameter),
            Self::Softshrink(_) => Self::Softshrink(parameter),
            Self::Hardshrink(_) => Self::Hardshrink(parameter),
            Self::ScaledSoftplus { beta, threshold } => {
                Self::ScaledSoftplus { beta: or(0, beta), threshold: or(1, threshold) }
            }
            Self::ThresholdedRelu { theta, value } => {
                Self::ThresholdedRelu { theta: or(0, theta), value: or(1, value) }
            }
            Self::Clip { low, high } => Self::Clip { low: or(0, low), high: or(1, high) },
            Self::HardSigmoid { alpha, beta } => Self::HardSigmoid { alpha: or(0, alpha), beta: or(1, beta) },
            other => other,
        }
    }

    /// Whether no parameter is infinite but a bound that is never met.
    fn is_finite(self) -> bool {
        let bounds: &[f64] = match self {
            Self::Clip { low, high } => &[low.value().max(f64::MIN), high.value().min(f64::MAX)],
            Self::ScaledSoftplus { beta, threshold } => &[beta.value(), threshold.value().min(f64::MAX)],
            _ => return self.parameters().iter().all(|(_, parameter)| parameter.value().is_finite()),
        };
        bounds.iter().all(|bound| bound.is_finite())
    }

    /// What is wrong with the parameters, if anything is.
    fn objection(self) -> Option<&'static str> {
        let wrong = |is_right: bool, rule: &'static str| (!is_right).then_some(rule);
        match self {
            _ if self.parameters().iter().any(|(_, p)| p.value().is_nan()) => Some("NaN is no parameter"),
            _ if !self.is_finite() => Some("parameters must be finite"),
            Self::Celu(alpha) => wrong(alpha.value() != 0.0, "alpha must not be 0"),
            Self::ScaledSoftplus { beta, .. } => wrong(beta.value() != 0.0, "beta must not be 0"),
            Self::HardSigmoid { alpha, .. } => wrong(alpha.value() > 0.0, "alpha must be positive"),
            Self::Clip { low, high } => wrong(low.value() <= high.value(), "low must not exceed high"),
            Self::Softshrink(lambda) | Self::Hardshrink(lambda) => {
                wrong(lambda.value() >= 0.0, "lambda must not be negative")
            }
            _ => None,
        }
    }

    /// The activation of that name, with the default parameters.
    fn named(name: &str) -> Option<Self> {
        let squeezed = squeeze(name);
        let synonym = match squeezed.as_str() {
            "relu6" => return Some(Self::Clip { low: parameter(0.0), high: parameter(6.0) }),
            "linear" | "none" => "identity",
            "pow" => "power",
            "inverse" => "reciprocal",
            "sine" => "sin",
            "cosine" => "cos",
            "arcsin" => "asin",
            "arccos" => "acos",
            "arctan" => "atan",
            "arcsinh" | "arsinh" => "asinh",
            "arccosh" | "arcosh" => "acosh",
            "arctanh" | "artanh" => "atanh",
            "ln" => "log",
            "logistic" => "sigmoid",
            "swish" => "silu",
            "geluerf" => "gelu",
            "threshold" => "thresholdedrelu",
            "hardtanh" | "clamp" => "clip",
            "hardsilu" => "hardswish",
            "sgn" => "sign",
            "heaviside" => "step",
            other => other,
        };
        Self::ALL.into_iter().find(|known| squeeze(known.name()) == synonym)
    }
}

/// Lower case, without hyphens and underscores: `Leaky_ReLU` is `leaky-relu`.
fn squeeze(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// The name that a parameter has here, from those of PyTorch, JAX, Keras and ONNX.
fn parameter_name(activation: Activation, name: &str) -> String {
    let squeezed = squeeze(name);
    let synonym = match (activation, squeezed.as_str()) {
        (Activation::LeakyRelu(_), "alpha" | "negativeslope") => "slope",
        (Activation::Softshrink(_) | Activation::Hardshrink(_), "lambd" | "threshold") => "lambda",
        (Activation::ThresholdedRelu { .. }, "alpha" | "threshold") => "theta",
        (Activation::Clip { .. }, "min" | "minval" | "amin") => "low",
        (Activation::Clip { .. }, "max" | "maxval" | "amax") => "high",
        (Activation::Power(_), "p") => "exponent",
        _ => return squeezed,
    };
    synonym.to_owned()
}

impl fmt::Display for Activation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parameters = self.parameters();
        if parameters.is_empty() {
            return f.pad(self.name());
        }
        let values = itertools::join(parameters.iter().map(|(_, value)| value), ", ");
        f.pad(&format!("{}({values})", self.name()))
    }
}

/// The text is no activation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownActivation {
    /// Nothing has that name.
    #[error(
        "unknown activation `{}`{}; known are {}",
        printable(name),
        guess.as_ref().map(|guess| format!(", {guess}")).unwrap_or_default(),
        itertools::join(Activation::ALL.map(Activation::name), ", ")
    )]
    Name {
        /// What was asked for.
        name: String,
        /// The question whether something like it was meant.
        guess: Option<String>,
    },
    /// The parentheses do not hold what they should.
    #[error("`{}`: expected a name, or a name and numbers as in `{example}`", printable(text))]
    Syntax {
        /// What was asked for.
        text: String,
        /// The activation as it would be written.
        example: Activation,
    },
    /// The function has no such parameter, or has it twice.
    #[error(
        "`{activation}` takes {}, and each once; `{}` is too much{}",
        match activation.parameters()[..] {
            [] => "no parameters".to_owned(),
            ref some => itertools::join(some.iter().map(|(name, _)| name), " and "),
        },
        printable(parameter),
        advice::with_parameters(*activation, parameter).map(|advice| format!("; {advice}")).unwrap_or_default()
    )]
    Parameter {
        /// The activation with its default parameters.
        activation: Activation,
        /// What was asked for.
        parameter: String,
    },
    /// The function is not defined for the parameter.
    #[error("`{activation}`: {objection}")]
    Value {
        /// What was asked for.
        activation: Activation,
        /// What parameters must be.
        objection: &'static str,
    },
}

impl FromStr for Activation {
    type Err = UnknownActivation;

    fn from_str(text: &str) -> Result<Self, UnknownActivation> {
        let text = text.trim();
        let (name, arguments) = match text.split_once('(') {
            Some((name, rest)) => (name.trim_end(), Some(rest)),
            None => (text, None),
        };
        let known = Self::named(name)
            .ok_or_else(|| UnknownActivation::Name { name: name.to_owned(), guess: advice::unknown(name) })?;
        let syntax = || UnknownActivation::Syntax { text: text.to_owned(), example: known };
        let Some(arguments) = arguments else { return Ok(known) };
        let arguments = arguments.strip_suffix(')').ok_or_else(syntax)?;
        let mut given = vec![false; known.parameters().len()];
        let mut activation = known;
        for (position, argument) in arguments.split(',').enumerate().filter(|_| !arguments.trim().is_empty())
        {
            let (place, value) = match argument.split_once('=') {
                Some((name, value)) => {
                    let name = parameter_name(known, name.trim());
                    (known.parameters().iter().position(|(known, _)| *known == name), value)
                }
                None => (Some(position), argument),
            };
            let place = place.filter(|&place| given.get(place) == Some(&false)).ok_or_else(|| {
                UnknownActivation::Parameter { activation: known, parameter: argument.trim().to_owned() }
            })?;
            let value: f64 = value.trim().parse().map_err(|_| syntax())?;
            if value.is_infinite() && argument.contains(|sign: char| sign.is_ascii_digit()) {
                let objection = "a parameter is beyond the range of double precision";
                return Err(UnknownActivation::Value { activation: known, objection });
            }
            given[place] = true;
            activation = activation.with_parameter(place, value.into());
        }
        match activation.objection() {
            None => Ok(activation),
            Some(objection) => Err(UnknownActivation::Value { activation, objection }),
        }
    }
}
