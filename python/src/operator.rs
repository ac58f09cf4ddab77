//! Operators: built-in, from YAML, from formulas.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use jetc_operators::document::{Document, number};
use jetc_operators::spec::Options;
use jetc_operators::{OperatorSpec, Precision, Strategy, Topology, builtin};
use jetc_runtime::files::MatrixFiles;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::Dtype;
use crate::errors;
use crate::network::Network;
use crate::plan::Plan;

/// A differential operator, or a residual built from several.
///
/// Operator("laplacian", dim=3)
///     A built-in one (`jetc.builtins()` lists them). Where `dim` is left out, it is that of the network.
/// Operator("u_t + u*u_x - nu*u_xx", coordinates=["x", "t"], parameters={"nu": 0.01})
///     A formula, or several: {"residual": "...", "slope": "u_x"}.
/// Operator("plate.yaml"), Operator(pathlib.Path(...)), Operator(a dict), Operator(YAML text)
///     An operator file, or what it would say.
///
/// `coordinates` are the inputs of the network in order, as a list or {"space": ["x", "y"], "time": "t"}. `fields` are its
/// outputs; without them there is one field `u`, and the operator is applied to each output in turn. `parameters` are exact:
/// 0.1 is 1/10, and "1/3" is a third. `unknown` names numbers that get their values at evaluation.
///
/// Mistakes raise `jetc.SpecError`, a ValueError, whose text underlines them.
#[allow(clippy::doc_link_with_quotes, reason = "it is read in Python")]
#[pyclass(frozen, module = "jetc")]
#[derive(Debug)]
pub(crate) struct Operator {
    spec: OperatorSpec,
    origin: Origin,
}

/// What an operator can be made of once more.
#[derive(Debug, Clone)]
struct Origin {
    is_builtin: bool,
    name: String,
    text: String,
    folder: PathBuf,
    dimension: Option<u64>,
    parameters: Vec<(String, String)>,
}

impl Origin {
    fn spec(&self, py: Python<'_>, inputs: Option<usize>) -> PyResult<OperatorSpec> {
        let parse = |(name, text): &(String, String)| match number::parse(text) {
            Ok(number) => Ok((name.clone(), number)),
            Err(error) => Err(PyValueError::new_err(format!("parameter {name}: `{text}`: {error}"))),
        };
        let files = MatrixFiles::beside(&self.folder.join("operator.yaml"));
        let options = Options {
            dimension: self.dimension,
            parameters: self.parameters.iter().map(parse).collect::<PyResult<_>>()?,
            matrices: Some(&files),
        };
        let read = match builtin::find(&self.name).filter(|_| self.is_builtin) {
            Some(builtin) => match inputs.filter(|_| self.dimension.is_none()) {
                Some(inputs) => builtin.fitted(&options, inputs),
                None => builtin.spec(&options),
            },
            None => Document::parse(&self.name, &self.text)
                .and_then(|document| OperatorSpec::read(&document, &options)),
        };
        read.map_err(|error| errors::mistakes(py, &error))
    }
}

impl Operator {
    fn from_origin(py: Python<'_>, origin: Origin) -> PyResult<Self> {
        errors::caught(|| Ok(Self { spec: origin.spec(py, None)?, origin }))
    }

    /// The operator in as many coordinates as the network has inputs, where that is open.
    pub(crate) fn fitted(&self, py: Python<'_>, inputs: usize) -> PyResult<Cow<'_, OperatorSpec>> {
        if self.origin.is_builtin && self.origin.dimension.is_none() && self.spec.coordinates.len() != inputs
        {
            return self.origin.spec(py, Some(inputs)).map(Cow::Owned);
        }
        Ok(Cow::Borrowed(&self.spec))
    }
}

/// A strategy by its name.
pub(crate) fn strategy(name: &str) -> PyResult<Strategy> {
    let all = [Strategy::Auto, Strategy::Minimal, Strategy::Collapsed, Strategy::Standard];
    all.into_iter().find(|strategy| strategy.name() == name).ok_or_else(|| {
        PyValueError::new_err(format!("strategy is `{name}`; it can be auto, minimal, collapsed or standard"))
    })
}

#[pymethods]
impl Operator {
    #[new]
    #[pyo3(signature = (source, *, dim=None, coordinates=None, fields=None, parameters=None, unknown=None, name=None))]
    #[allow(clippy::too_many_arguments, reason = "they are named in Python")]
    fn new(
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        dim: Option<u64>,
        coordinates: Option<&Bound<'_, PyAny>>,
        fields: Option<&Bound<'_, PyAny>>,
        parameters: Option<&Bound<'_, PyAny>>,
        unknown: Option<&Bound<'_, PyAny>>,
        name: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let choices = PyDict::new(py);
        for (key, value) in [
            ("coordinates", coordinates),
            ("fields", fields),
            ("parameters", parameters),
            ("unknown", unknown),
            ("name", name),
        ] {
            choices.set_item(key, value)?;
        }
        let found = py.import("jetc._documents")?.call_method("operator", (source,), Some(&choices))?;
        let (is_builtin, name, text, folder, parameters) = found.extract()?;
        Self::from_origin(py, Origin { is_builtin, name, text, folder, dimension: dim, parameters })
    }

