//! File formats of points, results and weights.
//!
//! | what | formats | front door |
//! |---|---|---|
//! | points, `[N, n]` | `.npy`, `.npz`, `.csv` | [`PointReader`] |
//! | matrices that operator files name | the same | [`MatrixFiles`] |
//! | results, `[N, m]` | `.npy`, `.npz`, `.csv` | [`ResultWriter`] |
//! | any bytes | | [`Destination`] |
//! | weights, named tensors | `.safetensors`, `.npz` | [`TensorFile`], [`Sequential`] |
//! | what belongs to weights, such as gradients | `.safetensors`, `.npz` | [`NamedTensors`] |
//! | a matrix with many columns, such as a Jacobian | `.npy`, `.npz` | [`MatrixWriter`] |
//!
//! Points and results stream in blocks of rows, so memory does not grow with `N`. Results have no name until they are
//! complete: a run that fails, or is killed, leaves nothing behind.
//!
//! *Architecture invariant:* a file is not trusted. Whatever its bytes say, reading ends in values or in a
//! [`FileError`]; sizes are compared with the length of the file before memory is taken for them.

mod error;
mod origin;

mod note;
mod points;
mod results;
mod matrix;
mod matrices;
mod destination;
mod temporary;
mod unfinished;

mod outline;
mod sequential;
mod tensors;
mod named_tensors;

mod csv;
mod npy;
mod npz;
mod safetensors;
mod zip;

mod describe;
mod element;
mod open;
mod remedy;
mod suggest;

pub(crate) use describe::listed;
pub use destination::Destination;
pub use element::ElementKind;
pub use error::FileError;
pub use matrices::MatrixFiles;
pub use matrix::MatrixWriter;
pub use named_tensors::{NamedTensor, NamedTensors};
pub use note::PointNote;
pub(crate) use open::{looks_like, open_measured};
pub use origin::Origin;
pub use outline::{Outline, OutlinedLayer};
pub use points::PointReader;
pub(crate) use remedy::of_weights;
pub use results::{ResultFloat, ResultGroup, ResultLayout, ResultPrecision, ResultWriter};
pub use sequential::{LinearLayer, Sequential, UnknownTensor, UnknownTensorReason};
pub use tensors::{Tensor, TensorFile};
pub use unfinished::Unfinished;
pub use zip::ZipFault;
