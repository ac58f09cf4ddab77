//! Evaluates a plan on a network over batches of points, with all cores.
//!
//! | step | file |
//! |---|---|
//! | numbers that the type cannot hold are refused | `range.rs` |
//! | fewer coordinates by the first layers | `reduction/` |
//! | the nodes as steps over buffers, prepared once | `step.rs`, `schedule.rs`, `constants.rs`, `place.rs` |
//! | what steps and buffers keep to, forwards and back | `verify.rs` |
//! | how many points go through the network together | `chunk.rs` |
//! | very large first layers, for several chunks at once | `ahead.rs` |
//! | one chunk, sequentially | `run.rs`, by the rules in `rules/` |
//! | readouts to output columns | `readout.rs`, `formula.rs` |
//! | and back, for derivatives | `backward/` |
//!
//! A batch is cut into chunks, each worked on by one thread. Every operation treats points by themselves, in an order that
//! depends on the plan and the network alone: results at a point are bitwise equal for any number of threads, any size of
//! chunks and whatever other points are in the batch. Nothing is allocated for a chunk: threads find their buffers in a
//! pool that the evaluator keeps.

mod range;
mod reduction;
mod constants;
mod place;
mod step;
mod schedule;
mod verify;
mod chunk;
mod ahead;
mod workspace;
mod pool;
mod rules;
mod run;
mod readout;
mod formula;
pub(crate) mod backward;

pub(crate) use chunk::suited;
pub(crate) use pool::{Lease, Pool};
pub use reduction::InputReduction;
pub(crate) use reduction::Reduced;

use std::borrow::Cow;
use std::sync::OnceLock;

use faer::{Mat, MatRef};
use jetc_operators::passes::analyse;
use jetc_operators::{Plan, Precision, Strategy, counted};
use rayon::prelude::*;

use crate::bare::ProductShape;
use crate::element::Scalar;
use crate::float::Float;
use crate::math::InstructionSet;
use crate::names::NameConflict;
use crate::network::Network;
use backward::Prelude;
use chunk::{Cut, Limits};
use place::Keep;
use readout::Outputs;
use schedule::Schedule;
use workspace::Workspace;

/// Why a plan and a network, or an evaluator and points, do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// The operator differentiates by another number of coordinates than the network takes.
    #[error(
        "the operator has {} but the network takes {}; name one coordinate for each input, in the network's order",
        counted(coordinates, "coordinate"),
        counted(inputs, "input")
    )]
    Inputs {
        /// Coordinates of the operator.
        coordinates: usize,
        /// Inputs of the network.
        inputs: usize,
    },
    /// The operator names another number of fields than the network gives.
    #[error(
        "the operator names {} but the network gives {}; list one field for each output, in the network's order",
        counted(fields, "field"),
        counted(outputs, "output")
    )]
    Fields {
        /// Fields of the operator.
        fields: usize,
        /// Outputs of the network.
        outputs: usize,
    },
    /// A number of the network or of the plan is infinite in the type that is computed in.
    #[error(
        "{number}, beyond the range of {name}{}",
        if *name == f32::NAME { "; compute in f64 (--dtype f64)" } else { "" }
    )]
    Range {
        /// The number, in words.
        number: String,
        /// The name of the type.
        name: &'static str,
    },
    /// The network's names and the operator's agree in part.
    #[error(transparent)]
    Names(#[from] NameConflict),
    /// Points of the wrong width.
    #[error(
        "points have shape [{rows}, {columns}] but the operator has {}; expected [N, {coordinates}]",
        counted(coordinates, "coordinate")
    )]
    Points {
        /// Number of points.
        rows: usize,
        /// Columns given.
        columns: usize,
        /// Columns expected.
        coordinates: usize,
    },
    /// A slice of the wrong length.
    #[error("{what} has {}; expected {expected}", counted(found, "number"))]
    Length {
        /// Which slice.
        what: &'static str,
        /// Its length.
        found: usize,
        /// The length it must have.
        expected: usize,
    },
    /// The operator has unknowns, and nothing has given them values.
    #[error(
        "the operator leaves {} unknown; give values (--unknown NAME=VALUE, or `with_unknowns` from code)",
        names.join(", ")
    )]
    Unknowns {
        /// The unknowns.
        names: Vec<String>,
    },
    /// Other weights of the first layers leave another number of directions than those before, or other signs.
    #[error(
        "the first layers leave other directions than those that the evaluator was made for; make another evaluator"
    )]
    Directions,
    /// The plan magnifies rounding so much that nothing is left of a result.
    #[error(
        "the {strategy} plan magnifies rounding {growth} times, which leaves no digit in {precision}; take {remedy}"
    )]
    Rounding {
        /// The strategy of the plan.
        strategy: Strategy,
        /// κ of [`jetc_operators::growth`], in two digits.
        growth: String,
        /// The arithmetic.
        precision: Precision,
        /// What keeps more digits.
        remedy: &'static str,
    },
    /// Too little memory for one point.
    #[error(
        "the buffers of one point take {needed} bytes, more than the limit of {limit}; raise the limit, or take the \
         minimal strategy or f32, which need fewer"
    )]
    Memory {
        /// Bytes for one point.
        needed: usize,
        /// The limit.
        limit: usize,
    },
}

