//! Names, numbers and texts.

use jetc_combinatorics::Rational;
use num_traits::{Signed, ToPrimitive};
use serde_json::json;

use super::{Decode, Json, Reader, Schemas};
use crate::diagnostic::{Code, Span, did_you_mean};
use crate::document::name::{self, is_name};
use crate::document::{Node, OffsetMap, number};

/// Longest name.
const NAME_LETTERS: usize = 64;

/// What a name looks like, as a regular expression.
pub(super) const NAME_PATTERN: &str = r"^\p{XID_Start}\p{XID_Continue}*$";

/// A name: letters, digits and underscores, a letter first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

impl Decode for Name {
    fn expected() -> String {
        "a name".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.is_null() {
            let written = node.text().filter(|text| !text.is_empty()).unwrap_or_default();
            let diagnostic = reader.wrong_kind(node, &Self::expected());
            if written == "null" {
                diagnostic.help =
                    Some("without quotes `null` means nothing in YAML; for a name write 'null'".to_owned());
            }
            return None;
        }
        let text = reader.text(node, &Self::expected())?;
        if !is_name(text) {
            let message = format!("`{}` is not a name", shortened(text));
            reader.report(Code::InvalidName, node.span, message).help = Some(rule(text));
            return None;
        }
        let letters = text.chars().count();
        if letters > NAME_LETTERS {
            let message = format!("this name has {letters} letters; the limit is {NAME_LETTERS}");
            reader.report(Code::InvalidName, node.span, message);
            return None;
        }
        Some(Self { text: text.to_owned(), span: node.span })
    }

    fn schema(_: &mut Schemas) -> Json {
        json!({ "type": "string", "pattern": NAME_PATTERN })
    }
}

/// What a text that is no name should be.
fn rule(text: &str) -> String {
    let parts: Vec<&str> = text.split([',', ' ']).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts.iter().all(|part| is_name(part)) {
        return format!("several names are a list: `[{}]`", parts.join(", "));
    }
    let rule = match text.chars().find(|&character| !name::continues(character)) {
        Some('₀'..='₉') => "write numbers in names as digits: `x1`",
        Some('\'') => "derivatives are no names of their own: they are written `u_x` where they are used",
        _ if text.starts_with(|first: char| first.is_ascii_digit()) && number::parse(text).is_ok() => {
            "this is a number; a name begins with a letter"
        }
        _ => "a name is made of letters, digits and underscores, and begins with a letter",
    };
    rule.to_owned()
}

/// Text for a message: its first line, and not too much of it.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let mut short: String = line.chars().take(40).collect();
    if short.len() < text.trim_end().len() {
        short.push('…');
    }
    short
}

/// A text that will be read further, an expression for example, with the way back to its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// From offsets in `text` to offsets in the file.
    pub map: OffsetMap,
}

impl Decode for Text {
    fn expected() -> String {
        "an expression".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.text(node, &Self::expected())?.to_owned();
        Some(Self { text, span: node.span, map: node.offset_map(reader.source) })
    }

    fn schema(_: &mut Schemas) -> Json {
        json!({ "type": ["string", "number"] })
    }
}

impl Decode for String {
    fn expected() -> String {
        "a text".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        reader.text(node, &Self::expected()).map(str::to_owned)
    }

    fn schema(_: &mut Schemas) -> Json {
        json!({ "type": "string" })
    }
}

impl Decode for Rational {
    fn expected() -> String {
        "a number".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.text(node, &Self::expected())?;
        number::parse(text)
            .map_err(|error| match error {
                number::NumberError::Malformed => {
                    let message = format!("expected a number, found `{}`", shortened(text));
                    let forms = "numbers are written 3, -0.5, 1e-3 or 27/10; they are read exactly";
                    reader.report(Code::InvalidNumber, node.span, message).help = Some(forms.to_owned());
                }
                number::NumberError::DivisionByZero => {
                    reader.report(Code::Undefined, node.span, "division by zero");
                }
                limit => {
                    reader.report(Code::NumberTooLarge, node.span, limit.to_string());
                }
            })
            .ok()
    }

    fn schema(_: &mut Schemas) -> Json {
        json!({
            "type": ["number", "string"],
            "pattern": r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?(\s*/\s*(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)?$",
        })
    }
}

macro_rules! decode_integers {
    ($($Integer:ty => $convert:ident),*) => { $(
        impl Decode for $Integer {
            fn expected() -> String {
                format!("a whole number from {} to {}", <$Integer>::MIN, <$Integer>::MAX)
            }

            fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let value = reader.whole(node, &Self::expected())?;
                let converted = value.to_integer().$convert();
                if converted.is_none() {
                    reader.report(Code::NumberTooLarge, node.span, format!("expected {}", Self::expected()));
                }
                converted
            }

            fn schema(_: &mut Schemas) -> Json {
                json!({ "type": "integer", "minimum": <$Integer>::MIN })
            }
        }
    )* };
}

decode_integers!(u32 => to_u32, u64 => to_u64, i64 => to_i64);

impl Decode for bool {
    fn expected() -> String {
        "`true` or `false`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.text() {
            Some("true") => Some(true),
            Some("false") => Some(false),
            _ => {
                reader.unknown_keyword(node, &Self::expected(), &["true", "false"]);
                None
            }
        }
    }

    fn schema(_: &mut Schemas) -> Json {
        json!({ "type": "boolean" })
    }
}

impl Reader<'_> {
    /// The text of a scalar that is there; anything else is reported.
    pub fn text<'n>(&mut self, node: &'n Node, expected: &str) -> Option<&'n str> {
        let text = node.text().filter(|_| !node.is_null());
        if text.is_none() {
            self.wrong_kind(node, expected);
        }
        text
    }

    /// Reports a word that is none of `words`.
    pub fn unknown_keyword(&mut self, node: &Node, expected: &str, words: &[&str]) {
        let Some(text) = self.text(node, expected) else { return };
        let message = format!("expected {expected}, found `{}`", shortened(text));
        let help = did_you_mean(text, words.iter().copied());
        self.report(Code::InvalidValue, node.span, message).help = help;
    }

    fn whole(&mut self, node: &Node, expected: &str) -> Option<Rational> {
        let text = self.text(node, expected)?;
        match number::parse(text) {
            Ok(value) if value.is_integer() => Some(value),
            Ok(_) | Err(number::NumberError::Malformed | number::NumberError::DivisionByZero) => {
                let message = format!("expected {expected}, found `{}`", shortened(text));
                self.report(Code::InvalidNumber, node.span, message);
                None
            }
            Err(limit) => {
                self.report(Code::NumberTooLarge, node.span, limit.to_string());
                None
            }
        }
    }

    /// Checks that a number lies between two bounds, and reports it otherwise.
    pub fn within(&mut self, value: &Rational, bounds: (u64, u64), what: &str, span: Span) -> Option<u64> {
        let converted = value.is_integer().then(|| value.to_integer().to_u64()).flatten();
        let inside = converted.filter(|value| (bounds.0..=bounds.1).contains(value));
        if inside.is_none() {
            let message = format!("{what} must be a whole number from {} to {}", bounds.0, bounds.1);
            let code = if value.is_negative() { Code::InvalidValue } else { Code::TooLarge };
            self.report(code, span, message);
        }
        inside
    }
}
