//! Derivatives of the results of a plan by the numbers of a network, and by the points.
//!
//! | notation | name |
//! |---|---|
//! | θ, P numbers | the parameters of the network, one flat vector |
//! | r, shape \[N, columns\] | the results: what an [`Evaluator`](crate::Evaluator) gives |
//! | L = 1/N Σᵢⱼ (rᵢⱼ − gᵢⱼ)² | [`Differentiator::loss_and_gradient`], with targets g |
//! | wᵀ ∂r/∂θ, wᵀ ∂r/∂x | [`Differentiator::vjp`], for cotangents w of the results |
//! | J = ∂r/∂θ, rows in the order point, then column | [`Differentiator::jacobian`] |
//! | J Jᵀ | [`Differentiator::gram`] |
//! | J v, Jᵀ w | [`Differentiator::jvp`], [`Differentiator::vjp`] |
//!
//! Reverse mode over the jet algebra of the plan: exact, for any order of the operator, at the price of about three
//! evaluations. A few points at a time go forwards and back, so memory is that of a few points for each thread, beside the
//! sums; [`Differentiator::with_memory`] bounds it. Sums over points are taken in an order that depends on plan, network and number of points alone: results have the
//! same bits for any number of threads and any bound on memory.
//!
//! Where a function has no derivative, it counts as in evaluation: one side of a choice, half of each of two equal numbers, the
//! first of several largest.
//!
//! Checked by `derivatives_of_random_graphs_are_those_of_dual_numbers`, and by nested differentiation of other programs.

mod gram;
mod jacobian;
mod jvp;
mod loss;

use std::borrow::Cow;

use jetc_operators::Plan;

use crate::EvaluationError;
use crate::element::Scalar;
use crate::executor::backward::{
    Leaf, Leaves, Passes, Prelude, SUMS_OF_A_LANE, Share, Sums, WayBack, Widths, tree,
};
use crate::executor::{InputReduction, Lease, Pool, Reduced, suited};
use crate::float::Float;
use crate::math::InstructionSet;
use crate::network::{Network, NodeId, Operation};

/// Why results cannot be differentiated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GradientError {
    /// They cannot even be evaluated.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
    /// A node of the library's user that does not say how cotangents go back through it.
    #[error(
        "node {node} ({name}) has no pull-back; implement `CustomNode::pull_back` for it, or write it with the operations of \
         `GraphBuilder`"
    )]
    Custom {
        /// The node as plans call it.
        node: String,
        /// Its name.
        name: String,
    },
    /// Too little memory for one thread.
    #[error(
        "one thread takes {needed} bytes, more than the limit of {limit}, for the buffers of a few points and the sums over all; \
         raise the limit, or take the minimal strategy or f32, which need fewer"
    )]
    Memory {
        /// Bytes of one thread.
        needed: usize,
        /// The limit.
        limit: usize,
    },
}

/// Where derivatives go; what is not asked for is not computed.
#[derive(Debug)]
pub struct Gradients<'a, T> {
    /// By the parameters θ of the network, \[P\], in the order of [`Network::parameters`].
    pub parameters: Option<&'a mut [T]>,
    /// By the points, \[N, n\].
    pub points: Option<&'a mut [T]>,
    /// By the unknowns of the operator, in the order of [`Plan::unknowns`].
    pub unknowns: Option<&'a mut [f64]>,
}

impl<T> Default for Gradients<'_, T> {
    fn default() -> Self {
        Self { parameters: None, points: None, unknowns: None }
    }
}

