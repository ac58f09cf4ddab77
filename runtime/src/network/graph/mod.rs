//! Networks as graphs of operations on tensors with shapes.
//!
//! A [`GraphBuilder`] is what importers and Rust programs write networks with. Shapes are those of one point: there is no
//! batch axis. Tensors are broadcast as in NumPy. What does not depend on the point is computed at once, and everything
//! is lowered to the primitives of [`Operation`]:
//!
//! | operations | file | primitives |
//! |---|---|---|
//! | reshape, transpose, slice, gather, concat, pad … | `arrange.rs` | [`Operation::Arrange`] or none |
//! | sums, differences, products, quotients, functions | `arithmetic.rs` | [`Operation::Combine`], [`Operation::Product`], [`Operation::Elementwise`] |
//! | linear layers, matrix products, einsum | `contraction.rs`, `einsum.rs` | [`Operation::Affine`], [`Operation::MatrixProduct`] |
//! | sums, means, products, largest over axes | `reduce.rs` | [`Operation::Affine`], [`Operation::Product`], [`Operation::Maximum`] |
//! | the larger, the smaller, comparisons, choices | `select.rs` | [`Operation::Select`], [`Operation::Compare`] |
//! | powers of powers | `power.rs` | fewer of them |
//! | softmax, normalisation, norms | `normalise.rs` | compositions |
//! | determinants | `determinant.rs` | compositions up to 3×3, else a node of its own |
//! | logarithms and signs of determinants | `logarithm.rs` | a node of its own in place of a composition |
//! | convolution, pooling | `window.rs` | [`Operation::Arrange`], [`Operation::Affine`], [`Operation::Maximum`] |
//! | parameters, and constants that depend on them | `lineage/` | none: they are derived by the prelude |

mod error;
mod shape;
mod lineage;
mod arrange;
mod arithmetic;
mod contraction;
mod einsum;
mod determinant;
mod logarithm;
mod reduce;
mod select;
mod power;
mod normalise;
mod window;
#[cfg(test)]
mod tests;

pub(super) use arrange::joined as joined_pieces;
pub use error::GraphError;
pub(crate) use shape::broadcast;
pub use window::{Padding, Window};

use std::collections::BTreeMap;
use std::sync::Arc;

use self::lineage::Lineage;
use super::{CustomNode, Network, Node, NodeId, Operation};
use crate::jet::JetScalar;

/// All values of a network together may have this many features for one point.
const MOST_FEATURES: usize = 1 << 26;

/// Names one tensor of a [`GraphBuilder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TensorId(u32);

/// A tensor: a node in some shape, or numbers that do not depend on the point.
#[derive(Debug, Clone)]
enum Value<S> {
    Node {
        id: NodeId,
        shape: Vec<usize>,
    },
    /// The origin is the node of the prelude with these numbers, where they depend on parameters.
    Constant {
        entries: Arc<Vec<S>>,
        shape: Vec<usize>,
        origin: Option<NodeId>,
    },
}

