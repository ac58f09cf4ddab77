//! Why a file is no network.

use std::path::{Path, PathBuf};

use jetc_operators::diagnostic::SpecError;
use jetc_operators::printable_path;

use super::OnnxError;
use crate::activation::Activation;
use crate::files::{FileError, of_weights};
use crate::network::{NetworkError, NetworkNumber};

/// Why a file is no network.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The file of the weights cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The YAML file has mistakes; each knows its place.
    #[error("{0}")]
    Layers(Box<SpecError>),
    /// The YAML file is not there, or is no text.
    #[error("cannot read {}", printable_path(path))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Layers do not fit together.
    #[error("{}: the layers do not fit together", printable_path(path))]
    Network {
        /// The file.
        path: PathBuf,
        /// The layer.
        source: NetworkError,
    },
    /// A number that is NaN or infinite, perhaps one that was computed from others.
    #[error("{}: {number}; the numbers of a network must be finite", printable_path(path))]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// The number.
        number: NetworkNumber,
    },
    /// Layers that do not tell how many inputs there are.
    #[error(
        "{}: the layers do not tell how many inputs there are; say `inputs: 2`, or begin with a `linear` layer",
        printable_path(path)
    )]
    InputsUnknown {
        /// The file.
        path: PathBuf,
    },
    /// A state dict without an activation.
    #[error(
        "{}: a state dict does not say which activation stands between its layers; give one of {}",
        printable_path(path),
        itertools::join(Activation::ALL.map(Activation::name), ", ")
    )]
    ActivationMissing {
        /// The file.
        path: PathBuf,
    },
    /// An activation for a file that names its own.
    #[error("{}: the file names its activations itself; leave the other one away", printable_path(path))]
    ActivationTwice {
        /// The file.
        path: PathBuf,
    },
    /// An ONNX file is no network, or none that can be carried.
    #[error("{}: cannot be carried as a network", printable_path(path))]
    Onnx {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<OnnxError>,
    },
    /// A model file is drafted for a state dict alone.
    #[error("{}: a YAML model file names the tensors of a state dict (.safetensors, .npz); this file is a whole network", path.display())]
    NoStateDict {
        /// The file.
        path: PathBuf,
    },
    /// The ending is none of a network's.
    #[error(
        "{}: networks are read from .safetensors, .npz, .yaml and .onnx{}",
        printable_path(path),
        path.extension().and_then(|ending| of_weights(&ending.to_string_lossy())).map(|advice| format!("; {advice}")).unwrap_or_default()
    )]
    Ending {
        /// The file.
        path: PathBuf,
    },
}

impl ModelError {
    pub(super) fn onnx(path: &Path, source: OnnxError) -> Self {
        Self::Onnx { path: path.to_owned(), source: Box::new(source) }
    }
}

impl From<SpecError> for ModelError {
    fn from(error: SpecError) -> Self {
        Self::Layers(Box::new(error))
    }
}
