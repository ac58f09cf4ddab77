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
//! | symbols, and the variables to write them in | `frame` |
//! | symbols → jet algebra | [`strategy`], [`algebra`] |
//! | proof, and what rounding costs | [`certificate`], [`growth`] |
//! | which algebra to take | [`compile`] |
//! | [`Plan`] and its views | [`plan`], [`mod@print`] |
//! | elementwise functions as instructions | [`program`] |
//! | a plan on a network: live channels, cost, fewer coordinates | [`topology`], [`passes`], [`reduction`] |
//!
//! *Architecture invariant:* this crate knows no threads, no arrays and no files' bytes. What is proven is about symbols in
//! variables and exact; the vectors that variables stand for are data, as a file gives them. Where an operator is rewritten in
//! other variables whose exact numbers would be long, it is rounded once, the distance is kept, and it is exact from there on.

mod counted;
mod printable;
pub mod diagnostic;
pub mod document;
pub mod expression;
mod symbolic;
pub mod spec;
pub mod builtin;
pub mod algebra;
mod frame;
pub mod strategy;
pub mod certificate;
pub mod growth;
pub mod plan;
pub mod compile;
pub mod program;
pub mod topology;
pub mod passes;
pub mod reduction;
pub mod print;

pub use compile::{PlanError, Precision};
pub use counted::counted;
pub use growth::Growth;
pub use plan::{PassedOver, Plan, PlannedPart, PlannedReadout};
pub use printable::{printable, printable_json, printable_lines, printable_path};
pub use spec::{
    Coordinates, Direction, LinearPart, LinearPartId, NamedDirection, OperatorSpec, OutputSpec, Pointwise,
    PointwiseId, RealFunction, UnknownId, Variables,
};
pub use strategy::{Basis, Strategy};
pub use topology::Topology;
