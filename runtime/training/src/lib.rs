//! Solves differential equations with neural networks.
//!
//! | module | concept |
//! |---|---|
//! | [`problem`] | problem files: equations, where they hold, how they are solved |
//! | [`domain`] | where equations hold |
//! | [`sampling`] | the points at which they are asked for |
//! | [`system`] | the loss: weighted squares of residuals of several operators |
//! | [`method`] | how parameters are changed to make a loss smaller |
//! | [`run`] | steps of a method until it is done, and going on later |
//! | [`Problem::train`] | from a problem to a solved one |
//! | [`report`] | what a run leaves behind |
//! | [`picture`] | losses, fields and curves as pictures |
//!
//! *Architecture invariant:* this crate knows no command line; it never prints.

pub mod domain;
pub mod method;
pub mod picture;
pub mod problem;
mod random;
pub mod report;
pub mod run;
pub mod sampling;
pub mod system;
mod train;

pub use problem::{Problem, ProblemError, duration, size};
pub use run::{FieldError, Limits, Progress, Run, Stopped};
pub use train::{Observer, Outcome};
