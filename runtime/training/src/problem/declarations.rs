//! Operators of a problem: each term of the loss is an operator file of its own, with the declarations of the problem file.
//!
//! The tree of the operator file is put together from nodes of the problem file, which keep their places: mistakes are shown
//! where they stand. What is known at points alone (normals, columns of files, unknowns) are coordinates of the operator that
//! are neither space nor time, and that the network does not read.

use jetc_operators::OperatorSpec;
use jetc_operators::diagnostic::{Span, SpecError};
use jetc_operators::document::{Document, Node, Scalar, Style, Value};
use jetc_operators::spec::Options;

/// Keys that operator files and problem files share, beside the coordinates.
const SHARED: [&str; 6] = ["fields", "vectors", "parameters", "coefficients", "matrices", "directions"];

/// The declarations of a problem file.
#[derive(Debug)]
pub(super) struct Declarations<'a> {
    document: &'a Document,
    options: &'a Options<'a>,
}

/// What an operator has beside the declarations.
#[derive(Debug, Default)]
pub(super) struct Additions {
    /// Names of what is known at points alone.
    pub(super) columns: Vec<String>,
    /// Coefficients: names and expressions.
    pub(super) coefficients: Vec<(String, Node)>,
    /// Outputs: names and what stands for them in an operator file.
    pub(super) outputs: Vec<(String, Node)>,
}

impl<'a> Declarations<'a> {
    pub(super) fn new(document: &'a Document, options: &'a Options<'a>) -> Self {
        Self { document, options }
    }

    /// The operator of a term.
    pub(super) fn operator(&self, name: &str, additions: Additions) -> Result<OperatorSpec, SpecError> {
        let root = &self.document.root;
        let mut pairs = vec![(text("name"), scalar(name, Style::DoubleQuoted, root.span))];
        let coordinates = root.get("coordinates").map(|node| with_columns(node, &additions.columns));
        pairs.extend(coordinates.map(|node| (text("coordinates"), node)));
        for key in SHARED {
            let node = root.get(key).cloned();
            let node =
                if key == "coefficients" { with(node, additions.coefficients.clone(), root) } else { node };
            pairs.extend(node.map(|node| (text(key), node)));
        }
        let outputs = additions.outputs.into_iter().map(|(name, node)| (at(&name, node.span), node));
        let outputs = Node { span: root.span, value: Value::Mapping(outputs.collect()) };
        pairs.push((text("outputs"), outputs));
        self.read(pairs)
    }

    /// The numbers that expressions in parameters stand for.
    pub(super) fn numbers(&self, expressions: &[&Node]) -> Result<Vec<f64>, SpecError> {
        let root = &self.document.root;
        let name = |number: usize| format!("jetc_number_{number}");
        let numbered = expressions.iter().enumerate();
        let values = numbered.clone().map(|(number, node)| (name(number), (*node).clone())).collect();
        let outputs =
            numbered.map(|(number, node)| (at(&name(number), node.span), at(&name(number), node.span)));
        let pairs = vec![
            (text("coordinates"), sequence(vec![text("jetc_point")], root.span)),
            (text("fields"), sequence(vec![text("jetc_field")], root.span)),
            (
                text("parameters"),
                with(root.get("parameters").cloned(), values, root).unwrap_or_else(|| text("")),
            ),
            (text("outputs"), Node { span: root.span, value: Value::Mapping(outputs.collect()) }),
        ];
        Ok(self.read(pairs)?.evaluate(&[f64::NAN], &[]))
    }

    fn read(&self, pairs: Vec<(Node, Node)>) -> Result<OperatorSpec, SpecError> {
        let document = Document {
            source_name: self.document.source_name.clone(),
            text: self.document.text.clone(),
            root: Node { span: self.document.root.span, value: Value::Mapping(pairs) },
        };
        OperatorSpec::read(&document, self.options)
    }
}

/// A mapping with more entries.
fn with(node: Option<Node>, more: Vec<(String, Node)>, root: &Node) -> Option<Node> {
    if more.is_empty() {
        return node;
    }
    let mut node = node.unwrap_or(Node { span: root.span, value: Value::Mapping(Vec::new()) });
    if let Value::Mapping(pairs) = &mut node.value {
        pairs.extend(more.into_iter().map(|(name, value)| (at(&name, value.span), value)));
    }
    Some(node)
}

/// The coordinates, and columns as parameters of the network.
fn with_columns(coordinates: &Node, columns: &[String]) -> Node {
    if columns.is_empty() {
        return coordinates.clone();
    }
    let span = coordinates.span;
    let mut pairs = match &coordinates.value {
        Value::Sequence(names) => {
            let (time, space): (Vec<_>, Vec<_>) =
                names.iter().cloned().partition(|name| name.text() == Some("t"));
            let time = time.into_iter().next().map(|time| (text("time"), time));
            let space = (!space.is_empty()).then(|| (text("space"), sequence(space, span)));
            space.into_iter().chain(time).collect()
        }
        Value::Mapping(pairs) => pairs.clone(),
        Value::Scalar(_) => return coordinates.clone(),
    };
    let more = columns.iter().map(|name| at(name, span));
    match pairs.iter_mut().find(|(key, _)| key.text() == Some("parameters")) {
        Some((_, parameters)) => {
            let names = match &parameters.value {
                Value::Sequence(names) => names.clone(),
                Value::Mapping(counted) => counted.iter().flat_map(numbered).collect(),
                Value::Scalar(_) => vec![parameters.clone()],
            };
            *parameters = sequence(names.into_iter().chain(more).collect(), parameters.span);
        }
        None => pairs.push((text("parameters"), sequence(more.collect(), span))),
    }
    Node { span, value: Value::Mapping(pairs) }
}

/// `mu: 3` as mu1, mu2, mu3.
fn numbered((name, count): &(Node, Node)) -> Vec<Node> {
    let count: usize = count.text().and_then(|count| count.parse().ok()).unwrap_or(0);
    (1..=count).map(|number| at(&format!("{}{number}", name.text().unwrap_or_default()), name.span)).collect()
}

/// A text that stands nowhere.
pub(super) fn text(text: &str) -> Node {
    at(text, Span::at(0))
}

/// A text that stands for what is there.
pub(super) fn at(text: &str, span: Span) -> Node {
    scalar(text, Style::Plain, span)
}

fn scalar(text: &str, style: Style, span: Span) -> Node {
    Node { span, value: Value::Scalar(Scalar { text: text.to_owned(), style }) }
}

fn sequence(nodes: Vec<Node>, span: Span) -> Node {
    Node { span, value: Value::Sequence(nodes) }
}
