//! Differential equations from problem files, solved: `jetc.solve` in Python around [`Problem::train`].
//!
//! The run goes on in a pool, and who called hears of every step on their own thread, where Python's signals come and where
//! pictures can be drawn.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use jetc_operators::document::Document;
use jetc_runtime::files::MatrixFiles;
use jetc_training::{Limits, Observer, Outcome, Problem, ProblemError as Reason, Progress, Run};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::errors::{self, ProblemError};
use crate::threads;

/// Between two looks for signals.
const BETWEEN: Duration = Duration::from_millis(50);

/// What the run tells.
enum Message {
    Begin(String, Progress),
    Step(Progress),
    End(Box<thread::Result<Result<Outcome, Reason>>>),
}

/// Passes on what it hears, and waits until it was heard.
struct Messenger<'a> {
    to_caller: SyncSender<Message>,
    heard: std::sync::mpsc::Receiver<()>,
    is_over: &'a AtomicBool,
}

impl Messenger<'_> {
    fn tell(&self, message: Message) {
        // Who called waits for the end in any case.
        if self.to_caller.send(message).is_ok() {
            let _ = self.heard.recv();
        }
    }
}

impl Observer for Messenger<'_> {
    fn begin(&mut self, run: &Run) {
        self.tell(Message::Begin(run.choice().reason.clone(), run.progress().clone()));
    }

    fn step(&mut self, progress: &Progress) {
        self.tell(Message::Step(progress.clone()));
    }

    fn is_interrupted(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }
}

/// Reads a problem, trains, and fills `output`. `listener` is called with "begin" and the method's reason, then with None, and
/// with a dict of where the run stands; it ends the run by returning True.
///
/// Returns the summary as JSON, why it stopped, coordinates and fields.
#[pyfunction]
#[pyo3(signature = (name, text, folder, output, seconds, steps, resume, threads, listener))]
#[allow(clippy::too_many_arguments, reason = "jetc.solve names them")]
pub(crate) fn solve(
    py: Python<'_>,
    name: &str,
    text: &str,
    folder: PathBuf,
    output: PathBuf,
    seconds: Option<f64>,
    steps: Option<u64>,
    resume: bool,
    threads: Option<usize>,
    listener: &Bound<'_, PyAny>,
) -> PyResult<(String, &'static str, Vec<String>, Vec<String>)> {
    let problem = errors::caught(|| {
        let document = Document::parse(name, text).map_err(|error| errors::mistakes(py, &error))?;
        let matrices = MatrixFiles::beside(&folder.join("problem.yaml"));
        Problem::read(&document, &folder, Some(&matrices)).map_err(|error| refused(py, &error))
    })?;
    let terms: Vec<&str> = problem.terms.iter().map(|term| term.name.as_str()).collect();
    let unknowns: Vec<&str> = problem.unknowns.iter().map(|unknown| unknown.name.as_str()).collect();
    let (limits, pool) = (Limits { seconds, steps }, threads::pool(py, threads)?);
    let is_over = AtomicBool::new(false);
    let (to_caller, messages) = sync_channel(1);
    let (answer, heard) = sync_channel(1);
    let listener = listener.clone().unbind();
    let (ended, raised) = py.detach(|| {
        let messages = messages;
        pool.in_place_scope(|scope| {
            scope.spawn(|_| {
                let mut messenger = Messenger { to_caller: to_caller.clone(), heard, is_over: &is_over };
                let trained = AssertUnwindSafe(|| problem.train(&output, limits, resume, &mut messenger));
                let _ = to_caller.send(Message::End(Box::new(catch_unwind(trained))));
            });
            let mut raised = None;
            let mut note = |told: PyResult<bool>| match told {
                Ok(is_enough) => is_over.fetch_or(is_enough, Ordering::Relaxed),
                Err(error) => {
                    raised.get_or_insert(error);
                    is_over.swap(true, Ordering::Relaxed)
                }
            };
            let ended = loop {
                match messages.recv_timeout(BETWEEN) {
                    Ok(Message::End(ended)) => break Some(ended),
                    Ok(Message::Begin(reason, progress)) => {
                        note(Python::attach(|py| {
                            tell(py, &listener, Some(&reason), &progress, &terms, &unknowns)
                        }));
                        let _ = answer.send(());
                    }
                    Ok(Message::Step(progress)) => {
                        note(Python::attach(|py| tell(py, &listener, None, &progress, &terms, &unknowns)));
                        let _ = answer.send(());
                    }
                    Err(RecvTimeoutError::Timeout) => {
                        note(Python::attach(|py| py.check_signals().map(|()| false)));
                    }
                    Err(RecvTimeoutError::Disconnected) => break None,
                }
            };
            (ended, raised)
        })
    });
    if let Some(error) = raised {
        return Err(error);
    }
    let outcome = match ended.map(|ended| *ended) {
        Some(Ok(trained)) => trained.map_err(|error| refused(py, &error))?,
        Some(Err(panic)) => return Err(errors::defect(&*panic)),
        None => return Err(errors::defect(&"a thread is gone")),
    };
    let summary =
        serde_json::to_string(&outcome.summary).map_err(|error| PyValueError::new_err(error.to_string()))?;
    Ok((summary, outcome.stopped.reason(), problem.coordinates.names().to_vec(), problem.fields.clone()))
}

/// Tells the listener where the run stands; whether that is enough.
fn tell(
    py: Python<'_>,
    listener: &Py<PyAny>,
    reason: Option<&str>,
    progress: &Progress,
    terms: &[&str],
    unknowns: &[&str],
) -> PyResult<bool> {
    py.check_signals()?;
    let state = PyDict::new(py);
    state.set_item("step", progress.step)?;
    state.set_item("seconds", progress.seconds)?;
    state.set_item("method", progress.method)?;
    state.set_item("loss", progress.loss)?;
    state.set_item("gradient_norm", progress.gradient_norm)?;
    let named = |names: &[&str], values: &[f64]| -> PyResult<Bound<'_, PyDict>> {
        let found = PyDict::new(py);
        names.iter().zip(values).try_for_each(|(name, value)| found.set_item(name, value))?;
        Ok(found)
    };
    state.set_item("terms", named(terms, &progress.terms)?)?;
    state.set_item("unknowns", named(unknowns, &progress.unknowns)?)?;
    let errors = PyDict::new(py);
    for error in &progress.errors {
        errors.set_item(&error.field, error.relative_l2)?;
    }
    state.set_item("errors", errors)?;
    listener.call1(py, (reason, state))?.is_truthy(py)
}

/// Seconds of a time such as "60s" or "5min".
#[pyfunction]
pub(crate) fn duration(text: &str) -> PyResult<f64> {
    let time = jetc_training::duration(text);
    time.map(|time| time.seconds).ok_or_else(|| {
        PyValueError::new_err(format!(
            "the time is `{text}`; expected seconds, or a text such as 60s, 5min or 1h"
        ))
    })
}

/// Why a problem cannot be solved, with mistakes under their lines.
fn refused(py: Python<'_>, error: &Reason) -> PyErr {
    match error {
        Reason::Mistakes(mistakes) => errors::mistakes(py, mistakes),
        Reason::Model(model) => errors::model(py, model),
        other => ProblemError::new_err(errors::chain(other)),
    }
}
