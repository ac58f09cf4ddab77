//! Numbers that have no value before the operator is evaluated.
//!
//! An unknown is a formula like a coordinate that does not depend on the point: its derivatives vanish, and what it multiplies
//! is no longer linear with constant coefficients. Where a plan depends on the value of a number there can be no unknown.
//! Checked by `an_unknown_stands_where_a_parameter_may` and `where_the_plan_depends_on_a_number_unknowns_are_refused`.

use super::scope::Role;
use super::{Checked, Elaborator, Reported, Value};
use crate::diagnostic::{Code, Span};
use crate::document::decode::Name;
use crate::spec::UnknownId;
use crate::spec::file::UnknownFile;
use crate::symbolic::{Node, NodeId};

impl Elaborator<'_> {
    /// Declares the unknowns of a file.
    pub(super) fn declare_unknowns(&mut self, unknown: Option<&UnknownFile>) {
        let Some(UnknownFile { names, span }) = unknown else { return };
        self.check_number_of_definitions(names.len(), *span);
        for name in names {
            self.declare_unknown(name);
        }
    }

    fn declare_unknown(&mut self, name: &Name) {
        let node = self.graph.unknown(UnknownId::new(self.unknowns.len()));
        let value = self.check(node, name.span).ok().map(Value::scalar);
        self.declare(&name.text, name.span, Role::Unknown, value);
        self.unknowns.push(name.text.clone());
    }

    /// The first unknown that a formula depends on.
    pub(super) fn unknown_in(&self, formula: NodeId) -> Option<&str> {
        let parts = self.graph.reachable(&[formula]).into_iter();
        let unknowns = parts.filter_map(|id| match self.graph.node(id) {
            Node::Unknown(unknown) => Some(unknown.index()),
            _ => None,
        });
        unknowns.min().map(|index| self.unknowns[index].as_str())
    }

    /// Refuses a formula that depends on an unknown, where `what` must be known before the operator is planned.
    pub(super) fn refuse_unknowns(&mut self, formula: NodeId, what: &str, span: Span) -> Checked<()> {
        // Nearly all formulas here are numbers; the others need not be looked at more than once.
        if self.graph.as_constant(formula).is_some() {
            return Ok(());
        }
        let Some(name) = self.unknown_in(formula) else { return Ok(()) };
        let message =
            format!("`{name}` is an unknown, and {what} must be known when the operator is planned");
        let help = format!("take a number here, or give `{name}` its value under `parameters`");
        self.report(Code::InvalidValue, span, message).help = Some(help);
        Err(Reported)
    }
}
