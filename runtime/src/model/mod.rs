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

use std::path::Path;

pub use error::ModelError;
pub use onnx::{BoundaryProblem, NodeName, NodeProblem, OnnxError, TensorProblem, UnsupportedNodes};

use crate::activation::Activation;
use crate::network::Network;

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
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match (ending.to_ascii_lowercase().as_str(), activation) {
            ("yaml" | "yml", None) => yaml::read(path),
            ("onnx", None) => onnx::read(path),
            ("yaml" | "yml" | "onnx", Some(_)) => Err(ModelError::ActivationTwice { path: path.to_owned() }),
            ("safetensors" | "npz", Some(activation)) => state_dict::read(path, activation),
            ("safetensors" | "npz", None) => Err(ModelError::ActivationMissing { path: path.to_owned() }),
            _ => Err(ModelError::Ending { path: path.to_owned() }),
        }
    }

    /// Reads an ONNX file: its inputs, one after another, are the coordinates of a point, its outputs the fields. The batch
    /// axis is free; opsets 13 and up are read, functions of the model and external data included.
    ///
    /// # Errors
    /// [`ModelError`] for files that cannot be read, and for nodes that cannot be carried; types of nodes that are not
    /// known come all at once.
    pub fn from_onnx(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        onnx::read(path.as_ref())
    }

    /// Reads the state dict of a `torch.nn.Sequential` with one activation between its linear layers.
    ///
    /// # Errors
    /// As [`Network::open`].
    pub fn from_safetensors(path: impl AsRef<Path>, activation: Activation) -> Result<Self, ModelError> {
        state_dict::read(path.as_ref(), activation)
    }
}
