//! Evaluates jet propagation plans on neural networks over batches of points.
//!
//! A [`Plan`](jetc_operators::Plan) says which channels go through the network and how they multiply; this crate makes
//! numbers of it. [`Evaluator`] compiles plan and network once, [`Evaluator::evaluate`] runs batches on all cores.
//!
//! ```
//! use jetc_operators::{OperatorSpec, Strategy};
//! use jetc_runtime::{Activation, Evaluator, Matrix, Network};
//!
//! let operator = OperatorSpec::from_yaml("heat", "coordinates: {space: x, time: t}\noutputs: {residual: u_t - u_xx}")?;
//! let plan = operator.plan(Strategy::Auto)?; // proven, or an error
//!
//! // u(x, t) = sin(x + 2t) has u_t − u_xx = 2 cos(x + 2t) + sin(x + 2t).
//! let weight = Matrix::from_row_major(1, 2, vec![1.0, 2.0]).unwrap();
//! let network = Network::builder(2).affine(weight, None).elementwise(Activation::Sin).build()?;
//! let evaluator = Evaluator::<f64>::new(&plan, &network)?;
//!
//! let points = faer::mat![[0.3, 0.1], [1.0, -0.5]]; // [N, n]
//! let residual = evaluator.evaluate(points.as_ref())?; // [N, columns]
//! let phase: f64 = 0.3 + 2.0 * 0.1;
//! assert!((residual[(0, 0)] - (2.0 * phase.cos() + phase.sin())).abs() < 1e-14);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | concept |
//! |---|---|
//! | [`network`] | the graph of operations, from code |
//! | [`model`] | networks from files |
//! | [`activation`] | elementwise functions with their series to any order |
//! | [`Evaluator`] | plan + network + points → numbers |
//! | [`Differentiator`] | plan + network + points → derivatives by parameters and points |
//! | [`Stream`] | a file of points → a file of results, in bounded memory |
//! | [`BareProducts`] | the matrix products of an evaluator alone: its limit |
//! | [`jet`] | values over a jet algebra, for any scalar |
//! | [`mod@reference`] | the evaluator once more, slowly, for any scalar |
//! | [`math`] | vectorised elementary functions |
//! | [`files`] | points, results, tensors |
//!
//! *Architecture invariant:* this crate knows plans, not how operators are written; it never prints, and holds no global
//! state. Everything is `Send + Sync`.

pub mod activation;
pub mod element;
mod executor;
pub mod files;
mod gradient;
mod cache;
mod float;
mod kernel;
mod bare;
pub mod jet;
pub mod math;
pub mod model;
mod names;
pub mod network;
pub mod reference;
mod standard_library;
mod stream;

pub use activation::Activation;
pub use bare::{BareProducts, ProductShape};
pub use executor::{EvaluationError, Evaluator, InputReduction, OutputColumn};
pub use float::Float;
pub use gradient::{Differentiator, GradientError, Gradients};
pub use model::ModelError;
pub use names::{NameConflict, NameNote, Named};
pub use network::{GraphBuilder, GraphError, Matrix, Network, NetworkBuilder, NetworkError};
pub use stream::{FirstNotFinite, NotFinite, Stream, StreamError, Watch};
