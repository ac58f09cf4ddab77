//! Networks as files, for the command line.

use std::path::Path;

use safetensors::Dtype;
use safetensors::tensor::TensorView;

/// A named tensor of double precision.
#[derive(Debug, Clone)]
pub struct Tensor {
    /// Its name.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its numbers, the last axis running fastest.
    pub data: Vec<f64>,
}

/// The state dict of a `torch.nn.Sequential` of linear layers of these widths, filled with numbers from `next`.
pub fn state_dict(widths: &[usize], mut next: impl FnMut() -> f64) -> Vec<Tensor> {
    let mut tensors = Vec::new();
    for (layer, pair) in widths.windows(2).enumerate() {
        let (inputs, outputs) = (pair[0], pair[1]);
        for (part, shape) in [("weight", vec![outputs, inputs]), ("bias", vec![outputs])] {
            let data = (0..shape.iter().product()).map(|_| next()).collect();
            tensors.push(Tensor { name: format!("{}.{part}", 2 * layer), shape, data });
        }
    }
    tensors
}

/// 1/4, −1/2, 3/4, …: multiples of 1/4 between −1 and 1, none of them zero, in a fixed order.
pub fn quarters() -> impl FnMut() -> f64 {
    let cycle = [1.0, -2.0, 3.0, 4.0, -1.0, 2.0, -3.0];
    let mut position = 0;
    move || {
        position += 1;
        cycle[(position - 1) % cycle.len()] / 4.0
    }
}

/// Writes tensors as a safetensors file.
///
/// # Panics
/// If a tensor does not fill its shape, or the file cannot be written.
pub fn write_tensors(path: &Path, tensors: &[Tensor]) {
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|tensor| tensor.data.iter().flat_map(|x| x.to_le_bytes()).collect()).collect();
    let views = tensors.iter().zip(&bytes).map(|(tensor, bytes)| {
        let view = TensorView::new(Dtype::F64, tensor.shape.clone(), bytes);
        (tensor.name.as_str(), view.expect("a tensor fills its shape"))
    });
    let file = safetensors::serialize(views, None).expect("tensors have distinct names");
    std::fs::write(path, file).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
