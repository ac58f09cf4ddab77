//! From the parameters to the derived numbers, and back.
//!
//! The prelude θ ↦ z is a network at one point, θ, over the algebra that has the value alone: the same rules take z̄ back to θ̄
//! that take the cotangents of results back to those of points.

use jetc_operators::{OperatorSpec, Plan, Strategy};

use super::{Leaf, Passes, Recipient};
use crate::element::Scalar;
use crate::float::Float;
use crate::math::InstructionSet;
use crate::network::Network;
use crate::reference::{self, Dual};

/// The prelude of a network, compiled.
#[derive(Debug)]
pub(crate) struct Prelude<T> {
    passes: Passes<T>,
    network: Network<Dual<f64>>,
}

impl<T: Float> Prelude<T> {
    pub(crate) fn of<S: Scalar + Into<f64> + Copy>(prelude: &Network<S>, set: InstructionSet) -> Self {
        let passes = Passes::new((&value(), None), prelude, false, set);
        let network = prelude.map(|&number| Dual::constant(number.into()));
        Self { passes, network }
    }

    /// z
    pub(crate) fn derived(&self, parameters: &[T]) -> Vec<T> {
        let mut derived = vec![T::ZERO; self.passes.outputs.width()];
        self.passes.forward(parameters, &mut derived, &mut Leaf::new(&self.passes, 1));
        derived
    }

    /// How z moves where θ moves by `direction`.
    pub(crate) fn tangent(&self, parameters: &[T], direction: &[T]) -> Vec<T> {
        let dual =
            |(&value, &derivative): (&T, &T)| Dual { value: value.to_f64(), derivative: derivative.to_f64() };
        let moved: Vec<Dual<f64>> = parameters.iter().zip(direction).map(dual).collect();
        let derived = reference::value(&self.network, &moved).expect("floats have every function");
        derived.iter().map(|number| T::from_f64(number.derivative)).collect()
    }

    /// The way back at these parameters.
    pub(crate) fn at<'a>(&'a self, parameters: &'a [T]) -> WayBack<'a, T> {
        let mut leaf = Leaf::new(&self.passes, 1);
        let mut derived = vec![T::ZERO; self.passes.outputs.width()];
        self.passes.forward(parameters, &mut derived, &mut leaf);
        WayBack { prelude: self, parameters, leaf }
    }
}

/// From z̄ to θ̄ at one θ.
#[derive(Debug)]
pub(crate) struct WayBack<'a, T: 'static> {
    prelude: &'a Prelude<T>,
    parameters: &'a [T],
    /// With the values of all nodes.
    leaf: Leaf<T>,
}

impl<T: Float> WayBack<'_, T> {
    /// θ̄ from z̄.
    pub(crate) fn pull(&mut self, of_derived: &[T], of_parameters: &mut [T]) {
        of_parameters.fill(T::ZERO);
        let sums = Recipient::Unknowns(&mut []);
        let passes = &self.prelude.passes;
        passes.backward(self.parameters, of_derived, Some(of_parameters), &mut self.leaf, sums);
    }
}

/// The plan that takes a network to its value. The algebra of values alone is the same for any number of inputs.
fn value() -> Plan {
    let yaml = "coordinates: [x]\noutputs: {z: u}\n";
    let spec = OperatorSpec::from_yaml("prelude", yaml).expect("the operator is written here");
    spec.plan(Strategy::Minimal).expect("the value alone is always carried")
}
