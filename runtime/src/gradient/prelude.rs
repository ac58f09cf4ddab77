//! From the derived numbers back to the parameters.
//!
//! The prelude θ ↦ z is a network at one point, θ, over the algebra that has the value alone: the same rules take z̄ back to θ̄
//! that take the cotangents of results back to those of points.

use jetc_operators::{OperatorSpec, Plan, Strategy};

use crate::element::Scalar;
use crate::executor::backward::{Layout, Leaf, Passes, Recipient, Tape};
use crate::executor::{Keep, Outputs, Schedule};
use crate::float::Float;
use crate::math::InstructionSet;
use crate::network::Network;
use crate::reference::{self, Dual};

/// The prelude of a network, compiled.
#[derive(Debug)]
pub(super) struct Prelude<T> {
    passes: Passes<T>,
    network: Network<Dual<f64>>,
    /// θ
    parameters: Vec<T>,
}

impl<T: Float> Prelude<T> {
    /// Nothing where z = θ.
    pub(super) fn new<S: Scalar + Into<f64> + Copy>(
        network: &Network<S>,
        set: InstructionSet,
    ) -> Option<Self> {
        let prelude = network.prelude()?;
        let plan = value();
        let schedule = Schedule::new(&plan, prelude, None, Keep::All, set);
        let outputs = Outputs::new(&plan, &schedule);
        let tape = Tape::new(&plan, prelude, true, set);
        let layout = Layout::new((&plan, None), prelude, &schedule, 0);
        let passes = Passes { schedule, outputs, tape, layout, set };
        let parameters = network.parameters().values().iter().map(|&x| T::from_f64(x.into())).collect();
        let network = prelude.map(|&number| Dual::constant(number.into()));
        Some(Self { passes, network, parameters })
    }

    /// Takes other parameters, and says what the derived numbers are.
    pub(super) fn set(&mut self, parameters: &[T]) -> Vec<T> {
        self.parameters.copy_from_slice(parameters);
        let mut derived = vec![T::ZERO; self.passes.outputs.columns().len()];
        self.passes.forward(&self.parameters, &mut derived, &mut Leaf::new(&self.passes, 1));
        derived
    }

    /// How the derived numbers move where the parameters move by `direction`.
    pub(super) fn tangent(&self, direction: &[T]) -> Vec<T> {
        let dual =
            |(&value, &derivative): (&T, &T)| Dual { value: value.to_f64(), derivative: derivative.to_f64() };
        let moved: Vec<Dual<f64>> = self.parameters.iter().zip(direction).map(dual).collect();
        let derived = reference::value(&self.network, &moved).expect("floats have every function");
        derived.iter().map(|number| T::from_f64(number.derivative)).collect()
    }

    /// θ̄ from each row of z̄; `rows` says what is where.
    pub(super) fn pull<'a>(&self, rows: impl Iterator<Item = (&'a [T], &'a mut [T])>) {
        let mut leaf = Leaf::new(&self.passes, 1);
        let mut derived = vec![T::ZERO; self.passes.outputs.columns().len()];
        self.passes.forward(&self.parameters, &mut derived, &mut leaf);
        for (of_derived, of_parameters) in rows {
            of_parameters.fill(T::ZERO);
            self.passes.backward(
                &self.parameters,
                of_derived,
                Some(of_parameters),
                &mut leaf,
                Recipient::One(&mut [], &mut []),
            );
        }
    }
}

/// The plan that takes a network to its value. The algebra of values alone is the same for any number of inputs.
fn value() -> Plan {
    let yaml = "coordinates: [x]\noutputs: {z: u}\n";
    let spec = OperatorSpec::from_yaml("prelude", yaml).expect("the operator is written here");
    spec.plan(Strategy::Minimal).expect("the value alone is always carried")
}
