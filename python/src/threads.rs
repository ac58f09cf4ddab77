//! Pools of threads. A child of `fork` has none of the threads of its parent, so that work which it gives to a pool of the
//! parent would wait for ever: pools belong to a process.

use std::process;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// A pool with the process that its threads live in.
struct Entry {
    process: u32,
    threads: usize,
    pool: Arc<ThreadPool>,
}

/// All pools so far. It is locked by those who hold the interpreter's lock alone: who forks holds that, too, so that no child
/// finds it locked.
static POOLS: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// The pool of so many threads of this process; of as many as there are cores, or as `RAYON_NUM_THREADS` says, for none.
pub(crate) fn pool(_py: Python<'_>, threads: Option<usize>) -> PyResult<Arc<ThreadPool>> {
    let (process, threads) = (process::id(), threads.unwrap_or(0));
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    if pools.iter().any(|entry| entry.process != process) {
        let (own, parents) = pools.drain(..).partition(|entry| entry.process == process);
        *pools = own;
        // Dropping them would wake threads that are not there.
        std::mem::forget::<Vec<Entry>>(parents);
    }
    if let Some(entry) = pools.iter().find(|entry| entry.threads == threads) {
        return Ok(entry.pool.clone());
    }
    let built = ThreadPoolBuilder::new().num_threads(threads).thread_name(|at| format!("jetc-{at}")).build();
    let pool =
        Arc::new(built.map_err(|error| PyRuntimeError::new_err(format!("cannot start threads: {error}")))?);
    pools.push(Entry { process, threads, pool: pool.clone() });
    Ok(pool)
}
