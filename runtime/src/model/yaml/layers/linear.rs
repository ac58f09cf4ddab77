//! y = W x + b along the last axis.
//!
//! By name, a layer `fc` is looked for as `fc.weight`, or under weight normalisation as `fc.weight_g` and `fc.weight_v` or
//! `fc.parametrizations.weight.original0` and `…original1`, or as Flax writes it, `fc.kernel` or `fc/kernel`, [in, out], or as Haiku does, `fc/w` and `fc/b`;
//! its bias is `fc.bias` if that is there. Checked by `a_linear_layer_is_found_under_every_name`.

use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas, Spanned};
use jetc_operators::record;
use serde_json::json;

use super::super::array::{Numbers, indexed};
use super::super::context::{Context, Role};
use super::super::layer::{Incoming, Transform};
use super::super::tensor_files::TensorFiles;
use super::weight::{self, Factorised};
use crate::network::TensorId;

record! {
    /// A linear layer.
    pub(in super::super) struct LinearRecord {
        /// The tensor W of y = W x + b, [out, in].
        weight: Option<Numbers> = "weight",
        /// The tensor V of weight normalisation, W = scale · V/‖V‖ for each row.
        direction: Option<Numbers> = "direction",
        /// The factors of weight normalisation, [out] or [out, 1].
        scale: Option<Numbers> = "scale",
        /// The factors of a weight W = diag(exp(s)) V.
        factorised: Option<Factorised> = "factorised",
        /// The tensor b, [out].
        bias: Option<Numbers> = "bias",
        /// Whether the weight is [in, out] instead, as JAX and Flax have it.
        transpose: Option<bool> = "transpose",
    }
}

/// A linear layer by its name, or by its tensors.
#[derive(Debug, Clone)]
pub(in super::super) enum Linear {
    /// `fc1`
    Named(Spanned<String>),
    /// `{weight: …, bias: …}`
    Tensors(Box<LinearRecord>, Span),
}

impl Decode for Linear {
    fn expected() -> String {
        "the name of a layer, or a mapping with `weight` and `bias`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            return LinearRecord::decode(node, reader)
                .map(|record| Self::Tensors(Box::new(record), node.span));
        }
        reader.text(node, &Self::expected())?;
        Spanned::decode(node, reader).map(Self::Named)
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [{ "type": "string" }, LinearRecord::schema(schemas)] })
    }
}

/// Where the tensors of a named layer are: the endings of weight or direction and scale, and whether it is [in, out].
struct Place {
    weight: &'static str,
    scale: Option<&'static str>,
    bias: &'static str,
    transpose: bool,
}

const PLACES: [Place; 6] = [
    Place { weight: ".weight", scale: None, bias: ".bias", transpose: false },
    Place { weight: ".weight_v", scale: Some(".weight_g"), bias: ".bias", transpose: false },
    Place {
        weight: ".parametrizations.weight.original1",
        scale: Some(".parametrizations.weight.original0"),
        bias: ".bias",
        transpose: false,
    },
    Place { weight: ".kernel", scale: None, bias: ".bias", transpose: true },
    Place { weight: "/kernel", scale: None, bias: "/bias", transpose: true },
    Place { weight: "/w", scale: None, bias: "/b", transpose: true },
];

impl Place {
    fn of(name: &str, weights: &TensorFiles) -> &'static Self {
        let is_here = |place: &&Self| weights.shape(&format!("{name}{}", place.weight)).is_some();
        PLACES.iter().find(is_here).unwrap_or(&PLACES[0])
    }
}

impl Transform for Linear {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        Incoming::told(self.columns(weights))
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let (weight, bias) = match self {
            Self::Named(name) => named(name, context),
            Self::Tensors(record, span) => (record.weight(*span, context), record.bias(context)),
        };
        let (weight, bias, x) = (weight?, bias, x?);
        apply(x, weight, bias?, context)
    }
}

impl Linear {
    /// How many features come in, by the shape of the weight.
    fn columns(&self, weights: &TensorFiles) -> Option<usize> {
        let (shape, transpose) = match self {
            Self::Named(name) => {
                let place = Place::of(&name.value, weights);
                (weights.shape(&format!("{}{}", name.value, place.weight))?.to_vec(), place.transpose)
            }
            Self::Tensors(record, _) => {
                let factorised = record.factorised.as_ref().map(|factorised| &factorised.v);
                let numbers = record.weight.as_ref().or(record.direction.as_ref()).or(factorised)?;
                (shape(numbers, weights)?, record.transpose.unwrap_or(false))
            }
        };
        let &[rows, columns] = &shape[..] else { return None };
        Some(if transpose { rows } else { columns })
    }
}

