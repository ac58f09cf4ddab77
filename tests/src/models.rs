//! The reference models of `data/models`: small networks as ONNX files, and operators of them by nested automatic
//! differentiation.

use std::path::PathBuf;

use safetensors::SafeTensors;
use serde_json::Value;

use crate::reference::{self, Operator};

/// One function in several files, points, and operators of the function at the points.
#[derive(Debug)]
pub struct ModelCase {
    /// The name of its folder.
    pub name: String,
    /// The inputs of the network.
    pub coordinates: Vec<String>,
    /// The same network as several exporters and opsets write it.
    pub files: Vec<PathBuf>,
    /// The points, \[N, n\] row by row.
    pub points: Vec<f64>,
    /// The operators with their values.
    pub operators: Vec<Operator>,
}

/// All cases by name.
///
/// # Panics
/// If there are none, or files are not as `oracle/models/export.py` describes them.
pub fn cases() -> Vec<ModelCase> {
    let case = |folder: &PathBuf| {
        let json: Value =
            serde_json::from_slice(&reference::read(&folder.join("case.json"))).expect("case.json is JSON");
        let bytes = reference::read(&folder.join("reference.safetensors"));
        let tensors = SafeTensors::deserialize(&bytes).expect("reference.safetensors is sound");
        let files =
            reference::list(&json["models"]).iter().map(|model| folder.join(reference::text(&model["file"])));
        ModelCase {
            name: folder.file_name().expect("a case has a name").to_string_lossy().into_owned(),
            coordinates: reference::texts(&json["coordinates"]),
            files: files.collect(),
            points: reference::tensor(&tensors, "points"),
            operators: reference::operators(&json, &tensors),
        }
    };
    reference::folders("data/models").iter().map(case).collect()
}
