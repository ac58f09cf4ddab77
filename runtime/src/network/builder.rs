//! Networks from code.

use jetc_operators::counted;

use super::{Matrix, Network, Node, NodeId, NumberList, Operation};
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
    error: Option<NetworkError>,
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
        NetworkBuilder { nodes: vec![Node { operation: Operation::Input, features: inputs }], error: None }
    }
}

impl<S> NetworkBuilder<S> {
    /// Appends y = W x + b with a weight of shape \[features out, features in\].
    #[must_use]
    pub fn affine(mut self, weight: Matrix<S>, bias: Option<Vec<S>>) -> Self {
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
            None => Ok(Network::new(self.nodes)),
        }
    }

    fn last(&self) -> NodeId {
        NodeId::new(self.nodes.len() - 1)
    }

    fn features(&self) -> usize {
        self.nodes[self.nodes.len() - 1].features
    }
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