/// Builds a network from operations on tensors.
///
/// # Example: a residual block with a hard boundary factor
/// ```
/// use jetc_runtime::{Activation, GraphBuilder, Matrix};
///
/// let mut graph = GraphBuilder::<f64>::new(2);
/// let x = graph.input();
/// let weight = Matrix::from_row_major(2, 2, vec![1.0, -1.0, 0.5, 2.0]).unwrap();
/// let hidden = graph.linear(x, weight, Some(vec![0.1, 0.2]))?;
/// let hidden = graph.apply(Activation::Tanh, hidden)?;
/// let block = graph.add(x, hidden)?; // x + tanh(W x + b)
///
/// let square = graph.apply(Activation::Square, x)?;
/// let norm = graph.sum(square, &[-1], true)?;
/// let one = graph.scalar(1.0);
/// let factor = graph.subtract(one, norm)?; // 1 − |x|²
/// let output = graph.multiply(factor, block)?;
/// let network = graph.build(output)?;
/// assert_eq!((network.inputs(), network.outputs()), (2, 2));
/// # Ok::<(), jetc_runtime::GraphError>(())
/// ```
#[derive(Debug, Clone)]
pub struct GraphBuilder<S> {
    nodes: Vec<Node<S>>,
    values: Vec<Value<S>>,
    features: usize,
    /// The most features of all values together.
    limit: usize,
    /// How constants come from parameters, if there are any.
    lineage: Option<Box<Lineage<S>>>,
    /// The determinants among the nodes, each with its matrices.
    determinants: BTreeMap<NodeId, TensorId>,
    /// The logarithms of determinants, and their signs, by their matrices.
    logarithms: BTreeMap<TensorId, TensorId>,
    /// Of each node whether its value is known to be ≥ 0 everywhere.
    is_nonnegative: Vec<bool>,
}

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// A graph whose points have `inputs` coordinates.
    pub fn new(inputs: usize) -> Self {
        let input = Node { operation: Operation::Input, features: inputs };
        let value = Value::Node { id: NodeId::INPUT, shape: vec![inputs] };
        Self {
            nodes: vec![input],
            values: vec![value],
            features: inputs,
            limit: MOST_FEATURES,
            lineage: None,
            determinants: BTreeMap::new(),
            logarithms: BTreeMap::new(),
            is_nonnegative: vec![false],
        }
    }

    /// The point, shape \[inputs\].
    pub fn input(&self) -> TensorId {
        TensorId(0)
    }

    /// Numbers that do not depend on the point, row-major.
    ///
    /// # Errors
    /// [`GraphError::Constant`] if there are not as many entries as the shape says.
    pub fn constant(&mut self, shape: &[usize], entries: Vec<S>) -> Result<TensorId, GraphError> {
        if shape::size(shape) != Some(entries.len()) {
            return Err(GraphError::Constant { shape: shape.to_vec(), entries: entries.len() });
        }
        Ok(self.push_constant(shape.to_vec(), entries))
    }

    /// One number, of shape \[\].
    pub fn scalar(&mut self, number: S) -> TensorId {
        self.push_constant(Vec::new(), vec![number])
    }

    /// The shape of a tensor.
    pub fn shape(&self, tensor: TensorId) -> &[usize] {
        match self.value(tensor) {
            Value::Node { shape, .. } | Value::Constant { shape, .. } => shape,
        }
    }

    /// The numbers of a tensor that does not depend on the point.
    pub fn constant_entries(&self, tensor: TensorId) -> Option<&[S]> {
        match self.value(tensor) {
            Value::Constant { entries, .. } => Some(entries),
            Value::Node { .. } => None,
        }
    }

    /// A node of your own; its result has shape \[features\].
    ///
    /// # Errors
    /// What [`CustomNode::features`] says.
    pub fn custom(&mut self, node: Arc<dyn CustomNode>, inputs: &[TensorId]) -> Result<TensorId, GraphError> {
        let widths: Vec<usize> = inputs.iter().map(|&input| self.shape(input).iter().product()).collect();
        let features = node
            .features(&widths)
            .map_err(|reason| GraphError::Custom { name: node.name().to_owned(), reason })?;
        let inputs = inputs.iter().map(|&input| self.node(input)).collect::<Result<_, _>>()?;
        self.push(Operation::Custom { inputs, node }, vec![features])
    }

    /// The network that computes `output`, flattened: its outputs in row-major order.
    ///
    /// # Errors
    /// [`GraphError::TooLarge`] if an output that does not depend on the point has too many features.
    pub fn build(mut self, output: TensorId) -> Result<Network<S>, GraphError> {
        let output = self.node(output)?;
        let prelude = Self::prelude_of(&mut self.lineage);
        let mut nodes = super::simplify::simplify(self.nodes, output, prelude);
        let Some(lineage) = self.lineage else { return Ok(Network::new(nodes)) };
        let (parameters, prelude) = lineage.finish(&mut nodes);
        Ok(Network::new(nodes).derived_by(parameters, prelude))
    }

    /// The network with every node that was added before `output`, which is a node.
    #[cfg(test)]
    fn build_as_it_is(mut self, output: TensorId) -> Network<S> {
        let output = self.node(output).expect("small outputs fit");
        self.nodes.truncate(output.index() + 1);
        let Some(lineage) = self.lineage else { return Network::new(self.nodes) };
        let (parameters, prelude) = lineage.finish(&mut self.nodes);
        Network::new(self.nodes).derived_by(parameters, prelude)
    }

    fn value(&self, tensor: TensorId) -> &Value<S> {
        &self.values[tensor.0 as usize]
    }

    fn push_value(&mut self, value: Value<S>) -> TensorId {
        self.values.push(value);
        TensorId(u32::try_from(self.values.len() - 1).expect("a graph has fewer than 2^32 tensors"))
    }

    fn push_constant(&mut self, shape: Vec<usize>, entries: Vec<S>) -> TensorId {
        self.push_value(Value::Constant { entries: Arc::new(entries), shape, origin: None })
    }

    /// A node of this shape: a new one, or one that computes the same.
    fn push(&mut self, operation: Operation<S>, shape: Vec<usize>) -> Result<TensorId, GraphError> {
        if let Some(id) = self.same(&operation) {
            return Ok(self.push_value(Value::Node { id, shape }));
        }
        // The pieces of an arrangement take room, too, where there are as many as features.
        let room = match &operation {
            Operation::Arrange { pieces } if self.limit > MOST_FEATURES => 4 * pieces.len(),
            _ => 0,
        };
        let features = shape::size(&shape)
            .filter(|&features| self.features.saturating_add(features + room) <= self.limit)
            .ok_or_else(|| GraphError::TooLarge { shape: shape.clone(), limit: self.limit })?;
        self.features += features + room;
        let id = NodeId::new(self.nodes.len());
        self.is_nonnegative.push(self.shows_nonnegative(&operation));
        self.nodes.push(Node { operation, features });
        Ok(self.push_value(Value::Node { id, shape }))
    }

    /// A node shortly before that computes the same. So a product of two equal factors is known as a square.
    fn same(&self, operation: &Operation<S>) -> Option<NodeId> {
        const SEARCHED: usize = 64;
        if operation.inputs().is_empty() {
            return None;
        }
        let start = self.nodes.len().saturating_sub(SEARCHED);
        let found = self.nodes[start..].iter().position(|node| node.operation == *operation)?;
        Some(NodeId::new(start + found))
    }

    /// The node of a tensor; constants become one.
    fn node(&mut self, tensor: TensorId) -> Result<NodeId, GraphError> {
        if let Some(id) = self.node_of(tensor) {
            return Ok(id);
        }
        let operation = Operation::Combine { summands: Vec::new(), constant: self.numbers(tensor) };
        let node = self.push(operation, self.shape(tensor).to_vec())?;
        self.node(node)
    }
}