/// What the buffers of all threads may take unless something else is said, unless one point takes more.
const USUAL_MEMORY: usize = 64 << 20;

/// One column of the results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputColumn {
    /// Name of the output, with the component where the operator is applied to each output of the network.
    pub name: String,
    /// Position of the output in the plan.
    pub output: usize,
}

/// A plan compiled for a network: immutable, shared by threads.
#[derive(Debug)]
pub struct Evaluator<T: 'static> {
    /// What runs: reduced, if the first layers allow it.
    plan: Plan,
    reduced: Option<Reduced>,
    schedule: Schedule<T>,
    outputs: Outputs<T>,
    prelude: Option<LazyPrelude<T>>,
    parameters: usize,
    limits: Limits,
    set: InstructionSet,
    pool: Pool<Workspace<T>>,
}

/// A prelude that is compiled when parameters are first set.
#[derive(Debug)]
struct LazyPrelude<T> {
    network: Network<f64>,
    compiled: OnceLock<Prelude<T>>,
}

impl<T: Float> Evaluator<T> {
    /// Compiles `plan` for `network`, whose inputs and outputs go to coordinates and fields by name where their names are
    /// known and the same in another order; [`Network::arranged`] says so.
    ///
    /// # Errors
    /// If the operator's coordinates or fields do not fit the network's inputs and outputs, in number or by name, and
    /// [`EvaluationError::Range`] and [`EvaluationError::Rounding`].
    pub fn new<S: Scalar + Into<f64> + Copy>(
        plan: &Plan,
        network: &Network<S>,
    ) -> Result<Self, EvaluationError> {
        Self::with_instructions(plan, network, InstructionSet::best())
    }

