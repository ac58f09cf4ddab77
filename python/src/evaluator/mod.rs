//! An operator on a network: values at points. Derivatives are in `derivatives.rs`, calls of other libraries in `slices.rs`.

mod batch;
mod compiled;
mod derivatives;
mod slices;

use std::ffi::CString;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jetc_operators::Topology;
use jetc_runtime::OutputColumn;
use numpy::{PyArrayDyn, PyArrayMethods, PyReadonlyArray1, PyUntypedArray};
use pyo3::exceptions::{PyKeyError, PyTypeError, PyUserWarning, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

pub(crate) use self::slices::SliceNumber;

use self::batch::{Batch, in_blocks, of, of_mut};
use self::compiled::{Compiled, Numbers, Source, flops};
use crate::arrays::{self, Dtype, Number};
use crate::errors::EvaluationError;
use crate::network::Network;
use crate::operator::{Operator, strategy};
use crate::plan::Plan;
use crate::{threads, work};

/// Fewer operations than this are over before another thread has woken up, about 40 µs.
const FEW_FLOPS: u64 = 1 << 21;

/// An operator on a network, compiled: a function of points.
///
/// Evaluator(operator, network)(points)
///     points: array [N, n] of float32 or float64 -> array [N, columns] of the same type.
///
/// `operator` is an `Operator` or what makes one; `dtype` fixes the type of numbers, otherwise that of the points decides;
/// `threads` is their number, otherwise one for each core; `memory` bounds the buffers ("64M"); `strategy` is as for
/// `Operator.plan`; `unknowns` gives the unknowns of the operator their values.
///
/// The interpreter's lock is released, Ctrl-C ends a call, and what is forked works. Results have the same bits for any number
/// of threads, any memory, and whatever other points are in the batch.
///
/// The mean square loss, L = 1/N Σ (r - g)², and derivatives by parameters θ (a flat vector [P] in the order of `parameters`)
/// and points: `value_and_grad`, `vjp`, `jvp`, `jacobian`, `gram`.
#[pyclass(frozen, module = "jetc")]
#[derive(Debug)]
pub(crate) struct Evaluator {
    operator: Py<Operator>,
    network: Py<Network>,
    source: Source,
    dtype: Option<Dtype>,
    threads: Option<usize>,
    columns: Vec<OutputColumn>,
    flops: u64,
    /// These locks are taken by who holds the interpreter's lock, and released before that is: see `threads.rs`.
    numbers: Mutex<Numbers>,
    single: Mutex<Compiled<f32>>,
    double: Mutex<Compiled<f64>>,
}

/// A type of numbers that there is something compiled for.
pub(crate) trait Kind: Number {
    fn compiled(evaluator: &Evaluator) -> MutexGuard<'_, Compiled<Self>>;
}

impl Kind for f32 {
    fn compiled(evaluator: &Evaluator) -> MutexGuard<'_, Compiled<Self>> {
        evaluator.single.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kind for f64 {
    fn compiled(evaluator: &Evaluator) -> MutexGuard<'_, Compiled<Self>> {
        evaluator.double.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Evaluator {
    fn numbers(&self) -> MutexGuard<'_, Numbers> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The numbers of a call: those that were set, or other parameters for this call alone.
    fn numbers_with(&self, parameters: Option<&Bound<'_, PyAny>>) -> PyResult<Numbers> {
        let mut numbers = self.numbers().clone();
        if let Some(parameters) = parameters {
            numbers.theta = self.theta(parameters)?;
        }
        Ok(numbers)
    }

    /// Parameters from a flat array, or from a mapping of names to arrays on top of those that were set.
    fn theta(&self, given: &Bound<'_, PyAny>) -> PyResult<Arc<[f64]>> {
        let py = given.py();
        let expected = self.source.network.parameters().len();
        let theta: Arc<[f64]> = if let Ok(flat) = given.extract::<PyReadonlyArray1<'_, f64>>() {
            flat.as_slice().map_or_else(|_| flat.as_array().iter().copied().collect(), Arc::from)
        } else if let Ok(flat) = given.extract::<PyReadonlyArray1<'_, f32>>() {
            flat.as_array().iter().map(|&number| f64::from(number)).collect()
        } else {
            let current = self.parameters(py)?;
            let flat = py.import("jetc._parameters")?.call_method1("flat", (current, given))?;
            flat.extract::<PyReadonlyArray1<'_, f64>>()?.as_array().iter().copied().collect()
        };
        if theta.len() == expected {
            return Ok(theta);
        }
        let found = theta.len();
        Err(EvaluationError::new_err(format!(
            "the network has {expected} parameters, but {found} numbers are given"
        )))
    }

    /// Values for the unknowns in the order of the operator, from a mapping or a list.
    fn unknown_values(&self, given: &Bound<'_, PyAny>) -> PyResult<Arc<[f64]>> {
        let names = &self.source.spec.unknowns;
        let Ok(mapping) = given.cast::<PyDict>() else {
            let values: Vec<f64> = given.extract()?;
            return if values.len() == names.len() {
                Ok(values.into())
            } else {
                let (found, names) = (values.len(), names.join(", "));
                Err(PyValueError::new_err(format!(
                    "{found} values for the unknowns {names}; give one for each"
                )))
            };
        };
        for name in mapping.keys() {
            let name: String = name.extract()?;
            if !names.contains(&name) {
                let names = names.join(", ");
                return Err(PyKeyError::new_err(format!("`{name}` is no unknown; unknowns are {names}")));
            }
        }
        let value = |name: &String| match mapping.get_item(name)? {
            Some(value) => value.extract::<f64>(),
            None => Err(PyKeyError::new_err(format!("the unknown `{name}` has no value"))),
        };
        names.iter().map(value).collect()
    }

    /// The plan for the type of numbers that is fixed, or for doubles.
    fn chosen(&self) -> PyResult<Arc<jetc_operators::Plan>> {
        match self.dtype {
            Some(Dtype::Single) => f32::compiled(self).plan(&self.source),
            _ => f64::compiled(self).plan(&self.source),
        }
    }

    /// Points as a batch of this evaluator.
    fn batch<'py>(&self, points: &Bound<'py, PyAny>) -> PyResult<Batch<'py>> {
        Batch::new(points, self.source.network.inputs(), &self.source.spec, self.dtype)
    }

    fn evaluate<'py, T: Kind>(
        &self,
        batch: &Batch<'py>,
        numbers: &Numbers,
        out: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = batch.py();
        let points = batch.points::<T>()?;
        let shape = batch.shape(&[self.columns.len()]);
        let out = match out {
            Some(out) => out
                .cast::<PyUntypedArray>()
                .map_err(|_| PyTypeError::new_err("out is no numpy array"))?
                .clone(),
            None => arrays::zeros::<T>(py, &shape).cast_into::<PyUntypedArray>()?,
        };
        let mut results = arrays::writable::<T>(&out, "results in `out`", &shape)?;
        self.evaluate_into(py, numbers, arrays::numbers(&points)?, results.as_slice_mut()?)?;
        drop(results);
        Ok(out.into_any())
    }

    /// Results at row-major points.
    fn evaluate_into<T: Kind>(
        &self,
        py: Python<'_>,
        numbers: &Numbers,
        points: &[T],
        results: &mut [T],
    ) -> PyResult<()> {
        let evaluator = T::compiled(self).evaluator(&self.source, numbers)?;
        let [n, width] = [self.source.network.inputs(), self.columns.len()];
        let rows = points.len() / n;
        let done = if self.flops.saturating_mul(rows as u64) <= FEW_FLOPS {
            work::run_here(py, || evaluator.evaluate_on_this_thread(points, results))?
        } else {
            let pool = threads::pool(py, self.threads)?;
            let first = evaluator.chunk_size() * pool.current_num_threads();
            work::run(py, &pool, |watch| {
                in_blocks(watch, first, rows, |block| {
                    evaluator.evaluate_into(of(points, &block, n), of_mut(results, &block, width))
                })
            })?
        };
        done.map_err(compiled::refused)
    }
}

