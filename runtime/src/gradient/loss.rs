//! The mean square: L = 1/N Σᵢⱼ (rᵢⱼ − gᵢⱼ)².

use super::{Differentiator, GradientError, Gradients, expect, rows};
use crate::float::Float;

impl<T: Float> Differentiator<T> {
    /// L = 1/N Σᵢⱼ (rᵢⱼ − gᵢⱼ)², and ∂L/∂θ into `gradient`; targets g are zero where none are given.
    ///
    /// Shapes: `points` \[N, n\], `targets` \[N, columns\], `gradient` \[P\].
    ///
    /// # Errors
    /// [`EvaluationError::Length`](crate::EvaluationError::Length) if a slice has another length.
    pub fn loss_and_gradient(
        &self,
        points: &[T],
        targets: Option<&[T]>,
        gradient: &mut [T],
    ) -> Result<f64, GradientError> {
        let count = rows(points.len(), self.inputs())?;
        let mut results = vec![T::ZERO; count * self.columns().len()];
        let gradients = Gradients { parameters: Some(gradient), ..Gradients::default() };
        self.loss_and_gradients(points, targets, &mut results, gradients, |_| ())
    }

    /// The same with the results r and all gradients that are asked for; `progress` hears of a few points at a time, from any
    /// thread.
    ///
    /// Shapes: as above, and `results` \[N, columns\].
    ///
    /// # Errors
    /// As [`Self::loss_and_gradient`].
    pub fn loss_and_gradients(
        &self,
        points: &[T],
        targets: Option<&[T]>,
        results: &mut [T],
        gradients: Gradients<'_, T>,
        progress: impl Fn(usize) + Sync,
    ) -> Result<f64, GradientError> {
        let columns = self.columns().len();
        let count = rows(points.len(), self.inputs())?;
        if let Some(targets) = targets {
            expect("targets", targets.len(), count * columns)?;
        }
        #[allow(clippy::cast_precision_loss, reason = "a number of points")]
        let mean = 1.0 / count.max(1) as f64;
        let twice = T::from_f64(2.0 * mean);
        let cotangent = |first: usize, results: &[T], cotangents: &mut [T]| {
            let mut loss = 0.0;
            for (at, (cotangent, &result)) in cotangents.iter_mut().zip(results).enumerate() {
                let target = targets.map_or(T::ZERO, |targets| targets[first * columns + at]);
                let difference = result - target;
                loss += difference.to_f64() * difference.to_f64();
                *cotangent = twice * difference;
            }
            progress(results.len() / columns.max(1));
            loss * mean
        };
        self.value_and_vjp(points, results, cotangent, gradients)
    }
}
