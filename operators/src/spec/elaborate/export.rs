//! From formulas to the spec: linear nodes become linear parts, each once.

use hashbrown::HashMap;

use super::Elaborator;
use crate::LinearPart;
use crate::spec::{LinearPartId, OperatorSpec, OutputSpec, Pointwise, PointwiseId};
use crate::symbolic::{Node, NodeId};

/// The spec under construction.
struct Export {
    linear_parts: Vec<LinearPart>,
    pointwise: Vec<Pointwise>,
    ids: HashMap<NodeId, PointwiseId>,
}

impl Elaborator<'_> {
    /// The spec of these outputs.
    pub(super) fn export(
        self,
        name: String,
        fields: Option<Vec<String>>,
        outputs: &[(String, NodeId)],
    ) -> OperatorSpec {
        let mut export = Export { linear_parts: Vec::new(), pointwise: Vec::new(), ids: HashMap::new() };
        let outputs = outputs
            .iter()
            .map(|(name, node)| OutputSpec {
                name: name.clone(),
                formula: self.export_node(&mut export, *node),
            })
            .collect();
        let Export { linear_parts, pointwise, .. } = export;
        OperatorSpec {
            name,
            description: None,
            coordinates: self.coordinates,
            variables: self.graph.directions.into_variables(),
            fields,
            unknowns: self.unknowns,
            linear_parts,
            pointwise,
            outputs,
        }
    }

    /// The nesting of formulas is bounded, and with it this recursion.
    fn export_node(&self, export: &mut Export, id: NodeId) -> PointwiseId {
        if let Some(&known) = export.ids.get(&id) {
            return known;
        }
        let pointwise = match self.graph.node(id) {
            Node::Constant(value) => Pointwise::Constant(value.clone()),
            Node::Irrational(value) => Pointwise::Irrational(*value),
            Node::Coordinate(index) => Pointwise::Coordinate(*index),
            Node::Unknown(id) => Pointwise::Unknown(*id),
            Node::Linear { field, symbol } => {
                let part = LinearPartId::new(export.linear_parts.len());
                export.linear_parts.push(LinearPart { field: *field as usize, symbol: symbol.clone() });
                Pointwise::LinearPart(part)
            }
            Node::Sum(terms) => Pointwise::Sum(
                terms
                    .iter()
                    .map(|(part, weight)| (self.export_node(export, *part), weight.clone()))
                    .collect(),
            ),
            Node::Product(factors) => Pointwise::Product(
                factors.iter().map(|(part, power)| (self.export_node(export, *part), *power)).collect(),
            ),
            Node::Call(function, arguments) => Pointwise::Call(
                *function,
                arguments.iter().map(|argument| self.export_node(export, *argument)).collect(),
            ),
        };
        let exported = PointwiseId::new(export.pointwise.len());
        export.pointwise.push(pointwise);
        export.ids.insert(id, exported);
        exported
    }
}
