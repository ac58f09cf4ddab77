//! Evaluation and its pull-back on plain slices, for calls that do not come from Python: those of compiled JAX.

use std::sync::Arc;

use jetc_runtime::Gradients;
use pyo3::prelude::*;

use super::compiled::Numbers;
use super::{Evaluator, Kind};
use crate::errors::EvaluationError;

/// A type of numbers that slices can be of.
pub(crate) trait SliceNumber: Kind {}

impl SliceNumber for f32 {}
impl SliceNumber for f64 {}

impl Evaluator {
    /// r for points \[N, n\], parameters \[P\] and results \[N, columns\].
    pub(crate) fn on_slices<T: SliceNumber>(
        &self,
        py: Python<'_>,
        points: &[T],
        theta: &[T],
        results: &mut [T],
    ) -> PyResult<()> {
        self.check(points, theta, results.len())?;
        self.evaluate_into(py, &self.at(theta), points, results)
    }

    /// wᵀ ∂r by points \[N, n\] and parameters \[P\].
    pub(crate) fn pull_back_on_slices<T: SliceNumber>(
        &self,
        py: Python<'_>,
        [points, theta, cotangents]: [&[T]; 3],
        [by_points, by_parameters]: [&mut [T]; 2],
    ) -> PyResult<()> {
        self.check(points, theta, cotangents.len())?;
        let gradients =
            Gradients { parameters: Some(by_parameters), points: Some(by_points), unknowns: None };
        self.pull_back_into(py, &self.at(theta), points, cotangents, gradients)
    }

    fn at<T: SliceNumber>(&self, theta: &[T]) -> Numbers {
        let theta: Arc<[f64]> = theta.iter().map(|number| number.to_f64()).collect();
        Numbers { theta, ..self.numbers().clone() }
    }

    fn check<T>(&self, points: &[T], theta: &[T], results: usize) -> PyResult<()> {
        let [n, columns] = [self.source.network.inputs(), self.columns.len()];
        let parameters = self.source.network.parameters().len();
        if points.len() / n * columns == results
            && points.len().is_multiple_of(n)
            && theta.len() == parameters
        {
            return Ok(());
        }
        Err(EvaluationError::new_err(format!(
            "{} numbers of points, {} parameters and {results} results do not go together for {n} coordinates, \
             {parameters} parameters and {columns} columns",
            points.len(),
            theta.len()
        )))
    }
}
