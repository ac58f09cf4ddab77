//! What an operator's values really are: the minimal plan in fixed point.
//!
//! Plans are exact, so another strategy in the same arithmetic differs by nothing but the reference's own error, and so does
//! the same plan with other [`BITS`].
//!
//! Checked by `strategies_and_precisions_of_the_reference_agree` and by `a_network_of_one_layer_has_its_closed_form`.

use jetc_operators::{Plan, Strategy};
use jetc_runtime::element::{Element, Scalar};
use jetc_runtime::reference::evaluate;
use rayon::prelude::*;

use super::Case;
use crate::fixed_point::Fixed;

/// Bits of the reference: 57 digits behind the point.
pub const BITS: u64 = 192;

/// More bits, to see how many digits of the reference are right.
const MORE_BITS: u64 = 256;

/// The values of a case at its points.
#[derive(Debug, Clone)]
pub struct Reference {
    values: Vec<Fixed<BITS>>,
    rms: f64,
}

impl Reference {
    /// Evaluates the minimal plan of the case.
    ///
    /// # Panics
    /// If the operator has no minimal plan.
    pub fn new(case: &Case) -> Self {
        let plan = case.plan(Strategy::Minimal).expect("a case has a minimal plan");
        let values: Vec<Fixed<BITS>> = in_fixed_point(case, &plan, case.points);
        let squares: Vec<f64> = values.iter().map(|value| value.to_f64().powi(2)).collect();
        #[allow(clippy::cast_precision_loss, reason = "points are few")]
        let rms = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
        Self { values, rms }
    }

    /// One value for each point.
    pub fn values(&self) -> &[Fixed<BITS>] {
        &self.values
    }

    /// √(mean of the squared values)
    pub fn rms(&self) -> f64 {
        self.rms
    }

    /// How far another plan is from the minimal one at the first points, relative to [`Self::rms`].
    pub fn disagreement(&self, case: &Case, plan: &Plan, points: usize) -> f64 {
        self.worst(&in_fixed_point::<BITS>(case, plan, points))
    }

    /// How far the minimal plan with more bits is at the first points, relative to [`Self::rms`].
    ///
    /// # Panics
    /// If the operator has no minimal plan.
    pub fn uncertainty(&self, case: &Case, points: usize) -> f64 {
        let plan = case.plan(Strategy::Minimal).expect("a case has a minimal plan");
        self.worst(&in_fixed_point::<MORE_BITS>(case, &plan, points))
    }

    /// The largest difference relative to [`Self::rms`], in enough bits to show it.
    fn worst<const MORE: u64>(&self, others: &[Fixed<MORE>]) -> f64 {
        let difference = |(value, other): (&Fixed<BITS>, &Fixed<MORE>)| {
            Fixed::<MORE>::from_rational(&value.to_rational()).sub(other).to_f64().abs()
        };
        super::largest(&self.values.iter().zip(others).map(difference).collect::<Vec<_>>()) / self.rms
    }
}

/// The values of a plan at the first points of its case.
fn in_fixed_point<const B: u64>(case: &Case, plan: &Plan, points: usize) -> Vec<Fixed<B>> {
    let network = case.network().0.map(|&weight| Fixed::new(weight));
    let value = |point: &[f64]| {
        let point: Vec<Fixed<B>> = point.iter().map(|&x| Fixed::new(x)).collect();
        let mut values =
            evaluate(&network, plan, &point).expect("the functions of the study have fixed-point series");
        values.swap_remove(0).swap_remove(0)
    };
    case.points()[..points * case.dimension].par_chunks(case.dimension).map(value).collect()
}
