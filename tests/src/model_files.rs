//! The model files of `data/models`, each with operators of its network by nested automatic differentiation.

use std::fs;
use std::path::PathBuf;

use safetensors::SafeTensors;
use serde_json::Value;

use crate::reference::{Operator, list, package, read, tensor, text};

/// A model file, points, and operators of the network at the points.
#[derive(Debug)]
pub struct ModelCase {
    /// The name of its folder.
    pub name: String,
    /// The inputs of the network.
    pub coordinates: Vec<String>,
    /// The file.
    pub model: PathBuf,
    /// The points, \[N, n\] row by row.
    pub points: Vec<f64>,
    /// The operators with their values.
    pub operators: Vec<Operator>,
}

/// All folders that have a model file, by name.
///
/// # Panics
/// If there are none, or files are not as `oracle/models/export.py` describes them.
pub fn model_cases() -> Vec<ModelCase> {
    let folder = package().join("data/models");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut models: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder can be listed").path().join("model.yaml"))
        .filter(|path| path.is_file())
        .collect();
    models.sort();
    assert!(!models.is_empty(), "no model files in {}", folder.display());
    models.into_iter().map(case).collect()
}

fn case(model: PathBuf) -> ModelCase {
    let folder = model.parent().expect("a file lies in a folder").to_owned();
    let json: Value = serde_json::from_slice(&read(&folder.join("case.json"))).expect("case.json is JSON");
    let bytes = read(&folder.join("reference.safetensors"));
    let tensors = SafeTensors::deserialize(&bytes).expect("reference.safetensors is sound");
    let operators = json["operators"].as_object().expect("a case has operators");
    let operator = |(key, formula): (&String, &Value)| Operator {
        key: key.clone(),
        formula: text(formula),
        values: tensor(&tensors, key),
    };
    ModelCase {
        name: folder.file_name().expect("a case has a name").to_string_lossy().into_owned(),
        coordinates: list(&json["coordinates"]).iter().map(text).collect(),
        points: tensor(&tensors, "points"),
        operators: operators.iter().map(operator).collect(),
        model,
    }
}
