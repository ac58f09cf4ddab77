//! Layers without tensors: activations, and a few functions of all features together.
//!
//! `sin(30)` and `cos(30)` are sin 30x and cos 30x, as SIREN has them; checked by `a_word_is_a_function`.

use itertools::Itertools;
use jetc_operators::diagnostic::Code;
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};
use serde_json::json;

use super::super::context::Context;
use super::super::layer::{Incoming, Transform};
use super::super::tensor_files::TensorFiles;
use crate::activation::{Activation, UnknownActivation};
use crate::network::TensorId;

/// A layer that is one word.
#[derive(Debug, Clone, Copy)]
pub(in super::super) enum Word {
    /// An elementwise function of factor · x.
    Activation { activation: Activation, factor: f64 },
    /// A function of all features, or a tensor that is known.
    Whole(Whole),
}

/// A function of all features; its name, and what it is.
macro_rules! wholes {
    ($($(#[doc = $doc:literal])+ $Variant:ident = $word:literal,)+) => {
        /// A function of all features.
        #[derive(Debug, Clone, Copy)]
        pub(in super::super) enum Whole {
            $($(#[doc = $doc])+ $Variant,)+
        }

        impl Whole {
            const NAMES: &[(&str, Self)] = &[$(($word, Self::$Variant),)+];
        }
    };
}

wholes! {
    /// exp(xᵢ)/Σ exp(xⱼ) along the last axis.
    Softmax = "softmax",
    /// The logarithm of the softmax.
    LogSoftmax = "log-softmax",
    /// The sum along the last axis, which stays with length 1.
    Sum = "sum",
    /// The mean along the last axis, which stays with length 1.
    Mean = "mean",
    /// √(Σ x²) along the last axis, which stays with length 1.
    Norm = "norm",
    /// All entries in one axis.
    Flatten = "flatten",
    /// The last two axes exchanged.
    Transpose = "transpose",
    /// The point itself, in place of what comes in.
    Input = "input",
}

impl Decode for Word {
    fn expected() -> String {
        "an activation such as `tanh`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.text(node, &Self::expected())?;
        if let Some((_, whole)) = Whole::NAMES.iter().find(|(name, _)| *name == text.trim()) {
            return Some(Self::Whole(*whole));
        }
        if let Some(wave) = wave(text) {
            return Some(wave);
        }
        match text.parse() {
            Ok(activation) => Some(Self::Activation { activation, factor: 1.0 }),
            Err(error) => {
                let mut message = UnknownActivation::to_string(&error);
                if matches!(error, UnknownActivation::Name { .. }) {
                    message += ", ";
                    message += &Whole::NAMES.iter().map(|(name, _)| name).join(", ");
                }
                reader.report(Code::InvalidValue, node.span, message);
                None
            }
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        schemas.define("Word", |_| {
            let activations = Activation::ALL.iter().map(|known| known.name());
            let names: Vec<&str> = activations.chain(Whole::NAMES.iter().map(|(name, _)| *name)).collect();
            let with_parameters = json!({ "type": "string", "pattern": r"^[A-Za-z0-9_-]+ *\(.*\)$" });
            let description = "An activation, or a function of all features.";
            json!({ "description": description, "anyOf": [{ "enum": names }, with_parameters] })
        })
    }
}

/// `sin(30)`
fn wave(text: &str) -> Option<Word> {
    let (name, factor) = text.trim().strip_suffix(')')?.split_once('(')?;
    let factor: f64 = factor.trim().parse().ok().filter(|factor: &f64| factor.is_finite())?;
    let activation = match name.trim() {
        "sin" => Activation::Sin,
        "cos" => Activation::Cos,
        _ => return None,
    };
    Some(Word::Activation { activation, factor })
}

impl Transform for Word {
    fn inputs(&self, _: &TensorFiles) -> Incoming {
        match self {
            Self::Activation { .. } | Self::Whole(Whole::Softmax | Whole::LogSoftmax | Whole::Flatten) => {
                Incoming::Any
            }
            Self::Whole(_) => Incoming::Untold,
        }
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let x = x?;
        context.attempt(|graph| match *self {
            Self::Activation { activation, factor } => {
                #[allow(clippy::float_cmp, reason = "a factor that is exactly one is none")]
                let scaled = if factor == 1.0 { x } else { graph.scale(x, factor)? };
                graph.apply(activation, scaled)
            }
            Self::Whole(whole) => match whole {
                Whole::Softmax => graph.softmax(x, -1),
                Whole::LogSoftmax => graph.log_softmax(x, -1),
                Whole::Sum => graph.sum(x, &[-1], true),
                Whole::Mean => graph.mean(x, &[-1], true),
                Whole::Norm => graph.norm(x, &[-1], true),
                Whole::Flatten => {
                    let size = graph.shape(x).iter().product();
                    graph.reshape(x, &[size])
                }
                Whole::Transpose => graph.transpose_matrix(x),
                Whole::Input => Ok(graph.input()),
            },
        })
    }
}
