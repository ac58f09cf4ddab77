//! Lists, shapes and names as they stand in messages.

use jetc_operators::printable;

use super::UnknownTensor;

/// Names shown in one message.
const SHOWN: usize = 12;

pub(super) fn meant(suggestion: Option<&str>) -> String {
    suggestion.map(|name| format!(" (did you mean `{}`?)", shorten(name))).unwrap_or_default()
}

pub(crate) fn listed(names: &[String]) -> String {
    let text = names.iter().take(SHOWN).map(|n| format!("`{}`", shorten(n))).collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => "none".into(),
        n if n > SHOWN => format!("{text} and {} more", n - SHOWN),
        _ => text,
    }
}

/// A name or a number from a file, short and without control characters.
pub(super) fn shorten(text: &str) -> String {
    cut(text, 60)
}

/// The first `length` characters of a text, in one line that no terminal obeys.
pub(super) fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", printable(&text[..end])),
        None => printable(text).into_owned(),
    }
}

pub(super) fn alternatives(endings: &[&str]) -> String {
    match endings {
        [init @ .., last] if !init.is_empty() => format!("{} or {last}", init.join(", ")),
        _ => endings.concat(),
    }
}

pub(super) fn shape(sizes: &[u64]) -> String {
    let shown = sizes.iter().take(SHOWN).map(u64::to_string).collect::<Vec<_>>().join(", ");
    if sizes.len() > SHOWN { format!("[{shown}, …] of {} axes", sizes.len()) } else { format!("[{shown}]") }
}

pub(super) fn sizes(sizes: &[usize]) -> String {
    shape(&sizes.iter().map(|&n| n as u64).collect::<Vec<_>>())
}

pub(super) fn puzzles(tensors: &[UnknownTensor]) -> String {
    if tensors.is_empty() {
        return "there is no tensor in it".into();
    }
    let mut lines: Vec<String> = tensors
        .iter()
        .take(SHOWN)
        .map(|t| format!("`{}` {}: {}", shorten(&t.name), sizes(&t.shape), t.reason))
        .collect();
    if tensors.len() > SHOWN {
        lines.push(format!("and {} more", tensors.len() - SHOWN));
    }
    lines.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_files_cannot_steer_a_terminal() {
        assert_eq!(shorten("a\u{1b}[2J\nb"), r"a\u{1b}[2J\nb");
        assert_eq!(shorten(&"x".repeat(61)), format!("{}…", "x".repeat(60)));
    }

    #[test]
    fn long_lists_are_shortened() {
        let names: Vec<String> = (0..20).map(|i| i.to_string()).collect();
        assert!(listed(&names).ends_with("`11` and 8 more"));
        assert_eq!(shape(&[1; 20]), "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, …] of 20 axes");
    }
}