/// Warns where inputs and outputs of the network are called otherwise than the coordinates and fields of the operator, or are
/// taken in another order.
fn tell_of_names(py: Python<'_>, source: &Source) -> PyResult<()> {
    let (coordinates, fields) = (source.spec.coordinates.names(), source.spec.fields.as_deref());
    // Where their numbers differ, the evaluator says so.
    if coordinates.len() != source.network.inputs() {
        return Ok(());
    }
    let arranged = source.network.arranged(coordinates, fields);
    let (_, notes) = arranged.map_err(|conflict| EvaluationError::new_err(conflict.to_string()))?;
    for note in notes {
        let text = CString::new(note.to_string().replace('\0', " ")).unwrap_or_default();
        PyErr::warn(py, &py.get_type::<PyUserWarning>(), &text, 1)?;
    }
    Ok(())
}

/// Bytes, from a number or a text such as "64M"; K, M, G and T are powers of 1024.
fn bytes(given: &Bound<'_, PyAny>) -> PyResult<usize> {
    let wrong = || PyValueError::new_err("memory is a number of bytes, or a text such as \"64M\"");
    if let Ok(bytes) = given.extract::<usize>() {
        return Ok(bytes);
    }
    let text: String = given.extract().map_err(|_| wrong())?;
    jetc_training::size(&text).map(|size| size.bytes).ok_or_else(wrong)
}

