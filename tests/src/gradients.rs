//! The cases of `data/gradients`: derivatives of operators of networks by parameters, points and unknowns, by nested
//! automatic differentiation.

use std::path::{Path, PathBuf};

use jetc_runtime::Activation;
use jetc_runtime::network::Parameters;
use safetensors::SafeTensors;
use serde_json::Value;

use crate::reference::{folders, list, read, tensor, text, texts};

/// An operator, a network, and what their derivatives are.
#[derive(Debug, Clone)]
pub struct GradientCase {
    /// The name of its folder.
    pub name: String,
    /// The operator file.
    pub operator: String,
    /// The network's file.
    pub network: PathBuf,
    /// The activation of a state dict.
    pub activation: Option<Activation>,
    /// The points, \[N, n\] row by row.
    pub points: Vec<f64>,
    /// The targets g, \[N, columns\].
    pub targets: Vec<f64>,
    /// The cotangents w, \[N, columns\].
    pub cotangents: Vec<f64>,
    /// The values of the unknowns, if there are any.
    pub unknowns: Vec<f64>,
    /// The results r, \[N, columns\].
    pub results: Vec<f64>,
    /// L = 1/N Σ (r − g)².
    pub loss: f64,
    /// ∂L by the parameters.
    pub gradient: Vec<NamedTensor>,
    /// ∂ Σ w r by the points, \[N, n\].
    pub of_points: Vec<f64>,
    /// ∂ Σ w r by the unknowns.
    pub of_unknowns: Vec<f64>,
    /// Some rows of J, each with its number.
    pub rows: Vec<(usize, Vec<NamedTensor>)>,
    /// v, in the shapes of the parameters.
    pub direction: Vec<NamedTensor>,
    /// J v, \[N, columns\].
    pub jvp: Vec<f64>,
    /// The names of tensors that are no parameters.
    pub constants: Vec<String>,
}

impl GradientCase {
    /// The same with every point so many times, all points one after another before they come again: the loss stays, as a mean
    /// does, and derivatives by unknowns are multiplied.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "a small number of copies")]
    pub fn repeated(mut self, copies: usize) -> Self {
        let of_points = [&mut self.points, &mut self.targets, &mut self.cotangents];
        for rows in of_points.into_iter().chain([&mut self.results, &mut self.of_points, &mut self.jvp]) {
            *rows = rows.repeat(copies);
        }
        self.of_unknowns.iter_mut().for_each(|x| *x *= copies as f64);
        self
    }
}

/// What belongs to one parameter, of the same shape.
#[derive(Debug, Clone)]
pub struct NamedTensor {
    /// The parameter's name.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// The numbers, row-major.
    pub values: Vec<f64>,
}

/// All cases by name.
///
/// # Panics
/// If there are none, or files are not as `oracle/gradients/generate.py` describes them.
pub fn cases() -> Vec<GradientCase> {
    cases_of("data/gradients")
}

/// The same for another folder of this package.
///
/// # Panics
/// As [`cases`].
pub fn cases_of(parent: &str) -> Vec<GradientCase> {
    folders(parent).iter().map(|folder| case(folder)).collect()
}

/// Tensors by name in one vector, in the order in which a network has its parameters.
///
/// # Panics
/// If names or shapes are not those of the parameters.
pub fn flat<S>(tensors: &[NamedTensor], parameters: &Parameters<S>) -> Vec<f64> {
    let mut flat = vec![f64::NAN; parameters.len()];
    for tensor in tensors {
        let (parameter, _) =
            parameters.get(&tensor.name).unwrap_or_else(|| panic!("{} is no parameter", tensor.name));
        assert_eq!(parameter.shape, tensor.shape, "the shape of {}", tensor.name);
        flat[parameter.offset..][..parameter.size()].copy_from_slice(&tensor.values);
    }
    let missing = parameters.tensors().iter().find(|parameter| flat[parameter.offset].is_nan());
    assert!(missing.is_none(), "no derivatives by {missing:?} are stored");
    flat
}

fn case(folder: &Path) -> GradientCase {
    let json: Value = serde_json::from_slice(&read(&folder.join("case.json"))).expect("case.json is JSON");
    let bytes = read(&folder.join("reference.safetensors"));
    let tensors = SafeTensors::deserialize(&bytes).expect("reference.safetensors is sound");
    let has_unknowns = tensors.names().contains(&"unknowns");
    let if_unknowns = |name| if has_unknowns { tensor(&tensors, name) } else { Vec::new() };
    let row = |number: &Value| {
        let number = number.as_u64().and_then(|row| usize::try_from(row).ok()).expect("a number of a row");
        (number, group(&tensors, &format!("row{number}")))
    };
    let rows: Vec<_> = list(&json["rows"]).iter().map(row).collect();
    assert!(!rows.is_empty(), "a case without rows");
    GradientCase {
        name: folder.file_name().expect("a case has a name").to_string_lossy().into_owned(),
        operator: String::from_utf8(read(&folder.join("operator.yaml"))).expect("operator.yaml is text"),
        network: folder.join(text(&json["network"])),
        activation: json["activation"].as_str().map(|name| name.parse().expect("the activation is known")),
        points: tensor(&tensors, "points"),
        targets: tensor(&tensors, "targets"),
        cotangents: tensor(&tensors, "cotangents"),
        unknowns: if_unknowns("unknowns"),
        results: tensor(&tensors, "results"),
        loss: tensor(&tensors, "loss")[0],
        gradient: group(&tensors, "gradient"),
        of_points: tensor(&tensors, "of_points"),
        of_unknowns: if_unknowns("of_unknowns"),
        rows,
        direction: group(&tensors, "direction"),
        jvp: tensor(&tensors, "jvp"),
        constants: texts(&json["constants"]),
    }
}

/// The tensors `prefix/<name>`, by name.
fn group(tensors: &SafeTensors<'_>, prefix: &str) -> Vec<NamedTensor> {
    let start = format!("{prefix}/");
    let mut names: Vec<&str> =
        tensors.names().into_iter().filter_map(|name| name.strip_prefix(&start)).collect();
    names.sort_unstable();
    assert!(!names.is_empty(), "no tensors {start}…");
    let named = |name: &str| {
        let key = format!("{start}{name}");
        let shape = tensors.tensor(&key).expect("it is in the list").shape().to_vec();
        NamedTensor { name: name.to_owned(), shape, values: tensor(tensors, &key) }
    };
    names.into_iter().map(named).collect()
}
