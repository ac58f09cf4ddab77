//! Documents: a text and its tree.

use super::builder::Builder;
use super::{Node, limits};
use crate::diagnostic::{Code, Diagnostic, Span, SpecError};

/// A YAML document: its text and its tree.
#[derive(Clone, Debug)]
pub struct Document {
    /// What the text is called in messages.
    pub source_name: String,
    /// The text.
    pub text: String,
    /// The tree.
    pub root: Node,
}

impl Document {
    /// Reads a document from bytes, which must be UTF-8.
    ///
    /// # Errors
    /// As [`Document::parse`]; also for bytes that are no UTF-8 text.
    pub fn from_bytes(source_name: &str, bytes: &[u8]) -> Result<Self, SpecError> {
        if bytes.len() > limits::FILE_BYTES {
            return Err(SpecError::new(source_name, "", vec![too_large(bytes.len())]));
        }
        let error = match std::str::from_utf8(bytes) {
            Ok(text) => return Self::parse(source_name, text),
            Err(error) => error,
        };
        // What is shown is the text with the offending bytes replaced; up to the first of them offsets agree.
        let place = Span::at(error.valid_up_to());
        let message = format!("byte {} of the file is not UTF-8", place.start);
        let diagnostic =
            Diagnostic::new(Code::InvalidUtf8, place, message).help("save the file as UTF-8 text");
        Err(SpecError::new(source_name, &String::from_utf8_lossy(bytes), vec![diagnostic]))
    }

    /// Reads a document.
    ///
    /// # Errors
    /// Text that is not YAML, exceeds the [`limits`], names a key twice in a mapping, or holds more than one document.
    pub fn parse(source_name: &str, text: &str) -> Result<Self, SpecError> {
        if text.len() > limits::FILE_BYTES {
            return Err(SpecError::new(source_name, "", vec![too_large(text.len())]));
        }
        let mut builder = Builder::new(text);
        let root = builder.run().unwrap_or_else(|diagnostic| {
            builder.diagnostics.push(diagnostic);
            None
        });
        match root {
            Some(root) if builder.diagnostics.is_empty() => {
                Ok(Self { source_name: source_name.to_owned(), text: text.to_owned(), root })
            }
            _ => Err(SpecError::new(source_name, text, builder.diagnostics)),
        }
    }

    /// The error of this document with these diagnostics.
    pub fn error(&self, diagnostics: Vec<Diagnostic>) -> SpecError {
        SpecError::new(&self.source_name, &self.text, diagnostics)
    }
}

fn too_large(bytes: usize) -> Diagnostic {
    let message = format!("the file has {bytes} bytes; the limit is {}", limits::FILE_BYTES);
    Diagnostic::new(Code::FileTooLarge, Span::at(0), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(yaml: &str) -> Vec<Code> {
        let error = Document::parse("test", yaml).unwrap_err();
        error.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn scalars_keep_their_text() {
        let document = Document::parse("test", "a: 0.10\nb: y\nc: 1e-3\nd: 'n'\ne:\n").unwrap();
        let text = |key| document.root.get(key).and_then(Node::text);
        assert_eq!(
            [text("a"), text("b"), text("c"), text("d")],
            [Some("0.10"), Some("y"), Some("1e-3"), Some("n")]
        );
        assert!(document.root.get("e").is_some_and(Node::is_null));
    }

    #[test]
    fn a_node_knows_its_place() {
        let text = "a: [1, {b: 2}]\nc:\n  - x\n  - y\nd: 1\n";
        let document = Document::parse("test", text).unwrap();
        let written = |key| &text[document.root.get(key).unwrap().span.range()];
        assert_eq!(written("a"), "[1, {b: 2}]");
        assert_eq!(written("c"), "- x\n  - y");
    }

    #[test]
    fn every_duplicate_key_is_reported() {
        let error = Document::parse("f", "a: 1\nb: {c: 1, c: 2}\na: 3\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "f:2:11: error[duplicate-key]: the key `c` is there already, on line 2\n\
             f:3:1: error[duplicate-key]: the key `a` is there already, on line 1"
        );
    }

    #[test]
    fn tabs_are_named() {
        assert_eq!(codes("a:\n\tb: 1\n"), [Code::Tab]);
    }

    #[test]
    fn deep_nesting_ends_in_an_error() {
        assert_eq!(codes(&"[".repeat(100_000)), [Code::YamlLimit]);
        assert_eq!(codes(&"{a: ".repeat(100_000)), [Code::YamlLimit]);
        assert_eq!(codes(&"- ".repeat(100_000)), [Code::YamlLimit]);
    }

    #[test]
    fn an_alias_bomb_ends_in_an_error() {
        let level = |level: usize| {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            format!("a{level}: &a{level} [{aliases}]\n")
        };
        let yaml: String = std::iter::once("a0: &a0 [x, x]\n".to_owned()).chain((1..30).map(level)).collect();
        assert_eq!(codes(&yaml), [Code::YamlLimit]);
        assert_eq!(codes("a: &a [*a]\n"), [Code::YamlSyntax]);
    }

    #[test]
    fn an_alias_stands_for_its_anchor() {
        let document = Document::parse("test", "a: &v [1, 2]\nb: *v\n").unwrap();
        assert_eq!(document.root.get("a"), document.root.get("b"));
    }

    #[test]
    fn bytes_that_are_no_text_are_located() {
        let error = Document::from_bytes("f", b"a: 1\nb: \xff\n").unwrap_err();
        assert!(error.to_string().starts_with("f:2:4: error[invalid-utf8]"), "{error}");
    }

    #[test]
    fn an_unquoted_colon_in_an_expression_gets_advice() {
        let error = Document::parse("f", "a: d(u, x: 2)\n").unwrap_err();
        assert!(error.to_string().contains("quotes"), "{error}");
    }

    #[test]
    fn one_file_is_one_document() {
        assert_eq!(codes("a: 1\n---\nb: 2\n"), [Code::YamlSyntax]);
        assert_eq!(codes(""), [Code::YamlSyntax]);
        assert_eq!(codes("# nothing\n"), [Code::YamlSyntax]);
    }
}
