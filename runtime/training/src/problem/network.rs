//! The network of a problem: a model file with its tensors, from widths or from files.
//!
//! | layer | function |
//! |---|---|
//! | normalise | the box around the domain ↦ \[−1, 1\]ⁿ |
//! | periodic | a coordinate of period 2 ↦ cos πx, sin πx |
//! | Fourier features | cos 2πBx, sin 2πBx with B from the normal distribution |
//! | linear, activation | W x + b, with W uniform of variance 1/inputs, b uniform in \[−1, 1\] before the first activation and in \[−1/2, 1/2\] before others |
//!
//! W is as LeCun has it (Efficient BackProp, 1998); biases spread the kinks of a layer over the range of its inputs.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use jetc_runtime::files::{Destination, FileError, NamedTensor, NamedTensors, ResultPrecision, TensorFile};
use jetc_runtime::{ModelError, Network};

use crate::random::Random;

/// A model file and its tensors.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The text of `model.yaml`.
    pub text: String,
    /// Names, shapes and numbers of all tensors.
    pub tensors: Vec<(String, Vec<usize>, Vec<f64>)>,
}

/// The name of the file of tensors in the text.
pub const WEIGHTS: &str = "model.safetensors";

/// What a network is made from.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    pub(super) inputs: Vec<String>,
    /// The families of counted coordinates are named one by one.
    pub(super) ranges: Vec<[f64; 2]>,
    pub(super) periodic: Vec<usize>,
    pub(super) fourier: Option<(usize, f64)>,
    pub(super) hidden: Vec<usize>,
    pub(super) activation: String,
    pub(super) factorised: bool,
    pub(super) fields: Vec<String>,
    /// Expressions for the fields, if they are not what comes out of the layers.
    pub(super) output: Option<Vec<(String, String)>>,
}

