//! What an operator file says, reduced to linear parts and pointwise formulas over them.

mod coordinates;
mod direction;
mod linear_part;
mod pointwise;

pub use coordinates::Coordinates;
pub use direction::Direction;
pub use linear_part::{DirectionalTerm, LinearPart, LinearPartId};
pub use pointwise::{Function, Irrational, Pointwise, PointwiseId};

/// An operator: linear readouts of the jet, and formulas that combine them at each point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorSpec {
    /// The operator's name; from its file, or the file's own name.
    pub name: String,
    /// The inputs of the network.
    pub coordinates: Coordinates,
    /// The outputs of the network, in order. `None`: there is one field `u`, and the operator is applied to each
    /// output of the network in turn.
    pub fields: Option<Vec<String>>,
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
