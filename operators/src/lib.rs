//! Differential operators in YAML, compiled into proven jet propagation plans.

pub mod linear_part;

pub use linear_part::{Direction, DirectionalTerm, LinearPart};
