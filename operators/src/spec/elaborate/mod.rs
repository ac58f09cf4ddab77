//! From the decoded file to the spec: names get their meaning, expressions become formulas, formulas linear parts.
//!
//! Every step reports its mistakes and goes on. What depends on something that was wrong is passed over in silence, so
//! each mistake is reported once.

mod calls;
mod coordinates;
mod definitions;
mod derivative_calls;
mod direction_sets;
mod directional;
mod evaluate;
mod export;
mod matrices;
mod outputs;
mod scope;
mod subscript;
mod tensor_calls;
mod unknowns;
mod value;

use hashbrown::HashMap;

use super::file::OperatorFile;
use super::{Coordinates, OperatorSpec, Options};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::decode::Named;
use crate::symbolic::{Failure, Graph};
use direction_sets::Directions;
use scope::Scope;
use value::Value;

/// A mistake was found, and has been reported.
#[derive(Clone, Copy, Debug)]
struct Reported;

/// A result, unless a mistake was found and reported.
type Checked<T> = Result<T, Reported>;

/// Everything known while a file is worked through.
struct Elaborator<'a> {
    options: &'a Options<'a>,
    graph: Graph,
    coordinates: Coordinates,
    scope: Scope,
    /// The names of numbers without a value.
    unknowns: Vec<String>,
    /// Sets of directions by name; `None` for those that were wrong.
    directions: HashMap<String, Option<Directions>>,
    diagnostics: Vec<Diagnostic>,
    /// Whether the limit of work has been reported.
    is_exhausted: bool,
}

/// The spec of a file, and the mistakes in it; without mistakes there is a spec.
pub(super) fn elaborate(
    file: OperatorFile,
    options: &Options<'_>,
    default_name: &str,
) -> (Option<OperatorSpec>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let Some((coordinates, places)) = coordinates::coordinates(&file.coordinates, options, &mut diagnostics)
    else {
        return (None, diagnostics);
    };
    let mut elaborator = Elaborator {
        options,
        graph: Graph::new(coordinates.len()),
        scope: Scope::new(&coordinates, places),
        coordinates,
        unknowns: Vec::new(),
        directions: HashMap::new(),
        diagnostics,
        is_exhausted: false,
    };
    elaborator.check_coordinates();
    let fields = elaborator.declare_fields(file.fields.as_ref());
    elaborator.declare_vectors(file.vectors.as_ref());
    elaborator.declare_unknowns(file.unknown.as_ref());
    elaborator.define(&file);
    let outputs = elaborator.outputs(&file.outputs);
    let diagnostics = std::mem::take(&mut elaborator.diagnostics);
    if !diagnostics.is_empty() {
        return (None, diagnostics);
    }
    let name = file.name.unwrap_or_else(|| default_name.to_owned());
    let mut spec = elaborator.export(name, fields, &outputs);
    spec.description = file.description;
    (Some(spec), diagnostics)
}

impl Elaborator<'_> {
    /// Reports a mistake; what is returned can be amended.
    fn report(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(code, span, message));
        self.diagnostics.last_mut().expect("a diagnostic was just pushed")
    }

    /// Reports a failure to build a formula at a place.
    fn check<T>(&mut self, result: Result<T, Failure>, span: Span) -> Checked<T> {
        result.map_err(|failure| {
            // Once the limit is reached everything fails; the first place says it all.
            let is_news = failure != Failure::TooMuchWork || !self.is_exhausted;
            self.is_exhausted |= failure == Failure::TooMuchWork;
            if is_news {
                self.diagnostics.push(failure.at(span));
            }
            Reported
        })
    }

    /// Reports more definitions than the limit.
    fn check_count<T>(&mut self, definitions: &Named<T>) {
        self.check_number_of_definitions(definitions.entries.len(), definitions.span);
    }

    fn check_number_of_definitions(&mut self, count: usize, span: Span) {
        let limit = super::limits::DEFINITIONS;
        if count > limit {
            let message = format!("there are {count} definitions; the limit is {limit}");
            self.report(Code::TooLarge, Span::at(span.start), message);
        }
    }
}