    /// The same for a given instruction set; [`InstructionSet::portable`] runs everywhere.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_instructions<S: Scalar + Into<f64> + Copy>(
        plan: &Plan,
        network: &Network<S>,
        set: InstructionSet,
    ) -> Result<Self, EvaluationError> {
        check::<T, S>(plan, network)?;
        let arranged = network.arranged(plan.coordinates(), plan.fields())?.0;
        let network = &*arranged;
        let (plan, reduced) = match Reduced::new(plan, network) {
            Some((plan, reduced)) => (plan, Some(reduced)),
            None => (plan.clone(), None),
        };
        let forms = analyse(&plan, &network.topology());
        let schedule = Schedule::new(&plan, network, &forms, reduced.as_ref(), Keep::WhileRead, set);
        let outputs = Outputs::new(&plan, &schedule, true);
        let per_point = schedule.bytes_per_point() + outputs.scratch(1) * size_of::<f64>();
        let ahead = schedule.features_ahead().sum::<usize>() * schedule::GROUP * size_of::<T>();
        let limits = Limits { best: chunk::best(&schedule), memory: USUAL_MEMORY, per_point, ahead };
        let prelude = network.prelude().map(|prelude| LazyPrelude {
            network: prelude.map(|&number| number.into()),
            compiled: OnceLock::new(),
        });
        let parameters = network.parameters().len();
        Ok(Self { plan, reduced, schedule, outputs, prelude, parameters, limits, set, pool: Pool::new() })
    }

    /// How many parameters the network has.
    pub fn parameters(&self) -> usize {
        self.parameters
    }

    /// Takes other parameters θ, in the order of [`Network::parameters`], without planning and compiling again. Where the first
    /// layers lower the number of coordinates ([`Self::reduction`]), they are reduced anew, by numbers alone.
    ///
    /// # Errors
    /// [`EvaluationError::Length`] if there are not as many, [`EvaluationError::Directions`] if the first layers now leave
    /// another number of directions; then nothing has changed.
    pub fn set_parameters(&mut self, parameters: &[T]) -> Result<(), EvaluationError> {
        let (found, expected) = (parameters.len(), self.parameters);
        if found != expected {
            return Err(EvaluationError::Length { what: "the list of parameters", found, expected });
        }
        let derived = match &self.prelude {
            Some(LazyPrelude { network, compiled }) => {
                let prelude = compiled.get_or_init(|| Prelude::of(network, self.set));
                Cow::Owned(prelude.derived(parameters))
            }
            None => Cow::Borrowed(parameters),
        };
        if let Some(reduced) = &mut self.reduced
            && !reduced.set(&self.schedule.first_layers(&derived))
        {
            return Err(EvaluationError::Directions);
        }
        self.schedule.refill((&self.plan, self.reduced.as_ref()), &derived);
        self.outputs.refill(&self.schedule);
        Ok(())
    }

    /// How the network's first layers lower the number of coordinates, if they do.
    pub fn reduction(&self) -> Option<InputReduction> {
        self.reduced.as_ref().map(Reduced::summary)
    }

    /// How many channels go through the network, the value among them.
    pub fn channels(&self) -> usize {
        self.schedule.algebra.dimension()
    }

    /// Number of inputs n: columns of the points.
    pub fn inputs(&self) -> usize {
        self.schedule.inputs()
    }

    /// The columns of the results.
    pub fn columns(&self) -> &[OutputColumn] {
        self.outputs.columns()
    }

    /// How many points go through the network together, at most.
    pub fn chunk_size(&self) -> usize {
        self.limits.best
    }

    /// Bounds what the buffers of all threads take together; without it, 64 MiB. Weights, points and results are not
    /// counted. Less memory means smaller chunks, then fewer threads; results stay the same, to the last bit.
    ///
    /// # Errors
    /// [`EvaluationError::Memory`] if the buffers of a single point take more.
    pub fn with_memory(mut self, bytes: usize) -> Result<Self, EvaluationError> {
        let needed = self.least_memory();
        if needed > bytes {
            return Err(EvaluationError::Memory { needed, limit: bytes });
        }
        self.limits.memory = bytes;
        // Buffers of larger chunks are of no use.
        self.pool = Pool::new();
        Ok(self)
    }

    /// Gives the unknowns of the operator their values, in the order of [`Plan::unknowns`].
    ///
    /// # Errors
    /// [`EvaluationError::Length`] if there are not as many.
    pub fn with_unknowns(mut self, values: &[f64]) -> Result<Self, EvaluationError> {
        self.outputs.set_unknowns(values)?;
        Ok(self)
    }

    /// The least that [`Self::with_memory`] takes: bytes of the buffers for one point on one thread.
    pub fn least_memory(&self) -> usize {
        self.limits.per_point.saturating_add(self.limits.ahead)
    }

    /// The matrix products of affine steps, in the order in which they run; see [`BareProducts`](crate::BareProducts).
    pub fn products(&self) -> Vec<ProductShape> {
        self.schedule.products()
    }

    /// Evaluates points of shape \[N, n\] to results of shape \[N, columns\].
    ///
    /// # Errors
    /// [`EvaluationError::Points`] if the points have another number of columns.
    pub fn evaluate(&self, points: MatRef<'_, T>) -> Result<Mat<T>, EvaluationError> {
        let (rows, columns, coordinates) = (points.nrows(), points.ncols(), self.inputs());
        if columns != coordinates {
            return Err(EvaluationError::Points { rows, columns, coordinates });
        }
        let input: Vec<T> = (0..rows).flat_map(|i| (0..columns).map(move |j| points[(i, j)])).collect();
        let width = self.columns().len();
        let mut output = vec![T::ZERO; rows * width];
        self.evaluate_into(&input, &mut output)?;
        Ok(Mat::from_fn(rows, width, |i, j| output[i * width + j]))
    }

    /// Evaluates row-major points into row-major results, in the current rayon pool.
    ///
    /// # Errors
    /// [`EvaluationError::Length`] if the slices are not whole rows of one number of points, [`EvaluationError::Unknowns`] if
    /// the operator has unknowns that have no values.
    pub fn evaluate_into(&self, points: &[T], results: &mut [T]) -> Result<(), EvaluationError> {
        let rows = self.rows(points, results)?;
        let (n, width) = (self.inputs(), self.columns().len());
        if rows == 0 || width == 0 {
            return Ok(());
        }
        let Cut { chunk, group, task } = self.limits.cut(rows, rayon::current_num_threads());
        points.par_chunks(task * n).zip(results.par_chunks_mut(task * width)).for_each_init(
            || self.workspace(chunk),
            |workspace, (points, results)| {
                for (points, results) in points.chunks(group * n).zip(results.chunks_mut(group * width)) {
                    self.run_group(chunk, points, results, workspace);
                }
            },
        );
        Ok(())
    }

    /// The same without any pool: for a few points, which are done before another thread has woken up, and after a fork.
    ///
    /// # Errors
    /// As [`Self::evaluate_into`].
    pub fn evaluate_on_this_thread(&self, points: &[T], results: &mut [T]) -> Result<(), EvaluationError> {
        let rows = self.rows(points, results)?;
        let (n, width) = (self.inputs(), self.columns().len());
        if rows == 0 || width == 0 {
            return Ok(());
        }
        let Cut { chunk, group, .. } = self.limits.cut(rows, 1);
        let mut workspace = self.workspace(chunk);
        for (points, results) in points.chunks(group * n).zip(results.chunks_mut(group * width)) {
            self.run_group(chunk, points, results, &mut workspace);
        }
        Ok(())
    }

    /// How many points there are, if there is a row of results for each and nothing is left open.
    fn rows(&self, points: &[T], results: &[T]) -> Result<usize, EvaluationError> {
        self.outputs.check_unknowns()?;
        let (n, width) = (self.inputs(), self.columns().len());
        let rows = points.len().checked_div(n).unwrap_or(0);
        if rows * n != points.len() {
            return Err(EvaluationError::Length { what: "points", found: points.len(), expected: rows * n });
        }
        if rows * width != results.len() {
            return Err(EvaluationError::Length {
                what: "results",
                found: results.len(),
                expected: rows * width,
            });
        }
        Ok(rows)
    }

    /// Buffers for chunks of so many points.
    fn workspace(&self, chunk: usize) -> Lease<'_, Workspace<T>> {
        let fits = |workspace: &Workspace<T>| workspace.points >= chunk;
        self.pool.take(fits, || Workspace::new(&self.schedule, &self.outputs, chunk))
    }

    fn run_group(&self, chunk: usize, points: &[T], results: &mut [T], workspace: &mut Workspace<T>) {
        let (n, width) = (self.inputs(), self.columns().len());
        ahead::run(&self.schedule, points, workspace);
        let chunks = points.chunks(chunk * n).zip(results.chunks_mut(chunk * width));
        for (number, (points, results)) in chunks.enumerate() {
            run::chunk(&self.schedule, self.set, points, number * chunk, workspace);
            self.outputs.write(&self.schedule, points, workspace, results);
        }
    }
}

