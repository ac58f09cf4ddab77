//! A YAML file that names layers and tensors.
//!
//! ```yaml
//! weights: net.safetensors        # beside this file
//! layers:
//!   - linear: fc1                 # tensors fc1.weight [out, in] and, if it is there, fc1.bias [out]
//!   - tanh
//!   - linear: {weight: W2, bias: b2, transpose: true}   # W2 is [in, out], as JAX and Flax have it
//! ```

use std::path::Path;

use jetc_operators::diagnostic::Code;
use jetc_operators::document::decode::{Decode, Json, Reader, Schemas, Spanned};
use jetc_operators::document::{Document, Node, limits};
use jetc_operators::record;

use super::ModelError;
use crate::activation::{Activation, UnknownActivation};
use crate::files::TensorFile;
use crate::network::{Matrix, Network};

record! {
    /// A model file.
    struct ModelFile {
        /// The file of the weights, beside this one: .safetensors or .npz.
        weights: Spanned<String> = "weights",
        /// The layers from input to output.
        layers: Vec<Layer> = "layers",
    }
}

record! {
    /// A layer with weights.
    struct LinearRecord {
        /// The name of a linear layer, or its tensors.
        linear: LinearTensors = "linear",
    }
}

record! {
    /// The tensors of a linear layer.
    struct TensorNames {
        /// The tensor W of y = W x + b, [out, in].
        weight: Spanned<String> = "weight",
        /// The tensor b, [out].
        bias: Option<Spanned<String>> = "bias",
        /// Whether the tensor is [in, out] instead.
        transpose: Option<bool> = "transpose",
    }
}

/// A word for an activation, or a mapping for a layer with weights.
#[derive(Debug, Clone)]
enum Layer {
    Activation(Activation),
    Linear(LinearTensors),
}

impl Decode for Layer {
    fn expected() -> String {
        "an activation such as `tanh`, or `linear: name`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            return LinearRecord::decode(node, reader).map(|record| Self::Linear(record.linear));
        }
        let text = reader.text(node, &Self::expected())?;
        match text.parse() {
            Ok(activation) => Some(Self::Activation(activation)),
            Err(error) => {
                let message = UnknownActivation::to_string(&error);
                reader.report(Code::InvalidValue, node.span, message);
                None
            }
        }
    }

    fn schema(schemas: &mut Schemas) -> Json {
        let names: Vec<&str> = Activation::ALL.iter().map(|known| known.name()).collect();
        let with_parameters = serde_json::json!({ "type": "string", "pattern": r"^[A-Za-z0-9_-]+ *\(.*\)$" });
        serde_json::json!({ "anyOf": [{ "enum": names }, with_parameters, LinearRecord::schema(schemas)] })
    }
}

/// `fc1` for fc1.weight and fc1.bias, or both by name.
#[derive(Debug, Clone)]
enum LinearTensors {
    Layer(Spanned<String>),
    Tensors(Box<TensorNames>),
}

impl Decode for LinearTensors {
    fn expected() -> String {
        "the name of a layer, or a mapping with `weight` and `bias`".to_owned()
    }

    fn decode(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if node.mapping().is_some() {
            return TensorNames::decode(node, reader).map(|names| Self::Tensors(Box::new(names)));
        }
        Spanned::decode(node, reader).map(Self::Layer)
    }

    fn schema(schemas: &mut Schemas) -> Json {
        serde_json::json!({ "anyOf": [{ "type": "string" }, TensorNames::schema(schemas)] })
    }
}

pub(super) fn read(path: &Path) -> Result<Network<f64>, ModelError> {
    let text = read_text(path)?;
    let document = Document::parse(&path.display().to_string(), &text)?;
    let mut reader = Reader::new(&document.text);
    let file = ModelFile::decode(&document.root, &mut reader);
    let Some(file) = file.filter(|_| reader.diagnostics.is_empty()) else {
        return Err(document.error(reader.diagnostics).into());
    };
    let weights = path.parent().unwrap_or(Path::new("")).join(&file.weights.value);
    let tensors = TensorFile::open(weights)?;
    let layers: Vec<Option<Built>> =
        file.layers.iter().map(|layer| build(layer, &tensors, &mut reader)).collect();
    if !reader.diagnostics.is_empty() {
        return Err(document.error(reader.diagnostics).into());
    }
    assemble(path, layers.into_iter().flatten().collect())
}

