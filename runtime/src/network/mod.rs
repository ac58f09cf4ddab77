//! A network: a graph of a few primitive operations, each with one propagation rule.
//!
//! Values are row vectors of features; a batch stacks them as rows. Nodes are kept in an order in which they can be
//! evaluated: inputs come before their users, and the last node is the output.
//!
//! | to build one | type |
//! |---|---|
//! | a chain of layers | [`NetworkBuilder`] |
//! | any graph, by operations on tensors with shapes | [`GraphBuilder`] |

mod number_list;
mod parameters;
mod prelude;
mod operation;
mod select;
mod determinant;
mod matrix;
mod builder;
mod graph;
mod names;
mod numbers;
mod simplify;
mod smoothness;
#[cfg(test)]
pub(crate) mod alike;

pub use crate::jet::custom::{CustomNode, PullBack};
pub(crate) use builder::LayerNames;
pub use builder::{NetworkBuilder, NetworkError};
pub(crate) use graph::broadcast;
pub use graph::{GraphBuilder, GraphError, Padding, TensorId, Window};
pub use matrix::Matrix;
pub use number_list::NumberList;
pub use numbers::{NetworkNumber, NumberPart};
pub use operation::{Factor, MatrixShape, Operation, Piece, Summand};
pub use parameters::{NamedConstant, Parameter, Parameters};
pub use prelude::ParametersError;
pub(crate) use select::Pick;
pub use select::{Choice, Relation};

use jetc_operators::Topology;

use names::Labels;

/// Names one node of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    /// The point itself, the first node of every network.
    pub const INPUT: Self = Self(0);

    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("a network has fewer than 2^32 nodes"))
    }

    /// The position among the nodes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One node with the width of its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Node<S> {
    /// What it computes.
    pub operation: Operation<S>,
    /// How many features its value has.
    pub features: usize,
}

/// A feed-forward network ℝⁿ → ℝᵐ with weights of type `S`.
#[derive(Debug, Clone, PartialEq)]
pub struct Network<S> {
    nodes: Vec<Node<S>>,
    labels: Labels,
    parameters: Parameters<S>,
    prelude: Option<Box<Network<S>>>,
}

impl<S> Network<S> {
    fn new(nodes: Vec<Node<S>>) -> Self {
        Self { nodes, labels: Labels::default(), parameters: Parameters::none(), prelude: None }
    }

    /// n, the number of inputs.
    pub fn inputs(&self) -> usize {
        self.nodes[0].features
    }

    /// m, the number of outputs.
    pub fn outputs(&self) -> usize {
        self.nodes[self.output().index()].features
    }

    /// All nodes in order of evaluation; the first is the input.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node<S>)> + DoubleEndedIterator {
        self.nodes.iter().enumerate().map(|(index, node)| (NodeId::new(index), node))
    }

    /// How many numbers were trained, or could be: all numbers of the operations, whether they are parameters or not.
    pub fn trainable_numbers(&self) -> usize {
        self.nodes.iter().map(|node| node.operation.trainable_numbers()).sum()
    }

    /// The network without its numbers: what plans and costs depend on.
    pub fn topology(&self) -> Topology {
        Topology::new(self.nodes.iter().map(|node| node.operation.topology(node.features)).collect())
    }

    /// How many features a node has.
    pub(crate) fn features(&self, node: NodeId) -> usize {
        self.nodes[node.index()].features
    }

    /// The node whose value is the network's output.
    pub fn output(&self) -> NodeId {
        NodeId::new(self.nodes.len() - 1)
    }

    /// The same network with every weight converted.
    pub fn map<T>(&self, convert: impl Fn(&S) -> T) -> Network<T> {
        self.map_with(&convert)
    }

    fn map_with<T>(&self, convert: &dyn Fn(&S) -> T) -> Network<T> {
        let nodes = self.nodes.iter().map(|node| node.map(&convert)).collect();
        Network {
            nodes,
            labels: self.labels.clone(),
            parameters: self.parameters.map(convert),
            prelude: self.prelude.as_ref().map(|prelude| Box::new(prelude.map_with(&convert))),
        }
    }
}

impl<S> Node<S> {
    /// The same node with every weight converted.
    pub(crate) fn map<T>(&self, convert: &impl Fn(&S) -> T) -> Node<T> {
        Node { features: self.features, operation: self.operation.map(convert) }
    }
}
