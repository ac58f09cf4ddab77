//! Numbers that become infinite in the type that is computed in: found before anything is computed.
//!
//! Checked by `numbers_beyond_the_range_of_a_type_are_named`.

use std::borrow::Borrow;

use jetc_combinatorics::Rational;
use jetc_operators::Plan;

use super::EvaluationError;
use crate::element::Scalar;
use crate::float::Float;
use crate::math::Real;
use crate::network::{Network, NumberPart};

/// Checks the numbers of the network and of the plan.
pub(super) fn check<T: Float, S: Copy + Into<f64>>(
    plan: &Plan,
    network: &Network<S>,
) -> Result<(), EvaluationError> {
    let lost = |number: f64, part| {
        // Bounds of a clip lose nothing: numbers of the type stay below them as they did before.
        let is_bound = matches!(part, NumberPart::Parameter("low" | "high"));
        !is_bound && number.is_finite() && !is_finite(T::from_f64(number))
    };
    let number = network.find_number(lost).map(|number| number.to_string());
    match number.or_else(|| in_readouts::<T>(plan)).or_else(|| in_seeds::<T>(plan)) {
        Some(number) => Err(EvaluationError::Range { number, name: T::NAME }),
        None => Ok(()),
    }
}

fn in_readouts<T: Float>(plan: &Plan) -> Option<String> {
    plan.readouts().iter().enumerate().find_map(|(number, readout)| {
        let (id, weight) = readout.functional.iter().find(|(_, weight)| is_lost::<T>(weight))?;
        Some(format!("the weight of {id} in readout r{number} is {:e}", f64::from_rational(weight)))
    })
}

fn in_seeds<T: Float>(plan: &Plan) -> Option<String> {
    plan.algebra().channels().find_map(|(id, channel)| {
        let (_, number) = channel.seed.iter().find(|(_, number)| is_lost::<T>(number))?;
        Some(format!("a number in the seed of {id} is {:e}", f64::from_rational(number)))
    })
}

fn is_lost<T: Float>(number: &impl Borrow<Rational>) -> bool {
    !is_finite(T::from_rational(number.borrow()))
}

fn is_finite<T: Float>(number: T) -> bool {
    Real::to_f64(number).is_finite()
}

#[cfg(test)]
mod tests {
    use jetc_operators::{OperatorSpec, Strategy};

    use super::*;
    use crate::{Activation, Evaluator, Matrix};

    fn refused<T: Float>(output: &str, weight: f64) -> Option<String> {
        let text = format!("coordinates: [x]\nfields: [u]\noutputs: {{r: '{output}'}}");
        let plan = OperatorSpec::from_yaml("f.yaml", &text).unwrap().plan(Strategy::Auto).unwrap();
        let weight = Matrix::from_row_major(1, 1, vec![weight]).unwrap();
        let network = Network::builder(1).affine(weight, None).elementwise(Activation::Tanh).build().unwrap();
        Evaluator::<T>::new(&plan, &network).err().map(|error| error.to_string())
    }

    #[test]
    fn numbers_beyond_the_range_of_a_type_are_named() {
        assert_eq!(refused::<f64>("1e40*u_xx", 1e300), None);
        assert_eq!(refused::<f32>("1e30*u_xx", 1e30), None);
        let weight = refused::<f32>("u_xx", 1e39).unwrap();
        assert!(weight.contains("entry [0, 0] of the weight of node n1 (affine) is 1e39"), "{weight}");
        assert!(weight.contains("--dtype f64"), "{weight}");
        let readout = refused::<f32>("1e40*u_xx", 1.0).unwrap();
        assert!(readout.contains("in readout r0 is 2e40"), "{readout}");
        let readout = refused::<f64>("1e310*u_xx", 1.0).unwrap();
        assert!(readout.contains("in readout r0 is inf") && !readout.contains("--dtype"), "{readout}");
    }
}
