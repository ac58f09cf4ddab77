//! `jetc eval` from files to files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod batches;
mod example;
mod formats;
mod finite;
mod outputs;
mod process;
mod setting;
