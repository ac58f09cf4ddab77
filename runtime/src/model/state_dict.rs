//! A state dict of linear layers with one activation between them. Its tensors are the parameters of the network, with the
//! names and shapes of the file.

use std::path::Path;

use super::ModelError;
use crate::activation::Activation;
use crate::files::{Sequential, Tensor, TensorFile};
use crate::network::{LayerNames, Matrix, Network};

pub(super) fn read(path: &Path, activation: Activation) -> Result<Network<f64>, ModelError> {
    let layers = Sequential::read(&TensorFile::open(path)?)?.layers;
    let mut builder = Network::builder(layers[0].weight.shape[1]);
    for (number, layer) in layers.into_iter().enumerate() {
        if number > 0 {
            builder = builder.elementwise(activation);
        }
        let names = LayerNames {
            weight: layer.weight_name,
            bias: layer.bias_name.unwrap_or_default(),
            is_transposed: layer.is_transposed,
        };
        builder = builder.named_affine(names, matrix(layer.weight), layer.bias.map(|bias| bias.data));
    }
    builder.build().map_err(|source| ModelError::Network { path: path.to_owned(), source })
}

/// A tensor of two axes as a matrix.
fn matrix(tensor: Tensor) -> Matrix<f64> {
    Matrix::from_row_major(tensor.shape[0], tensor.shape[1], tensor.data)
        .expect("a linear layer has a weight of two axes, with as many numbers as its shape says")
}