/// The shape of numbers, without reading them.
pub(super) fn shape(numbers: &Numbers, weights: &TensorFiles) -> Option<Vec<usize>> {
    match numbers {
        Numbers::List(array, _) => Some(array.shape.clone()),
        Numbers::Word(text) => match (weights.shape(&text.text), indexed(&text.text)) {
            (Some(shape), _) => Some(shape.to_vec()),
            (None, Some((name, _))) => Some(weights.shape(name)?.get(1..)?.to_vec()),
            (None, None) => None,
        },
    }
}

/// A bias and where it stands; none if the layer has none.
type Bias = Option<(TensorId, Span)>;

fn named(name: &Spanned<String>, context: &mut Context<'_>) -> (Option<TensorId>, Option<Bias>) {
    let Spanned { value, span } = name;
    let place = Place::of(value, context.weights);
    let weight_name = format!("{value}{}", place.weight);
    let tensor = context.tensor(&weight_name, *span, Role::Named);
    let matrix = tensor.and_then(|tensor| context.matrix(tensor, &format!("`{weight_name}`"), *span));
    let matrix = matrix.filter(|_| !place.transpose).or_else(|| {
        let matrix = matrix?;
        context.attempt(|graph| graph.transpose_matrix(matrix))
    });
    let weight = match place.scale {
        None => matrix,
        Some(scale) => {
            let scale = context.tensor(&format!("{value}{scale}"), *span, Role::Named);
            weight::normalised(matrix, scale, *span, context)
        }
    };
    let bias = format!("{value}{}", place.bias);
    let bias = if context.weights.shape(&bias).is_some() {
        let bias = context.tensor(&bias, *span, Role::Named).and_then(|bias| context.flat(bias));
        bias.map(|bias| Some((bias, *span)))
    } else {
        Some(None)
    };
    (weight, bias)
}

impl LinearRecord {
    fn weight(&self, span: Span, context: &mut Context<'_>) -> Option<TensorId> {
        let transpose = self.transpose.unwrap_or(false);
        match (&self.weight, &self.direction, &self.scale, &self.factorised) {
            (Some(weight), None, None, None) => {
                weight::plain(weight, Role::Trained("weight"), transpose, context)
            }
            (None, Some(direction), Some(scale), None) => {
                let direction = weight::plain(direction, Role::Trained("direction"), transpose, context);
                let factors = context.vector(scale, Role::Trained("scale"));
                weight::normalised(direction, factors, scale.span(), context)
            }
            (None, None, None, Some(factorised)) => factorised.matrix(transpose, context),
            _ => {
                let message =
                    "a linear layer has either `weight`, or `direction` and `scale`, or `factorised`";
                context.reader.report(Code::MissingKey, Span::at(span.start), message);
                None
            }
        }
    }

    fn bias(&self, context: &mut Context<'_>) -> Option<Bias> {
        match &self.bias {
            None => Some(None),
            Some(bias) => {
                context.vector(bias, Role::Trained("bias")).map(|entries| Some((entries, bias.span())))
            }
        }
    }
}

/// The advice where the shapes fit the other way round.
const TRANSPOSE: &str = "if the tensor is [in, out], say `{weight: …, bias: …, transpose: true}`";

/// W x + b, or the mistake that the shapes do not go together.
fn apply(x: TensorId, weight: TensorId, bias: Bias, context: &mut Context<'_>) -> Option<TensorId> {
    let &[rows, columns] = context.graph.shape(weight) else { return None };
    let incoming = context.graph.shape(x).to_vec();
    let mut fits = true;
    let length = bias.map(|(bias, span)| (context.graph.shape(bias)[0], span));
    if let Some((length, span)) = length.filter(|&(length, _)| length != rows) {
        let message = format!("the bias has shape [{length}], the weight [{rows}, {columns}]");
        let help = (length == columns).then(|| TRANSPOSE.to_owned());
        context.reader.report(Code::ShapeMismatch, span, message).help = help;
        fits = false;
    }
    if incoming.last() != Some(&columns) {
        let message =
            format!("the weight has shape [{rows}, {columns}], but what comes in has shape {incoming:?}");
        let help = if incoming.last() == Some(&rows) {
            TRANSPOSE.to_owned()
        } else {
            format!("expected a weight of shape [{rows}, {}]", incoming.last().copied().unwrap_or(1))
        };
        context.reader.report(Code::ShapeMismatch, context.place, message).help = Some(help);
        fits = false;
    }
    if fits {
        return context.attempt(|graph| graph.affine(x, weight, bias.map(|(bias, _)| bias)));
    }
    let outer = &incoming[..incoming.len().saturating_sub(1)];
    context.placeholder(&[outer, &[rows]].concat())
}