/// A plan and a network, compiled for derivatives: immutable, shared by threads.
///
/// # Example: a step of gradient descent on a residual
/// ```
/// use jetc_operators::{OperatorSpec, Strategy};
/// use jetc_runtime::{Activation, Differentiator, Matrix, Network};
///
/// let heat = "coordinates: {space: x, time: t}\noutputs: {residual: u_t - u_xx}";
/// let plan = OperatorSpec::from_yaml("heat", heat)?.plan(Strategy::Auto)?;
/// let first = Matrix::from_row_major(3, 2, vec![1.0, -0.5, 0.3, 0.8, -0.7, 0.2]).unwrap();
/// let last = Matrix::from_row_major(1, 3, vec![0.6, -1.0, 0.4]).unwrap();
/// let network = Network::builder(2).affine(first, Some(vec![0.1, 0.0, -0.2])).elementwise(Activation::Tanh);
/// let network = network.affine(last, None).build()?;
///
/// let mut differentiator = Differentiator::<f64>::new(&plan, &network)?;
/// let points = [0.1, 0.0, 0.5, 0.2, 0.9, 0.7]; // [N, n]
/// let mut theta = network.parameters().values().to_vec();
/// let mut gradient = vec![0.0; theta.len()];
/// let before = differentiator.loss_and_gradient(&points, None, &mut gradient)?;
/// for (parameter, derivative) in theta.iter_mut().zip(&gradient) {
///     *parameter -= 0.1 * derivative;
/// }
/// differentiator.set_parameters(&theta)?;
/// assert!(differentiator.loss_and_gradient(&points, None, &mut gradient)? < before);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Differentiator<T: 'static> {
    /// What runs: reduced, if the first layers allow it.
    plan: Plan,
    reduced: Option<Reduced>,
    /// The plan in all coordinates and the network, for a plan that is reduced.
    origin: Option<(Plan, Network<f64>)>,
    passes: Passes<T>,
    prelude: Option<Prelude<T>>,
    /// Points that go forwards and back together, at most …
    leaf: usize,
    /// … and at least, where there are few in all.
    least_leaf: usize,
    /// Bytes that all threads together may take.
    memory: usize,
    /// θ
    parameters: Vec<T>,
    pool: Pool<Leaf<T>>,
}

/// So much of a cache is taken for granted: leaves must not depend on the machine.
const CACHE: usize = 1 << 20;

/// Rows of a product for which weights and their cotangents, if they lie beyond the second-level cache, are no burden.
const FEWEST_ROWS: usize = 768;

/// Few points are cut into so many leaves, as far as products keep half as many rows: for threads to have something to do.
const FEW_LEAVES: usize = 8;

impl<T: Float> Differentiator<T> {
    /// Compiles `plan` and its transpose for `network`.
    ///
    /// # Errors
    /// As [`Evaluator::new`](crate::Evaluator::new), and [`GradientError::Custom`].
    pub fn new<S: Scalar + Into<f64> + Copy>(
        plan: &Plan,
        network: &Network<S>,
    ) -> Result<Self, GradientError> {
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
    ) -> Result<Self, GradientError> {
        crate::executor::check::<T, S>(plan, network)?;
        let arranged = network.arranged(plan.coordinates(), plan.fields()).map_err(EvaluationError::from)?.0;
        let network = &*arranged;
        if let Some((node, name)) = without_pull_back(network) {
            return Err(GradientError::Custom { node: format!("n{}", node.index()), name });
        }
        let (plan, reduced, origin) = match Reduced::differentiable(plan, network) {
            Some((reduced_plan, reduced)) => {
                let origin = (plan.clone(), network.map(|&number| number.into()));
                (reduced_plan, Some(reduced), Some(origin))
            }
            None => (plan.clone(), None, None),
        };
        let passes = Passes::new((&plan, reduced.as_ref()), network, true, set);
        let is_large = passes.layout.len() * size_of::<T>() > CACHE / 4;
        let fewest_rows = if is_large { FEWEST_ROWS } else { 1 };
        let leaf = suited(&passes.schedule, passes.bytes_per_point(), CACHE, fewest_rows);
        // As if points took no room.
        let least_leaf = suited(&passes.schedule, usize::MAX, CACHE, fewest_rows / 2).min(leaf);
        let prelude = network.prelude().map(|prelude| Prelude::of(prelude, set));
        let parameters = network.parameters().values().iter().map(|&x| T::from_f64(x.into())).collect();
        let (memory, pool) = (usize::MAX, Pool::new());
        Ok(Self { plan, reduced, origin, passes, prelude, leaf, least_leaf, memory, parameters, pool })
    }

    /// Number of inputs n: columns of the points.
    pub fn inputs(&self) -> usize {
        self.passes.schedule.inputs()
    }

    /// How many numbers the results are differentiated by.
    pub fn parameters(&self) -> usize {
        self.parameters.len()
    }

    /// The columns of the results.
    pub fn columns(&self) -> &[crate::OutputColumn] {
        self.passes.outputs.columns()
    }

    /// Takes other parameters θ, in the order of [`Network::parameters`]: without planning and compiling again, unless the first
    /// layers leave another number of directions than before, or other signs ([`Self::reduction`]).
    ///
    /// # Errors
    /// [`EvaluationError::Length`] if there are not as many.
    pub fn set_parameters(&mut self, parameters: &[T]) -> Result<(), EvaluationError> {
        expect("the list of parameters", parameters.len(), self.parameters())?;
        let derived = match &self.prelude {
            Some(prelude) => Cow::Owned(prelude.derived(parameters)),
            None => Cow::Borrowed(parameters),
        };
        if let Some(reduced) = &mut self.reduced
            && !reduced.set(&self.passes.schedule.first_layers(&derived))
        {
            return self.compile_again(parameters);
        }
        self.passes.refill((&self.plan, self.reduced.as_ref()), &derived);
        self.parameters.copy_from_slice(parameters);
        Ok(())
    }