impl Model {
    /// A network with random weights.
    pub(super) fn random(layout: &Layout, seed: u64) -> Self {
        let mut random = Random::new(seed, 0x6e65_7477);
        let (mut text, mut tensors) = (String::new(), Vec::new());
        let names = |names: &[String]| names.iter().map(|name| quoted(name)).collect::<Vec<_>>().join(", ");
        let write = |text: &mut String, line: std::fmt::Arguments<'_>| {
            text.write_fmt(line).expect("strings take everything");
        };
        write(&mut text, format_args!("weights: {WEIGHTS}\ninputs: [{}]\nlayers:\n", names(&layout.inputs)));
        tensors.push(vector("domain.lower", layout.ranges.iter().map(|range| range[0]).collect()));
        tensors.push(vector("domain.upper", layout.ranges.iter().map(|range| range[1]).collect()));
        text.push_str("  - normalise: {lower: domain.lower, upper: domain.upper}\n");
        let mut width = layout.inputs.len();
        if !layout.periodic.is_empty() {
            let waves = layout.periodic.iter().map(|at| format!("{{coordinate: {at}, period: 2}}"));
            write(&mut text, format_args!("  - periodic: [{}]\n", waves.collect::<Vec<_>>().join(", ")));
            width += layout.periodic.len();
        }
        if let Some((features, scale)) = layout.fourier {
            let entries = (0..features * width).map(|_| scale * random.normal()).collect();
            tensors.push(("fourier.matrix".to_owned(), vec![features, width], entries));
            text.push_str("  - fourier: {matrix: fourier.matrix, scale: 2*pi, fixed: true}\n");
            width = 2 * features;
        }
        let widths = layout.hidden.iter().copied().chain([layout.fields.len()]);
        for (number, next) in widths.enumerate() {
            let is_last = number == layout.hidden.len();
            let bound = (3.0 / lossy(width)).sqrt();
            let weight: Vec<f64> = (0..next * width).map(|_| random.between(-bound, bound)).collect();
            let spread = if is_last {
                0.0
            } else if number == 0 {
                1.0
            } else {
                0.5
            };
            let bias: Vec<f64> = (0..next).map(|_| random.between(-spread, spread)).collect();
            let name = format!("layers.{number}");
            if layout.factorised {
                // W = diag(exp s) V with s from the normal distribution of mean 1 and deviation 0.1, as Wang et al. have it.
                let scales: Vec<f64> = (0..next).map(|_| 1.0 + 0.1 * random.normal()).collect();
                let rows = weight.chunks_exact(width).zip(&scales);
                let directions = rows.flat_map(|(row, s)| row.iter().map(move |w| w / s.exp())).collect();
                tensors.push((format!("{name}.v"), vec![next, width], directions));
                tensors.push(vector(&format!("{name}.s"), scales));
                tensors.push(vector(&format!("{name}.bias"), bias));
                write(
                    &mut text,
                    format_args!(
                        "  - linear: {{factorised: {{v: {name}.v, s: {name}.s}}, bias: {name}.bias}}\n"
                    ),
                );
            } else {
                tensors.push((format!("{name}.weight"), vec![next, width], weight));
                tensors.push(vector(&format!("{name}.bias"), bias));
                write(&mut text, format_args!("  - linear: {name}\n"));
            }
            if !is_last {
                write(&mut text, format_args!("  - {}\n", quoted(&layout.activation)));
            }
            width = next;
        }
        write(&mut text, format_args!("fields: [{}]\n", names(&layout.fields)));
        if let Some(output) = &layout.output {
            text.push_str("output:\n");
            for (name, expression) in output {
                write(&mut text, format_args!("  {}: {}\n", quoted(name), quoted(expression)));
            }
        }
        Self { text, tensors }
    }

    /// Takes tensors of a file of weights, where names and shapes agree; the names of those that it lacks.
    pub(super) fn take(&mut self, path: &Path) -> Result<Vec<String>, FileError> {
        let file = TensorFile::open(path)?;
        let mut missing = Vec::new();
        for (name, shape, data) in &mut self.tensors {
            match file.shape(name) {
                Some(found) if found == shape.as_slice() => *data = file.tensor(name)?.data,
                _ if name.starts_with("domain.") => {}
                _ => missing.push(name.clone()),
            }
        }
        Ok(missing)
    }

    /// The numbers of a network in the place of those that it was read with.
    pub fn update(&mut self, network: &Network<f64>, parameters: &[f64]) {
        for tensor in network.parameters().tensors() {
            if let Some((_, _, data)) = self.tensors.iter_mut().find(|(name, _, _)| *name == tensor.name) {
                data.copy_from_slice(&parameters[tensor.offset..][..tensor.size()]);
            }
        }
    }

    /// Writes `model.safetensors`, then `model.yaml`.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, folder: &Path) -> Result<PathBuf, FileError> {
        let tensors = self.tensors.iter().map(|(name, shape, data)| NamedTensor { name, shape, data });
        let place = Destination::new(folder.join(WEIGHTS))?;
        NamedTensors::new(ResultPrecision::F64, tensors.collect()).write(&place)?;
        let path = folder.join("model.yaml");
        Destination::new(&path)?.write(self.text.as_bytes())?;
        Ok(path)
    }

    /// The network.
    ///
    /// # Errors
    /// What is wrong with a layer or a tensor.
    pub fn network(&self) -> Result<Network<f64>, ModelError> {
        let io = |source| ModelError::Io { path: PathBuf::from("model.yaml"), source };
        let folder = tempfile::tempdir().map_err(io)?;
        let path = self.write(folder.path()).map_err(|error| io(std::io::Error::other(error)))?;
        Network::open(path, None)
    }
}

fn vector(name: &str, values: Vec<f64>) -> (String, Vec<usize>, Vec<f64>) {
    (name.to_owned(), vec![values.len()], values)
}

/// A text in double quotes, unless nothing else can be meant by it.
fn quoted(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && !matches!(text, "null" | "true" | "false");
    if is_plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

#[allow(clippy::cast_precision_loss, reason = "a width")]
fn lossy(count: usize) -> f64 {
    count as f64
}
