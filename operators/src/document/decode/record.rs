//! Declarations of mappings with known keys, and of choices between words.

use super::Schemas;

/// One key of a record.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What it means.
    pub description: &'static str,
    /// Whether it must be there.
    pub is_required: fn() -> bool,
    /// The schema of its values.
    pub schema: fn(&mut Schemas) -> serde_json::Value,
}

/// Declares a struct that is a mapping with known keys in a file: each field with its type and its key. The
/// documentation of struct and fields becomes messages and the descriptions of the JSON Schema; fields of type
/// `Option` may be left out.
///
/// The first line of the struct's documentation must be what such a mapping is called, like "A layer."
///
/// # Example: a record and its mistakes
/// ```
/// use jetc_operators::document::Document;
/// use jetc_operators::document::decode::{Name, decode_document};
/// use jetc_operators::{keywords, record};
///
/// keywords! {
///     /// A function between layers.
///     enum Activation {
///         /// The hyperbolic tangent.
///         Tanh = "tanh",
///         /// The sine.
///         Sine = "sin",
///     }
/// }
///
/// record! {
///     /// A layer.
///     struct Layer {
///         /// What it is called.
///         name: Option<Name> = "name",
///         /// How many outputs it has.
///         width: u32 = "width",
///         /// What follows it.
///         activation: Option<Activation> = "activation",
///     }
/// }
///
/// let read = |yaml| decode_document::<Layer>(&Document::parse("net.yaml", yaml)?);
/// let layer = read("{name: hidden, width: 128, activation: sin}").unwrap();
/// assert_eq!(layer.width, 128);
/// assert_eq!(
///     read("{width: wide, activation: sine}").unwrap_err().to_string(),
///     "net.yaml:1:9: error[invalid-number]: expected a whole number from 0 to 4294967295, found `wide`\n\
///      net.yaml:1:27: error[invalid-value]: expected one of `tanh`, `sin`, found `sine` (help: did you mean `sin`?)"
/// );
/// # let _ = (layer.name.map(|name| name.text), matches!(layer.activation, Some(Activation::Tanh)));
/// ```
#[macro_export]
macro_rules! record {
    (
        #[doc = $title:literal] $(#[doc = $more:literal])*
        $visibility:vis struct $Record:ident {
            $($(#[doc = $doc:literal])+ $field_visibility:vis $field:ident: $Type:ty = $key:literal,)+
        }
    ) => {
        #[doc = $title]
        $(#[doc = $more])*
        #[derive(Clone, Debug)]
        $visibility struct $Record {
            $($(#[doc = $doc])+ $field_visibility $field: $Type,)+
        }

        impl $Record {
            const FIELDS: &'static [$crate::document::decode::Field] = &[
                $($crate::document::decode::Field {
                    key: $key,
                    description: concat!($($doc),+),
                    is_required: || <$Type as $crate::document::decode::Decode>::absent().is_none(),
                    schema: <$Type as $crate::document::decode::Decode>::schema,
                },)+
            ];
        }

        impl $crate::document::decode::Decode for $Record {
            fn expected() -> String {
                $crate::document::decode::in_sentence($title)
            }

            fn decode(
                node: &$crate::document::Node,
                reader: &mut $crate::document::decode::Reader<'_>,
            ) -> Option<Self> {
                let entries = reader.entries(node, &Self::expected(), Self::FIELDS)?;
                $(let $field = entries.take::<$Type>($key, reader);)+
                Some(Self { $($field: $field?,)+ })
            }

            fn schema(schemas: &mut $crate::document::decode::Schemas) -> $crate::document::decode::Json {
                $crate::document::decode::record_schema(
                    schemas, stringify!($Record), concat!($title $(, $more)*), Self::FIELDS,
                )
            }
        }
    };
}

/// Declares an enum that is one of several words in a file; see [`record!`](crate::record).
#[macro_export]
macro_rules! keywords {
    (
        $(#[doc = $title:literal])+
        $visibility:vis enum $Keywords:ident {
            $($(#[doc = $doc:literal])+ $Variant:ident = $word:literal,)+
        }
    ) => {
        $(#[doc = $title])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        $visibility enum $Keywords {
            $($(#[doc = $doc])+ $Variant,)+
        }

        impl $crate::document::decode::Decode for $Keywords {
            fn expected() -> String {
                let words = [$(concat!("`", $word, "`")),+];
                format!("one of {}", words.join(", "))
            }

            fn decode(
                node: &$crate::document::Node,
                reader: &mut $crate::document::decode::Reader<'_>,
            ) -> Option<Self> {
                match node.text() {
                    $(Some($word) => Some(Self::$Variant),)+
                    _ => {
                        reader.unknown_keyword(node, &Self::expected(), &[$($word),+]);
                        None
                    }
                }
            }

            fn schema(_: &mut $crate::document::decode::Schemas) -> $crate::document::decode::Json {
                $crate::document::decode::keywords_schema(concat!($($title),+), &[$($word),+])
            }
        }
    };
}
