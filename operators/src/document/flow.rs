//! Texts inside {…} and […] that YAML cuts up: there a `,` ends a text without quotes, and so do `: `, `[` and `]`. Of
//! `{s: dot(x, x)}` it makes the two entries `s: dot(x` and `x)`.

use super::{Node, Scalar, Style, Value};
use crate::diagnostic::{Code, Diagnostic, Span};

/// The mistakes of a list or mapping at `span` of the source with these elements, or keys and values in turn.
pub(super) fn cut_texts(source: &str, span: Span, children: &[Node]) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    let mut behind = span.start;
    if !source[span.start..].starts_with(['{', '[']) {
        return mistakes;
    }
    for child in children.iter().filter(|child| plain(child).is_some_and(is_open)) {
        if child.span.start < behind {
            continue;
        }
        // Where one is never closed, all that follows stands inside it.
        let Some(whole) = whole(source, child.span.start, span.end) else { break };
        behind = whole.end;
        mistakes.push(mistake(source, whole));
    }
    mistakes
}

/// How many elements before a mistake of syntax are looked at.
const LOOK_BACK: usize = 8;

/// The mistake that one of the texts of an unfinished list or mapping was cut, where YAML could not go on at `place`.
pub(super) fn cut_at(source: &str, children: &[Node], place: usize) -> Option<Diagnostic> {
    let last = &children[children.len().saturating_sub(LOOK_BACK)..];
    let cut = last.iter().find_map(|child| {
        let text = plain(child).filter(|text| !text.is_empty())?;
        let is_index = child.span.end == place && source[place..].starts_with('[');
        let whole = whole(source, child.span.start, source.len())?;
        ((is_open(text) || is_index) && whole.end > place).then_some(whole)
    });
    cut.map(|whole| mistake(source, whole))
}

/// What to do about a line that YAML could not go on with at `place`, where the value of its key begins with a sign that
/// means something to YAML.
pub(super) fn advice(source: &str, place: usize) -> Option<String> {
    let line = &source[source[..place].rfind('\n').map_or(0, |end| end + 1)..];
    let line = line.lines().next().unwrap_or_default();
    let value = line.split_once(": ")?.1.trim();
    let first = value.chars().next()?;
    if let Some(operand) = value.strip_prefix("- ") {
        return Some(format!("a minus sign stands without a blank behind it: `-{}`", operand.trim_start()));
    }
    let quoted = value.replace('\'', "''");
    let goes_on = source[..place].trim_end().ends_with([']', '}']);
    (matches!(first, '*' | '&' | '!' | '%' | '@' | '`' | '|' | '>')
        || (matches!(first, '[' | '{') && goes_on))
        .then(|| format!("a text that begins with `{first}` must be quoted: '{quoted}'"))
}

/// Whether the line before the one of a misplaced `:` has a key without a blank behind its `:`.
pub(super) fn missing_blank(source: &str, place: usize) -> Option<String> {
    let before = source[..place].trim_end_matches(|sign| sign != '\n').trim_end();
    let (key, value) = before.lines().last()?.split_once(':')?;
    (!value.is_empty() && !value.starts_with(' '))
        .then(|| format!("write a blank behind the `:` of the line before: `{}: {value}`", key.trim_start()))
}

fn mistake(source: &str, whole: Span) -> Diagnostic {
    let text = source[whole.range()].split_whitespace().collect::<Vec<_>>().join(" ");
    let message = "this text must be quoted: inside {…} and […], YAML ends a text at `,`, `: ` and brackets";
    let help = format!("write '{}'", text.replace('\'', "''"));
    Diagnostic::new(Code::YamlSyntax, whole, message).help(help)
}

fn plain(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(Scalar { text, style: Style::Plain }) => Some(text),
        _ => None,
    }
}

/// Whether a parenthesis is opened and not closed.
fn is_open(text: &str) -> bool {
    let depth = text.chars().fold(0i64, |depth, sign| match sign {
        '(' => depth + 1,
        ')' => depth - 1,
        _ => depth,
    });
    depth > 0
}

/// The text from `start` to the first `,` or closing bracket that stands outside of its own brackets; none if there is
/// no such place before `end`.
fn whole(source: &str, start: usize, end: usize) -> Option<Span> {
    let mut depth = 0usize;
    for (offset, sign) in source[start..end].char_indices() {
        match sign {
            '(' | '[' => depth += 1,
            ',' | '}' | ']' | ')' if depth == 0 => {
                let length = source[start..start + offset].trim_end().len();
                return (sign != ')').then(|| Span::new(start, start + length));
            }
            ')' | ']' => depth -= 1,
            '#' | '"' | '{' | '}' => return None,
            _ => {}
        }
    }
    None
}
