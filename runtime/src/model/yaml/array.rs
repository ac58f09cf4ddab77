//! Numbers of a model file: the name of a tensor, or the numbers themselves.
//!
//! | written | meaning |
//! |---|---|
//! | `fc1.weight` | the tensor of that name |
//! | `alpha[2]` | entry 2, counted from 0, of its first axis |
//! | `2*pi`, `[1, 1/2]`, `[[1, 0], [0, 1]]` | the numbers |

use jetc_operators::diagnostic::{Code, Span};
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas, Text};
use jetc_operators::document::{Node, OffsetMap};
use serde_json::json;

use super::formula;
use super::limits;
use super::tensor_files::TensorFiles;

/// Numbers in a shape, row-major.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) entries: Vec<f64>,
}

/// Where numbers come from.
#[derive(Debug, Clone)]
pub(super) enum Numbers {
    /// The name of a tensor, or one number.
    Word(Text),
    /// The numbers.
    List(Array, Span),
}

impl Numbers {
    /// Where they stand.
    pub(super) fn span(&self) -> Span {
        match self {
            Self::Word(text) => text.span,
            Self::List(_, span) => *span,
        }
    }

    /// The tensor of this name, which is meant by what stands at `span`.
    pub(super) fn named(name: String, span: Span) -> Self {
        Self::Word(Text { text: name, span, map: OffsetMap::shift(span.start) })
    }

    /// Whether they are the name of a tensor that is there.
    pub(super) fn is_there(&self, weights: &TensorFiles) -> bool {
        matches!(self, Self::Word(text) if weights.shape(&text.text).is_some())
    }

    /// What to call them in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Word(text) => format!("`{}`", text.text),
            Self::List(..) => "this".to_owned(),
        }
    }
}

/// `alpha[2]` as `alpha` and 2.
pub(super) fn indexed(name: &str) -> Option<(&str, usize)> {
    let (name, index) = name.strip_suffix(']')?.rsplit_once('[')?;
    Some((name, index.trim().parse().ok()?))
}

impl Decode for Numbers {
    fn expected() -> String {
        "the name of a tensor, a number, or a list of numbers".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.sequence().is_some() {
            return list(node, reader).map(|array| Self::List(array, node.span));
        }
        reader.text(node, &Self::expected())?;
        Text::decode(node, reader).map(Self::Word)
    }

    fn schema(schemas: &mut Schemas) -> Json {
        schemas.define("Numbers", |_| {
            let list = json!({ "type": "array", "items": { "$ref": "#/$defs/Numbers" } });
            json!({
                "description": "The name of a tensor, a number, or a list of numbers.",
                "anyOf": [{ "type": ["string", "number"] }, list],
            })
        })
    }
}

/// Nested lists, all of one length on each level.
fn list(node: &Node, reader: &mut Reader<'_>) -> Option<Array> {
    let Some(elements) = node.sequence() else {
        let text = Text::decode(node, reader)?;
        return match formula::constant(&text) {
            Ok(number) => Some(Array { shape: Vec::new(), entries: vec![number] }),
            Err(diagnostic) => {
                reader.diagnostics.push(*diagnostic);
                None
            }
        };
    };
    let mut joined: Option<Array> = None;
    for element in elements {
        let array = list(element, reader)?;
        let all = joined.get_or_insert_with(|| Array { shape: array.shape.clone(), entries: Vec::new() });
        if all.shape != array.shape {
            let message = format!("this has shape {:?}, the others {:?}", array.shape, all.shape);
            reader.report(Code::ShapeMismatch, element.span, message);
            return None;
        }
        all.entries.extend(array.entries);
        if all.entries.len() > limits::LISTED {
            let message = format!("a list has at most {} numbers; put them into a file", limits::LISTED);
            reader.report(Code::TooLarge, node.span, message);
            return None;
        }
    }
    let inner = joined.unwrap_or(Array { shape: Vec::new(), entries: Vec::new() });
    Some(Array { shape: [&[elements.len()], &inner.shape[..]].concat(), entries: inner.entries })
}
