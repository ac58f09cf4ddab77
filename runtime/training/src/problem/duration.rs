//! Times as people write them: `60 s`, `5 min`, `1.5 h`.

use jetc_operators::diagnostic::Code;
use jetc_operators::document::Node;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas};
use serde_json::json;

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Duration {
    /// In seconds.
    pub seconds: f64,
}

/// Reads a time; a number alone is in seconds.
///
/// # Errors
/// `None` for what is no time, or not positive.
///
/// # Example
/// ```
/// use jetc_training::duration;
/// assert_eq!(duration("1.5 min").unwrap().seconds, 90.0);
/// assert_eq!(duration("60s").unwrap().seconds, 60.0);
/// assert!(duration("soon").is_none());
/// ```
pub fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let factor = match unit.trim() {
        "" | "s" | "sec" | "seconds" => 1.0,
        "ms" => 1e-3,
        "m" | "min" | "minutes" => 60.0,
        "h" | "hours" => 3600.0,
        _ => return None,
    };
    let seconds = number.parse::<f64>().ok()? * factor;
    (seconds > 0.0 && seconds.is_finite()).then_some(Duration { seconds })
}

impl Decode for Duration {
    fn expected() -> String {
        "a time like `60 s`, `5 min` or `1 h`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.text(node, &Self::expected())?;
        let found = duration(text);
        if found.is_none() {
            let message = format!("expected {}, found `{text}`", Self::expected());
            reader.report(Code::InvalidValue, node.span, message);
        }
        found
    }

    fn schema(_: &mut Schemas) -> Json {
        json!({ "type": ["number", "string"] })
    }
}
