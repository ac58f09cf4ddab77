//! Model files: every kind of layer against its formula, and every mistake in its place.

mod draft;
mod errors;
mod formulas;
mod hostile;
mod layers;
mod page;
mod parameters;
mod start;

use std::collections::BTreeMap;

use jetc_operators::document::Document;
use jetc_operators::document::decode::decode_document;
use jetc_operators::{OperatorSpec, Strategy};
use safetensors::tensor::{Dtype, TensorView};

use super::file::ModelFile;
use super::tensor_files::TensorFiles;
use super::{ModelError, build};
use crate::network::Network;
use crate::reference;

/// Tensors by name, with their shapes.
type Tensors<'a> = &'a [(&'a str, &'a [usize], &'a [f64])];

/// The network of a file that names no tensors.
fn network(yaml: &str) -> Result<Network<f64>, String> {
    let document = Document::parse("model.yaml", yaml).map_err(|error| error.to_string())?;
    let file: ModelFile = decode_document(&document).map_err(|error| error.to_string())?;
    let built =
        build(&file, &mut TensorFiles::default(), &document, None).map_err(|error| error.to_string())?;
    built.ok_or_else(|| "the number of inputs is not known".to_owned())
}

/// The network of a file whose `weights` are `w.safetensors` with these tensors.
fn network_with(tensors: Tensors<'_>, yaml: &str) -> Result<Network<f64>, ModelError> {
    let folder = tempfile::tempdir().unwrap();
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|tensor| tensor.2.iter().flat_map(|x| x.to_le_bytes()).collect()).collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        ((*name).to_owned(), TensorView::new(Dtype::F64, shape.to_vec(), bytes).unwrap())
    });
    let views: BTreeMap<String, TensorView<'_>> = views.collect();
    std::fs::write(folder.path().join("w.safetensors"), safetensors::serialize(views, None).unwrap())
        .unwrap();
    let path = folder.path().join("model.yaml");
    std::fs::write(&path, yaml).unwrap();
    super::read(&path)
}

/// The outputs at a point.
fn values(network: &Network<f64>, point: &[f64]) -> Vec<f64> {
    let names: Vec<String> = (1..=point.len()).map(|number| format!("x{number}")).collect();
    let yaml = format!("coordinates: [{}]\noutputs: {{r: u}}\n", names.join(", "));
    let plan = OperatorSpec::from_yaml("value", &yaml).unwrap().plan(Strategy::Minimal).unwrap();
    reference::evaluate(network, &plan, point).unwrap().remove(0)
}

/// Fails unless the layers, given as a YAML list, take the point to these values.
fn assert_layers(inputs: &str, layers: &str, point: &[f64], expected: &[f64]) {
    let network = network(&format!("inputs: {inputs}\nlayers: {layers}\n"));
    assert_values(&network.unwrap_or_else(|error| panic!("{layers}: {error}")), layers, point, expected);
}

fn assert_values(network: &Network<f64>, what: &str, point: &[f64], expected: &[f64]) {
    let found = values(network, point);
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() <= 1e-13 * (1.0 + expected.abs()),
            "{what}: {found} is not {expected}"
        );
    }
}
