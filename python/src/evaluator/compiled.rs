//! What an evaluator compiles: for each type of numbers, when it is first needed; and which parameters it has.
//!
//! Compiled things are shared with calls that run without the interpreter's lock. Other parameters go into what is compiled
//! while nobody uses it; otherwise something new is compiled, which takes as long as some points.

use std::mem::forget;
use std::process;
use std::sync::Arc;

use jetc_operators::{OperatorSpec, Plan, Strategy, Topology};
use jetc_runtime::{Differentiator, EvaluationError, Evaluator, Float, GradientError, Network};
use pyo3::prelude::*;

use crate::arrays::Number;
use crate::errors;

/// The numbers that can change from call to call.
#[derive(Debug, Clone)]
pub(super) struct Numbers {
    /// The parameters θ.
    pub(super) theta: Arc<[f64]>,
    /// The values of the unknowns of the operator, once there are any.
    pub(super) unknowns: Option<Arc<[f64]>>,
}

impl Numbers {
    /// Whether they are the very same, not only equal.
    fn are(&self, other: &Self) -> bool {
        let has_same_unknowns = match (&self.unknowns, &other.unknowns) {
            (None, None) => true,
            (Some(mine), Some(others)) => Arc::ptr_eq(mine, others),
            _ => false,
        };
        has_same_unknowns && Arc::ptr_eq(&self.theta, &other.theta)
    }
}

/// What everything is compiled from.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) spec: OperatorSpec,
    pub(super) strategy: Strategy,
    pub(super) network: Network<f64>,
    pub(super) topology: Topology,
    pub(super) memory: Option<usize>,
}

/// What can be compiled from a plan and a network.
pub(super) trait Compile<T: Float>: Sized {
    /// A new one, with the parameters of the network.
    fn new(plan: &Plan, source: &Source, network: &Network<f64>) -> Result<Self, GradientError>;

    /// Takes other parameters; whether it could.
    fn take_parameters(&mut self, theta: &[T]) -> bool;

    /// The same with values for the unknowns.
    fn with_unknowns(self, values: &[f64]) -> Result<Self, GradientError>;
}

impl<T: Float> Compile<T> for Evaluator<T> {
    fn new(plan: &Plan, source: &Source, network: &Network<f64>) -> Result<Self, GradientError> {
        let evaluator = Self::new(plan, network)?;
        Ok(match source.memory {
            Some(bytes) => evaluator.with_memory(bytes)?,
            None => evaluator,
        })
    }

    fn take_parameters(&mut self, theta: &[T]) -> bool {
        self.set_parameters(theta).is_ok()
    }

    fn with_unknowns(self, values: &[f64]) -> Result<Self, GradientError> {
        Ok(self.with_unknowns(values)?)
    }
}

impl<T: Float> Compile<T> for Differentiator<T> {
    fn new(plan: &Plan, source: &Source, network: &Network<f64>) -> Result<Self, GradientError> {
        let differentiator = Self::new(plan, network)?;
        Ok(match source.memory {
            Some(bytes) => differentiator.with_memory(bytes)?,
            None => differentiator,
        })
    }

    fn take_parameters(&mut self, theta: &[T]) -> bool {
        self.set_parameters(theta).is_ok()
    }

    fn with_unknowns(mut self, values: &[f64]) -> Result<Self, GradientError> {
        self.set_unknowns(values)?;
        Ok(self)
    }
}

/// Something compiled, with the numbers that it has.
#[derive(Debug)]
struct Ready<C> {
    compiled: Arc<C>,
    numbers: Numbers,
}

/// Something compiled with these numbers: what is there, if it has them or can take them.
fn ready<T: Float, C: Compile<T>>(
    place: &mut Option<Ready<C>>,
    plan: &Plan,
    source: &Source,
    numbers: &Numbers,
) -> Result<Arc<C>, GradientError> {
    if let Some(ready) = place {
        if ready.numbers.are(numbers) {
            return Ok(ready.compiled.clone());
        }
        let theirs = Numbers { theta: numbers.theta.clone(), unknowns: ready.numbers.unknowns.clone() };
        if theirs.are(numbers)
            && let Some(compiled) = Arc::get_mut(&mut ready.compiled)
        {
            let theta: Vec<T> = numbers.theta.iter().map(|&number| T::from_f64(number)).collect();
            if compiled.take_parameters(&theta) {
                ready.numbers = theirs;
                return Ok(ready.compiled.clone());
            }
        }
    }
    let network = source.network.with_parameters(&numbers.theta);
    let network =
        network.expect("the number of parameters is checked when they come, and floats have every function");
    let mut compiled = C::new(plan, source, &network)?;
    if let Some(unknowns) = &numbers.unknowns {
        compiled = compiled.with_unknowns(unknowns)?;
    }
    let compiled = Arc::new(compiled);
    *place = Some(Ready { compiled: compiled.clone(), numbers: numbers.clone() });
    Ok(compiled)
}

/// What is compiled for one type of numbers.
#[derive(Debug)]
pub(crate) struct Compiled<T: 'static> {
    process: u32,
    plan: Option<Arc<Plan>>,
    evaluator: Option<Ready<Evaluator<T>>>,
    differentiator: Option<Ready<Differentiator<T>>>,
}

impl<T: Number> Compiled<T> {
    pub(super) fn new() -> Self {
        Self { process: process::id(), plan: None, evaluator: None, differentiator: None }
    }

    /// The plan for this type of numbers.
    pub(super) fn plan(&mut self, source: &Source) -> PyResult<Arc<Plan>> {
        if let Some(plan) = &self.plan {
            return Ok(plan.clone());
        }
        let plan = source.spec.plan_for(source.strategy, &source.topology, T::PRECISION);
        let plan = Arc::new(plan.map_err(|error| errors::plan(&error))?);
        self.plan = Some(plan.clone());
        Ok(plan)
    }

    /// The evaluator with these numbers.
    pub(super) fn evaluator(&mut self, source: &Source, numbers: &Numbers) -> PyResult<Arc<Evaluator<T>>> {
        self.leave_to_the_parent();
        errors::caught(|| {
            let plan = self.plan(source)?;
            ready(&mut self.evaluator, &plan, source, numbers).map_err(|error| errors::gradient(&error))
        })
    }

    /// The differentiator with these numbers.
    pub(super) fn differentiator(
        &mut self,
        source: &Source,
        numbers: &Numbers,
    ) -> PyResult<Arc<Differentiator<T>>> {
        self.leave_to_the_parent();
        errors::caught(|| {
            let plan = self.plan(source)?;
            ready(&mut self.differentiator, &plan, source, numbers).map_err(|error| errors::gradient(&error))
        })
    }

    /// After a fork, buffers may be locked by a thread that only the parent has.
    fn leave_to_the_parent(&mut self) {
        let process = process::id();
        if self.process != process {
            forget((self.evaluator.take(), self.differentiator.take()));
            self.process = process;
        }
    }
}

/// Floating-point operations of the matrix products for one point.
pub(super) fn flops<T: Float>(evaluator: &Evaluator<T>) -> u64 {
    evaluator.products().iter().map(jetc_runtime::ProductShape::flops).fold(0, u64::saturating_add)
}

/// The same kind of error, whichever half it comes from.
pub(super) fn refused(error: EvaluationError) -> PyErr {
    errors::evaluation(&error)
}
