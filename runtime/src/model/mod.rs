//! Networks from files.
//!
//! | ending | what | module |
//! |---|---|---|
//! | `.safetensors`, `.npz` | the state dict of a `torch.nn.Sequential` of linear layers; the activation is named beside it | `state_dict` |
//! | `.yaml`, `.yml` | a file that names layers and their tensors | `layers` |

mod error;
mod layers;
mod state_dict;

use std::path::Path;

pub use error::ModelError;

use crate::activation::Activation;
use crate::network::Network;

impl Network<f64> {
    /// Reads a network by the ending of its file.
    ///
    /// A state dict knows nothing of activations, so `activation` must be given for `.safetensors` and `.npz`: it
    /// stands between the linear layers, not after the last. A `.yaml` names its activations itself.
    ///
    /// # Errors
    /// [`ModelError`] for files that cannot be read, and for layers that do not fit together.
    pub fn open(path: impl AsRef<Path>, activation: Option<Activation>) -> Result<Self, ModelError> {
        let path = path.as_ref();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match (ending.to_ascii_lowercase().as_str(), activation) {
            ("yaml" | "yml", None) => layers::read(path),
            ("yaml" | "yml", Some(_)) => Err(ModelError::ActivationTwice { path: path.to_owned() }),
            ("safetensors" | "npz", Some(activation)) => state_dict::read(path, activation),
            ("safetensors" | "npz", None) => Err(ModelError::ActivationMissing { path: path.to_owned() }),
            _ => Err(ModelError::Ending { path: path.to_owned() }),
        }
    }

    /// Reads the state dict of a `torch.nn.Sequential` with one activation between its linear layers.
    ///
    /// # Errors
    /// As [`Network::open`].
    pub fn from_safetensors(path: impl AsRef<Path>, activation: Activation) -> Result<Self, ModelError> {
        state_dict::read(path.as_ref(), activation)
    }
}
