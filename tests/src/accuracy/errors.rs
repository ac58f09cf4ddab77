//! The rounding errors of one evaluation.

use jetc_operators::Plan;
use jetc_runtime::{Evaluator, Float};

use super::{Case, Reference, largest, median};

/// Errors over the points, in units of the rounding unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Errors {
    /// The error in the middle, relative to the rms of the values.
    pub median: f64,
    /// The largest error, relative to the rms of the values.
    pub largest: f64,
    /// The error in the middle, relative to the value at its point.
    pub median_by_point: f64,
    /// The largest error, relative to the value at its point.
    pub largest_by_point: f64,
}

/// A number type with its rounding unit.
pub trait Measured: Float {
    /// Half the distance from 1 to the next number.
    const UNIT: f64;
}

impl Measured for f32 {
    const UNIT: f64 = f32::EPSILON as f64 / 2.0;
}

impl Measured for f64 {
    const UNIT: f64 = f64::EPSILON / 2.0;
}

impl Errors {
    /// Evaluates a plan of the case in `T` and compares.
    ///
    /// # Panics
    /// If the plan is not of the case.
    pub fn of<T: Measured>(case: &Case, plan: &Plan, reference: &Reference) -> Self {
        let evaluator = Evaluator::<T>::new(plan, &case.network().0).expect("the plan fits the network");
        let points: Vec<T> = case.points().into_iter().map(T::from_f64).collect();
        let mut values = vec![T::ZERO; case.points];
        evaluator.evaluate_into(&points, &mut values).expect("there is a value for each point");
        Self::between(&values.into_iter().map(T::to_f64).collect::<Vec<_>>(), reference, T::UNIT)
    }

    /// The errors of values at the points of the reference.
    ///
    /// # Panics
    /// If a value is not finite, or there is none.
    pub fn between(values: &[f64], reference: &Reference, unit: f64) -> Self {
        let errors = || {
            let pairs = reference.values().iter().zip(values);
            pairs.map(|(exact, &found)| (exact.to_f64().abs(), exact.error_of(found).abs() / unit))
        };
        let by_rms: Vec<f64> = errors().map(|(_, error)| error / reference.rms()).collect();
        let by_point: Vec<f64> = errors().map(|(size, error)| error / size).collect();
        Self {
            largest: largest(&by_rms),
            largest_by_point: largest(&by_point),
            median: median(by_rms),
            median_by_point: median(by_point),
        }
    }
}
