//! How tensors begin where a model file has no weights: each layer says the shapes and the distributions of its own.
//!
//! | tensor | first numbers |
//! |---|---|
//! | W \[out, in\] of a linear layer | uniform in ±gain · √(6/(in + out)) (Glorot and Bengio, AISTATS 2010) |
//! | biases, shifts | 0 |
//! | factors of normalisations | 1 |
//! | s of W = diag(exp s) V | normal, of mean 1 and deviation 0.1; V = diag(exp −s) W with W as above (Wang et al., arXiv 2210.01274) |
//! | g of weight normalisation | the norms of the rows of V, so that W is V |
//! | B of Fourier features | normal, of mean 0 and the deviation that is given (Tancik et al., NeurIPS 2020) |
//! | α of a PirateNet | 0: the network begins as a shallow one (Wang et al., J. Mach. Learn. Res. 25 (2024)) |
//!
//! Checked by `every_tensor_begins_with_its_distribution`.

use jetc_operators::document::Document;
use jetc_operators::document::decode::decode_document;

use super::super::ModelError;
use super::file::ModelFile;
use super::tensor_files::TensorFiles;
use super::{build, sound};
use crate::files::Tensor;
use crate::network::Network;

/// Where the first value of a number comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Start {
    /// Uniform between −bound and bound.
    Uniform {
        /// The bound.
        bound: f64,
    },
    /// Normal.
    Normal {
        /// The mean.
        mean: f64,
        /// The standard deviation.
        deviation: f64,
    },
    /// Always this.
    Constant(f64),
}

impl Start {
    /// Of a weight \[rows, columns\], so that neither values nor gradients grow from layer to layer.
    #[allow(clippy::cast_precision_loss, reason = "widths are far below 2⁵³")]
    pub(super) fn glorot(gain: f64, rows: usize, columns: usize) -> Self {
        Self::Uniform { bound: gain * (6.0 / (rows + columns) as f64).sqrt() }
    }
}

/// A network that begins without weights.
#[derive(Debug)]
pub struct Begun {
    /// The network.
    pub network: Network<f64>,
    /// The tensors that the file lacks, by name, in the order of its layers: written to its `weights`, they give the same network.
    pub tensors: Vec<(String, Tensor)>,
}

/// The network of a model file without `weights`, with first numbers from `draw`.
///
/// Shapes follow from the layers: `linear: {out: 64}`, `fourier: {features: 64}`.
///
/// # Errors
/// As [`Network::open`]; tensors whose shape nothing says.
///
/// # Example
/// ```
/// use jetc_operators::document::Document;
/// use jetc_runtime::model::yaml::{Start, begin};
///
/// let text = "inputs: [x, y]\nlayers: [{linear: {out: 8}}, tanh, {linear: {out: 1}}]";
/// let begun = begin(&Document::parse("net.yaml", text)?, &mut |start| match start {
///     Start::Constant(value) => value,
///     Start::Uniform { bound } => bound / 2.0,
///     Start::Normal { mean, .. } => mean,
/// })?;
/// let names: Vec<&str> = begun.tensors.iter().map(|(name, _)| name.as_str()).collect();
/// assert_eq!(names[..2], ["layers[0].linear.weight", "layers[0].linear.bias"]);
/// assert_eq!(begun.network.parameters().len(), 8 * 2 + 8 + 8 + 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn begin(document: &Document, draw: &mut dyn FnMut(Start) -> f64) -> Result<Begun, ModelError> {
    let file: ModelFile = decode_document(document)?;
    let mut tensors = TensorFiles::default();
    match build(&file, &mut tensors, document, Some(&mut *draw))? {
        Some(network) => {
            let network = sound(network, document.source_name.as_ref())?;
            Ok(Begun { network, tensors: tensors.into_begun() })
        }
        None => Err(ModelError::InputsUnknown { path: document.source_name.clone().into() }),
    }
}
