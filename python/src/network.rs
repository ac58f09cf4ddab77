//! Networks: from layers, from files, from bytes.

use std::path::PathBuf;
use std::sync::Arc;

use jetc_runtime::activation::UnknownActivation;
use jetc_runtime::{Activation, GraphBuilder, GraphError, Network as Graph};
use numpy::ndarray::ArrayView1;
use numpy::{PyArray1, PyArrayMethods, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList};

use crate::errors::{self, ModelError};

/// A neural network: inputs are the coordinates of a point, outputs the fields.
///
/// Made by `Network.from_layers`, `open`, `from_onnx`, `from_safetensors`; of torch modules by `jetc.torch.network`.
/// `parameters` are its weights by name, in one flat vector. Networks do not change; evaluators take other parameters.
#[pyclass(frozen, module = "jetc")]
#[derive(Debug)]
pub(crate) struct Network {
    graph: Graph<f64>,
    theta: Arc<[f64]>,
    origin: Origin,
}

/// What a network can be made of once more.
#[derive(Debug)]
enum Origin {
    File(PathBuf, Option<String>),
    Onnx(Py<PyBytes>),
    Steps(usize, Py<PyList>),
}

/// One step of a chain, as `jetc._layers` writes it.
#[derive(FromPyObject)]
enum Step<'py> {
    Affine(String, Array<'py>, Option<(String, Array<'py>)>, bool),
    Activation(String),
}

type Array<'py> = PyReadonlyArrayDyn<'py, f64>;

impl Network {
    fn new(graph: Graph<f64>, origin: Origin) -> Self {
        let theta = graph.parameters().values().into();
        Self { graph, theta, origin }
    }

    /// The network itself.
    pub(crate) fn graph(&self) -> &Graph<f64> {
        &self.graph
    }

    /// Its parameters θ as they were read.
    pub(crate) fn theta(&self) -> &Arc<[f64]> {
        &self.theta
    }
}

/// An activation by its name, with parameters such as `leaky-relu(0.2)`.
fn activation(name: &str) -> PyResult<Activation> {
    name.parse().map_err(|error: UnknownActivation| PyValueError::new_err(error.to_string()))
}

fn misfit(error: GraphError) -> PyErr {
    ModelError::new_err(errors::chain(&error))
}

/// The chain of these steps.
fn chain(inputs: usize, steps: Vec<Step<'_>>) -> PyResult<Graph<f64>> {
    let mut graph = GraphBuilder::new(inputs);
    let mut x = graph.input();
    for step in steps {
        x = match step {
            Step::Affine(name, weight, bias, is_transposed) => {
                let mut weight = parameter(&mut graph, &name, &weight)?;
                if is_transposed {
                    weight = graph.transpose_matrix(weight).map_err(misfit)?;
                }
                let bias = bias.map(|(name, bias)| parameter(&mut graph, &name, &bias)).transpose()?;
                graph.affine(x, weight, bias).map_err(misfit)?
            }
            Step::Activation(name) => graph.apply(activation(&name)?, x).map_err(misfit)?,
        };
    }
    graph.build(x).map_err(misfit)
}

fn parameter(
    graph: &mut GraphBuilder<f64>,
    name: &str,
    numbers: &Array<'_>,
) -> PyResult<jetc_runtime::network::TensorId> {
    // Row by row, whatever the strides are.
    let entries: Vec<f64> = numbers.as_array().iter().copied().collect();
    if let Some(number) = entries.iter().find(|number| !number.is_finite()) {
        return Err(ModelError::new_err(format!(
            "{name} has an entry {number}; the numbers of a network must be finite"
        )));
    }
    graph.parameter(name, numbers.shape(), entries).map_err(misfit)
}

