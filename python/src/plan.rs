//! Plans and their views.

use std::sync::Arc;

use jetc_operators::print::{
    Alternatives, comparison_text, parse_plan, passes_text, plan_dot, plan_explain, plan_json, plan_svg,
    plan_text,
};
use jetc_operators::{OperatorSpec, Plan as Proven, Strategy, Topology, printable_json};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors;

/// Plans up to this size are compared with the other strategies when they are explained, as on the command line.
const MOST_CHANNELS_COMPARED: usize = 1000;

/// A scheme that computes an operator: channels that go through the network, their products, and what is read from them.
///
/// Made by `Operator.plan`. `str(plan)` explains it with its costs, a notebook draws it, `to_text` is the whole scheme in exact
/// rationals, and `to_json`, `to_dot` and `to_svg` are for programs.
#[pyclass(frozen, module = "jetc")]
#[derive(Debug)]
pub(crate) struct Plan {
    proven: Arc<Proven>,
    /// Where it comes from; a plan that was read back does not know.
    spec: Option<OperatorSpec>,
    topology: Topology,
}

impl Plan {
    pub(crate) fn new(plan: Proven, spec: Option<OperatorSpec>, topology: Topology) -> Self {
        Self { proven: Arc::new(plan), spec, topology }
    }

    fn alternatives(&self) -> Option<Alternatives> {
        let spec = self.spec.as_ref()?;
        Some(Strategy::CONCRETE.map(|strategy| spec.plan(strategy)))
    }
}

#[pymethods]
impl Plan {
    /// Reads what `to_text` wrote, and proves it again.
    #[staticmethod]
    fn from_text(text: &str) -> PyResult<Self> {
        errors::caught(|| {
            let plan = parse_plan(text).map_err(|error| PyValueError::new_err(errors::chain(&error)))?;
            let topology = Topology::usual(plan.coordinates().len());
            Ok(Self::new(plan, None, topology))
        })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((py.import("jetc._rebuild")?.getattr("plan")?, (self.to_text(),)))
    }

    fn __repr__(&self) -> String {
        let plan = &self.proven;
        format!(
            "<jetc.Plan {}: {}, order {}, {} channels>",
            plan.name(),
            plan.strategy(),
            self.order(),
            self.channels()
        )
    }

    fn __str__(&self) -> PyResult<String> {
        errors::caught(|| {
            let alternatives =
                (self.channels() <= MOST_CHANNELS_COMPARED).then(|| self.alternatives()).flatten();
            Ok(plan_explain(&self.proven, &self.topology, alternatives.as_ref()))
        })
    }

    fn _repr_svg_(&self) -> PyResult<String> {
        self.to_svg()
    }

    fn _repr_html_(&self) -> PyResult<String> {
        let svg = self.to_svg()?;
        Ok(format!("<div style=\"max-width:100%;overflow-x:auto\">{svg}</div>"))
    }

    /// The operator's name.
    #[getter]
    fn name(&self) -> &str {
        self.proven.name()
    }

    /// The strategy: minimal, collapsed or standard.
    #[getter]
    fn strategy(&self) -> &str {
        self.proven.strategy().name()
    }

    /// The highest order of differentiation.
    #[getter]
    fn order(&self) -> u32 {
        self.proven.order()
    }

    /// How many vectors go through every layer, the value among them.
    #[getter]
    fn channels(&self) -> usize {
        self.proven.algebra().dimension()
    }

    /// How much it magnifies rounding.
    #[getter]
    fn growth(&self) -> f64 {
        self.proven.growth().factor
    }

    /// The coordinates, in the order of the network's inputs.
    #[getter]
    fn coordinates(&self) -> Vec<String> {
        self.proven.coordinates().to_vec()
    }

    /// The whole scheme, every value defined once, in exact rationals; `Plan.from_text` reads it back.
    fn to_text(&self) -> String {
        plan_text(&self.proven)
    }

    /// The scheme as JSON text.
    fn to_json(&self) -> String {
        printable_json(&plan_json(&self.proven, None))
    }

    /// The scheme for Graphviz.
    fn to_dot(&self) -> String {
        plan_dot(&self.proven)
    }

    /// A picture of the scheme.
    fn to_svg(&self) -> PyResult<String> {
        errors::caught(|| Ok(plan_svg(&self.proven)))
    }

    /// What every pass over the network leaves of the channels.
    fn passes(&self) -> String {
        passes_text(&self.proven, &self.topology)
    }

    /// Channels and growth of all strategies, as a table; nothing for a plan that was read back.
    fn compare(&self, py: Python<'_>) -> PyResult<Option<String>> {
        errors::caught(|| {
            Ok(py.detach(|| self.alternatives()).map(|alternatives| comparison_text(&alternatives)))
        })
    }
}
