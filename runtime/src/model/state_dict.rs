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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use safetensors::tensor::{Dtype, TensorView};

    use super::*;
    use crate::network::alike::assert_parameters;

    type Shapes<'a> = &'a [(&'a str, &'a [usize])];

    /// The network of a state dict whose tensors have these shapes.
    fn network(shapes: Shapes<'_>, seed: f64) -> Network<f64> {
        let bytes = |shape: &[usize]| -> Vec<u8> {
            let count = shape.iter().product::<usize>();
            (0u8..).take(count).flat_map(|at| (seed + f64::from(at)).sin().to_le_bytes()).collect()
        };
        let tensors: Vec<_> = shapes.iter().map(|(name, shape)| (*name, *shape, bytes(shape))).collect();
        let views = tensors.iter().map(|(name, shape, bytes)| {
            ((*name).to_owned(), TensorView::new(Dtype::F64, shape.to_vec(), bytes).unwrap())
        });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("net.safetensors");
        let views: BTreeMap<String, TensorView<'_>> = views.collect();
        std::fs::write(&path, safetensors::serialize(views, None).unwrap()).unwrap();
        read(&path, Activation::Tanh).unwrap()
    }

    #[test]
    fn a_network_with_other_parameters_is_that_of_another_file() {
        let torch: Shapes<'_> = &[
            ("net.0.weight", &[3, 2]),
            ("net.0.bias", &[3]),
            ("net.2.weight", &[1, 3]),
            ("net.2.bias", &[1]),
        ];
        let flax: Shapes<'_> = &[
            ("params/Dense_0/kernel", &[2, 3]),
            ("params/Dense_0/bias", &[3]),
            ("params/Dense_1/kernel", &[3, 4]),
            ("params/Dense_2/kernel", &[4, 1]),
        ];
        for (shapes, has_prelude) in [(torch, false), (flax, true)] {
            let (read, other) = (network(shapes, 0.5), network(shapes, 1.5));
            assert_eq!(read.prelude().is_some(), has_prelude);
            assert_eq!(read.derived_len(), read.parameters().len());
            assert_parameters(shapes[0].0, &read, &other, shapes, &[]);
            // The numbers are moved, not computed with.
            assert_eq!(read.with_parameters(other.parameters().values()).unwrap(), other);
        }
    }
}