#[pymethods]
impl Network {
    /// A chain of linear layers with activations between them.
    ///
    /// `layers` is a list of (W, b): W of shape [out, in] and b of shape [out] or None; with `transpose=True` W is [in, out], as
    /// JAX and Flax have it. `activation` is a name, such as "tanh" or "leaky-relu(0.2)", or a list of names, one for each gap.
    /// Parameters are called `layers.0.weight`, `layers.0.bias`, …, or as `names` says, a list of (weight, bias).
    #[staticmethod]
    #[pyo3(signature = (layers, activation=None, *, transpose=false, names=None), text_signature = "(layers, activation='tanh', *, transpose=False, names=None)")]
    fn from_layers(
        py: Python<'_>,
        layers: &Bound<'_, PyAny>,
        activation: Option<&Bound<'_, PyAny>>,
        transpose: bool,
        names: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let layers =
            py.import("jetc._layers")?.call_method1("steps", (layers, activation, transpose, names))?;
        let (inputs, steps): (usize, Bound<'_, PyList>) = layers.extract()?;
        Self::_from_steps(inputs, &steps)
    }

    /// A chain of steps as `jetc._layers` and `jetc.torch` write them.
    #[staticmethod]
    fn _from_steps(inputs: usize, steps: &Bound<'_, PyList>) -> PyResult<Self> {
        let read: Vec<Step<'_>> = steps.extract()?;
        let graph = errors::caught(|| chain(inputs, read))?;
        Ok(Self::new(graph, Origin::Steps(inputs, steps.clone().unbind())))
    }

    /// Reads a network by the ending of its file: .safetensors, .npz, .yaml, .onnx.
    ///
    /// `activation` stands between the linear layers of a state dict (.safetensors, .npz); .yaml and .onnx name their own.
    #[staticmethod]
    #[pyo3(signature = (path, activation=None))]
    fn open(py: Python<'_>, path: PathBuf, activation: Option<String>) -> PyResult<Self> {
        errors::present(&path)?;
        let between = activation.as_deref().map(self::activation).transpose()?;
        let read = errors::caught(|| Ok(py.detach(|| Graph::open(&path, between))))?;
        let graph = read.map_err(|error| errors::model(py, &error))?;
        Ok(Self::new(graph, Origin::File(path, activation)))
    }

    /// Reads the state dict of a chain of linear layers, with one activation between them.
    #[staticmethod]
    fn from_safetensors(py: Python<'_>, path: PathBuf, activation: String) -> PyResult<Self> {
        errors::present(&path)?;
        let between = self::activation(&activation)?;
        let read = errors::caught(|| Ok(py.detach(|| Graph::from_safetensors(&path, between))))?;
        let graph = read.map_err(|error| errors::model(py, &error))?;
        Ok(Self::new(graph, Origin::File(path, Some(activation))))
    }

    /// Reads an ONNX model: a path, or the bytes of a file.
    #[staticmethod]
    fn from_onnx(py: Python<'_>, model: &Bound<'_, PyAny>) -> PyResult<Self> {
        let Ok(bytes) = model.cast::<PyBytes>() else {
            let path: PathBuf = model.extract()?;
            errors::present(&path)?;
            let read = errors::caught(|| Ok(py.detach(|| Graph::from_onnx(&path))))?;
            let graph = read.map_err(|error| errors::model(py, &error))?;
            return Ok(Self::new(graph, Origin::File(path, None)));
        };
        let read = errors::caught(|| Ok(Graph::from_onnx_bytes("the ONNX model", bytes.as_bytes())))?;
        let graph = read.map_err(|error| errors::model(py, &error))?;
        Ok(Self::new(graph, Origin::Onnx(bytes.clone().unbind())))
    }

    /// The network of a torch module with its weights as they are now; see `jetc.torch.network`.
    #[staticmethod]
    #[pyo3(signature = (module, example=None))]
    fn from_torch<'py>(
        module: &Bound<'py, PyAny>,
        example: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        module.py().import("jetc.torch")?.call_method1("network", (module, example))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let rebuild = py.import("jetc._rebuild")?;
        Ok(match &self.origin {
            Origin::File(path, activation) => {
                let path = std::path::absolute(path)?;
                (rebuild.getattr("network_file")?, (path, activation).into_pyobject(py)?.into_any())
            }
            Origin::Onnx(bytes) => {
                (rebuild.getattr("network_onnx")?, (bytes.clone_ref(py),).into_pyobject(py)?.into_any())
            }
            Origin::Steps(inputs, steps) => (
                rebuild.getattr("network_steps")?,
                (inputs, steps.clone_ref(py)).into_pyobject(py)?.into_any(),
            ),
        })
    }

    fn __repr__(&self) -> String {
        let (inputs, outputs) = (self.graph.inputs(), self.graph.outputs());
        format!("<jetc.Network {inputs} -> {outputs}, {} parameters>", self.theta.len())
    }

    /// How many numbers a point has.
    #[getter]
    fn inputs(&self) -> usize {
        self.graph.inputs()
    }

    /// How many numbers come out.
    #[getter]
    fn outputs(&self) -> usize {
        self.graph.outputs()
    }

    /// The parameters: names, shapes and values, in one flat vector that is not copied.
    #[getter]
    fn parameters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        parameters(py, &self.graph, &self.theta)
    }
}

/// Keeps numbers alive that an array shows without a copy.
#[pyclass(frozen, module = "jetc")]
struct Numbers {
    _kept: Arc<[f64]>,
}

/// `jetc.Parameters` of a network with these values.
pub(crate) fn parameters<'py>(
    py: Python<'py>,
    graph: &Graph<f64>,
    theta: &Arc<[f64]>,
) -> PyResult<Bound<'py, PyAny>> {
    let layout: Vec<(String, Vec<usize>, usize)> = graph
        .parameters()
        .tensors()
        .iter()
        .map(|tensor| (tensor.name.clone(), tensor.shape.clone(), tensor.offset))
        .collect();
    let owner = Bound::new(py, Numbers { _kept: theta.clone() })?.into_any();
    let view = ArrayView1::from(&theta[..]);
    // SAFETY: the owner keeps the numbers alive and in their place, and nobody changes them: the array is read-only.
    let flat = unsafe { PyArray1::borrow_from_array(&view, owner) };
    let flat =
        flat.try_readwrite().map_err(|error| PyValueError::new_err(error.to_string()))?.make_nonwriteable();
    let shapes: Vec<_> = layout
        .iter()
        .map(|(name, shape, offset)| Ok((name, pyo3::types::PyTuple::new(py, shape)?, *offset)))
        .collect::<PyResult<_>>()?;
    py.import("jetc._parameters")?.getattr("Parameters")?.call1((shapes, &*flat))
}
