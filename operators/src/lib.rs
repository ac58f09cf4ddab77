//! Differential operators in YAML, compiled into proven jet propagation plans.

pub mod algebra;
pub mod builtin;
pub mod certificate;
pub mod diagnostic;
pub mod document;
pub mod expression;
pub mod plan;
pub mod print;
pub mod program;
pub mod spec;
pub mod strategy;
mod symbolic;

pub use plan::{Plan, PlanError, PlannedPart, PlannedReadout};
pub use spec::{
    Coordinates, Direction, DirectionalTerm, Function, LinearPart, LinearPartId, OperatorSpec, OutputSpec,
    Pointwise, PointwiseId,
};
pub use strategy::Strategy;
