//! The reference values of `data/reference`: small networks and operators of them by nested automatic differentiation.
//!
//! They are read with the `safetensors` package itself, so that a defect of jetc's own reader does not go unseen.

use std::fs;
use std::path::{Path, PathBuf};

use jetc_runtime::Activation;
use safetensors::{Dtype, SafeTensors};
use serde_json::Value;

/// A network, points, and operators of the network at the points.
#[derive(Debug)]
pub struct Case {
    /// The name of its folder.
    pub name: String,
    /// The activation between the layers.
    pub activation: Activation,
    /// The inputs of the network.
    pub coordinates: Vec<String>,
    /// The state dict of the network.
    pub network: PathBuf,
    /// The points, \[N, n\] row by row.
    pub points: Vec<f64>,
    /// The operators with their values.
    pub operators: Vec<Operator>,
    /// The directions of a weighted Laplacian.
    pub directions: Vec<Vec<f64>>,
}

/// An operator and its values.
#[derive(Debug)]
pub struct Operator {
    /// What the files call it.
    pub key: String,
    /// A name such as `biharmonic`, or a sum of partial derivatives of `u`.
    pub formula: String,
    /// The operator of each network output at each point, \[N, m\] row by row.
    pub values: Vec<f64>,
}

impl Operator {
    /// The operator as operator files write it.
    pub fn expression(&self) -> &str {
        match self.formula.as_str() {
            "laplacian" => "lap(u)",
            "biharmonic" => "lap(lap(u))",
            "triharmonic" => "lap(lap(lap(u)))",
            partial_derivatives => partial_derivatives,
        }
    }
}

/// The folder of this package.
pub fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of the whole project.
///
/// # Panics
/// Never: the package lies in it.
pub fn project() -> &'static Path {
    package().parent().expect("the package lies in the project")
}

/// All cases by name.
///
/// # Panics
/// If there are none, or files are not as `oracle/reference.py` describes them.
pub fn cases() -> Vec<Case> {
    folders("data/reference").iter().map(|folder| case(folder)).collect()
}

/// The folders in a folder of this package that hold a case, by name.
pub(crate) fn folders(parent: &str) -> Vec<PathBuf> {
    let folder = package().join(parent);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.join("case.json").is_file())
        .collect();
    folders.sort();
    assert!(!folders.is_empty(), "no reference cases in {}", folder.display());
    folders
}

fn case(folder: &Path) -> Case {
    let json: Value = serde_json::from_slice(&read(&folder.join("case.json"))).expect("case.json is JSON");
    let bytes = read(&folder.join("reference.safetensors"));
    let tensors = SafeTensors::deserialize(&bytes).expect("reference.safetensors is sound");
    Case {
        name: folder.file_name().expect("a case has a name").to_string_lossy().into_owned(),
        activation: text(&json["activation"]).parse().expect("the activation is known"),
        coordinates: texts(&json["coordinates"]),
        network: folder.join("net.safetensors"),
        points: tensor(&tensors, "points"),
        operators: operators(&json, &tensors),
        directions: json.get("directions").map_or(Vec::new(), |rows| list(rows).iter().map(row).collect()),
    }
}

/// The operators of a case with their values.
pub(crate) fn operators(json: &Value, tensors: &SafeTensors<'_>) -> Vec<Operator> {
    let operators = json["operators"].as_object().expect("a case has operators");
    assert!(!operators.is_empty(), "a case without operators");
    let operator = |(key, formula): (&String, &Value)| Operator {
        key: key.clone(),
        formula: text(formula),
        values: tensor(tensors, key),
    };
    operators.iter().map(operator).collect()
}

pub(crate) fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn texts(value: &Value) -> Vec<String> {
    list(value).iter().map(text).collect()
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is no list"))
}

fn row(value: &Value) -> Vec<f64> {
    list(value).iter().map(|entry| entry.as_f64().expect("directions are numbers")).collect()
}

pub(crate) fn tensor(tensors: &SafeTensors<'_>, name: &str) -> Vec<f64> {
    let view = tensors.tensor(name).unwrap_or_else(|error| panic!("tensor {name}: {error}"));
    assert_eq!(view.dtype(), Dtype::F64, "{name}");
    let (numbers, rest) = view.data().as_chunks::<8>();
    assert!(rest.is_empty() && !numbers.is_empty(), "{name}");
    numbers.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect()
}