    /// Reads an operator file: YAML text, a path, or a dict of what the file would say.
    ///
    /// `dim` and `parameters` replace what the file leaves open or gives.
    #[staticmethod]
    #[pyo3(signature = (source, *, dim=None, parameters=None))]
    fn from_yaml(
        py: Python<'_>,
        source: &Bound<'_, PyAny>,
        dim: Option<u64>,
        parameters: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let found = py.import("jetc._documents")?.call_method1("operator_file", (source, parameters))?;
        let (is_builtin, name, text, folder, parameters) = found.extract()?;
        Self::from_origin(py, Origin { is_builtin, name, text, folder, dimension: dim, parameters })
    }

    /// Rebuilds what `__reduce__` took apart.
    #[staticmethod]
    fn _rebuild(
        py: Python<'_>,
        is_builtin: bool,
        name: String,
        text: String,
        folder: PathBuf,
        dimension: Option<u64>,
        parameters: Vec<(String, String)>,
    ) -> PyResult<Self> {
        Self::from_origin(py, Origin { is_builtin, name, text, folder, dimension, parameters })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let Origin { is_builtin, name, text, folder, dimension, parameters } = &self.origin;
        let rebuild = py.import("jetc._rebuild")?.getattr("operator")?;
        let arguments = (is_builtin, name, text, path(folder), dimension, parameters.clone());
        Ok((rebuild, arguments.into_pyobject(py)?.into_any()))
    }

    fn __repr__(&self) -> String {
        let outputs = self.outputs().join(", ");
        format!("<jetc.Operator {}: {} -> {outputs}>", self.spec.name, self.coordinates().join(", "))
    }

    /// The name.
    #[getter]
    fn name(&self) -> &str {
        &self.spec.name
    }

    /// What it is, if its file says so.
    #[getter]
    fn description(&self) -> Option<&str> {
        self.spec.description.as_deref()
    }

    /// The text that it was read from, YAML.
    #[getter]
    fn text(&self) -> &str {
        match builtin::find(&self.origin.name).filter(|_| self.origin.is_builtin) {
            Some(builtin) => builtin.text,
            None => &self.origin.text,
        }
    }

    /// The inputs of the network, in order.
    #[getter]
    fn coordinates(&self) -> Vec<String> {
        self.spec.coordinates.names().to_vec()
    }

    /// The outputs of the network, in order; None if the operator is applied to each of them.
    #[getter]
    fn fields(&self) -> Option<Vec<String>> {
        self.spec.fields.clone()
    }

    /// Names of the results.
    #[getter]
    fn outputs(&self) -> Vec<String> {
        self.spec.outputs.iter().map(|output| output.name.clone()).collect()
    }

    /// Names of the numbers that get their values at evaluation.
    #[getter]
    fn unknowns(&self) -> Vec<String> {
        self.spec.unknowns.clone()
    }

    /// The scheme that computes it, proven in exact arithmetic.
    ///
    /// `strategy` is "auto" (the cheapest), "minimal", "collapsed" or "standard"; `network` says for which network, which
    /// decides between strategies, and `dtype` for which numbers. Raises `jetc.PlanError` for operators that are too large.
    #[pyo3(signature = (strategy="auto", *, network=None, dtype=None))]
    fn plan(
        &self,
        py: Python<'_>,
        strategy: &str,
        network: Option<&Bound<'_, Network>>,
        dtype: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Plan> {
        let strategy = self::strategy(strategy)?;
        let precision = match dtype.map(Dtype::asked).transpose()? {
            Some(Dtype::Single) => Precision::Single,
            Some(Dtype::Double) | None => Precision::Double,
        };
        let network = network.map(Bound::get);
        let spec = match network {
            Some(network) => self.fitted(py, network.graph().inputs())?,
            None => Cow::Borrowed(&self.spec),
        };
        let usual = || Topology::usual(spec.coordinates.len());
        let topology = network.map_or_else(usual, |network| network.graph().topology());
        let spec = spec.into_owned();
        errors::caught(|| {
            let planned = py.detach(|| spec.plan_for(strategy, &topology, precision));
            let plan = planned.map_err(|error| errors::plan(&error))?;
            Ok(Plan::new(plan, Some(spec), topology))
        })
    }
}

/// A path as Python's text.
pub(crate) fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Names and equations of the built-in operators.
#[pyfunction]
pub(crate) fn builtins() -> Vec<(&'static str, &'static str)> {
    builtin::ALL.iter().map(|builtin| (builtin.name, builtin.equation())).collect()
}

/// "did you mean …?" for a name that is almost that of a built-in.
#[pyfunction]
pub(crate) fn suggest(name: &str) -> Option<String> {
    builtin::suggest(name)
}
