//! The outputs of a file.

use hashbrown::HashSet;

use super::scope::Role;
use super::value::Shape;
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::Code;
use crate::document::decode::{Name, Named};
use crate::spec::file::{OutputFile, OutputRecord};
use crate::spec::limits;
use crate::symbolic::{Node, NodeId};

impl Elaborator<'_> {
    /// The outputs with their names, components of vectors one by one.
    pub(super) fn outputs(&mut self, outputs: &Named<OutputFile>) -> Vec<(String, NodeId)> {
        if outputs.entries.is_empty() {
            self.report(Code::InvalidValue, outputs.span, "there are no outputs");
        }
        let mut named = Vec::new();
        let mut seen = HashSet::new();
        for (name, output) in &outputs.entries {
            let Some(output) = output else { continue };
            let Ok(value) = self.output(name, output) else { continue };
            if named.len() + value.items.len() > limits::OUTPUTS {
                let message = format!("there are more than {} outputs, counting components", limits::OUTPUTS);
                self.report(Code::TooLarge, name.span, message);
                return named;
            }
            for (component, node) in self.components(&name.text, &value) {
                if !seen.insert(component.clone()) {
                    let message = format!("there are two outputs `{component}`, one a component of a vector");
                    self.report(Code::NameClash, name.span, message);
                }
                named.push((component, node));
            }
        }
        named
    }

    fn output(&mut self, name: &Name, output: &OutputFile) -> Checked<Value> {
        if self.is_exhausted {
            return Err(Reported);
        }
        match output {
            OutputFile::Expression(formula) => self.equations(formula),
            OutputFile::Record(record) => self.record(name, record),
        }
    }

    fn record(&mut self, name: &Name, record: &OutputRecord) -> Checked<Value> {
        let value = match (&record.expression, &record.derivative) {
            (Some(expression), None) => {
                self.refuse_in_expression(record);
                self.equations(expression)
            }
            (None, Some(derivative)) => self.directional(record, derivative, name.span),
            _ => {
                let message = "an output has either an `expression`, or a `derivative` with its `sum`";
                self.report(Code::MissingKey, name.span, message);
                Err(Reported)
            }
        }?;
        if let Some(stated) = &record.order {
            let found = match (&record.derivative, self.order(&value)) {
                (Some(derivative), _) => derivative.value.len() as u64,
                (None, order) => u64::from(order),
            };
            if stated.value != found {
                let message = format!("K is {}, but the operator has order {found}", stated.value);
                self.report(Code::StatedCountDiffers, stated.span, message);
                return Err(Reported);
            }
        }
        Ok(value)
    }

    fn refuse_in_expression(&mut self, record: &OutputRecord) {
        let places = [
            ("sum", record.sum.as_ref().map(|sum| sum.span)),
            ("R", record.summands.as_ref().map(|count| count.span)),
            ("weight", record.weight.as_ref().map(|weight| weight.span)),
            ("field", record.field.as_ref().map(|field| field.span)),
        ];
        for (key, span) in places {
            if let Some(span) = span {
                let message = format!("`{key}` belongs to a `derivative`, not to an `expression`");
                self.report(Code::UnknownKey, span, message);
            }
        }
    }

    /// The highest order of a derivative in a value.
    fn order(&self, value: &Value) -> u32 {
        let orders = self.graph.reachable(&value.items).into_iter().map(|id| match self.graph.node(id) {
            Node::Linear { symbol, .. } => symbol.degree(),
            _ => 0,
        });
        orders.max().unwrap_or(0)
    }

    /// Names of the components: `g_x`, `g_y` for a vector in space, `g_1`, `g_2` for others.
    fn components(&self, name: &str, value: &Value) -> Vec<(String, NodeId)> {
        let suffixes = |count: usize| -> Vec<String> {
            let space = self.coordinates.space();
            if count == space.len() {
                space.iter().map(|&index| self.coordinates.name(index).to_owned()).collect()
            } else {
                (1..=count).map(|index| index.to_string()).collect()
            }
        };
        let names: Vec<String> = match value.shape {
            Shape::Scalar => vec![name.to_owned()],
            Shape::Vector(count) => suffixes(count).iter().map(|suffix| format!("{name}_{suffix}")).collect(),
            Shape::Matrix(rows, columns) => {
                let columns = suffixes(columns);
                let row = |row: String| columns.iter().map(move |column| format!("{name}_{row}_{column}"));
                suffixes(rows).into_iter().flat_map(|suffix| row(suffix).collect::<Vec<_>>()).collect()
            }
        };
        names.into_iter().zip(value.items.iter().copied()).collect()
    }

    /// The names that were declared as `role`.
    pub(super) fn names_of(&self, role: Role) -> Vec<String> {
        self.scope.names().filter(|name| self.scope.role(name) == Some(role)).map(str::to_owned).collect()
    }
}
