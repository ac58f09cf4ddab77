//! The threads that a command computes with.

use std::env;

use anyhow::Context;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::diagnostics;

/// More threads than any machine has use for, and few enough to start; `--threads` has the same limit.
const MOST: usize = 1024;

/// Where rayon looks for a number of threads.
const VARIABLES: [&str; 2] = ["RAYON_NUM_THREADS", "RAYON_RS_NUM_CPUS"];

/// A pool of so many threads, or of as many as the environment asks for, or of one for each core.
pub(crate) fn pool(threads: Option<u16>) -> anyhow::Result<ThreadPool> {
    let threads = threads.map_or_else(|| asked().map_or(0, |(_, threads)| threads.min(MOST)), usize::from);
    ThreadPoolBuilder::new().num_threads(threads).build().context("cannot start the threads")
}

/// Says so if the environment asks for more threads than are started, and holds libraries to the same limit.
pub(crate) fn bound() -> anyhow::Result<()> {
    if let Some((variable, threads)) = asked().filter(|(_, threads)| *threads > MOST) {
        diagnostics::warn(&format!("{variable} asks for {threads} threads; {MOST} at most are started"));
        ThreadPoolBuilder::new().num_threads(MOST).build_global().context("cannot start the threads")?;
    }
    Ok(())
}

/// The first variable that rayon would heed, and its number; 0 stands for one thread for each core.
fn asked() -> Option<(&'static str, usize)> {
    VARIABLES.into_iter().find_map(|variable| Some((variable, env::var(variable).ok()?.parse().ok()?)))
}
