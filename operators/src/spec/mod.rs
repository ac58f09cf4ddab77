//! What an operator file says, reduced to linear parts and pointwise formulas over them.
//!
#![doc = include_str!("language.md")]

mod coordinates;
pub(crate) mod direction;
mod elaborate;
mod evaluate;
mod file;
pub mod limits;
mod linear_part;
mod options;
mod pointwise;
mod random;
mod schema;
mod variables;

pub use coordinates::Coordinates;
pub use direction::{Direction, Entry};
pub use linear_part::{LinearPart, LinearPartId};
pub use options::{Matrix, Options, ReadMatrix};
pub use pointwise::{Irrational, Pointwise, PointwiseId, RealFunction, UnknownId};
pub use schema::json_schema;
pub use variables::{NamedDirection, Variables};

use crate::diagnostic::SpecError;
use crate::document::Document;
use crate::document::decode::{Decode, Reader};
use file::OperatorFile;

/// An operator: linear readouts of the jet, and formulas that combine them at each point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorSpec {
    /// The operator's name; from its file, or the file's own name.
    pub name: String,
    /// What it is, for people.
    pub description: Option<String>,
    /// The inputs of the network.
    pub coordinates: Coordinates,
    /// What the symbols of the linear parts are polynomials in.
    pub variables: Variables,
    /// The outputs of the network, in order. `None`: there is one field `u`, and the operator is applied to each
    /// output of the network in turn.
    pub fields: Option<Vec<String>>,
    /// Numbers that are the same at all points and have no value yet, in the order of the file.
    pub unknowns: Vec<String>,
    /// The linear readouts, each once.
    pub linear_parts: Vec<LinearPart>,
    /// The nodes of all formulas; every node comes after the nodes it uses.
    pub pointwise: Vec<Pointwise>,
    /// The results, in the order of the file.
    pub outputs: Vec<OutputSpec>,
}

/// One number computed at each point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputSpec {
    /// The output's name; components of a vector are called `name_x`, `name_y` …
    pub name: String,
    /// Its value, a node of [`OperatorSpec::pointwise`].
    pub formula: PointwiseId,
}

impl OperatorSpec {
    /// Reads an operator file.
    ///
    /// # Errors
    /// Every mistake in the file.
    ///
    /// # Example
    /// ```
    /// use jetc_operators::spec::OperatorSpec;
    /// let plate = "
    /// coordinates: {space: [x, y], time: t}
    /// fields: [w]
    /// parameters: {D: 1, rho: 27/10}
    /// outputs:
    ///   residual: D*lap(lap(w)) + rho*w_tt
    /// ";
    /// let spec = OperatorSpec::from_yaml("plate.yaml", plate)?;
    /// assert_eq!(spec.linear_parts.len(), 1);
    /// assert_eq!(spec.linear_parts[0].order(), 4);
    /// # Ok::<(), jetc_operators::diagnostic::SpecError>(())
    /// ```
    pub fn from_yaml(source_name: &str, text: &str) -> Result<Self, SpecError> {
        Self::read(&Document::parse(source_name, text)?, &Options::default())
    }

    /// Reads an operator from a document, with choices that the file leaves open.
    ///
    /// # Errors
    /// Every mistake in the file.
    pub fn read(document: &Document, options: &Options<'_>) -> Result<Self, SpecError> {
        let mut reader = Reader::new(&document.text);
        let file = OperatorFile::decode(&document.root, &mut reader);
        let mut diagnostics = reader.diagnostics;
        let spec = file.and_then(|file| {
            let (spec, found) = elaborate::elaborate(file, options, stem(&document.source_name));
            diagnostics.extend(found);
            spec
        });
        match spec {
            Some(spec) if diagnostics.is_empty() => Ok(spec),
            _ => Err(document.error(diagnostics)),
        }
    }

    /// The linear part with this id.
    pub fn linear_part(&self, id: LinearPartId) -> &LinearPart {
        &self.linear_parts[id.index()]
    }

    /// The formula node with this id.
    pub fn pointwise(&self, id: PointwiseId) -> &Pointwise {
        &self.pointwise[id.index()]
    }

    /// The linear part that *is* this output, if the output is linear with constant coefficients in one field.
    pub fn as_linear(&self, output: &OutputSpec) -> Option<LinearPartId> {
        match self.pointwise(output.formula) {
            Pointwise::LinearPart(id) => Some(*id),
            _ => None,
        }
    }
}

/// The name of a file without its folder and ending.
fn stem(source_name: &str) -> &str {
    let file = source_name.rsplit(['/', '\\']).next().unwrap_or(source_name);
    file.split_once('.').map_or(file, |(stem, _)| stem)
}

#[cfg(test)]
mod tests;