#[pymethods]
impl Evaluator {
    #[new]
    #[pyo3(signature = (operator, network, *, dtype=None, threads=None, memory=None, strategy="auto", unknowns=None))]
    #[allow(clippy::too_many_arguments, reason = "they are named in Python")]
    fn new(
        py: Python<'_>,
        operator: &Bound<'_, PyAny>,
        network: Bound<'_, Network>,
        dtype: Option<&Bound<'_, PyAny>>,
        threads: Option<usize>,
        memory: Option<&Bound<'_, PyAny>>,
        strategy: &str,
        unknowns: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let operator = match operator.cast::<Operator>() {
            Ok(operator) => operator.clone(),
            Err(_) => py.get_type::<Operator>().call1((operator,))?.cast_into::<Operator>()?,
        };
        let graph = network.get().graph().clone();
        let topology: Topology = graph.topology();
        let source = Source {
            spec: operator.get().fitted(py, graph.inputs())?.into_owned(),
            strategy: self::strategy(strategy)?,
            network: graph,
            topology,
            memory: memory.map(bytes).transpose()?,
        };
        tell_of_names(py, &source)?;
        let numbers = Numbers { theta: network.get().theta().clone(), unknowns: None };
        let mut evaluator = Self {
            operator: operator.unbind(),
            network: network.unbind(),
            source,
            dtype: dtype.map(Dtype::asked).transpose()?,
            threads,
            columns: Vec::new(),
            flops: 0,
            numbers: Mutex::new(numbers.clone()),
            single: Mutex::new(Compiled::new()),
            double: Mutex::new(Compiled::new()),
        };
        if let Some(unknowns) = unknowns {
            let values = evaluator.unknown_values(unknowns)?;
            evaluator.numbers().unknowns = Some(values);
        }
        // What does not fit is said now, not at the first call.
        let numbers = evaluator.numbers().clone();
        let (columns, flops) = if evaluator.dtype == Some(Dtype::Single) {
            let compiled = f32::compiled(&evaluator).evaluator(&evaluator.source, &numbers)?;
            (compiled.columns().to_vec(), flops(&compiled))
        } else {
            let compiled = f64::compiled(&evaluator).evaluator(&evaluator.source, &numbers)?;
            (compiled.columns().to_vec(), flops(&compiled))
        };
        (evaluator.columns, evaluator.flops) = (columns, flops);
        Ok(evaluator)
    }

