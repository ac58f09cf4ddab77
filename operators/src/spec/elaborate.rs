//! From the decoded file to the spec: names get their meaning, expressions become formulas, formulas linear parts.
//!
//! Every step reports its mistakes and goes on. What depends on something that was wrong is passed over in silence, so
//! each mistake is reported once.

mod calls;
mod coordinates;
mod definitions;
mod directional;
mod directions;
mod evaluate;
mod export;
mod outputs;
mod scope;
mod subscript;
mod value;

use hashbrown::HashMap;
use jetc_combinatorics::{MultiIndex, Polynomial};
use num_traits::One;

use super::file::OperatorFile;
use super::{Coordinates, OperatorSpec, Options};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::decode::Named;
use crate::symbolic::{Failure, Graph};
use directions::{DirectionTable, Directions};
use scope::Scope;
use value::Value;

/// A mistake was found, and has been reported.
#[derive(Clone, Copy, Debug)]
struct Reported;

/// A result, unless a mistake was found and reported.
type Checked<T> = Result<T, Reported>;

/// Everything known while a file is worked through.
struct Elaborator {
    graph: Graph,
    coordinates: Coordinates,
    scope: Scope,
    /// Sets of directions by name; `None` for those that were wrong.
    directions: HashMap<String, Option<Directions>>,
    table: DirectionTable,
    diagnostics: Vec<Diagnostic>,
}

/// The spec of a file, and the mistakes in it; without mistakes there is a spec.
pub(super) fn elaborate(
    file: OperatorFile,
    options: &Options,
    default_name: &str,
) -> (Option<OperatorSpec>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let Some(coordinates) = coordinates::coordinates(&file.coordinates, options, &mut diagnostics) else {
        return (None, diagnostics);
    };
    let table = DirectionTable::new(coordinates.len());
    let mut elaborator = Elaborator {
        graph: Graph::new(),
        scope: Scope::new(&coordinates),
        coordinates,
        directions: HashMap::new(),
        table,
        diagnostics,
    };
    elaborator.declare_coordinates(&file.coordinates);
    let fields = elaborator.declare_fields(file.fields.as_ref());
    elaborator.declare_vectors(file.vectors.as_ref());
    elaborator.define(&file.parameters.unwrap_or_default(), &file.coefficients.unwrap_or_default());
    elaborator.declare_directions(&file.directions.unwrap_or_default());
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

impl Elaborator {
    /// Reports a mistake; what is returned can be amended.
    fn report(&mut self, code: Code, span: Span, message: impl Into<String>) -> &mut Diagnostic {
        self.diagnostics.push(Diagnostic::new(code, span, message));
        self.diagnostics.last_mut().expect("a diagnostic was just pushed")
    }

    /// Reports a failure to build a formula at a place.
    fn check<T>(&mut self, result: Result<T, Failure>, span: Span) -> Checked<T> {
        result.map_err(|failure| {
            self.diagnostics.push(failure.at(span));
            Reported
        })
    }

    /// Σ ξᵢ² over the coordinates of space.
    fn laplacian(&self) -> Polynomial {
        let squares = self.coordinates.space().iter().map(|&i| MultiIndex::from_pairs([(i, 2)]));
        Polynomial::from_terms(squares.map(|square| (square, One::one())))
    }

    /// Reports more definitions than the limit.
    fn check_count<T>(&mut self, definitions: &Named<T>) {
        let (count, limit) = (definitions.entries.len(), super::limits::DEFINITIONS);
        if count > limit {
            let message = format!("there are {count} definitions; the limit is {limit}");
            self.report(Code::TooLarge, Span::at(definitions.span.start), message);
        }
    }
}
