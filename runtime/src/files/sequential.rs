//! The state dict of a `torch.nn.Sequential`: which tensors are which layer.

use std::collections::BTreeMap;

use thiserror::Error;

use super::describe::shorten;
use super::{FileError, Outline, OutlinedLayer, Tensor, TensorFile};
use UnknownTensorReason as Reason;

/// A sequence of linear layers, read from tensors called `0.weight`, `0.bias`, `2.weight`, ….
///
/// A common prefix may stand in front of the numbers (`net.0.weight`, `linears.0.weight`). Layers are in the order
/// of their numbers; gaps are the activations, of which a state dict knows nothing. The names of Flax, Haiku, Equinox and
/// Keras are understood as well, and weights that are \[in, out\] there are transposed: see [`Outline`].
///
/// # Example: the widths of a saved network
///
/// ```
/// use jetc_runtime::files::{Sequential, TensorFile};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("net.safetensors");
/// # let header = r#"{"0.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#;
/// # std::fs::write(&path, [&63u64.to_le_bytes(), header.as_bytes(), &[0; 8]].concat())?;
/// let network = Sequential::read(&TensorFile::open(&path)?)?;
/// for layer in &network.layers {
///     assert_eq!(layer.weight.shape, [1, 2]);
///     assert!(layer.bias.is_none());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Sequential {
    /// What stands in front of the numbers: empty, or with a dot at its end; empty for names of other libraries.
    pub prefix: String,
    /// At least one; each takes as many inputs as the one before gives outputs.
    pub layers: Vec<LinearLayer>,
}

/// The map x ↦ W x + b.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearLayer {
    /// The common part of the names of its tensors (`net.0`), or the name of its weight where another library wrote it.
    pub name: String,
    /// W, `[out, in]`.
    pub weight: Tensor,
    /// b, `[out]`.
    pub bias: Option<Tensor>,
    /// The name of the weight in the file.
    pub weight_name: String,
    /// The name of the bias in the file, if there is one.
    pub bias_name: Option<String>,
    /// Whether the weight is `[in, out]` in the file.
    pub is_transposed: bool,
}

/// A tensor that has no place in a sequence of linear layers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTensor {
    /// Its name.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Why it has no place.
    pub reason: UnknownTensorReason,
}

/// Why a tensor has no place in a sequence of linear layers.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UnknownTensorReason {
    /// The name is not `<prefix><number>.weight` or `<prefix><number>.bias`.
    #[error("the name is not `<number>.weight` or `<number>.bias`")]
    Name,
    /// The name has another prefix than the tensors before it.
    #[error("it is not under `{}` like the rest", shorten(.0))]
    Prefix(String),
    /// A weight that is no matrix, as in a normalisation or a convolution.
    #[error("a linear layer's weight is a matrix [out, in]")]
    WeightShape,
    /// A bias without a weight of the same number.
    #[error("there is no weight beside it")]
    BiasAlone,
    /// A bias whose length is not the number of rows of the weight.
    #[error(
        "expected [{0}], one for each row of the weight (if weights are [in, out], name the layers in a YAML file with `transpose: true`)"
    )]
    BiasShape(usize),
    /// Elements that are no floating-point numbers.
    #[error("its elements are of type {}", shorten(.0))]
    Dtype(String),
}

impl Sequential {
    /// Recognises and reads the layers in `file`.
    ///
    /// # Errors
    ///
    /// [`FileError::NotSequential`] with every tensor that has no place in a sequence of linear layers;
    /// [`FileError::WidthMismatch`] for the first two layers that do not fit together; [`FileError::Shape`] for a
    /// layer without inputs or outputs; and what [`TensorFile::tensor`] reports.
    pub fn read(file: &TensorFile) -> Result<Self, FileError> {
        let (prefix, found) = match (recognise(file), Outline::sure(file)) {
            (Ok(found), _) => found,
            (Err(FileError::NotSequential { .. }), Some(layers)) => return read_outlined(&layers, file),
            (Err(error), _) => return Err(error),
        };
        let layers: Vec<LinearLayer> = found
            .into_values()
            .map(|names| {
                let name = names.weight.trim_end_matches(".weight").to_owned();
                let weight = file.tensor(&names.weight)?;
                let bias = names.bias.as_ref().map(|bias| file.tensor(bias)).transpose()?;
                let (weight_name, bias_name) = (names.weight, names.bias);
                Ok(LinearLayer { name, weight, bias, weight_name, bias_name, is_transposed: false })
            })
            .collect::<Result<_, FileError>>()?;
        Ok(Self { prefix, layers })
    }
}

/// Layers whose names are those of another library.
fn read_outlined(layers: &[OutlinedLayer], file: &TensorFile) -> Result<Sequential, FileError> {
    let shapes = layers.iter().map(|layer| (layer.weight.as_str(), layer.shape(file)));
    check_widths(file, shapes)?;
    let read = |OutlinedLayer { weight, bias, transposed }: &OutlinedLayer| {
        let tensor = file.tensor(weight)?;
        let bias_tensor = bias.as_ref().map(|bias| file.tensor(bias)).transpose()?;
        Ok(LinearLayer {
            name: weight.clone(),
            weight: if *transposed { tensor.transposed() } else { tensor },
            bias: bias_tensor,
            weight_name: weight.clone(),
            bias_name: bias.clone(),
            is_transposed: *transposed,
        })
    };
    let layers = layers.iter().map(read).collect::<Result<_, FileError>>()?;
    Ok(Sequential { prefix: String::new(), layers })
}

