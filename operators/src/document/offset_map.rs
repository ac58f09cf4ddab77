//! From offsets inside the text of a scalar to offsets in the file.
//!
//! YAML removes quotes and escapes, indentation and line folds. What it leaves of the other characters stands in the
//! file in the same order, so walking both texts side by side finds each character again.

use super::{Scalar, Style};
use crate::diagnostic::Span;

/// A monotone map from offsets in a scalar's text to offsets in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffsetMap {
    /// (offset in the text, offset in the file), increasing; in between both offsets advance together.
    anchors: Vec<(usize, usize)>,
    /// Where the scalar ends in the file.
    end: usize,
}

impl OffsetMap {
    /// The map of a text that stands in the file as it is, from `start` on.
    pub fn shift(start: usize) -> Self {
        Self { anchors: vec![(0, start)], end: usize::MAX }
    }

    /// The map of a scalar that occupies `span` of `source`.
    pub fn of_scalar(source: &str, span: Span, scalar: &Scalar) -> Self {
        let written = source.get(span.range()).unwrap_or("");
        let mut walk = Walk { written, position: 0, style: scalar.style };
        if matches!(scalar.style, Style::SingleQuoted | Style::DoubleQuoted) {
            walk.position = 1.min(written.len());
        }
        let mut map = Self { anchors: Vec::new(), end: span.end };
        for (offset, character) in scalar.text.char_indices() {
            let place = walk.find(character);
            map.anchor(offset, span.start + place);
        }
        map.anchor(scalar.text.len(), span.start + walk.position);
        map
    }

    fn anchor(&mut self, offset: usize, place: usize) {
        let expected = self.anchors.last().map(|last| last.1 + (offset - last.0));
        if expected != Some(place) {
            self.anchors.push((offset, place));
        }
    }

    /// The offset in the file of an offset in the text.
    pub fn offset(&self, offset: usize) -> usize {
        let after = self.anchors.partition_point(|anchor| anchor.0 <= offset);
        let (text, file) = self.anchors[after.saturating_sub(1)];
        (file + offset.saturating_sub(text)).min(self.end)
    }

    /// The range in the file of a range in the text.
    pub fn span(&self, span: Span) -> Span {
        if span.start == span.end {
            return Span::at(self.offset(span.start));
        }
        // The end is just behind the last character, not before the next one, which may be on another line.
        Span::new(self.offset(span.start), self.offset(span.end - 1) + 1)
    }
}

/// A position in the scalar as written.
struct Walk<'a> {
    written: &'a str,
    position: usize,
    style: Style,
}

impl Walk<'_> {
    /// Moves behind the next occurrence of `character` and returns where it begins.
    fn find(&mut self, character: char) -> usize {
        if character.is_whitespace() {
            self.skip_escaped_line_ends();
            if !self.escape_ahead() {
                return self.blank();
            }
        }
        self.skip_blanks();
        let place = self.position;
        let rest = &self.written[place..];
        let length = match self.style {
            Style::SingleQuoted if rest.starts_with("''") => 2,
            Style::DoubleQuoted if rest.starts_with('\\') => escape_length(rest),
            _ => rest.chars().next().map_or(0, char::len_utf8),
        };
        self.position += length.min(rest.len());
        place
    }

    /// One blank of the text: one of the file, if there is one here.
    fn blank(&mut self) -> usize {
        let place = self.position;
        if let Some(next) = self.written[place..].chars().next().filter(|next| next.is_whitespace()) {
            self.position += next.len_utf8();
        }
        place
    }

    /// Escaped line ends, and the indentation behind them.
    fn skip_escaped_line_ends(&mut self) {
        let rest = &self.written[self.position..];
        if self.style == Style::DoubleQuoted && rest.starts_with('\\') && rest[1..].starts_with(['\n', '\r'])
        {
            self.skip_blanks();
        }
    }

    /// Blanks and escaped line ends, which leave nothing in the text.
    fn skip_blanks(&mut self) {
        loop {
            let rest = &self.written[self.position..];
            match rest.chars().next() {
                Some(next) if next.is_whitespace() => self.position += next.len_utf8(),
                Some('\\') if self.style == Style::DoubleQuoted && rest[1..].starts_with(['\n', '\r']) => {
                    self.position += 1;
                }
                _ => return,
            }
        }
    }

    /// Whether an escape that stands for a character comes next.
    fn escape_ahead(&self) -> bool {
        let rest = &self.written[self.position..];
        self.style == Style::DoubleQuoted && rest.starts_with('\\') && !rest[1..].starts_with(['\n', '\r'])
    }
}

/// Bytes of the escape at the beginning of `rest`, both halves of a surrogate pair together.
fn escape_length(rest: &str) -> usize {
    let length = |text: &str| match text.as_bytes().get(1) {
        Some(b'x') => 4,
        Some(b'u') => 6,
        Some(b'U') => 10,
        Some(_) => 1 + text[1..].chars().next().map_or(0, char::len_utf8),
        None => 1,
    };
    let first = length(rest);
    let high = rest.get(2..4).is_some_and(|digits| {
        rest.starts_with("\\u") && matches!(digits.to_ascii_lowercase().as_str(), "d8" | "d9" | "da" | "db")
    });
    if high { first + rest.get(first..).map_or(0, length) } else { first }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;

    /// Every character that is not a blank must be found where it stands.
    fn assert_found(yaml: &str, escaped: &[char]) {
        let document = Document::parse("test", yaml).unwrap();
        let node = document.root.get("a").unwrap();
        let (text, map) = (node.text().unwrap(), node.offset_map(yaml));
        for (offset, character) in text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            let found = yaml[map.offset(offset)..].chars().next();
            let expected = if escaped.contains(&character) { '\\' } else { character };
            assert_eq!(found, Some(expected), "{yaml:?} at {offset}");
        }
    }

    #[test]
    fn characters_are_found_in_every_style() {
        assert_found("a: u_t + lap(u)\n", &[]);
        assert_found("a: u_t\n  + lap(u)\n\n   - 3\n", &[]);
        assert_found("a: 'it''s (x +\n\n  y)'\n", &[]);
        assert_found("a: \"x + \\\n  y\\t\\u0041\\x42 z\"\n", &['A', 'B']);
        assert_found("a: |\n   u_t\n     + lap(u)\n\n   - 3\nb: 1\n", &[]);
        assert_found("a: >-\n   u_t\n   + lap(ü)\n\n\n   - 3\nb: 1\n", &[]);
        assert_found("a: |2\n     u_t\n", &[]);
        assert_found("a: \"u_t \\\n  \\ + é\"\n", &[]);
    }

    #[test]
    fn surrogate_pairs_count_as_one_character() {
        assert_found("a: \"\\uD834\\uDD1E x\"\n", &['\u{1D11E}']);
    }

    #[test]
    fn a_range_ends_on_the_line_of_its_last_character() {
        let yaml = "a: >\n  foo\n  bar\n";
        let document = Document::parse("test", yaml).unwrap();
        let map = document.root.get("a").unwrap().offset_map(yaml);
        assert_eq!(&yaml[map.span(Span::new(0, 3)).range()], "foo");
        assert_eq!(&yaml[map.span(Span::new(4, 7)).range()], "bar");
    }
}
