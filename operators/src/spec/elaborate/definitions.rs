//! Vectors, parameters, coefficients, matrices and sets of directions.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::scope::Role;
use super::value::Shape;
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean};
use crate::document::decode::{Name, Named, Text};
use crate::document::number;
use crate::expression::{self, Parsed};
use crate::spec::file::{DirectionSet, Formula, MatrixSource, OperatorFile, Rows};
use crate::symbolic::{Node, NodeId};

/// A name and what defines it.
struct Item<'f> {
    name: &'f Name,
    role: Role,
    body: Option<Body<'f>>,
}

/// What defines a name.
#[derive(Clone, Copy)]
enum Body<'f> {
    Formula(&'f Formula),
    Matrix(&'f MatrixSource),
    Directions(&'f DirectionSet),
}

impl<'f> Body<'f> {
    fn texts(self) -> Vec<&'f Text> {
        let of_rows = |rows: &'f Rows| rows.value.iter().flat_map(|row| &row.value);
        match self {
            Self::Formula(formula) => formula.texts(),
            Self::Matrix(MatrixSource::Rows(rows)) => of_rows(rows).collect(),
            Self::Matrix(MatrixSource::File(_)) => Vec::new(),
            Self::Directions(set) => {
                let weights = set.weights.iter().flat_map(|weights| &weights.value);
                set.rows.iter().flat_map(of_rows).chain(weights).collect()
            }
        }
    }
}

impl Elaborator<'_> {
    /// Declares vectors made of fields.
    pub(super) fn declare_vectors(&mut self, vectors: Option<&Named<Vec<Name>>>) {
        let Some(vectors) = vectors else { return };
        self.check_count(vectors);
        for (name, components) in &vectors.entries {
            let value = components.as_ref().and_then(|components| self.vector(components));
            self.declare(&name.text, name.span, Role::Vector, value);
        }
    }

    fn vector(&mut self, components: &[Name]) -> Option<Value> {
        let mut items = Vec::with_capacity(components.len());
        for component in components {
            let is_field = self.scope.role(&component.text) == Some(Role::Field);
            if !is_field {
                let fields = self.scope.names().filter(|name| self.scope.role(name) == Some(Role::Field));
                let help = did_you_mean(&component.text, fields);
                let message = format!("`{}` is not a field", component.text);
                self.report(Code::UnknownName, component.span, message).help = help;
                continue;
            }
            items.extend(self.name(&component.text, component.span).ok().and_then(|value| value.as_scalar()));
        }
        (items.len() == components.len()).then(|| Value::vector(items))
    }

    /// Evaluates parameters, coefficients, matrices and sets of directions, each after those it uses.
    pub(super) fn define(&mut self, file: &OperatorFile) {
        let mut items: Vec<Item<'_>> = Vec::new();
        self.check_overrides(file);
        self.collect(file.parameters.as_ref(), Role::Parameter, Body::Formula, &mut items);
        self.collect(file.coefficients.as_ref(), Role::Coefficient, Body::Formula, &mut items);
        self.collect(file.matrices.as_ref(), Role::Matrix, Body::Matrix, &mut items);
        self.collect(file.directions.as_ref(), Role::Directions, Body::Directions, &mut items);
        for index in self.in_order(&items) {
            let Item { name, role, body } = items[index];
            let value = match body {
                Some(Body::Directions(set)) => {
                    let directions = self.direction_set(set, name).ok();
                    self.directions.insert(name.text.clone(), directions);
                    None
                }
                body => body.and_then(|body| self.definition(name, body, role).ok()),
            };
            self.declare(&name.text, name.span, role, value);
        }
    }

    fn collect<'f, T>(
        &mut self,
        definitions: Option<&'f Named<T>>,
        role: Role,
        body: impl Fn(&'f T) -> Body<'f>,
        items: &mut Vec<Item<'f>>,
    ) {
        let Some(definitions) = definitions else { return };
        self.check_count(definitions);
        let item =
            |(name, value): &'f (Name, Option<T>)| Item { name, role, body: value.as_ref().map(&body) };
        items.extend(definitions.entries.iter().map(item));
    }

    /// Reports values that are chosen for parameters that the file does not have.
    fn check_overrides(&mut self, file: &OperatorFile) {
        let empty = Named::default();
        let parameters = file.parameters.as_ref().unwrap_or(&empty);
        for (name, _) in &self.options.parameters {
            let names = || parameters.entries.iter().map(|entry| entry.0.text.as_str());
            if names().all(|known| known != name) {
                let is_unknown = self.unknowns.contains(name);
                let open =
                    is_unknown.then(|| format!("`{name}` is an unknown, which gets its value at evaluation"));
                let help = open.or_else(|| did_you_mean(name, names())).or_else(|| {
                    let all = names().collect::<Vec<_>>().join(", ");
                    Some(if all.is_empty() { "it has none".to_owned() } else { format!("it has {all}") })
                });
                let message = format!("the operator has no parameter `{name}`");
                self.report(Code::UnknownName, Span::at(parameters.span.start), message).help = help;
            }
        }
    }

    fn definition(&mut self, name: &Name, body: Body<'_>, role: Role) -> Checked<Value> {
        let formula = match body {
            Body::Formula(formula) => formula,
            Body::Matrix(source) => return self.matrix(source),
            Body::Directions(_) => return Err(Reported),
        };
        let options = self.options;
        if let Some((_, value)) = options.parameters.iter().find(|(chosen, _)| *chosen == name.text)
            && role == Role::Parameter
        {
            let node = self.graph.constant(value.clone());
            return self.check(node, name.span).map(Value::scalar);
        }
        let value = self.formula(formula)?;
        if role == Role::Parameter && !(value.shape == Shape::Scalar && self.is_number(value.items[0])) {
            let message = format!("a parameter must be a number, this is {}", value.shape);
            let unknown = value.as_scalar().and_then(|number| self.unknown_in(number));
            let (message, help) = match (unknown, value.shape) {
                (Some(name), _) => (
                    format!("a parameter must be a number, and `{name}` is an unknown"),
                    "what depends on an unknown belongs under `coefficients`",
                ),
                (None, Shape::Scalar) => (
                    "a parameter must be a number".to_owned(),
                    "what depends on the point belongs under `coefficients`",
                ),
                (None, _) => (message, "vectors and matrices belong under `coefficients`"),
            };
            self.report(Code::InvalidValue, formula.span(), message).help = Some(help.to_owned());
            return Err(Reported);
        }
        Ok(value)
    }

    /// Whether a formula depends on neither coordinates nor fields nor unknowns.
    pub(super) fn is_number(&self, id: NodeId) -> bool {
        let depends = |&part: &NodeId| {
            matches!(self.graph.node(part), Node::Coordinate(_) | Node::Unknown(_) | Node::Linear { .. })
        };
        !self.graph.reachable(&[id]).iter().any(depends)
    }

    /// The items in an order in which each comes after those it uses; cycles are reported and left out.
    fn in_order(&mut self, items: &[Item<'_>]) -> Vec<usize> {
        let index_of: HashMap<&str, usize> =
            items.iter().enumerate().map(|(index, item)| (item.name.text.as_str(), index)).collect();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
        let mut missing: BTreeMap<usize, usize> = BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            let is_coordinate = |name: &str| self.scope.coordinates.contains_key(name);
            let used = item.body.map(|body| used_items(body, &index_of, is_coordinate)).unwrap_or_default();
            missing.insert(index, used.len());
            for other in used {
                users[other].push(index);
            }
        }
        let mut order: Vec<usize> = (0..items.len()).filter(|index| missing[index] == 0).collect();
        let mut next = 0;
        while let Some(&done) = order.get(next) {
            next += 1;
            missing.remove(&done);
            for &user in &users[done] {
                let count = missing.entry(user).or_default();
                *count -= 1;
                if *count == 0 {
                    order.push(user);
                }
            }
        }
        for &index in missing.keys() {
            let name = items[index].name;
            let message = format!("`{}` is defined through itself", name.text);
            self.report(Code::CircularDefinition, name.span, message);
            self.scope.insert(&name.text, Some(name.span), items[index].role, None);
        }
        order
    }

    /// The value of an expression, or of a list of them.
    pub(super) fn formula(&mut self, formula: &Formula) -> Checked<Value> {
        self.each_text(formula, &mut Self::expression)
    }

    /// The same where expressions may be equations.
    pub(super) fn equations(&mut self, formula: &Formula) -> Checked<Value> {
        self.each_text(formula, &mut Self::expression_or_equation)
    }

    fn each_text(
        &mut self,
        formula: &Formula,
        value: &mut impl FnMut(&mut Self, &Text) -> Checked<Value>,
    ) -> Checked<Value> {
        let elements = match formula {
            Formula::One(text) => return value(self, text),
            Formula::List(elements) => elements,
        };
        let values: Vec<Checked<Value>> =
            elements.value.iter().map(|element| self.each_text(element, value)).collect();
        let values = values.into_iter().collect::<Checked<Vec<_>>>()?;
        let places: Vec<Span> = elements.value.iter().map(Formula::span).collect();
        self.stack(values, &places, elements.span)
    }

    /// The value of a text.
    pub(super) fn expression(&mut self, text: &Text) -> Checked<Value> {
        let tree = self.read(expression::parse(text))?;
        self.evaluate(&tree)
    }

    fn expression_or_equation(&mut self, text: &Text) -> Checked<Value> {
        match self.read(expression::parse_equation(text))? {
            Parsed { left, right: None } => self.evaluate(&left),
            Parsed { left, right: Some(right) } => self.equation(&left, &right),
        }
    }

    fn read<T>(&mut self, parsed: Result<T, Diagnostic>) -> Checked<T> {
        parsed.map_err(|diagnostic| {
            self.diagnostics.push(diagnostic);
            Reported
        })
    }

    /// The exact value of a text that must be a number.
    pub(super) fn number(&mut self, text: &Text) -> Checked<jetc_combinatorics::Rational> {
        if let Ok(value) = number::parse(&text.text) {
            return Ok(value);
        }
        let value = self.expression(text)?;
        if let Some(formula) = value.as_scalar() {
            self.refuse_unknowns(formula, "this number", text.span)?;
        }
        let exact = value.as_scalar().and_then(|id| self.graph.as_constant(id)).cloned();
        exact.ok_or_else(|| {
            self.report(Code::InvalidNumber, text.span, "expected an exact number").help =
                Some("numbers are written 3, -0.5, 1e-3 or 27/10, or made of such parameters".to_owned());
            Reported
        })
    }

    /// Reports that something stands where only something else can.
    pub(super) fn mismatch(&mut self, span: Span, message: String, help: &str) -> Reported {
        self.report(Code::ShapeMismatch, span, message).help =
            Some(help.to_owned()).filter(|help| !help.is_empty());
        Reported
    }
}

/// The items that a definition mentions, by name or with a subscript.
fn used_items(
    body: Body<'_>,
    index_of: &HashMap<&str, usize>,
    is_coordinate: impl Fn(&str) -> bool,
) -> Vec<usize> {
    let mut used: Vec<usize> = Vec::new();
    for name in
        body.texts().into_iter().filter(|text| number::parse(&text.text).is_err()).flat_map(expression::names)
    {
        if is_coordinate(&name) {
            continue;
        }
        let stems = std::iter::once(name.len()).chain(name.rmatch_indices('_').map(|(split, _)| split));
        used.extend(stems.filter_map(|end| index_of.get(&name[..end])).copied().next());
    }
    used.sort_unstable();
    used.dedup();
    used
}
