//! Vectors, parameters, coefficients and matrices.

use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::scope::Role;
use super::value::Shape;
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::{Code, Span, did_you_mean};
use crate::document::decode::{Name, Named, Text};
use crate::document::number;
use crate::expression;
use crate::spec::file::{MatrixSource, OperatorFile};
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
    Expression(&'f Text),
    Matrix(&'f MatrixSource),
}

impl<'f> Body<'f> {
    fn texts(self) -> Box<dyn Iterator<Item = &'f Text> + 'f> {
        match self {
            Self::Expression(text) => Box::new(std::iter::once(text)),
            Self::Matrix(MatrixSource::Rows(rows)) => Box::new(rows.value.iter().flat_map(|row| &row.value)),
            Self::Matrix(MatrixSource::File(_)) => Box::new(std::iter::empty()),
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

    /// Evaluates parameters, coefficients and matrices, each after those it uses.
    pub(super) fn define(&mut self, file: &OperatorFile) {
        let mut items: Vec<Item<'_>> = Vec::new();
        for definitions in [&file.parameters, &file.coefficients].into_iter().flatten() {
            self.check_count(definitions);
        }
        self.check_overrides(file);
        for (name, text) in file.parameters.iter().flat_map(|parameters| &parameters.entries) {
            items.push(Item { name, role: Role::Parameter, body: text.as_ref().map(Body::Expression) });
        }
        for (name, text) in file.coefficients.iter().flat_map(|coefficients| &coefficients.entries) {
            items.push(Item { name, role: Role::Coefficient, body: text.as_ref().map(Body::Expression) });
        }
        for (name, matrix) in file.matrices.iter().flat_map(|matrices| &matrices.entries) {
            items.push(Item { name, role: Role::Matrix, body: matrix.as_ref().map(Body::Matrix) });
        }
        for index in self.in_order(&items) {
            let Item { name, role, body } = items[index];
            let value = body.and_then(|body| self.definition(name, body, role).ok());
            self.declare(&name.text, name.span, role, value);
        }
    }

    /// Reports values that are chosen for parameters that the file does not have.
    fn check_overrides(&mut self, file: &OperatorFile) {
        let empty = Named::default();
        let parameters = file.parameters.as_ref().unwrap_or(&empty);
        for (name, _) in &self.options.parameters {
            let names = || parameters.entries.iter().map(|entry| entry.0.text.as_str());
            if names().all(|known| known != name) {
                let help = did_you_mean(name, names()).or_else(|| {
                    let all = names().collect::<Vec<_>>().join(", ");
                    Some(if all.is_empty() { "it has none".to_owned() } else { format!("it has {all}") })
                });
                let message = format!("the operator has no parameter `{name}`");
                self.report(Code::UnknownName, Span::at(parameters.span.start), message).help = help;
            }
        }
    }

    fn definition(&mut self, name: &Name, body: Body<'_>, role: Role) -> Checked<Value> {
        let text = match body {
            Body::Expression(text) => text,
            Body::Matrix(source) => return self.matrix(source),
        };
        let options = self.options;
        if let Some((_, value)) = options.parameters.iter().find(|(chosen, _)| *chosen == name.text)
            && role == Role::Parameter
        {
            let node = self.graph.constant(value.clone());
            return self.check(node, name.span).map(Value::scalar);
        }
        let value = self.expression(text)?;
        if role == Role::Parameter && !(value.shape == Shape::Scalar && self.is_number(value.items[0])) {
            self.report(Code::InvalidValue, text.span, "a parameter must be a number").help =
                Some("what depends on the point belongs under `coefficients`".to_owned());
            return Err(Reported);
        }
        Ok(value)
    }

    /// Whether a formula depends on neither coordinates nor fields.
    pub(super) fn is_number(&self, id: NodeId) -> bool {
        let depends =
            |&part: &NodeId| matches!(self.graph.node(part), Node::Coordinate(_) | Node::Linear { .. });
        !self.graph.reachable(&[id]).iter().any(depends)
    }

    /// The items in an order in which each comes after those it uses; cycles are reported and left out.
    fn in_order(&mut self, items: &[Item<'_>]) -> Vec<usize> {
        let index_of: HashMap<&str, usize> =
            items.iter().enumerate().map(|(index, item)| (item.name.text.as_str(), index)).collect();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); items.len()];
        let mut missing: BTreeMap<usize, usize> = BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            let used = item.body.map(|body| used_items(body, &index_of)).unwrap_or_default();
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
            self.scope.insert(&name.text, items[index].role, None);
        }
        order
    }

    /// The value of a text.
    pub(super) fn expression(&mut self, text: &Text) -> Checked<Value> {
        match expression::parse(text) {
            Ok(tree) => self.evaluate(&tree),
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                Err(Reported)
            }
        }
    }

    /// The exact value of a text that must be a number.
    pub(super) fn number(&mut self, text: &Text) -> Checked<jetc_combinatorics::Rational> {
        if let Ok(value) = number::parse(&text.text) {
            return Ok(value);
        }
        let value = self.expression(text)?;
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
fn used_items(body: Body<'_>, index_of: &HashMap<&str, usize>) -> Vec<usize> {
    let mut used: Vec<usize> = Vec::new();
    for name in body.texts().filter(|text| number::parse(&text.text).is_err()).flat_map(expression::names) {
        let stems = std::iter::once(name.len()).chain(name.rmatch_indices('_').map(|(split, _)| split));
        used.extend(stems.filter_map(|end| index_of.get(&name[..end])).copied().next());
    }
    used.sort_unstable();
    used.dedup();
    used
}