/// The names of a layer's tensors.
struct Names {
    weight: String,
    bias: Option<String>,
}

/// One tensor whose name fits.
struct Part<'a> {
    name: &'a str,
    prefix: &'a str,
    number: u64,
    is_weight: bool,
}

/// Splits `<prefix><number>.weight`; the prefix is empty or ends in a dot.
fn part(name: &str) -> Option<Part<'_>> {
    let (stem, kind) = name.rsplit_once('.')?;
    let at = stem.rfind('.').map_or(0, |dot| dot + 1);
    let (prefix, digits) = stem.split_at(at);
    let number: u64 = digits.parse().ok()?;
    let canonical = number.to_string() == digits;
    let is_weight = kind == "weight";
    (canonical && (is_weight || kind == "bias")).then_some(Part { name, prefix, number, is_weight })
}

/// The tensors of each layer by number, or a complaint about all others.
fn recognise(file: &TensorFile) -> Result<(String, BTreeMap<u64, Names>), FileError> {
    let mut unknown: Vec<(&str, Reason)> = Vec::new();
    let mut parts: Vec<Part<'_>> = Vec::new();
    for name in file.names() {
        match part(name) {
            _ if !file.is_float(name) => {
                unknown.push((name, Reason::Dtype(file.dtype(name).unwrap_or_default().into())));
            }
            Some(found) => parts.push(found),
            None => unknown.push((name, Reason::Name)),
        }
    }
    let prefix = commonest_prefix(&parts).to_owned();
    let shape = |name: &str| file.shape(name).unwrap_or_default();
    let mut layers = BTreeMap::new();
    let (weights, biases): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| part.is_weight);
    for Part { name, prefix: own, number, .. } in weights {
        if own != prefix {
            unknown.push((name, Reason::Prefix(prefix.clone())));
        } else if shape(name).len() != 2 {
            unknown.push((name, Reason::WeightShape));
        } else {
            layers.insert(number, Names { weight: name.to_owned(), bias: None });
        }
    }
    for Part { name, prefix: own, number, .. } in biases {
        let reason = match layers.get_mut(&number) {
            _ if own != prefix => Reason::Prefix(prefix.clone()),
            None => Reason::BiasAlone,
            Some(names) if shape(name) != &shape(&names.weight)[..1] => {
                Reason::BiasShape(shape(&names.weight)[0])
            }
            Some(names) => {
                names.bias = Some(name.to_owned());
                continue;
            }
        };
        unknown.push((name, reason));
    }
    if !unknown.is_empty() || layers.is_empty() {
        return Err(not_sequential(file, unknown));
    }
    let shape = |weight: &str| {
        let &[out, into] = shape(weight) else {
            unreachable!("weights that are no matrices were sorted out")
        };
        [out, into]
    };
    check_widths(file, layers.values().map(|names| (names.weight.as_str(), shape(&names.weight))))?;
    Ok((prefix, layers))
}

fn commonest_prefix<'a>(parts: &[Part<'a>]) -> &'a str {
    let mut counts = BTreeMap::new();
    for part in parts {
        *counts.entry(part.prefix).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|&(_, count)| count).map_or("", |(prefix, _)| prefix)
}

fn not_sequential(file: &TensorFile, mut unknown: Vec<(&str, Reason)>) -> FileError {
    unknown.sort_by_key(|&(name, _)| name);
    let tensors = unknown
        .into_iter()
        .map(|(name, reason)| UnknownTensor {
            name: name.to_owned(),
            shape: file.shape(name).unwrap_or_default().to_vec(),
            reason,
        })
        .collect();
    FileError::NotSequential { origin: file.origin().clone(), tensors }
}

/// Checks that each layer takes what the layer before gives, and that none is empty.
fn check_widths<'a>(
    file: &TensorFile,
    weights: impl Iterator<Item = (&'a str, [usize; 2])>,
) -> Result<(), FileError> {
    let mut before: Option<(&str, [usize; 2])> = None;
    for (weight, [out, into]) in weights {
        if out == 0 || into == 0 {
            return Err(FileError::Shape {
                origin: file.origin().member(weight),
                found: vec![out as u64, into as u64],
                expected: "a matrix [out, in] with at least one row and one column",
            });
        }
        match before {
            Some((name, shape)) if shape[0] != into => {
                return Err(FileError::WidthMismatch {
                    origin: file.origin().clone(),
                    before: name.to_owned(),
                    before_shape: shape,
                    after: weight.to_owned(),
                    after_shape: [out, into],
                });
            }
            _ => before = Some((weight, [out, into])),
        }
    }
    Ok(())
}
