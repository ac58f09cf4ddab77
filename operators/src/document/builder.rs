//! From the events of the YAML parser to nodes.

use hashbrown::HashMap;
use hashbrown::hash_map::EntryRef;
use serde_yaml::granit_parser::{self as granit, ErrorKind, Event, Parser, ScalarStyle};

use super::{Node, Scalar, Style, Value, flow, limits};
use crate::diagnostic::{Code, Diagnostic, MOST_MISTAKES, Span, line_column};

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

/// A tree under construction.
pub(super) struct Builder<'a> {
    text: &'a str,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: HashMap<usize, (Node, Used)>,
    used: Used,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            open: Vec::new(),
            root: None,
            anchors: HashMap::new(),
            used: Used::default(),
            diagnostics: Vec::new(),
        }
    }

    /// The root, if the text has one; mistakes that end the reading are returned, others collected.
    pub(super) fn run(&mut self) -> Result<Option<Node>, Diagnostic> {
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
                self.finish(anchor, Used { nodes: 1, bytes: text.len() }, node)?;
            }
            Event::SequenceStart(_, anchor, _) => self.begin(anchor, span, false)?,
            Event::MappingStart(_, anchor, _) => self.begin(anchor, span, true)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(span)?,
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

    fn end(&mut self, end: Span) -> Result<(), Diagnostic> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        // Blocks end where the next thing begins; what belongs to them ends with their last child.
        let last = open.children.last().map_or(open.start, |child| child.span);
        let span = open.start.to(if end.start == end.end { last } else { end });
        let cut = flow::cut_texts(self.text, span, &open.children);
        let is_cut = !cut.is_empty();
        self.diagnostics.extend(cut);
        let value = if is_cut {
            // What is left of the texts means nothing.
            Value::Mapping(Vec::new())
        } else if open.is_mapping {
            Value::Mapping(self.entries(open.children))
        } else {
            Value::Sequence(open.children)
        };
        let used = Used {
            nodes: self.used.nodes - open.used_before.nodes,
            bytes: self.used.bytes - open.used_before.bytes,
        };
        self.finish(open.anchor, used, Node { span, value })
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

    fn finish(&mut self, anchor: usize, used: Used, node: Node) -> Result<(), Diagnostic> {
        if anchor != 0 {
            // What an anchor names is kept beside the tree, and counts again.
            self.count(used, node.span)?;
            self.anchors.insert(anchor, (node.clone(), used));
        }
        self.place(node);
        Ok(())
    }

    fn place(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
    }

    fn syntax_error(&self, error: &granit::ScanError) -> Diagnostic {
        let offset = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        if let Some(mistake) =
            self.open.last().and_then(|open| flow::cut_at(self.text, &open.children, offset))
        {
            return mistake;
        }
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
                    .maybe_help(flow::missing_blank(self.text, offset))
            }
            kind => Diagnostic::new(Code::YamlSyntax, span, format!("not YAML: {kind}"))
                .maybe_help(flow::advice(self.text, offset)),
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
