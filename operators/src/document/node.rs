//! Nodes of a document.

use super::OffsetMap;
use crate::diagnostic::Span;

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single quotes.
    SingleQuoted,
    /// In double quotes.
    DoubleQuoted,
    /// A block after `|` or `>`.
    Block,
}

/// A text with its way of writing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    /// The text, after YAML has removed quotes, escapes and line folds.
    pub text: String,
    /// How it is written.
    pub style: Style,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text; numbers and `null` are texts until somebody asks for more.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys (scalars) and values in the order of the file; no key twice.
    Mapping(Vec<(Node, Node)>),
}

/// A node of a document and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

impl Node {
    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The elements of a list.
    pub fn sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(elements) => Some(elements),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn mapping(&self) -> Option<&[(Node, Node)]> {
        match &self.value {
            Value::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.mapping()?.iter().find(|(name, _)| name.text() == Some(key)).map(|(_, value)| value)
    }

    /// Whether this is an empty plain scalar, `~` or `null`: a value that was not given.
    pub fn is_null(&self) -> bool {
        match &self.value {
            Value::Scalar(Scalar { text, style: Style::Plain }) => matches!(text.as_str(), "" | "~" | "null"),
            _ => false,
        }
    }

    /// What a node of this kind is called in messages.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            _ if self.is_null() => "nothing",
            Value::Scalar(_) => "a text",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }

    /// The map from offsets inside this scalar's text to offsets in the file.
    pub fn offset_map(&self, source: &str) -> OffsetMap {
        match &self.value {
            Value::Scalar(scalar) => OffsetMap::of_scalar(source, self.span, scalar),
            _ => OffsetMap::shift(self.span.start),
        }
    }
}
