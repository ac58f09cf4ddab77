//! Text of strangers as it may stand in output: names, cells and paths cannot steer a terminal, begin a line of their own,
//! or turn the direction of reading.
//!
//! | character | is written |
//! |---|---|
//! | line break, carriage return, tab | `\n`, `\r`, `\t` |
//! | other control characters (C0, DEL, C1) | `\u{1b}` |
//! | line and paragraph separators, marks of direction, characters without width, tags | `\u{202e}` |
//! | all others, the backslash among them | itself |
//!
//! Checked by `what_a_terminal_obeys_is_escaped` and `what_was_escaped_reads_back`.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::Path;

use serde_json::Value;

/// The text in one line that no terminal obeys.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for sign in text.chars() {
        match sign {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            sign if is_unsafe(sign) => {
                write!(safe, "\\u{{{:x}}}", u32::from(sign)).expect("writing to a string does not fail");
            }
            sign => safe.push(sign),
        }
    }
    Cow::Owned(safe)
}

/// The same for a text that may have several lines: each line by itself.
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// The same for a path; what is not UTF-8 becomes U+FFFD.
pub fn printable_path(path: &Path) -> String {
    printable(&path.to_string_lossy()).into_owned()
}

/// JSON for people and programs; strings keep what they are, but escaped.
pub fn printable_json(value: &Value) -> String {
    let mut safe = String::new();
    for sign in format!("{value:#}\n").chars() {
        if sign == '\n' || !is_unsafe(sign) {
            safe.push(sign);
        } else {
            let units = &mut [0; 2];
            for unit in sign.encode_utf16(units) {
                write!(safe, "\\u{unit:04x}").expect("writing to a string does not fail");
            }
        }
    }
    safe
}

/// The character that begins `escaped`, as [`printable`] writes it behind a backslash, and what follows.
pub(crate) fn unescaped(escaped: &str) -> Option<(char, &str)> {
    let first = escaped.chars().next()?;
    let rest = &escaped[first.len_utf8()..];
    let (digits, rest) = match first {
        'n' => return Some(('\n', rest)),
        'r' => return Some(('\r', rest)),
        't' => return Some(('\t', rest)),
        'u' => rest.strip_prefix('{')?.split_once('}')?,
        _ => return Some((first, rest)),
    };
    Some((char::from_u32(u32::from_str_radix(digits, 16).ok()?)?, rest))
}

/// Whether a terminal obeys the character, or shows other text than there is.
fn is_unsafe(sign: char) -> bool {
    sign.is_control()
        || matches!(
            sign,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(printable("a\u{1b}[2J\nb\tc\r\u{7f}\u{9b}m"), r"a\u{1b}[2J\nb\tc\r\u{7f}\u{9b}m");
        assert_eq!(printable("x\u{202e}y\u{2028}\u{feff}"), r"x\u{202e}y\u{2028}\u{feff}");
        assert_eq!(printable("φ·Δu “ok” C:\\x"), "φ·Δu “ok” C:\\x");
        assert_eq!(printable_lines("a\u{7}\nb"), "a\\u{7}\nb");
    }

    #[test]
    fn json_keeps_what_its_strings_are() {
        let value = serde_json::json!({ "a\u{9b}": "\u{1b}\u{e0041}\n" });
        let text = printable_json(&value);
        assert!(!text.contains(|sign: char| sign != '\n' && is_unsafe(sign)), "{text:?}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    proptest! {
        #[test]
        fn what_was_escaped_reads_back(text in r#"[a\\"u{}\n\x00-\x1f\x7f-\u{9f}\u{202a}-\u{202e}]{0,12}"#) {
            let doubled = text.replace('\\', "\\\\");
            let escaped = printable(&doubled);
            prop_assert!(!escaped.contains(is_unsafe));
            let (mut read, mut rest) = (String::new(), &*escaped);
            while let Some(sign) = rest.chars().next() {
                let after = &rest[sign.len_utf8()..];
                let (sign, after) = if sign == '\\' { unescaped(after).unwrap() } else { (sign, after) };
                read.push(sign);
                rest = after;
            }
            prop_assert_eq!(read, text);
        }
    }
}