    /// Results at points.
    ///
    /// points: [..., n], float32 or float64, any strides; row-major ones are read where they lie. Returns [..., columns] of the
    /// same type; with `out`, a row-major array of that shape, results are written there. `parameters`, flat [P] or a mapping,
    /// are taken for this call alone.
    #[pyo3(signature = (points, out=None, *, parameters=None))]
    fn __call__<'py>(
        &self,
        points: &Bound<'py, PyAny>,
        out: Option<&Bound<'py, PyAny>>,
        parameters: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (batch, numbers) = (self.batch(points)?, self.numbers_with(parameters)?);
        match batch.dtype() {
            Dtype::Single => self.evaluate::<f32>(&batch, &numbers, out),
            Dtype::Double => self.evaluate::<f64>(&batch, &numbers, out),
        }
    }

    /// Takes other parameters: a flat array [P], or a mapping of names to arrays, which may leave out some.
    ///
    /// Nothing is planned again.
    fn set_parameters(&self, parameters: &Bound<'_, PyAny>) -> PyResult<()> {
        let theta = self.theta(parameters)?;
        self.numbers().theta = theta;
        Ok(())
    }

    /// Gives the unknowns of the operator their values: a mapping, or a list in the order of `operator.unknowns`.
    fn set_unknowns(&self, unknowns: &Bound<'_, PyAny>) -> PyResult<()> {
        let values = self.unknown_values(unknowns)?;
        self.numbers().unknowns = Some(values);
        Ok(())
    }

    /// The parameters as they are now: names, shapes and values, in one flat vector that is not copied.
    #[getter]
    fn parameters<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let theta = self.numbers().theta.clone();
        crate::network::parameters(py, &self.source.network, &theta)
    }

    /// The operator.
    #[getter]
    fn operator(&self, py: Python<'_>) -> Py<Operator> {
        self.operator.clone_ref(py)
    }

    /// The network, with the parameters that it came with.
    #[getter]
    fn network(&self, py: Python<'_>) -> Py<Network> {
        self.network.clone_ref(py)
    }

    /// The plan that was chosen for this network: for float32 if that is the dtype, otherwise for float64.
    #[getter]
    fn plan(&self) -> PyResult<Plan> {
        let plan = self.chosen()?;
        Ok(Plan::new((*plan).clone(), Some(self.source.spec.clone()), self.source.topology.clone()))
    }

    /// How many vectors go through every layer.
    #[getter]
    fn channels(&self) -> PyResult<usize> {
        Ok(self.chosen()?.algebra().dimension())
    }

    /// Names of the columns of the results.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }

    /// The number of coordinates n.
    #[getter]
    fn inputs(&self) -> usize {
        self.source.network.inputs()
    }

    /// "float32" or "float64" if it is fixed, else None.
    #[getter]
    fn dtype(&self) -> Option<&str> {
        self.dtype.map(Dtype::name)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let settings = PyDict::new(py);
        settings.set_item("dtype", self.dtype.map(Dtype::name))?;
        settings.set_item("threads", self.threads)?;
        settings.set_item("memory", self.source.memory)?;
        settings.set_item("strategy", self.source.strategy.name())?;
        let numbers = self.numbers().clone();
        settings.set_item("unknowns", numbers.unknowns.map(|values| values.to_vec()))?;
        let theta = PyArrayDyn::<f64>::zeros(py, [numbers.theta.len()].as_slice(), false);
        theta
            .try_readwrite()
            .map_err(|error| PyValueError::new_err(error.to_string()))?
            .as_slice_mut()?
            .copy_from_slice(&numbers.theta);
        let rebuild = py.import("jetc._rebuild")?.getattr("evaluator")?;
        let arguments = (self.operator.clone_ref(py), self.network.clone_ref(py), settings, theta);
        Ok((rebuild, arguments.into_pyobject(py)?.into_any()))
    }

    fn __repr__(&self) -> PyResult<String> {
        let (inputs, columns) = (self.inputs(), self.columns().join(", "));
        let (name, channels) = (&self.source.spec.name, self.channels()?);
        Ok(format!("<jetc.Evaluator {name}: [N, {inputs}] -> {columns}; {channels} channels>"))
    }
}
