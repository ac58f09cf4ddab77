#![doc = include_str!("../model.md")]

mod file;
mod limits;
mod tensor_files;
mod start;
mod array;
mod context;
mod formula;
mod output;
mod layer;
mod layers;
mod draft;
mod schema;
#[cfg(test)]
mod tests;

pub use draft::draft;
pub use schema::json_schema;
pub use start::{Begun, Start, begin};

use std::io::Read;
use std::path::{Path, PathBuf};

use jetc_operators::diagnostic::SpecError;
use jetc_operators::document::decode::decode_document;
use jetc_operators::document::{self, Document};

use self::context::Context;
use self::file::{Inputs, ModelFile, WeightFiles};
use self::layer::Incoming;
use self::tensor_files::TensorFiles;
use super::{ModelError, sound};
use crate::network::Network;

pub(super) fn read(path: &Path) -> Result<Network<f64>, ModelError> {
    let document = Document::from_bytes(&path.display().to_string(), &read_bytes(path)?)?;
    let file: ModelFile = decode_document(&document)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut weights = TensorFiles::open(file.weights.as_ref(), folder)?;
    match build(&file, &mut weights, &document, None)? {
        Some(network) => Ok(network),
        None => Err(ModelError::InputsUnknown { path: path.to_owned() }),
    }
}

/// The files of tensors that a model file names; none if it cannot be read.
pub(super) fn weight_files(path: &Path) -> Vec<PathBuf> {
    let bytes = read_bytes(path).ok();
    let document = bytes.and_then(|bytes| Document::from_bytes(&path.to_string_lossy(), &bytes).ok());
    let file: Option<ModelFile> = document.and_then(|document| decode_document(&document).ok());
    let folder = path.parent().unwrap_or(Path::new(""));
    let weights = file.and_then(|file| file.weights);
    weights.iter().flat_map(WeightFiles::names).map(|name| folder.join(name)).collect()
}

/// The network of a file; nothing if its number of inputs is not known. With dice, tensors that are not there begin with what
/// they show.
fn build<'a>(
    file: &'a ModelFile,
    weights: &'a mut TensorFiles,
    document: &'a Document,
    dice: Option<&'a mut (dyn FnMut(Start) -> f64 + 'a)>,
) -> Result<Option<Network<f64>>, SpecError> {
    let stated = file.inputs.as_ref();
    let inputs = match stated {
        Some(inputs) => Some(inputs.count()),
        None => match Incoming::first(&file.layers, weights) {
            Incoming::Features(features) => Some(features),
            Incoming::Any | Incoming::Untold => None,
        },
    };
    let mut context = Context::new(inputs.unwrap_or(0), stated, weights, dice, &document.text);
    let point = inputs.map(|_| context.graph.input());
    let features = layer::sequence(&file.layers, point, &mut context);
    let output = output::apply(file, features, &mut context);
    let (network, outputs) = match output {
        Some((output, names)) => (context.build(output), names),
        None => (None, None),
    };
    if !context.reader.diagnostics.is_empty() {
        return Err(document.error(context.reader.diagnostics));
    }
    Ok(network.map(|network| {
        let inputs = stated.filter(|inputs| !matches!(inputs, Inputs::Count(_))).map(Inputs::names);
        network.with_input_names(inputs).with_output_names(outputs)
    }))
}

/// A model file has the limits of any other YAML file; what is longer is not read at all.
fn read_bytes(path: &Path) -> Result<Vec<u8>, ModelError> {
    let io = |source| ModelError::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let most = document::limits::FILE_BYTES as u64 + 1;
    std::fs::File::open(path).map_err(io)?.take(most).read_to_end(&mut bytes).map_err(io)?;
    Ok(bytes)
}
