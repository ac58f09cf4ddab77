//! Differential operators in YAML, compiled into proven jet propagation plans.
//!
//! ```
//! use jetc_operators::{OperatorSpec, Strategy};
//!
//! let plate = "
//!     coordinates: {space: [x, y], time: t}
//!     fields: [w]
//!     outputs:
//!       residual: lap(lap(w)) + 27/10*w_tt
//! ";
//! let plan = OperatorSpec::from_yaml("plate.yaml", plate)?.plan(Strategy::Auto)?;
//! assert_eq!(plan.algebra().dimension(), 10); // channels, the value among them
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | stage | modules |
//! |---|---|
//! | text → tree → [`OperatorSpec`] | [`document`], [`expression`], [`spec`], [`builtin`]; mistakes are [`diagnostic`]s |
//! | linear parts → squares → jet algebra | `squares`, [`strategy`], [`algebra`] |
//! | proof | [`certificate`] |
//! | [`Plan`] and its views | [`plan`], [`mod@print`] |
//! | elementwise functions as instructions | [`program`] |
//! | a plan on a network: live channels, cost, fewer coordinates | [`topology`], [`passes`], [`reduction`] |
//!
//! *Architecture invariant:* this crate knows no threads, no arrays and no files' bytes; all arithmetic up to the printed
//! plan is exact, but for directions that are drawn at random or given as floats, and for second-order parts whose exact
//! diagonalisation would need long numbers: these are rounded once and exact from there on.

mod counted;
mod printable;
pub mod diagnostic;
pub mod document;
pub mod expression;
mod symbolic;
pub mod spec;
pub mod builtin;
pub mod algebra;
mod squares;
pub mod strategy;
pub mod certificate;
pub mod plan;
pub mod program;
pub mod topology;
pub mod passes;
pub mod reduction;
pub mod print;

pub use counted::counted;
pub use plan::{Plan, PlanError, PlannedPart, PlannedReadout};
pub use printable::{printable, printable_json, printable_lines, printable_path};
pub use spec::{
    Coordinates, Direction, DirectionalTerm, Function, LinearPart, LinearPartId, OperatorSpec, OutputSpec,
    Pointwise, PointwiseId,
};
pub use squares::SquaresError;
pub use strategy::Strategy;
pub use topology::Topology;
