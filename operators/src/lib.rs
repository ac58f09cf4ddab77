//! Differential operators in YAML, compiled into proven jet propagation plans.

pub mod algebra;
pub mod certificate;
pub mod linear_part;
pub mod program;
pub mod strategy;

pub use linear_part::{Direction, DirectionalTerm, LinearPart};
