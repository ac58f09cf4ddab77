//! From the bytes of a file to its messages.

use std::io::Read;
use std::path::Path;

use prost::Message;
use prost::bytes::Bytes;

use super::OnnxError;
use super::proto::Model;
use crate::files::{self, FileError, Origin};
use crate::model::ModelError;

/// The most bytes of a file; protocol buffers have no more. Larger weights lie in files beside it.
const MOST_BYTES: u64 = (1 << 31) - 1;

/// The model in a file. Messages may be nested a hundred deep; lengths are checked against the file before anything is
/// allocated.
pub(super) fn read(path: &Path) -> Result<Model, ModelError> {
    let (file, length) = files::open_measured(path)?;
    if length > MOST_BYTES {
        return Err(ModelError::onnx(path, OnnxError::FileSize { length, limit: MOST_BYTES }));
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES)
        .read_to_end(&mut bytes)
        .map_err(|reason| FileError::Read { origin: Origin::new(path), reason })?;
    decode(path, bytes.into())
}

/// The model in these bytes of a file, or of what is called like one.
pub(super) fn decode(name: &Path, bytes: Bytes) -> Result<Model, ModelError> {
    let length = bytes.len() as u64;
    if length > MOST_BYTES {
        return Err(ModelError::onnx(name, OnnxError::FileSize { length, limit: MOST_BYTES }));
    }
    let looks_like = files::looks_like(&bytes[..bytes.len().min(16)]);
    Model::decode(bytes).map_err(|source| ModelError::onnx(name, OnnxError::Malformed { looks_like, source }))
}
