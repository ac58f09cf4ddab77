//! Networks from code.

use jetc_operators::counted;

use super::{Matrix, Network, Node, NodeId, NumberList, Operation, Parameters, Piece};
use crate::activation::Function;

/// Why layers do not make a network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// A weight does not take what comes in.
    #[error(
        "layer {layer}: the weight has shape [{rows}, {columns}] for {}; expected [{rows}, {features}]",
        counted(features, "feature")
    )]
    Weight {
        /// Which layer, counted from 1 over all layers.
        layer: usize,
        /// Rows of the weight: features out.
        rows: usize,
        /// Columns of the weight: features in.
        columns: usize,
        /// Features that come in.
        features: usize,
    },
    /// A bias does not fit its weight.
    #[error(
        "layer {layer}: the bias has {} but the weight gives {}",
        counted(found, "entry"),
        counted(expected, "feature")
    )]
    Bias {
        /// Which layer, counted from 1 over all layers.
        layer: usize,
        /// Entries of the bias.
        found: usize,
        /// Rows of the weight.
        expected: usize,
    },
}

/// Builds a chain of layers; errors are kept until [`NetworkBuilder::build`].
#[derive(Debug, Clone)]
pub struct NetworkBuilder<S> {
    nodes: Vec<Node<S>>,
    names: Vec<LayerNames>,
    error: Option<NetworkError>,
}

/// What the parameters of a layer are called.
#[derive(Debug, Clone)]
pub(crate) struct LayerNames {
    pub(crate) weight: String,
    /// The name of the bias, if there is one.
    pub(crate) bias: String,
    /// Whether the parameter is \[in, out\]: then the prelude transposes it.
    pub(crate) is_transposed: bool,
}

impl<S> Network<S> {
    /// Starts a network of `inputs` inputs.
    ///
    /// # Example
    /// ```
    /// use jetc_runtime::{Activation, Matrix, Network};
    /// let weight = Matrix::from_row_major(1, 2, vec![1.0, -1.0]).unwrap();
    /// let network = Network::builder(2).affine(weight, None).elementwise(Activation::Tanh).build()?;
    /// assert_eq!((network.inputs(), network.outputs()), (2, 1));
    /// # Ok::<(), jetc_runtime::NetworkError>(())
    /// ```
    pub fn builder(inputs: usize) -> NetworkBuilder<S> {
        let input = Node { operation: Operation::Input, features: inputs };
        NetworkBuilder { nodes: vec![input], names: Vec::new(), error: None }
    }
}

impl<S: Clone> NetworkBuilder<S> {
    /// Appends y = W x + b with a weight of shape \[features out, features in\]. Of layer i, counted from 0 over the affine
    /// layers, they are the parameters `layers.{i}.weight` and `layers.{i}.bias`.
    #[must_use]
    pub fn affine(self, weight: Matrix<S>, bias: Option<Vec<S>>) -> Self {
        let layer = self.names.len();
        let names = LayerNames {
            weight: format!("layers.{layer}.weight"),
            bias: format!("layers.{layer}.bias"),
            is_transposed: false,
        };
        self.named_affine(names, weight, bias)
    }

    /// The same with names for its parameters.
    #[must_use]
    pub(crate) fn named_affine(mut self, names: LayerNames, weight: Matrix<S>, bias: Option<Vec<S>>) -> Self {
        let (layer, features) = (self.nodes.len(), self.features());
        let (rows, columns) = (weight.rows(), weight.columns());
        if columns != features {
            self.error.get_or_insert(NetworkError::Weight { layer, rows, columns, features });
        }
        if let Some(found) = bias.as_ref().map(Vec::len).filter(|&len| len != rows) {
            self.error.get_or_insert(NetworkError::Bias { layer, found, expected: rows });
        }
        let input = self.last();
        let bias = bias.map(NumberList::from);
        self.nodes.push(Node { operation: Operation::Affine { input, weight, bias }, features: rows });
        self.names.push(names);
        self
    }

    /// Appends an [`Activation`](crate::Activation), or a function of your own.
    #[must_use]
    pub fn elementwise(mut self, activation: impl Into<Function>) -> Self {
        let (input, features) = (self.last(), self.features());
        self.nodes.push(Node {
            operation: Operation::Elementwise { input, activation: activation.into() },
            features,
        });
        self
    }

    /// The network.
    ///
    /// # Errors
    /// The first layer whose shapes do not fit.
    pub fn build(self) -> Result<Network<S>, NetworkError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(with_parameters(self.nodes, &self.names)),
        }
    }

    fn last(&self) -> NodeId {
        NodeId::new(self.nodes.len() - 1)
    }

    fn features(&self) -> usize {
        self.nodes[self.nodes.len() - 1].features
    }
}

/// The chain of these nodes: what its affine maps hold, one after another, is z. It is θ but for transposed weights.
fn with_parameters<S: Clone>(mut nodes: Vec<Node<S>>, names: &[LayerNames]) -> Network<S> {
    let (mut parameters, mut pieces) = (Parameters::none(), Vec::new());
    let affine = nodes.iter_mut().filter_map(|node| match &mut node.operation {
        Operation::Affine { weight, bias, .. } => Some((weight, bias)),
        _ => None,
    });
    for ((weight, bias), names) in affine.zip(names) {
        let (rows, columns, start) = (weight.rows(), weight.columns(), parameters.len());
        weight.derive_from(start);
        let (name, entries) = (names.weight.clone(), weight.entries());
        if names.is_transposed {
            parameters.push(name, vec![columns, rows], weight.transposed().entries().to_vec());
            let step = rows.cast_signed();
            pieces.extend((0..rows).map(|row| (start + row, step, columns)));
        } else {
            parameters.push(name, vec![rows, columns], entries.to_vec());
            pieces.push((start, 1, rows * columns));
        }
        if let Some(bias) = bias {
            let start = parameters.len();
            parameters.push(names.bias.clone(), vec![rows], bias.to_vec());
            pieces.push((start, 1, rows));
            *bias = NumberList::derived(bias.to_vec(), start);
        }
    }
    let is_transposed = names.iter().any(|names| names.is_transposed);
    let prelude = is_transposed.then(|| {
        let features = parameters.len();
        let source = Some(NodeId::INPUT);
        let pieces = pieces.into_iter().map(|(start, step, length)| Piece { source, start, step, length });
        let operation = Operation::Arrange { pieces: pieces.collect() };
        Network::new(vec![Node { operation: Operation::Input, features }, Node { operation, features }])
    });
    Network::new(nodes).derived_by(parameters, prelude)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: usize, columns: usize) -> Matrix<f64> {
        Matrix::from_row_major(rows, columns, vec![0.0; rows * columns]).unwrap()
    }

    #[test]
    fn shapes_that_do_not_fit_are_named_with_their_layer() {
        let network = Network::builder(3).affine(matrix(4, 3), None).affine(matrix(2, 5), None).build();
        assert_eq!(network, Err(NetworkError::Weight { layer: 2, rows: 2, columns: 5, features: 4 }));
        let network = Network::builder(3).affine(matrix(4, 3), Some(vec![0.0; 3])).build();
        assert_eq!(network, Err(NetworkError::Bias { layer: 1, found: 3, expected: 4 }));
    }
}
