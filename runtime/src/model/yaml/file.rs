//! The format of model files: what [`record!`](jetc_operators::record) declares here is decoded, checked, and described
//! by the JSON Schema.

use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Name, Named, Reader, Schemas, Spanned, Text};
use jetc_operators::record;
use serde_json::json;

use super::layer::Layer;
use super::limits;

record! {
    /// A model file.
    pub(super) struct ModelFile {
        /// The file of the tensors, beside this one: .safetensors or .npz. Or several: a list, or a mapping whose keys come before the names of the tensors, as in `branch.0.weight`.
        pub(super) weights: Option<WeightFiles> = "weights",
        /// The number of inputs, or their names; without it, as many as the first layer with weights takes.
        pub(super) inputs: Option<Inputs> = "inputs",
        /// The layers from input to output.
        pub(super) layers: Vec<Layer> = "layers",
        /// The names of what comes out of the layers, for `output`; without it, `u` is all of it and `u1`, `u2` … its entries.
        pub(super) fields: Option<Spanned<Vec<Name>>> = "fields",
        /// What the network gives: an expression, or several by name, in the inputs and in what comes out of the layers.
        pub(super) output: Option<Output> = "output",
    }
}

/// One file of tensors, or several.
#[derive(Debug, Clone)]
pub(super) enum WeightFiles {
    /// One file, or several whose names do not clash.
    List(Vec<Spanned<String>>),
    /// Files with a word before the names of their tensors.
    Named(Named<Spanned<String>>),
}

impl WeightFiles {
    /// The names of all files.
    pub(super) fn names(&self) -> Vec<&str> {
        match self {
            Self::List(files) => files.iter().map(|file| file.value.as_str()).collect(),
            Self::Named(named) => {
                named.entries.iter().filter_map(|(_, file)| Some(file.as_ref()?.value.as_str())).collect()
            }
        }
    }
}

impl Decode for WeightFiles {
    fn expected() -> String {
        "the name of a file, a list of them, or a mapping from words to files".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            Named::decode(node, reader).map(Self::Named)
        } else if node.sequence().is_some() {
            Vec::decode(node, reader).map(Self::List)
        } else {
            reader.text(node, &Self::expected())?;
            Spanned::decode(node, reader).map(|file| Self::List(vec![file]))
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let named = Named::<String>::schema(schemas);
        json!({ "anyOf": [{ "type": "string" }, Vec::<String>::schema(schemas), named] })
    }
}

/// How many inputs there are, and what they are called.
#[derive(Debug, Clone)]
pub(super) enum Inputs {
    /// x1, x2 …
    Count(u64),
    /// Names in order.
    Names(Vec<Name>),
    /// A name and a count, as in `{x: 3}` for x1, x2, x3 with `x` the vector of them.
    Vector(Name, u64),
}

impl Inputs {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Names(names) => names.len(),
            Self::Count(count) | Self::Vector(_, count) => usize::try_from(*count).unwrap_or(usize::MAX),
        }
    }

    /// The names in order.
    pub(super) fn names(&self) -> Vec<String> {
        let numbered = |name: &str, count: u64| (1..=count).map(|number| format!("{name}{number}")).collect();
        match self {
            Self::Names(names) => names.iter().map(|name| name.text.clone()).collect(),
            Self::Count(count) => numbered("x", *count),
            Self::Vector(name, count) => numbered(&name.text, *count),
        }
    }
}

impl Decode for Inputs {
    fn expected() -> String {
        "a number, a list of names like `[x, y]`, or a name and a count like `{x: 3}`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.sequence().is_some() {
            return Vec::decode(node, reader).map(Self::Names);
        }
        let Some(pairs) = node.mapping() else {
            reader.text(node, &Self::expected())?;
            return counted(node, reader).map(Self::Count);
        };
        let [(name, count)] = pairs else {
            reader.wrong_kind(node, &Self::expected());
            return None;
        };
        let (name, count) = (Name::decode(name, reader), counted(count, reader));
        Some(Self::Vector(name?, count?))
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let count = json!({ "type": "integer", "minimum": 1 });
        let vector = json!({ "type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": count });
        json!({ "anyOf": [count, Vec::<Name>::schema(schemas), vector] })
    }
}

fn counted(node: &Node, reader: &mut Reader<'_>) -> Option<u64> {
    let number = Decode::decode(node, reader)?;
    reader.within(&number, (1, limits::INPUTS), "the number of inputs", node.span)
}

/// Expressions for what the network gives.
#[derive(Debug, Clone)]
pub(super) enum Output {
    /// One expression; of a vector, for each of its entries.
    One(Text),
    /// Several, one after another.
    Several(Named<Text>),
}

impl Decode for Output {
    fn expected() -> String {
        "an expression like `(1 - x^2)*u`, or a mapping from names to expressions".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            return Named::decode(node, reader).map(Self::Several);
        }
        reader.text(node, &Self::expected())?;
        Text::decode(node, reader).map(Self::One)
    }

    fn schema(schemas: &mut Schemas) -> Json {
        json!({ "anyOf": [Text::schema(schemas), Named::<Text>::schema(schemas)] })
    }
}
