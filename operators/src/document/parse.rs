//! From the events of the YAML parser to nodes.

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;
use serde_yaml::granit_parser::{self as granit, ErrorKind, Event, Parser, ScalarStyle};

use super::{Node, Scalar, Style, Value, limits};
use crate::diagnostic::{Code, Diagnostic, MOST_MISTAKES, Span, SpecError, line_column};

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

/// A list or mapping whose end has not come yet.
struct Open {
    anchor: usize,
    start: Span,
    is_mapping: bool,
    /// Elements, or keys and values in turn.
    children: Vec<Node>,
    /// What had been used when it began.
    used_before: Used,
}

/// Nodes and bytes so far.
#[derive(Clone, Copy, Default)]
struct Used {
    nodes: usize,
    bytes: usize,
}

struct Builder<'a> {
    text: &'a str,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, (Node, Used)>,
    used: Used,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            used: Used::default(),
            diagnostics: Vec::new(),
        }
    }

    fn run(&mut self) -> Result<Option<Node>, Diagnostic> {
        let options = granit::options! {
            emit_comments: false,
            flow_nesting_limit: limits::DEPTH,
            block_nesting_limit: limits::DEPTH,
        };
        let mut documents = 0;
        for next in Parser::new_from_str_with_options(self.text, options) {
            let (event, span) = next.map_err(|error| self.syntax_error(&error))?;
            let span = span.byte_range().map_or(Span::at(self.text.len()), |r| Span::new(r.start, r.end));
            match event {
                Event::DocumentStart(..) => {
                    documents += 1;
                    if documents > 1 {
                        return Err(Diagnostic::new(Code::YamlSyntax, span, "a second document begins here")
                            .help("one file holds one document; remove the `---`"));
                    }
                }
                event => self.event(event, span)?,
            }
        }
        if self.root.is_none() {
            self.diagnostics.push(
                Diagnostic::new(Code::YamlSyntax, Span::at(0), "the file is empty")
                    .help("an operator file begins like `coordinates: [x, y]`"),
            );
        }
        Ok(self.root.take())
    }

    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        if let Some(tag) = event.tag().filter(|tag| tag.is_custom()) {
            let message = format!("the tag `{}` means nothing here", tag.original());
            self.diagnostics.push(Diagnostic::new(Code::YamlSyntax, span, message).help("remove the tag"));
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                self.count(Used { nodes: 1, bytes: text.len() }, span)?;
                let node = scalar(self.text, &text, style, span);
                self.finish(anchor, Used { nodes: 1, bytes: text.len() }, node);
            }
            Event::SequenceStart(_, anchor, _) => self.begin(anchor, span, false)?,
            Event::MappingStart(_, anchor, _) => self.begin(anchor, span, true)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => self.alias(id, span)?,
            _ => {}
        }
        Ok(())
    }

    fn count(&mut self, more: Used, span: Span) -> Result<(), Diagnostic> {
        self.used.nodes = self.used.nodes.saturating_add(more.nodes);
        self.used.bytes = self.used.bytes.saturating_add(more.bytes);
        let limit = |what: &str, limit: usize| {
            let message = format!("the document has more than {limit} {what}, counting what aliases repeat");
            Err(Diagnostic::new(Code::YamlLimit, span, message))
        };
        if self.used.nodes > limits::NODES {
            return limit("values", limits::NODES);
        }
        if self.used.bytes > limits::SCALAR_BYTES {
            return limit("bytes of text", limits::SCALAR_BYTES);
        }
        Ok(())
    }

    fn begin(&mut self, anchor: usize, start: Span, is_mapping: bool) -> Result<(), Diagnostic> {
        let used_before = self.used;
        self.count(Used { nodes: 1, bytes: 0 }, start)?;
        if self.open.len() >= limits::DEPTH {
            return Err(too_deep(start));
        }
        self.open.push(Open { anchor, start, is_mapping, children: Vec::new(), used_before });
        Ok(())
    }

    fn end(&mut self, end: Span) {
        let Some(open) = self.open.pop() else { return };
        // Blocks end where the next thing begins; what belongs to them ends with their last child.
        let last = open.children.last().map_or(open.start, |child| child.span);
        let span = open.start.to(if end.start == end.end { last } else { end });
        let value = if open.is_mapping {
            Value::Mapping(self.entries(open.children))
        } else {
            Value::Sequence(open.children)
        };
        let used = Used {
            nodes: self.used.nodes - open.used_before.nodes,
            bytes: self.used.bytes - open.used_before.bytes,
        };
        self.finish(open.anchor, used, Node { span, value });
    }

    /// Keys and values in turn → entries, each key a scalar and there once.
    fn entries(&mut self, children: Vec<Node>) -> Vec<(Node, Node)> {
        let mut entries: Vec<(Node, Node)> = Vec::with_capacity(children.len() / 2);
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut children = children.into_iter();
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            let Some(name) = key.text() else {
                let message = format!("a key must be a name, not {}", key.kind());
                self.diagnostics.push(Diagnostic::new(Code::WrongKind, key.span, message));
                continue;
            };
            match seen.entry_ref(name) {
                EntryRef::Vacant(entry) => {
                    entry.insert(key.span.start);
                    entries.push((key, value));
                }
                EntryRef::Occupied(first) if self.diagnostics.len() < MOST_MISTAKES => {
                    let line = line_column(self.text, *first.get()).line;
                    let message = format!("the key `{name}` is there already, on line {line}");
                    self.diagnostics.push(Diagnostic::new(Code::DuplicateKey, key.span, message));
                }
                EntryRef::Occupied(_) => {}
            }
        }
        entries
    }

    fn alias(&mut self, id: usize, span: Span) -> Result<(), Diagnostic> {
        let Some(used) = self.anchors.get(&id).map(|(_, used)| *used) else {
            return Err(Diagnostic::new(
                Code::YamlSyntax,
                span,
                "this alias stands inside what it stands for",
            ));
        };
        self.count(used, span)?;
        let node = self.anchors[&id].0.clone();
        if self.open.len() + depth(&node) > limits::DEPTH {
            return Err(too_deep(span));
        }
        self.place(node);
        Ok(())
    }

    fn finish(&mut self, anchor: usize, used: Used, node: Node) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), used));
        }
        self.place(node);
    }

    fn place(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
    }

    fn syntax_error(&self, error: &granit::ScanError) -> Diagnostic {
        let offset = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        let span = self.text[offset..]
            .chars()
            .next()
            .filter(|next| !next.is_whitespace())
            .map_or(Span::at(offset), |next| Span::new(offset, offset + next.len_utf8()));
        match error.kind() {
            ErrorKind::TabInBlockIndentation
            | ErrorKind::TabInIndentation
            | ErrorKind::TabNotAllowed
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInPlainScalar => {
                Diagnostic::new(Code::Tab, span, "YAML does not allow a tab here").help("indent with spaces")
            }
            ErrorKind::RecursionLimitExceeded => too_deep(span),
            ErrorKind::MappingValueNotAllowed => {
                Diagnostic::new(Code::YamlSyntax, span, "a `:` is not allowed here")
                    .help("if it belongs to an expression, put the expression in quotes: 'd(u, x: 2)'")
            }
            kind => Diagnostic::new(Code::YamlSyntax, span, format!("not YAML: {kind}")),
        }
    }
}

fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lists and mappings are nested more than {} deep", limits::DEPTH);
    Diagnostic::new(Code::YamlLimit, span, message)
}

/// How many levels of lists and mappings a node has.
fn depth(node: &Node) -> usize {
    match &node.value {
        Value::Scalar(_) => 0,
        Value::Sequence(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
        Value::Mapping(entries) => 1 + entries.iter().map(|entry| depth(&entry.1)).max().unwrap_or(0),
    }
}

fn scalar(source: &str, text: &str, style: ScalarStyle, span: Span) -> Node {
    let style = match style {
        ScalarStyle::SingleQuoted => Style::SingleQuoted,
        ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
        ScalarStyle::Plain => Style::Plain,
    };
    // A block's range takes in the white space behind it; a message should not.
    let written = source.get(span.range()).unwrap_or("");
    let span = Span::new(span.start, span.start + written.trim_end().len());
    Node { span, value: Value::Scalar(Scalar { text: text.to_owned(), style }) }
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
