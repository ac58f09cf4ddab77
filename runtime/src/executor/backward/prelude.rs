//! From the parameters to the derived numbers, and back.
//!
//! The prelude θ ↦ z is a network at one point, θ, over the algebra that has the value alone: the same rules take z̄ back to θ̄
//! that take the cotangents of results back to those of points.

use jetc_operators::{OperatorSpec, Plan, Strategy};

use super::{Layout, Leaf, Passes, Recipient, Tape};
use crate::element::Scalar;
use crate::executor::place::Keep;
use crate::executor::readout::Outputs;
use crate::executor::schedule::Schedule;
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
        let plan = value();
        let schedule = Schedule::new(&plan, prelude, None, Keep::All, set);
        let outputs = Outputs::without_names(&plan, &schedule);
        let tape = Tape::new(&plan, prelude, true, set);
        let layout = Layout::new((&plan, None), prelude, &schedule, 0);
        let passes = Passes { schedule, outputs, tape, layout, set };
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

    /// θ̄ from each row of z̄; `rows` says what is where.
    pub(crate) fn pull<'a>(&self, parameters: &[T], rows: impl Iterator<Item = (&'a [T], &'a mut [T])>) {
        let mut leaf = Leaf::new(&self.passes, 1);
        let mut derived = vec![T::ZERO; self.passes.outputs.width()];
        self.passes.forward(parameters, &mut derived, &mut leaf);
        for (of_derived, of_parameters) in rows {
            of_parameters.fill(T::ZERO);
            let sums = Recipient::One(&mut [], &mut []);
            self.passes.backward(parameters, of_derived, Some(of_parameters), &mut leaf, sums);
        }
    }
}

/// The plan that takes a network to its value. The algebra of values alone is the same for any number of inputs.
fn value() -> Plan {
    let yaml = "coordinates: [x]\noutputs: {z: u}\n";
    let spec = OperatorSpec::from_yaml("prelude", yaml).expect("the operator is written here");
    spec.plan(Strategy::Minimal).expect("the value alone is always carried")
}