    /// Reduces the plan in all coordinates anew, if it can be reduced with these parameters.
    fn compile_again(&mut self, parameters: &[T]) -> Result<(), EvaluationError> {
        let (plan, network) = self.origin.as_ref().expect("a reduced plan keeps what it comes from");
        let doubles: Vec<f64> = parameters.iter().map(|x| x.to_f64()).collect();
        let network = network.with_parameters(&doubles).expect("as many as before, of floats");
        let (unknowns, memory) = (self.passes.outputs.unknown_values().to_vec(), self.memory);
        *self = Self::with_instructions(plan, &network, self.passes.set).map_err(|error| match error {
            GradientError::Evaluation(error) => error,
            GradientError::Custom { .. } | GradientError::Memory { .. } => {
                unreachable!("the network has been differentiated before, and memory is bounded later")
            }
        })?;
        // More directions may take more than what was allowed; then one thread works.
        self.memory = memory;
        if unknowns.is_empty() { Ok(()) } else { self.set_unknowns(&unknowns) }
    }

    /// Bounds what the buffers and sums of all threads take together; without it, every thread works. Weights, points, results
    /// and what is returned are not counted. Less memory means fewer threads; results stay the same, to the last bit.
    ///
    /// # Errors
    /// [`GradientError::Memory`] if a single thread takes more.
    pub fn with_memory(mut self, bytes: usize) -> Result<Self, GradientError> {
        let needed = self.least_memory();
        if needed > bytes {
            return Err(GradientError::Memory { needed, limit: bytes });
        }
        self.memory = bytes;
        self.pool = Pool::new();
        Ok(self)
    }

    /// The least that [`Self::with_memory`] takes: bytes of the buffers and sums of one thread.
    pub fn least_memory(&self) -> usize {
        self.bytes_of_a_lane(SUMS_OF_A_LANE)
    }

    /// Bytes of the buffers of one thread, and of so many sums.
    fn bytes_of_a_lane(&self, sums: usize) -> usize {
        let buffers = self.leaf.saturating_mul(self.passes.bytes_per_point());
        buffers.saturating_add(sums.saturating_mul(self.passes.layout.len() * size_of::<T>()))
    }

    /// How many threads may work at a time, where each holds so many sums.
    fn lanes(&self, sums: usize) -> usize {
        match (self.memory / self.bytes_of_a_lane(sums).max(1)).max(1) {
            lanes if lanes < rayon::current_num_threads() => lanes,
            _ => usize::MAX,
        }
    }

    /// The fewest of so many tasks that one thread takes, for there to be no more threads at work than memory allows.
    fn fewest_tasks(&self, tasks: usize, sums: usize) -> usize {
        tasks.div_ceil(self.lanes(sums)).max(1)
    }

    /// How many channels go through the network.
    pub fn channels(&self) -> usize {
        self.plan.algebra().dimension()
    }

    /// How the network's first layers lower the number of coordinates, if they do.
    pub fn reduction(&self) -> Option<InputReduction> {
        self.reduced.as_ref().map(Reduced::summary)
    }

    /// Gives the unknowns of the operator their values, in the order of [`Plan::unknowns`].
    ///
    /// # Errors
    /// [`EvaluationError::Length`] if there are not as many.
    pub fn set_unknowns(&mut self, values: &[f64]) -> Result<(), EvaluationError> {
        self.passes.outputs.set_unknowns(values)
    }