/// A model file has the limits of any other YAML file; what is longer is not read at all.
fn read_text(path: &Path) -> Result<String, ModelError> {
    use std::io::Read;
    let io = |source| ModelError::Io { path: path.to_owned(), source };
    let mut bytes = Vec::new();
    let most = limits::FILE_BYTES as u64 + 1;
    std::fs::File::open(path).map_err(io)?.take(most).read_to_end(&mut bytes).map_err(io)?;
    String::from_utf8(bytes).map_err(|error| io(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))
}

/// A layer with its numbers.
enum Built {
    Activation(Activation),
    Linear(Matrix<f64>, Option<Vec<f64>>),
}

/// Reads the tensors of a layer; every mistake is reported at the name in the file.
fn build(layer: &Layer, tensors: &TensorFile, reader: &mut Reader<'_>) -> Option<Built> {
    match layer {
        Layer::Activation(activation) => Some(Built::Activation(*activation)),
        Layer::Linear(LinearTensors::Layer(name)) => {
            let part = |ending: &str| Spanned { value: format!("{}.{ending}", name.value), span: name.span };
            let bias = Some(part("bias")).filter(|bias| tensors.shape(&bias.value).is_some());
            linear(&part("weight"), bias.as_ref(), false, tensors, reader)
        }
        Layer::Linear(LinearTensors::Tensors(names)) => {
            let transpose = names.transpose.unwrap_or(false);
            linear(&names.weight, names.bias.as_ref(), transpose, tensors, reader)
        }
    }
}

fn linear(
    weight: &Spanned<String>,
    bias: Option<&Spanned<String>>,
    transpose: bool,
    tensors: &TensorFile,
    reader: &mut Reader<'_>,
) -> Option<Built> {
    let weight = tensor(weight, 2, tensors, reader);
    let bias = bias.map(|bias| tensor(bias, 1, tensors, reader));
    let (shape, data) = weight?;
    let matrix = Matrix::from_row_major(shape[0], shape[1], data).expect("a tensor fills its shape");
    let matrix = if transpose { matrix.transposed() } else { matrix };
    match bias {
        None => Some(Built::Linear(matrix, None)),
        Some(bias) => Some(Built::Linear(matrix, Some(bias?.1))),
    }
}

/// A tensor with this many axes.
fn tensor(
    name: &Spanned<String>,
    axes: usize,
    tensors: &TensorFile,
    reader: &mut Reader<'_>,
) -> Option<(Vec<usize>, Vec<f64>)> {
    match tensors.tensor(&name.value) {
        Ok(tensor) if tensor.shape.len() == axes => Some((tensor.shape, tensor.data)),
        Ok(tensor) => {
            let message =
                format!("tensor `{}` has shape {:?}; expected {axes} axes", name.value, tensor.shape);
            reader.report(Code::ShapeMismatch, name.span, message);
            None
        }
        Err(error) => {
            reader.report(Code::InvalidValue, name.span, error.to_string());
            None
        }
    }
}

fn assemble(path: &Path, layers: Vec<Built>) -> Result<Network<f64>, ModelError> {
    let widths = layers.iter().find_map(|layer| match layer {
        Built::Linear(weight, _) => Some(weight.columns()),
        Built::Activation(_) => None,
    });
    let Some(inputs) = widths else {
        return Err(ModelError::NoWeights { path: path.to_owned() });
    };
    let builder = layers.into_iter().fold(Network::builder(inputs), |builder, layer| match layer {
        Built::Activation(activation) => builder.elementwise(activation),
        Built::Linear(weight, bias) => builder.affine(weight, bias),
    });
    builder.build().map_err(|source| ModelError::Network { path: path.to_owned(), source })
}
