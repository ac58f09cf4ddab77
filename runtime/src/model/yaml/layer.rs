//! A layer: a function from tensors to tensors, written as a word, a list, or a mapping with one key.

use std::fmt::Debug;
use std::sync::Arc;

use jetc_operators::diagnostic::{Code, Span, did_you_mean};
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};
use serde_json::json;

use super::context::Context;
use super::layers::{KINDS, Word};
use super::limits;
use super::tensor_files::TensorFiles;
use crate::network::TensorId;

/// What a kind of layers does.
pub(super) trait Transform: Debug + Send + Sync {
    /// How many features come in.
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        let _ = weights;
        Incoming::Any
    }

    /// The result for x. Without x, because something before has failed, the tensors are checked all the same.
    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId>;
}

/// How many features a layer takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Incoming {
    /// As many as what follows takes.
    Any,
    /// As many as its tensors tell.
    Features(usize),
    /// Not what follows takes, and it does not tell.
    Untold,
}

impl Incoming {
    /// As many as the tensors tell, if they are there.
    pub(super) fn told(features: Option<usize>) -> Self {
        features.map_or(Self::Any, Self::Features)
    }

    /// What the first layer says that says anything.
    pub(super) fn first<'a>(layers: impl IntoIterator<Item = &'a Layer>, weights: &TensorFiles) -> Self {
        let said = layers.into_iter().map(|layer| layer.inputs(weights));
        said.into_iter().find(|incoming| *incoming != Self::Any).unwrap_or(Self::Any)
    }
}

/// A kind of layers that is a mapping `{key: …}`.
pub(super) struct Kind {
    /// The key.
    pub(super) key: &'static str,
    decode: fn(&Node, &mut Reader<'_>) -> Option<Arc<dyn Transform>>,
    schema: fn(&mut Schemas) -> Json,
}

impl Kind {
    /// The kind with this key and type.
    pub(super) const fn new<T: Decode + Transform + 'static>(key: &'static str) -> Self {
        Self { key, decode: |node, reader| Some(Arc::new(T::decode(node, reader)?)), schema: T::schema }
    }
}

/// A layer and its place.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    transform: Arc<dyn Transform>,
    span: Span,
    /// The key, if it has one.
    key: &'static str,
}

impl Layer {
    /// How many features come in.
    pub(super) fn inputs(&self, weights: &TensorFiles) -> Incoming {
        self.transform.inputs(weights)
    }

    /// The result for x; see [`Transform::apply`].
    pub(super) fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        let outside = std::mem::replace(&mut context.place, self.span);
        let part = if self.key.is_empty() { String::new() } else { format!(".{}", self.key) };
        let result = context.within(&part, |context| self.transform.apply(x, context));
        let result = result.filter(|result| self.is_small(*result, context));
        context.place = outside;
        result
    }
}

impl Layer {
    /// The result for x of a layer that is part of another one.
    pub(super) fn apply_within(
        &self,
        part: &str,
        x: Option<TensorId>,
        context: &mut Context<'_>,
    ) -> Option<TensorId> {
        context.within(part, |context| self.apply(x, context))
    }

    /// Whether a result has as many features as it may have; reported otherwise.
    fn is_small(&self, result: TensorId, context: &mut Context<'_>) -> bool {
        let shape = context.graph.shape(result);
        let is_small = shape.iter().product::<usize>() <= limits::FEATURES;
        if !is_small {
            let message =
                format!("shape {shape:?} is too large; a layer gives at most {} features", limits::FEATURES);
            context.reader.report(Code::TooLarge, self.span, message);
        }
        is_small
    }
}

/// Layers one after another.
pub(super) fn sequence(layers: &[Layer], x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
    layers
        .iter()
        .enumerate()
        .fold(x, |x, (number, layer)| layer.apply_within(&format!("[{number}]"), x, context))
}

/// A list of layers is a layer.
impl Transform for Vec<Layer> {
    fn inputs(&self, weights: &TensorFiles) -> Incoming {
        Incoming::first(self, weights)
    }

    fn apply(&self, x: Option<TensorId>, context: &mut Context<'_>) -> Option<TensorId> {
        sequence(self, x, context)
    }
}

impl Decode for Layer {
    fn expected() -> String {
        "a layer: a word such as `tanh`, a list of layers, or a mapping with one key such as `linear: name`"
            .to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(pairs) = node.mapping() {
            return of_mapping(node, pairs, reader);
        }
        let transform: Arc<dyn Transform> = if node.sequence().is_some() {
            Arc::new(Vec::<Self>::decode(node, reader)?)
        } else {
            Arc::new(Word::decode(node, reader)?)
        };
        Some(Self { transform, span: node.span, key: "" })
    }

    fn schema(schemas: &mut Schemas) -> Json {
        schemas.define("Layer", |schemas| {
            let mut choices = vec![Word::schema(schemas), Vec::<Self>::schema(schemas)];
            choices.extend(KINDS.iter().map(|kind| {
                json!({
                    "type": "object",
                    "properties": { kind.key: (kind.schema)(schemas) },
                    "required": [kind.key],
                    "additionalProperties": false,
                })
            }));
            json!({ "anyOf": choices })
        })
    }
}

fn of_mapping(node: &Node, pairs: &[(Node, Node)], reader: &mut Reader<'_>) -> Option<Layer> {
    let [(key, value)] = pairs else {
        let message = format!("a layer has one key, this has {}", pairs.len());
        let help = "begin each layer with `- `, and put what belongs to it into a mapping under its key";
        reader.report(Code::InvalidValue, Span::at(node.span.start), message).help = Some(help.to_owned());
        return None;
    };
    let name = key.text().unwrap_or_default();
    let Some(kind) = KINDS.iter().find(|kind| kind.key == name) else {
        let keys = || KINDS.iter().map(|kind| kind.key);
        let list = || format!("there are {}", itertools::join(keys().map(|key| format!("`{key}`")), ", "));
        let help = did_you_mean(name, keys()).unwrap_or_else(list);
        reader.report(Code::UnknownKey, key.span, format!("`{name}` is no kind of layer")).help = Some(help);
        return None;
    };
    let transform = (kind.decode)(value, reader)?;
    let span = if value.text().is_some() { key.span.to(value.span) } else { key.span };
    Some(Layer { transform, span, key: kind.key })
}