/// Refuses plans and networks that do not go together, and numbers that a type cannot hold.
pub(crate) fn check<T: Float, S: Scalar + Into<f64> + Copy>(
    plan: &Plan,
    network: &Network<S>,
) -> Result<(), EvaluationError> {
    let (coordinates, inputs) = (plan.coordinates().len(), network.inputs());
    if coordinates != inputs {
        return Err(EvaluationError::Inputs { coordinates, inputs });
    }
    match plan.fields().map(<[String]>::len) {
        Some(fields) if fields != network.outputs() => {
            return Err(EvaluationError::Fields { fields, outputs: network.outputs() });
        }
        _ => {}
    }
    check_rounding::<T>(plan)?;
    range::check::<T, S>(plan, network)
}

/// Refuses a plan that leaves no digit of a result.
fn check_rounding<T: Float>(plan: &Plan) -> Result<(), EvaluationError> {
    let (factor, precision) = (plan.growth().factor, T::PRECISION);
    if factor * precision.roundoff() < 1.0 {
        return Ok(());
    }
    let remedy = match precision {
        Precision::Single => "f64, or another strategy",
        Precision::Double => "another strategy, or a lower order",
    };
    Err(EvaluationError::Rounding {
        strategy: plan.strategy(),
        growth: format!("{factor:.1e}"),
        precision,
        remedy,
    })
}
