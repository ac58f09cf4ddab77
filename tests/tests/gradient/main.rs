//! `jetc gradient` from end to end.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bits;
mod derivatives;
mod files;
mod setting;
mod targets;
