//! Sizes of memory as people write them: `512 MiB`, `2G`.

use jetc_operators::diagnostic::Code;
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};
use serde_json::json;

/// A size of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// In bytes.
    pub bytes: usize,
}

/// Reads a size; units are powers of 1024, whether they are written K, KB or KiB.
pub fn size(text: &str) -> Option<Size> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_suffix('b').unwrap_or(&text);
    let text = text.strip_suffix('i').unwrap_or(text);
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match &text[digits.len()..] {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return None,
    };
    let number: usize = digits.trim().parse().ok()?;
    number.checked_mul(1 << shift).filter(|&bytes| bytes > 0).map(|bytes| Size { bytes })
}

impl Decode for Size {
    fn expected() -> String {
        "a whole number with K, M, G or T, such as `512 MiB`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.text(node, &Self::expected())?;
        let found = size(text);
        if found.is_none() {
            let message = format!("expected {}, found `{text}`", Self::expected());
            reader.report(Code::InvalidValue, node.span, message);
        }
        found
    }

    fn schema(_: &mut Schemas) -> Json {
        json!({ "type": ["integer", "string"] })
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_units_of_1024() {
        for (text, bytes) in
            [("512", 512), ("3 KiB", 3 << 10), ("64M", 64 << 20), ("2gb", 2 << 30), ("1 T", 1 << 40)]
        {
            assert_eq!(size(text).map(|size| size.bytes), Some(bytes), "{text}");
        }
        for text in ["", "M", "0", "-1", "1.5G", "3 parsecs", "99999999T"] {
            assert_eq!(size(text), None, "{text}");
        }
    }
}
