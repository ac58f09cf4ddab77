//! From the errors of the crates to exceptions. Mistakes in a file are shown as in a terminal, under its lines.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use jetc_operators::diagnostic::{self, Colours, line_column};
use jetc_operators::{PlanError as PlanReason, printable_lines};
use jetc_runtime::{
    EvaluationError as EvaluationReason, GradientError as GradientReason, ModelError as ModelReason,
};
use pyo3::exceptions::{PyFileNotFoundError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;

pyo3::create_exception!(jetc, JetcError, PyValueError, "What jetc refuses; the base of its exceptions.");
pyo3::create_exception!(
    jetc,
    SpecError,
    JetcError,
    "Mistakes in an operator, model or problem.\n\nThe text is the source with every mistake underlined. `diagnostics` is the \
     list of them, each a `Diagnostic`; `source` is the text that was read, `source_name` what it is called."
);
pyo3::create_exception!(
    jetc,
    PlanError,
    JetcError,
    "An operator that has no plan: it is too large for the strategy."
);
pyo3::create_exception!(jetc, ModelError, JetcError, "A file or layers that are no network.");
pyo3::create_exception!(
    jetc,
    EvaluationError,
    JetcError,
    "An operator, a network and points that do not go together."
);
pyo3::create_exception!(jetc, ProblemError, JetcError, "A problem that cannot be solved.");

/// Adds the exceptions to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    module.add("JetcError", py.get_type::<JetcError>())?;
    module.add("SpecError", py.get_type::<SpecError>())?;
    module.add("PlanError", py.get_type::<PlanError>())?;
    module.add("ModelError", py.get_type::<ModelError>())?;
    module.add("EvaluationError", py.get_type::<EvaluationError>())?;
    module.add("ProblemError", py.get_type::<ProblemError>())
}

/// One mistake in a text.
///
/// Lines and columns count from 1, columns in characters; the end is behind the last character.
#[pyclass(frozen, get_all, module = "jetc")]
#[derive(Debug)]
pub(crate) struct Diagnostic {
    /// The stable name of the kind of mistake, such as `unknown-coordinate`.
    code: String,
    /// What is wrong.
    message: String,
    /// What stands under the underlined place; may be empty.
    label: String,
    /// What to do about it, where that can be guessed.
    help: Option<String>,
    /// The line where it begins.
    line: usize,
    /// The column where it begins.
    column: usize,
    /// The line where it ends.
    end_line: usize,
    /// The column behind its end.
    end_column: usize,
}

#[pymethods]
impl Diagnostic {
    #[new]
    #[allow(clippy::too_many_arguments, reason = "what a pickle holds")]
    fn from_parts(
        code: String,
        message: String,
        label: String,
        help: Option<String>,
        line: usize,
        column: usize,
        end_line: usize,
        end_column: usize,
    ) -> Self {
        Self { code, message, label, help, line, column, end_line, end_column }
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let Self { code, message, label, help, line, column, end_line, end_column } = self;
        let parts = (code, message, label, help, line, column, end_line, end_column);
        Ok((py.get_type::<Self>().into_any(), parts.into_pyobject(py)?.into_any()))
    }

    fn __repr__(&self) -> String {
        format!("<Diagnostic {} at {}:{}: {}>", self.code, self.line, self.column, self.message)
    }
}

impl Diagnostic {
    fn new(text: &str, found: &diagnostic::Diagnostic) -> Self {
        let (start, end) = (line_column(text, found.span.start), line_column(text, found.span.end));
        Self {
            code: found.code.name().to_owned(),
            message: found.message.clone(),
            label: found.label.clone(),
            help: found.help.clone(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// All mistakes of a file.
pub(crate) fn mistakes(py: Python<'_>, error: &diagnostic::SpecError) -> PyErr {
    let raised = SpecError::new_err(error.underlined(Colours::None));
    let diagnostics: Vec<Diagnostic> =
        error.diagnostics.iter().map(|found| Diagnostic::new(&error.text, found)).collect();
    let value = raised.value(py);
    let filled = value
        .setattr("diagnostics", diagnostics)
        .and_then(|()| value.setattr("source", &error.text))
        .and_then(|()| value.setattr("source_name", &error.source_name));
    match filled {
        Ok(()) => raised,
        Err(other) => other,
    }
}

/// Why there is no plan.
pub(crate) fn plan(error: &PlanReason) -> PyErr {
    PlanError::new_err(chain(error))
}

/// Why there is no network.
pub(crate) fn model(py: Python<'_>, error: &ModelReason) -> PyErr {
    match error {
        ModelReason::Layers(error) => mistakes(py, error),
        other => ModelError::new_err(chain(other)),
    }
}

/// Why there are no values.
pub(crate) fn evaluation(error: &EvaluationReason) -> PyErr {
    EvaluationError::new_err(chain(error))
}

/// Why there are no derivatives.
pub(crate) fn gradient(error: &GradientReason) -> PyErr {
    EvaluationError::new_err(chain(error))
}

/// As Python says it of a file that is not there.
pub(crate) fn present(path: &Path) -> PyResult<()> {
    if path.exists() {
        return Ok(());
    }
    // ENOENT, with which Python fills in `errno` and `filename`.
    Err(PyFileNotFoundError::new_err((2, "No such file or directory", path.display().to_string())))
}

/// An error with its causes, each reason once: some messages end in what their cause says.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(reason) = cause {
        let said = reason.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        cause = reason.source();
    }
    printable_lines(&text)
}

/// What `work` gives; a panic in it is a `RuntimeError`, which `except Exception` catches, unlike what Python would see.
pub(crate) fn caught<R>(work: impl FnOnce() -> PyResult<R>) -> PyResult<R> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(defect(&*panic)))
}

/// A panic is a defect of jetc.
pub(crate) fn defect(panic: &(dyn std::any::Any + Send)) -> PyErr {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    PyRuntimeError::new_err(format!(
        "{}; this is a defect of jetc, please report it",
        text.unwrap_or("it panicked")
    ))
}
