//! The parts of a Markdown page that can be checked.

/// A fenced block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'a> {
    /// The word after the fence: `sh`, `yaml`, …
    pub language: &'a str,
    /// The line the block begins in, from 1.
    pub line: usize,
    /// What stands in it.
    pub text: String,
}

/// All fenced blocks.
///
/// # Panics
/// If the last one has no end.
pub fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (index, line) in page.lines().enumerate() {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some(Block { language, line: index + 1, text: String::new() }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.text.extend([line, "\n"]),
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block without an end: {open:?}");
    blocks
}

/// The lines outside of fenced blocks.
pub fn prose(page: &str) -> String {
    let mut inside = false;
    let outside = page.lines().filter(|line| {
        let fence = line.starts_with("```");
        inside ^= fence;
        !inside && !fence
    });
    outside.collect::<Vec<_>>().join("\n")
}

/// The spans in backticks of a text without fenced blocks.
pub fn code_spans(prose: &str) -> Vec<&str> {
    prose.split('`').skip(1).step_by(2).collect()
}

/// The targets of `[text](target)`.
pub fn links(prose: &str) -> Vec<&str> {
    prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "Run `a b`:\n```sh\nc\nd\n```\nsee [x](y.md), `e`\n";

    #[test]
    fn blocks_are_told_from_prose() {
        assert_eq!(blocks(PAGE), [Block { language: "sh", line: 2, text: "c\nd\n".to_owned() }]);
        assert_eq!(prose(PAGE), "Run `a b`:\nsee [x](y.md), `e`");
        assert_eq!(code_spans(&prose(PAGE)), ["a b", "e"]);
        assert_eq!(links(&prose(PAGE)), ["y.md"]);
    }
}
