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
/// The first line of the struct's documentation must be what such a mapping is called, like "A thing."
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

/// Declares an enum that is one of several words in a file.
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
