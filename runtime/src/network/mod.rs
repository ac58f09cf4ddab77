//! A network: a graph of a few primitive operations, each with one propagation rule.
//!
//! Values are row vectors of features; a batch stacks them as rows. Nodes are kept in an order in which they can be
//! evaluated: inputs come before their users.

mod builder;
mod matrix;

pub use builder::{NetworkBuilder, NetworkError};
pub use matrix::Matrix;

use jetc_operators::topology::{self, Topology};

use crate::activation::Function;

/// Names one node of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

impl NodeId {
    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("a network has fewer than 2^32 nodes"))
    }

    /// The position among the nodes.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a node computes.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation<S> {
    /// The point itself.
    Input,
    /// y = W x + b; in jets, W acts on every channel and b on the value alone.
    Affine {
        /// The node that x comes from.
        input: NodeId,
        /// W, shape \[features out, features in\].
        weight: Matrix<S>,
        /// b, one entry for each feature out.
        bias: Option<Vec<S>>,
    },
    /// y = g(x) for each feature.
    Elementwise {
        /// The node that x comes from.
        input: NodeId,
        /// g
        activation: Function,
    },
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
}

impl<S> Network<S> {
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

    /// The network without its numbers: what plans and costs depend on.
    pub fn topology(&self) -> Topology {
        let nodes = self.nodes.iter().map(|node| {
            let (operation, name) = match &node.operation {
                Operation::Input => (topology::Operation::Input, "input".to_owned()),
                Operation::Affine { input, .. } => {
                    (topology::Operation::Affine { input: input.index() }, "affine".to_owned())
                }
                Operation::Elementwise { input, activation } => {
                    (topology::Operation::Elementwise { input: input.index() }, activation.to_string())
                }
            };
            topology::Node { operation, features: node.features, name }
        });
        Topology::new(nodes.collect())
    }

    /// The nodes by value, in order of evaluation.
    pub(crate) fn into_nodes(self) -> impl Iterator<Item = (NodeId, Node<S>)> {
        self.nodes.into_iter().enumerate().map(|(index, node)| (NodeId::new(index), node))
    }

    /// The node whose value is the network's output.
    pub fn output(&self) -> NodeId {
        NodeId::new(self.nodes.len() - 1)
    }

    /// The same network with every weight converted.
    pub fn map<T>(&self, convert: impl Fn(&S) -> T) -> Network<T> {
        let nodes = self.nodes.iter().map(|node| Node {
            features: node.features,
            operation: match &node.operation {
                Operation::Input => Operation::Input,
                Operation::Affine { input, weight, bias } => Operation::Affine {
                    input: *input,
                    weight: weight.map(&convert),
                    bias: bias.as_ref().map(|b| b.iter().map(&convert).collect()),
                },
                Operation::Elementwise { input, activation } => {
                    Operation::Elementwise { input: *input, activation: activation.clone() }
                }
            },
        });
        Network { nodes: nodes.collect() }
    }
}
