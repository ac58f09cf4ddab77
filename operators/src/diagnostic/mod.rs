//! Mistakes in a file: what is wrong, where, and what was probably meant.
//!
//! A [`Diagnostic`] knows its place as a byte range of the text; a [`SpecError`] is all the diagnostics of one file
//! together with that text, and draws them under its lines: [`SpecError::underlined`]. Printing is left to programs.

mod code;
mod similar;
mod underline;

pub use code::Code;
pub use similar::{did_you_mean, most_similar};
pub use underline::Colours;

use std::fmt;
use std::ops::Range;

use crate::printable::{printable, printable_lines};

/// A byte range of a source text, `start..end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The range `start..end`; an end before the start is moved to the start.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end: end.max(start) }
    }

    /// The empty range at `offset`.
    pub fn at(offset: usize) -> Self {
        Self { start: offset, end: offset }
    }

    /// The smallest range that contains both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The range as the standard library writes it.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// One mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable name of the kind of mistake.
    pub code: Code,
    /// The text to underline.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
    /// What to write under the underlined text; may be empty.
    pub label: String,
    /// What to do about it, where that can be guessed.
    pub help: Option<String>,
    /// Another place that has to do with it, and what to write there.
    pub related: Option<Box<Related>>,
}

/// Another place of the file that a mistake has to do with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Related {
    /// The text to underline.
    pub span: Span,
    /// What to write under it.
    pub label: &'static str,
}

impl Diagnostic {
    /// A diagnostic without label and help.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: message.into(), label: String::new(), help: None, related: None }
    }

    /// The same with a text for the underlined place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same with advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with another place that has to do with it, if there is one.
    #[must_use]
    pub fn related(mut self, place: Option<Span>, label: &'static str) -> Self {
        self.related = place.map(|span| Box::new(Related { span, label }));
        self
    }

    /// The same with advice, if there is any.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }
}

/// A place in a text as people count it: from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The line and column of a byte offset; an offset behind the end counts as the end.
pub fn line_column(text: &str, offset: usize) -> LineColumn {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    LineColumn {
        line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

/// The range with its ends moved to the boundaries of characters of the text.
fn within(text: &str, span: Span) -> Span {
    let floor =
        |offset: usize| (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let ceiling = |offset: usize| (offset.min(text.len())..=text.len()).find(|&at| text.is_char_boundary(at));
    Span::new(floor(span.start), ceiling(span.end).unwrap_or(text.len()))
}

/// Most mistakes that are collected for one file. Who finds so many stops looking.
pub const MOST_MISTAKES: usize = 100;

/// All the mistakes of one file, in order of place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// What the text is called in messages: a file name, or the name of a built-in.
    pub source_name: String,
    /// The text itself.
    pub text: String,
    /// The mistakes, ordered by place; never empty.
    pub diagnostics: Vec<Diagnostic>,
}

impl SpecError {
    /// Collects the diagnostics of a text: ordered by place, each one once, no more than [`MOST_MISTAKES`] and a note
    /// that there are more. What messages quote is made [`printable`].
    pub fn new(source_name: &str, text: &str, mut diagnostics: Vec<Diagnostic>) -> Self {
        for diagnostic in &mut diagnostics {
            diagnostic.span = within(text, diagnostic.span);
            diagnostic.message = printable(&diagnostic.message).into_owned();
            diagnostic.label = printable(&diagnostic.label).into_owned();
            diagnostic.help = diagnostic.help.as_deref().map(printable_lines);
            if let Some(related) = &mut diagnostic.related {
                related.span = within(text, related.span);
            }
        }
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        diagnostics.dedup();
        if diagnostics.len() >= MOST_MISTAKES {
            diagnostics.truncate(MOST_MISTAKES);
            let last = diagnostics.last().map_or(0, |diagnostic| diagnostic.span.start);
            let message = format!("there are more mistakes; these are {MOST_MISTAKES} of them");
            diagnostics.push(Diagnostic::new(Code::TooManyMistakes, Span::at(last), message));
        }
        Self { source_name: printable(source_name).into_owned(), text: text.to_owned(), diagnostics }
    }

    /// Where a diagnostic begins.
    pub fn line_column(&self, diagnostic: &Diagnostic) -> LineColumn {
        line_column(&self.text, diagnostic.span.start)
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let LineColumn { line, column } = self.line_column(diagnostic);
            let (name, code) = (&self.source_name, diagnostic.code);
            write!(f, "{name}:{line}:{column}: error[{code}]: {}", diagnostic.message)?;
            if let Some(related) = &diagnostic.related {
                let LineColumn { line, column } = line_column(&self.text, related.span.start);
                write!(f, " ({line}:{column}: {})", related.label)?;
            }
            if let Some(help) = &diagnostic.help {
                write!(f, " (help: {help})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for SpecError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        let text = "a: 1\nβ: x";
        assert_eq!(line_column(text, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(line_column(text, text.len()), LineColumn { line: 2, column: 5 });
        assert_eq!(line_column(text, 6), LineColumn { line: 2, column: 1 });
    }

    #[test]
    fn an_offset_behind_the_end_is_the_end() {
        assert_eq!(line_column("ab", 99), LineColumn { line: 1, column: 3 });
    }

    #[test]
    fn ranges_end_between_characters_of_the_text() {
        assert_eq!(within("aéb", Span::new(2, 2)), Span::new(1, 3));
        assert_eq!(within("aéb", Span::new(4, 99)), Span::new(4, 4));
        assert_eq!(within("", Span::new(7, 9)), Span::new(0, 0));
    }

    #[test]
    fn diagnostics_are_ordered_by_place_and_shown_once() {
        let at = |offset| Diagnostic::new(Code::UnknownName, Span::at(offset), "no");
        let error = SpecError::new("f.yaml", "a\nb", vec![at(2), at(0), at(2)]);
        assert_eq!(
            error.to_string(),
            "f.yaml:1:1: error[unknown-name]: no\nf.yaml:2:1: error[unknown-name]: no"
        );
    }
}
