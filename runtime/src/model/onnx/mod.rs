//! Networks from ONNX files.
//!
//! | step | file |
//! |---|---|
//! | bytes → messages | `read.rs`, `proto.rs` |
//! | stored tensors, also those in files beside the model | `tensor.rs` |
//! | which axis is the batch | `boundary.rs`, `value.rs` |
//! | the length of the batch in computed shapes | `extent.rs` |
//! | an order of the nodes, functions written out | `order.rs`, `import.rs` |
//! | what the nodes do | `operators` |
//!
//! Stored floating-point tensors are the parameters of the network, but for those whose values decide what is computed
//! (exponents, bounds), the statistics of batch normalisation, and single numbers under the names that PyTorch's exporter
//! gives to those of the program.
//!
//! Everything is computed in the precision of the evaluation, whatever the types of the file; weights and attributes are
//! taken as they stand there, but that attributes such as ε = 1e-5, which ONNX rounds to single precision, are the decimals that
//! were meant. A file is not trusted: sizes are checked before memory is taken, and there are limits for
//! the nodes, the numbers and the depth of calls. Checked by `tests/tests/models.rs` against nested automatic
//! differentiation, and against files that are no good.

mod proto;
mod read;
mod error;
mod extent;
mod value;
mod attributes;
mod tensor;
mod call;
mod order;
mod boundary;
mod import;
mod operators;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use prost::bytes::Bytes;

pub use error::{BoundaryProblem, NodeName, NodeProblem, OnnxError, TensorProblem, UnsupportedNodes};

use tensor::Numbers;

use super::ModelError;
use crate::network::Network;

/// The most nodes, functions written out.
const MOST_NODES: usize = 100_000;
/// The most entries of one value that depends on the point, for one point.
const MOST_FEATURES: usize = 1 << 20;
/// The most entries of one computed constant.
const MOST_ENTRIES: usize = 1 << 24;
/// The most numbers of all constants together.
const MOST_NUMBERS: usize = 1 << 27;

pub(super) fn read(path: &Path) -> Result<Network<f64>, ModelError> {
    network(&read::read(path)?, path)
}

/// The network of the bytes of a file, which is called `name` in messages.
pub(super) fn from_bytes(name: &Path, bytes: &[u8]) -> Result<Network<f64>, ModelError> {
    network(&read::decode(name, Bytes::copy_from_slice(bytes))?, name)
}

/// The network of a model; external data lie beside `path`.
fn network(model: &proto::Model, path: &Path) -> Result<Network<f64>, ModelError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let network = import::import(model, folder).map_err(|source| ModelError::onnx(path, source))?;
    // Infinite tensors may be masks or bounds; where they are weights, they are called by their name.
    match network.unsound_number().and_then(|_| infinite_tensor(model, folder)) {
        Some(source) => Err(ModelError::onnx(path, source)),
        None => Ok(network),
    }
}

/// The error for the first stored tensor with an infinite entry.
fn infinite_tensor(model: &proto::Model, folder: &Path) -> Option<OnnxError> {
    model.tensors().find_map(|stored| {
        let Numbers::Real(numbers) = tensor::read(stored, folder).ok()?.numbers else { return None };
        let position = numbers.iter().position(|number| number.is_infinite())?;
        let problem = TensorProblem::Infinite { position, value: numbers[position] };
        Some(OnnxError::Tensor { name: stored.name.clone(), problem })
    })
}

/// The files of external data that a model names; none if it cannot be read.
pub(super) fn data_files(path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let model = read::read(path).ok();
    let locations =
        model.iter().flat_map(proto::Model::tensors).filter_map(|tensor| tensor.entry("location"));
    let mut locations: Vec<&str> = locations.collect();
    locations.sort_unstable();
    locations.dedup();
    locations.into_iter().map(|location| folder.join(location)).collect()
}
