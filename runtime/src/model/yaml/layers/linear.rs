//! y = W x + b along the last axis.
//!
//! By name, a layer `fc` is looked for as `fc.weight`, or under weight normalisation as `fc.weight_g` and `fc.weight_v` or
//! `fc.parametrizations.weight.original0` and `…original1`, or as Flax writes it, `fc.kernel` or `fc/kernel`, [in, out], or as Haiku does, `fc/w` and `fc/b`;
//! its bias is `fc.bias` if that is there. A layer `{out: 64}` without names is called after its place. Checked by
//! `a_linear_layer_is_found_under_every_name` and `a_file_without_weights_begins_and_is_read_again`.

use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas, Spanned};
use jetc_operators::record;
use serde_json::json;

use super::super::array::{Numbers, indexed};
use super::super::context::{Context, Role};
use super::super::layer::{Incoming, Transform};
use super::super::limits;
use super::super::start::Start;
use super::super::tensor_files::TensorFiles;
use super::weight::{self, FactorisedWeight};
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
        /// The factors of a weight W = diag(exp(s)) V; or `true`, for tensors that end in `.v` and `.s`.
        factorised: Option<FactorisedWeight> = "factorised",
        /// The tensor b, [out].
        bias: Option<Numbers> = "bias",
        /// Whether the weight is [in, out] instead, as JAX and Flax have it.
        transpose: Option<bool> = "transpose",
        /// The name of the layer, in place of those of its tensors; without any, the layer is called after its place.
        name: Option<Spanned<String>> = "name",
        /// How many features come out: what weights that begin at random need.
        out: Option<Spanned<u64>> = "out",
        /// What weights that begin at random are multiplied with, 1 if not given.
        gain: Option<Numbers> = "gain",
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
        "the name of a layer, or a mapping with `weight` and `bias`, or with `out`".to_owned()
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
        match self {
            Self::Tensors(record, _) if record.tensors().is_none() && record.name.is_none() => {
                Incoming::Untold
            }
            _ => Incoming::told(self.columns(weights)),
        }
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let (weight, bias) = match self {
            Self::Named(name) => named(name, context),
            Self::Tensors(record, span) => record.read(*span, x, context),
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
            Self::Tensors(record, _) => match (record.tensors(), &record.name) {
                (Some(numbers), _) => (shape(numbers, weights)?, record.transpose.unwrap_or(false)),
                (None, Some(name)) if record.is_factorised() => {
                    (weights.shape(&format!("{}.v", name.value))?.to_vec(), record.transpose.unwrap_or(false))
                }
                (None, Some(name)) => return Self::Named(name.clone()).columns(weights),
                (None, None) => return None,
            },
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
    /// The numbers of the weight, if they have a name of their own or are written out.
    fn tensors(&self) -> Option<&Numbers> {
        let factorised = self.factorised.as_ref().and_then(FactorisedWeight::direction);
        self.weight.as_ref().or(self.direction.as_ref()).or(factorised)
    }

    fn is_factorised(&self) -> bool {
        self.factorised.as_ref().is_some_and(FactorisedWeight::is_true)
    }

    /// Weight and bias for what comes in.
    fn read(
        &self,
        span: Span,
        x: Option<TensorId>,
        context: &mut Context<'_>,
    ) -> (Option<TensorId>, Option<Bias>) {
        let is_named = self.name.is_some() || self.out.is_some();
        let record = match self.tensors() {
            Some(_) if self.name.is_some() => {
                let message = "a linear layer has either a `name` or names of its tensors";
                context.reader.report(Code::NameClash, Span::at(span.start), message);
                return (None, None);
            }
            None if is_named => &self.with_names(span, context),
            _ => self,
        };
        if context.is_beginning() && x.is_none() && self.out.is_some() {
            // How many features come in is not known.
            return (None, None);
        }
        let begins = record.begins(x, context);
        let weight = begins.and_then(|()| record.weight(span, context));
        let weight = weight.filter(|&weight| self.has_rows(weight, context));
        (weight, record.bias(context))
    }

    /// The same with the names of all tensors, after that of the layer or after its place.
    fn with_names(&self, span: Span, context: &Context<'_>) -> Self {
        let (layer, span) = match &self.name {
            Some(name) => (name.value.clone(), name.span),
            None => (String::new(), span),
        };
        let full = |part: &str| match &self.name {
            Some(_) => format!("{layer}{part}"),
            None => context.place_name(&part[1..]),
        };
        let word = |part: &str| Numbers::named(full(part), span);
        let mut record = self.clone();
        let place = Place::of(&layer, context.weights);
        let mut bias = word(".bias");
        if self.is_factorised() {
            record.factorised = Some(FactorisedWeight::named(word(".v"), word(".s")));
        } else if self.name.is_some() {
            let scale = place.scale.map(word);
            let weight = Some(word(place.weight));
            (record.weight, record.direction) = if scale.is_some() { (None, weight) } else { (weight, None) };
            record.scale = scale;
            record.transpose = Some(place.transpose || self.transpose.unwrap_or(false));
            bias = word(place.bias);
        } else {
            record.weight = Some(word(".weight"));
        }
        let is_there = context.is_beginning() || bias.is_there(context.weights);
        record.bias = self.bias.clone().or(is_there.then_some(bias));
        record.name = None;
        record
    }

    /// Lets tensors begin that are not there; `None` if what the layer says of them is wrong.
    fn begins(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<()> {
        let gain = self.gain.as_ref().map_or(Some(1.0), |gain| context.number(gain))?;
        let Some(out) = &self.out else { return Some(()) };
        let within = (1..=limits::FEATURES as u64).contains(&out.value);
        if !within {
            let message = format!("a layer gives 1 to {} features", limits::FEATURES);
            context.reader.report(Code::TooLarge, out.span, message);
            return None;
        }
        let rows = usize::try_from(out.value).ok()?;
        let Some(&columns) = x.and_then(|x| context.graph.shape(x).last()) else { return Some(()) };
        let size = weight::Size { rows, columns, gain, transpose: self.transpose.unwrap_or(false) };
        if let Some(weight) = &self.weight {
            context.begin_numbers(weight, &size.shape(), size.start());
        }
        if let (Some(direction), Some(scale)) = (&self.direction, &self.scale) {
            size.begin_normalised(direction, scale, context);
        }
        if let Some(factorised) = &self.factorised {
            factorised.begin(size, context);
        }
        if let Some(bias) = &self.bias {
            context.begin_numbers(bias, &[rows], Start::Constant(0.0));
        }
        Some(())
    }

    /// Whether the weight has as many rows as the layer says features come out; reported otherwise.
    fn has_rows(&self, weight: TensorId, context: &mut Context<'_>) -> bool {
        let rows = context.graph.shape(weight)[0];
        match &self.out {
            Some(out) if out.value != rows as u64 => {
                let shape = context.graph.shape(weight).to_vec();
                let message = format!("`out: {}`, but the weight has shape {shape:?}", out.value);
                context.mismatch(out.span, message);
                false
            }
            _ => true,
        }
    }

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
            (None, None, None, Some(factorised)) if factorised.direction().is_some() => {
                factorised.matrix(transpose, context)
            }
            _ => {
                let message = "a linear layer has either `weight`, or `direction` and `scale`, or `factorised`, or `out`";
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
