//! Work without the interpreter's lock, which a signal can end.
//!
//! Python runs the handlers of signals on its main thread alone, and only when that comes back to it. So the work goes to the
//! pool, and who called waits, and looks for signals now and then. If there is one, the work is told, and ends at its next
//! step.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use pyo3::prelude::*;
use rayon::ThreadPool;

use crate::errors::defect;

/// Between two looks for signals. A person does not notice a twentieth of a second.
const BETWEEN: Duration = Duration::from_millis(50);

/// Tells the work whether to go on.
#[derive(Debug)]
pub(crate) struct Watch(AtomicBool);

/// What work that is not to go on unwinds with.
struct Interrupted;

impl Watch {
    /// Whether nobody wants the result any longer.
    pub(crate) fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Leaves the work, through everything that has called, if nobody wants the result any longer. Buffers that are in use
    /// are thrown away.
    pub(crate) fn check(&self) {
        if self.is_over() {
            // Not a panic: nothing is printed.
            resume_unwind(Box::new(Interrupted));
        }
    }
}

/// The result of `work`, done by the pool.
pub(crate) fn run<R: Send>(
    py: Python<'_>,
    pool: &ThreadPool,
    work: impl FnOnce(&Watch) -> R + Send,
) -> PyResult<R> {
    let watch = Watch(AtomicBool::new(false));
    let (outcome, signal) = py.detach(|| {
        let (done, finished) = sync_channel(1);
        pool.in_place_scope(|scope| {
            scope.spawn(|_| {
                // The receiver waits until this is sent.
                let _ = done.send(catch_unwind(AssertUnwindSafe(|| work(&watch))));
            });
            let mut signal = None;
            loop {
                match finished.recv_timeout(BETWEEN) {
                    Ok(outcome) => return (Some(outcome), signal),
                    Err(RecvTimeoutError::Disconnected) => return (None, signal),
                    Err(RecvTimeoutError::Timeout) if signal.is_none() => {
                        signal = Python::attach(|py| py.check_signals().err());
                        watch.0.store(signal.is_some(), Ordering::Relaxed);
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                }
            }
        })
    });
    match (signal, outcome) {
        (Some(signal), _) => Err(signal),
        (None, Some(Ok(result))) => Ok(result),
        (None, Some(Err(panic))) => Err(defect(&*panic)),
        (None, None) => Err(defect(&"a thread is gone")),
    }
}

/// The result of work that is over at once, on this thread.
pub(crate) fn run_here<R: Send>(py: Python<'_>, work: impl FnOnce() -> R + Send) -> PyResult<R> {
    py.detach(|| catch_unwind(AssertUnwindSafe(work))).map_err(|panic| defect(&*panic))
}
