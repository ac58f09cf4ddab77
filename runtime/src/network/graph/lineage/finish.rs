//! The end of building: every list of numbers gets its position in z, parameters their order, and the network its prelude.

use std::collections::{BTreeMap, BTreeSet};

use super::{Declared, Lineage};
use crate::jet::JetScalar;
use crate::network::graph::arrange;
use crate::network::parameters::{NamedConstant, Parameters};
use crate::network::{Network, Node, NodeId, NumberList, Operation, Piece, simplify};

impl<S: JetScalar + PartialEq> Lineage<S> {
    /// Of each node of the prelude whether it depends on parameters that vary.
    fn varying(&self) -> Vec<bool> {
        let mut varies = vec![false; self.prelude.nodes.len()];
        for parameter in self.parameters.iter().filter(|parameter| !parameter.is_fixed) {
            varies[parameter.leaf.index()] = true;
        }
        for (number, node) in self.prelude.nodes.iter().enumerate() {
            varies[number] |= node.operation.inputs().iter().any(|input| varies[input.index()]);
        }
        varies
    }

    /// Gives every list of numbers its position in z. Returns the parameters, and the prelude unless z = θ.
    pub(in crate::network::graph) fn finish(
        mut self,
        nodes: &mut [Node<S>],
    ) -> (Parameters<S>, Option<Network<S>>) {
        let varies = self.varying();
        let mut origins: Vec<NodeId> = Vec::new();
        let mut known = BTreeSet::new();
        for node in nodes.iter_mut() {
            node.operation.for_each_list(|numbers| {
                let origin = numbers.origin().filter(|&origin| varies[origin]);
                if let Some(origin) = origin.map(NodeId::new)
                    && known.insert(origin)
                {
                    origins.push(origin);
                }
                let list = std::mem::replace(numbers, NumberList::from(Vec::new()));
                *numbers = list.with_origin(origin);
            });
        }
        let (parameters, offsets) = self.in_order(&origins);
        let place = |origin: &NodeId| Some((*origin, self.place_in(*origin, &offsets)?));
        let places = origins.iter().map(place).collect::<Option<BTreeMap<_, _>>>();
        let (places, prelude) = if let Some(places) = places {
            (places, None)
        } else {
            let (places, prelude) = self.prelude(&origins, &offsets, parameters.len());
            (places, Some(prelude))
        };
        for node in nodes {
            node.operation.for_each_list(|numbers| {
                if let Some(origin) = numbers.origin() {
                    let list = std::mem::replace(numbers, NumberList::from(Vec::new()));
                    *numbers = list.with_origin(Some(places[&NodeId::new(origin)]));
                }
            });
        }
        (parameters, prelude)
    }

    /// The parameters in the order in which the origins need them, and where the numbers of each leaf stand in θ.
    fn in_order(&mut self, origins: &[NodeId]) -> (Parameters<S>, BTreeMap<NodeId, usize>) {
        let numbers = self.parameters.iter().enumerate().map(|(number, p)| (p.leaf, number)).collect();
        let mut seen = vec![false; self.prelude.nodes.len()];
        let order: Vec<usize> =
            origins.iter().flat_map(|&origin| self.leaves(origin, &mut seen, &numbers)).collect();
        let (mut parameters, mut offsets) = (Parameters::none(), BTreeMap::new());
        for &number in &order {
            let Declared { name, leaf, values, shape, .. } = &mut self.parameters[number];
            offsets.insert(*leaf, parameters.len());
            parameters.push(name.clone(), shape.clone(), std::mem::take(values));
        }
        let is_constant = |declared: &&Declared<S>| !offsets.contains_key(&declared.leaf);
        let rest = self.parameters.iter().filter(is_constant);
        let rest = rest.map(|p| NamedConstant { name: p.name.clone(), shape: p.shape.clone() });
        let mentioned = self.constants.iter().filter(|(name, _)| !self.names.contains_key(*name));
        let mentioned =
            mentioned.map(|(name, shape)| NamedConstant { name: name.clone(), shape: shape.clone() });
        rest.chain(mentioned).for_each(|constant| parameters.push_constant(constant));
        (parameters, offsets)
    }

    /// Where the numbers of an origin stand in θ, if they are a piece of it as they are.
    fn place_in(&self, origin: NodeId, offsets: &BTreeMap<NodeId, usize>) -> Option<usize> {
        if let Some(&offset) = offsets.get(&origin) {
            return Some(offset);
        }
        match &self.prelude.nodes[origin.index()].operation {
            Operation::Arrange { pieces } => match pieces[..] {
                [Piece { source: Some(leaf), start, step, length }] if step == 1 || length == 1 => {
                    Some(offsets.get(&leaf)? + start)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// θ ↦ z, and where each origin stands in z.
    fn prelude(
        self,
        origins: &[NodeId],
        offsets: &BTreeMap<NodeId, usize>,
        inputs: usize,
    ) -> (BTreeMap<NodeId, usize>, Network<S>) {
        let mut nodes = self.prelude.nodes;
        nodes[0].features = inputs;
        for Declared { leaf, values, .. } in self.parameters {
            let node = &mut nodes[leaf.index()];
            node.operation = match offsets.get(&leaf) {
                Some(&start) => {
                    let whole = Piece { source: Some(NodeId::INPUT), start, step: 1, length: node.features };
                    Operation::Arrange { pieces: vec![whole] }
                }
                // Of a parameter that nothing depends on, the values are still here.
                None => Operation::Combine { summands: Vec::new(), constant: Some(values.into()) },
            };
        }
        let traced = |piece: Piece| match piece.source.and_then(|source| offsets.get(&source)) {
            Some(offset) => Piece { source: Some(NodeId::INPUT), start: piece.start + offset, ..piece },
            None => piece,
        };
        for node in &mut nodes {
            if let Operation::Arrange { pieces } = &mut node.operation {
                *pieces = arrange::joined(pieces.iter().map(|&piece| traced(piece)));
            }
        }
        let (mut places, mut pieces, mut next) = (BTreeMap::new(), Vec::new(), 0);
        for &origin in origins {
            let length = nodes[origin.index()].features;
            places.insert(origin, next);
            next += length;
            match &nodes[origin.index()].operation {
                Operation::Arrange { pieces: own } => pieces.extend_from_slice(own),
                _ => pieces.push(Piece { source: Some(origin), start: 0, step: 1, length }),
            }
        }
        let pieces = arrange::joined(pieces.into_iter());
        nodes.push(Node { operation: Operation::Arrange { pieces }, features: next });
        let output = NodeId::new(nodes.len() - 1);
        (places, Network::new(simplify::simplify(nodes, output, None)))
    }
}
