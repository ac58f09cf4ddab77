//! From nodes to typed values, and from the same types to a JSON Schema.
//!
//! A type that can stand in a file implements [`Decode`]. Mappings with known keys are declared once, with
//! [`record!`](crate::record), and choices between words with [`keywords!`](crate::keywords); decoding, the checks for
//! unknown and missing keys, and the schema all follow from that one declaration.
//!
//! Decoding never stops at the first mistake: it reports to a [`Reader`] and goes on.

mod reader;
mod record;
mod scalar;
mod schema;

pub use reader::{Entries, Reader};
pub use record::Field;
pub use scalar::{Name, Text};
pub use schema::{Json, Schemas, in_sentence, keywords_schema, record_schema, schema_of};

use serde_json::json;

use super::Node;
use crate::diagnostic::{Code, Span};

/// A type of values in files.
pub trait Decode: Sized {
    /// What is expected, for messages: "a list of names".
    fn expected() -> String;

    /// The value of a node. `None` means that at least one mistake was reported.
    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;

    /// The JSON Schema of the values.
    fn schema(schemas: &mut Schemas) -> serde_json::Value;

    /// The value of a key that is not there; `None` for types that must be given.
    fn absent() -> Option<Self> {
        None
    }
}

/// A key that may be left out. A value that cannot be read is reported, and then counts as left out.
impl<T: Decode> Decode for Option<T> {
    fn expected() -> String {
        T::expected()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Some(T::decode(node, reader))
    }

    fn schema(schemas: &mut Schemas) -> serde_json::Value {
        T::schema(schemas)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T: Decode> Decode for Spanned<T> {
    fn expected() -> String {
        T::expected()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self { value: T::decode(node, reader)?, span: node.span })
    }

    fn schema(schemas: &mut Schemas) -> serde_json::Value {
        T::schema(schemas)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn expected() -> String {
        T::expected()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        T::decode(node, reader).map(Self::new)
    }

    fn schema(schemas: &mut Schemas) -> serde_json::Value {
        T::schema(schemas)
    }
}

/// A list. Elements that cannot be read are reported, all of them; then there is no list.
impl<T: Decode> Decode for Vec<T> {
    fn expected() -> String {
        format!("a list; each element {}", T::expected())
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(elements) = node.sequence() else {
            reader.wrong_kind(node, &Self::expected());
            return None;
        };
        let mut decoded = Some(Vec::with_capacity(elements.len()));
        for element in elements {
            let value = T::decode(element, reader);
            decoded = decoded.zip(value).map(|(mut values, value)| {
                values.push(value);
                values
            });
            if reader.is_full() {
                return None;
            }
        }
        decoded
    }

    fn schema(schemas: &mut Schemas) -> serde_json::Value {
        json!({ "type": "array", "items": T::schema(schemas) })
    }
}

/// A mapping from names of the user's choice, in the order of the file.
#[derive(Clone, Debug)]
pub struct Named<T> {
    /// Names and values; a value that could not be read was reported and is `None`, its name still counts.
    pub entries: Vec<(Name, Option<T>)>,
    /// Where the mapping stands.
    pub span: Span,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), span: Span::default() }
    }
}

impl<T: Decode> Decode for Named<T> {
    fn expected() -> String {
        format!("a mapping from names; each value {}", T::expected())
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Some(pairs) = node.mapping() else {
            reader.wrong_kind(node, &Self::expected()).help =
                Some("every entry has a name: `name: value`".to_owned());
            return None;
        };
        let mut entries = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let (name, value) = (Name::decode(key, reader), T::decode(value, reader));
            entries.extend(name.map(|name| (name, value)));
            if reader.is_full() {
                return None;
            }
        }
        Some(Self { entries, span: node.span })
    }

    fn schema(schemas: &mut Schemas) -> serde_json::Value {
        json!({
            "type": "object",
            "propertyNames": { "pattern": scalar::NAME_PATTERN },
            "additionalProperties": T::schema(schemas),
        })
    }
}

/// A value that may have failed: where what follows must tell "not given" from "given, but wrong".
#[derive(Clone, Debug)]
pub struct Tried<T>(
    /// The value, or `None` if it was wrong and has been reported.
    pub Option<T>,
);

impl<T: Decode> Decode for Tried<T> {
    fn expected() -> String {
        T::expected()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        Some(Self(T::decode(node, reader)))
    }

    fn schema(schemas: &mut Schemas) -> serde_json::Value {
        T::schema(schemas)
    }
}

/// Decodes a whole document, or returns all its mistakes.
///
/// # Errors
/// Every mistake found while decoding.
pub fn decode_document<T: Decode>(document: &super::Document) -> Result<T, crate::diagnostic::SpecError> {
    let mut reader = Reader::new(&document.text);
    let value = T::decode(&document.root, &mut reader);
    match value {
        Some(value) if reader.diagnostics.is_empty() => Ok(value),
        _ => Err(document.error(reader.diagnostics)),
    }
}

impl Reader<'_> {
    /// Reports that `node` is of the wrong kind.
    pub fn wrong_kind(&mut self, node: &Node, expected: &str) -> &mut crate::diagnostic::Diagnostic {
        let message = format!("expected {expected}, found {}", node.kind());
        self.report(Code::WrongKind, node.span, message)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;

    crate::keywords! {
        /// A colour.
        enum Colour {
            /// The colour of blood.
            Red = "red",
            /// The colour of grass.
            Green = "green",
        }
    }

    crate::record! {
        /// A thing.
        struct Thing {
            /// What it is called.
            name: Name = "name",
            /// How many there are.
            count: Option<Spanned<u32>> = "count",
            /// Its colours.
            colours: Option<Vec<Colour>> = "colours",
        }
    }

    fn read(yaml: &str) -> Result<Thing, String> {
        decode_document(&Document::parse("f", yaml).unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn a_record_is_read() {
        let thing = read("name: n\ncount: 3\ncolours: [red, green]\n").unwrap();
        assert_eq!(thing.name.text, "n");
        assert_eq!(thing.count.unwrap().value, 3);
        assert!(matches!(thing.colours.unwrap()[..], [Colour::Red, Colour::Green]));
    }

    #[test]
    fn every_mistake_of_a_record_is_reported_in_its_place() {
        let message = read("nam: n\ncount: x\ncolours: [red, greeen]\n").unwrap_err();
        assert_eq!(
            message,
            "f:1:1: error[unknown-key]: `nam` is not a key of a thing \
             (help: did you mean `name`?)\n\
             f:1:1: error[missing-key]: the key `name` of a thing is missing\n\
             f:2:8: error[invalid-number]: expected a whole number from 0 to 4294967295, found `x`\n\
             f:3:16: error[invalid-value]: expected one of `red`, `green`, found `greeen` \
             (help: did you mean `green`?)"
        );
    }

    #[test]
    fn the_schema_has_the_keys_of_the_record() {
        let schema = schema_of::<Thing>("thing");
        let definition = &schema["$defs"]["Thing"];
        assert_eq!(definition["required"], json!(["name"]));
        assert_eq!(definition["additionalProperties"], json!(false));
        assert_eq!(definition["properties"]["count"]["description"], json!("How many there are."));
        assert_eq!(definition["properties"]["colours"]["items"]["enum"], json!(["red", "green"]));
    }
}
