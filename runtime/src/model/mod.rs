//! Networks from files.
//!
//! | ending | what | module |
//! |---|---|---|
//! | `.safetensors`, `.npz` | the state dict of a `torch.nn.Sequential` of linear layers; the activation is named beside it | `state_dict` |
//! | `.yaml`, `.yml` | a file that names layers and their tensors | [`yaml`] |
//! | `.onnx` | a graph, as PyTorch and others export it | `onnx` |

mod error;
mod onnx;
mod state_dict;
pub mod yaml;

use std::path::{Path, PathBuf};

pub use error::ModelError;
pub use onnx::{BoundaryProblem, NodeName, NodeProblem, OnnxError, TensorProblem, UnsupportedNodes};

use crate::activation::Activation;
use crate::network::Network;

/// The files that the network in the file at `path` is read from besides that file: tensors that a `.yaml` names, external
/// data of an `.onnx`. None if the file cannot be read.
pub fn other_files(path: impl AsRef<Path>) -> Vec<PathBuf> {
    let path = path.as_ref();
    match ending(path).as_str() {
        "yaml" | "yml" => yaml::weight_files(path),
        "onnx" => onnx::data_files(path),
        _ => Vec::new(),
    }
}

/// The ending of a name in lower case.
fn ending(path: &Path) -> String {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase()
}

/// The names of the entries of a vector: its own if there is one entry, numbered from 1 otherwise.
fn entry_names(name: &str, count: usize) -> Vec<String> {
    if count == 1 {
        vec![name.to_owned()]
    } else {
        (1..=count).map(|number| format!("{name}{number}")).collect()
    }
}

impl Network<f64> {
    /// Reads a network by the ending of its file.
    ///
    /// A state dict knows nothing of activations, so `activation` must be given for `.safetensors` and `.npz`: it
    /// stands between the linear layers, not after the last. A `.yaml` or
    /// `.onnx` names its activations itself.
    ///
    /// # Errors
    /// [`ModelError`] for files that cannot be read, and for layers that do not fit together.
    pub fn open(path: impl AsRef<Path>, activation: Option<Activation>) -> Result<Self, ModelError> {
        let path = path.as_ref();
        let read = match (ending(path).as_str(), activation) {
            ("yaml" | "yml", None) => yaml::read(path),
            ("onnx", None) => onnx::read(path),
            ("yaml" | "yml" | "onnx", Some(_)) => Err(ModelError::ActivationTwice { path: path.to_owned() }),
            ("safetensors" | "npz", Some(activation)) => state_dict::read(path, activation),
            ("safetensors" | "npz", None) => Err(ModelError::ActivationMissing { path: path.to_owned() }),
            _ => Err(ModelError::Ending { path: path.to_owned() }),
        };
        sound(read?, path)
    }

    /// Reads an ONNX file: its inputs, one after another, are the coordinates of a point, its outputs the fields. The batch
    /// axis is free; opsets 7 and up are read, functions of the model and external data included.
    ///
    /// # Errors
    /// [`ModelError`] for files that cannot be read, and for nodes that cannot be carried; types of nodes that are not
    /// known come all at once.
    pub fn from_onnx(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        sound(onnx::read(path.as_ref())?, path.as_ref())
    }

    /// Reads the bytes of an ONNX file, such as an exporter leaves in memory. `name` is what messages call it; external data
    /// are looked for beside a file of that name.
    ///
    /// # Errors
    /// As [`Network::from_onnx`].
    pub fn from_onnx_bytes(name: impl AsRef<Path>, bytes: &[u8]) -> Result<Self, ModelError> {
        sound(onnx::from_bytes(name.as_ref(), bytes)?, name.as_ref())
    }

    /// Reads the state dict of a `torch.nn.Sequential` with one activation between its linear layers.
    ///
    /// # Errors
    /// As [`Network::open`].
    pub fn from_safetensors(path: impl AsRef<Path>, activation: Activation) -> Result<Self, ModelError> {
        state_dict::read(path.as_ref(), activation)
    }
}

/// The network, if its numbers are.
fn sound(network: Network<f64>, path: &Path) -> Result<Network<f64>, ModelError> {
    match network.unsound_number() {
        Some(number) => Err(ModelError::NotFinite { path: path.to_owned(), number }),
        None => Ok(network),
    }
}