    /// The results r, and wᵀ ∂r of everything that is asked for, in one pass. `cotangent` is called for a few points at a time,
    /// with the number of the first and their results, row-major \[points, columns\]; it fills the cotangents w and returns what
    /// is to be summed over all points, like a loss.
    ///
    /// Shapes: `points` \[N, n\], `results` \[N, columns\].
    ///
    /// # Errors
    /// [`EvaluationError::Length`] if a slice has another length, [`EvaluationError::Unknowns`] if unknowns have no values.
    pub fn value_and_vjp(
        &self,
        points: &[T],
        results: &mut [T],
        cotangent: impl Fn(usize, &[T], &mut [T]) -> f64 + Sync,
        gradients: Gradients<'_, T>,
    ) -> Result<f64, GradientError> {
        self.passes.outputs.check_unknowns()?;
        let (inputs, columns) = (self.inputs(), self.columns().len());
        let count = rows(points.len(), inputs)?;
        expect("results", results.len(), count * columns)?;
        let Gradients { parameters, points: of_points, unknowns } = gradients;
        let unknown = self.passes.outputs.unknowns().len();
        expect_if("the gradient by parameters", parameters.as_deref(), self.parameters())?;
        expect_if("the gradient by points", of_points.as_deref(), points.len())?;
        expect_if("the gradient by unknowns", unknowns.as_deref(), unknown)?;
        let mut points_cotangents = of_points;
        if let Some(gradient) = points_cotangents.as_deref_mut() {
            gradient.fill(T::ZERO);
        }
        let share = Share { first: 0, points, results, points_cotangents };
        let take = || self.take();
        let add = |share: Share<'_, T>, leaf: &mut Lease<'_, Leaf<T>>, sums: &mut Sums<T>| {
            let Share { first, points, results, points_cotangents } = share;
            let cotangent = |results: &[T], cotangents: &mut [T]| cotangent(first, results, cotangents);
            self.passes.both(points, results, points_cotangents, cotangent, leaf, sums);
        };
        let layout = &self.passes.layout;
        let (widths, has_numbers) = (Widths { inputs, columns }, parameters.is_some());
        let zero = || Sums::zero(layout, has_numbers);
        let bytes = layout.len() * size_of::<T>();
        let leaf = self.leaf.min(count.div_ceil(FEW_LEAVES).max(self.least_leaf));
        let leaves = Leaves { points: leaf, bytes, lanes: self.lanes(SUMS_OF_A_LANE) };
        let mut sums = tree(share, widths, leaves, &zero, &take, &add);
        if let (Some(parameters), Some(numbers)) = (parameters, &mut sums.numbers) {
            layout.finish(numbers);
            pull(self.way_back().as_mut(), &numbers[..layout.derived], parameters);
        }
        if let Some(unknowns) = unknowns {
            unknowns.copy_from_slice(&sums.unknowns);
        }
        Ok(sums.loss)
    }

    /// wᵀ ∂r of everything that is asked for.
    ///
    /// Shapes: `points` \[N, n\], `cotangents` w \[N, columns\].
    ///
    /// # Errors
    /// As [`Self::value_and_vjp`].
    pub fn vjp(
        &self,
        points: &[T],
        cotangents: &[T],
        gradients: Gradients<'_, T>,
    ) -> Result<(), GradientError> {
        let columns = self.columns().len();
        let count = rows(points.len(), self.inputs())?;
        expect("cotangents", cotangents.len(), count * columns)?;
        let mut results = vec![T::ZERO; cotangents.len()];
        let copy = |first: usize, results: &[T], into: &mut [T]| {
            into.copy_from_slice(&cotangents[first * columns..][..results.len()]);
            0.0
        };
        self.value_and_vjp(points, &mut results, copy, gradients)?;
        Ok(())
    }

    /// From z̄ to θ̄; nothing where they are the same.
    fn way_back(&self) -> Option<WayBack<'_, T>> {
        self.prelude.as_ref().map(|prelude| prelude.at(&self.parameters))
    }

    fn take(&self) -> Lease<'_, Leaf<T>> {
        self.pool.take(|_| true, || Leaf::new(&self.passes, self.leaf))
    }
}

/// θ̄ from z̄, along the way back or as it is.
fn pull<T: Float>(way_back: Option<&mut WayBack<'_, T>>, of_derived: &[T], of_parameters: &mut [T]) {
    match way_back {
        Some(way_back) => way_back.pull(of_derived, of_parameters),
        None => of_parameters.copy_from_slice(of_derived),
    }
}

/// The number of points in a slice of rows.
fn rows(points: usize, width: usize) -> Result<usize, EvaluationError> {
    let rows = points.checked_div(width).unwrap_or(0);
    expect("the list of points", points, rows * width).map(|()| rows)
}

fn expect(what: &'static str, found: usize, expected: usize) -> Result<(), EvaluationError> {
    if found == expected { Ok(()) } else { Err(EvaluationError::Length { what, found, expected }) }
}

fn expect_if<T>(what: &'static str, slice: Option<&[T]>, expected: usize) -> Result<(), EvaluationError> {
    slice.map_or(Ok(()), |slice| expect(what, slice.len(), expected))
}

/// The first node of the library's user without a way back.
fn without_pull_back<S>(network: &Network<S>) -> Option<(NodeId, String)> {
    network.nodes().find_map(|(id, node)| match &node.operation {
        Operation::Custom { node, .. } if node.pull_back().is_none() => Some((id, node.name().to_owned())),
        _ => None,
    })
}
