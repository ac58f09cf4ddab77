//! Softmax and its relatives, and normalisation layers: compositions all.

use super::{GraphBuilder, GraphError, TensorId};
use crate::activation::Activation;
use crate::jet::JetScalar;

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// exp(xᵢ)/Σⱼ exp(xⱼ) along an axis. The largest entry m is subtracted first; the result does not depend on it, so it
    /// counts as constant.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if it is not there.
    pub fn softmax(&mut self, x: TensorId, along: isize) -> Result<TensorId, GraphError> {
        let (exponential, _) = self.shifted_exponential(x, &[along])?;
        let sum = self.sum(exponential, &[along], true)?;
        self.divide(exponential, sum)
    }

    /// log Σ exp(x) over axes.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if one is not there.
    pub fn log_sum_exp(&mut self, x: TensorId, over: &[isize], keep: bool) -> Result<TensorId, GraphError> {
        let (exponential, largest) = self.shifted_exponential(x, over)?;
        let sum = self.sum(exponential, over, keep)?;
        let logarithm = self.apply(Activation::Log, sum)?;
        let shape = self.shape(logarithm).to_vec();
        let largest = self.reshape(largest, &shape)?;
        self.add(logarithm, largest)
    }

    /// xᵢ − log Σⱼ exp(xⱼ) along an axis.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if it is not there.
    pub fn log_softmax(&mut self, x: TensorId, along: isize) -> Result<TensorId, GraphError> {
        let normaliser = self.log_sum_exp(x, &[along], true)?;
        self.subtract(x, normaliser)
    }

    /// (x − mean)/√(variance + ε) over axes, then times `scale` plus `shift`, which are broadcast.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if an axis is not there, [`GraphError::Broadcast`] if scale or shift do not fit.
    pub fn normalise(
        &mut self,
        x: TensorId,
        over: &[isize],
        epsilon: S,
        scale: Option<TensorId>,
        shift: Option<TensorId>,
    ) -> Result<TensorId, GraphError> {
        let mean = self.mean(x, over, true)?;
        let centred = self.subtract(x, mean)?;
        self.divide_by_deviation(centred, over, epsilon, scale, shift)
    }

    /// x/√(mean of x² + ε) over axes, then times `scale`.
    ///
    /// # Errors
    /// As [`Self::normalise`].
    pub fn rms_normalise(
        &mut self,
        x: TensorId,
        over: &[isize],
        epsilon: S,
        scale: Option<TensorId>,
    ) -> Result<TensorId, GraphError> {
        self.divide_by_deviation(x, over, epsilon, scale, None)
    }

    fn divide_by_deviation(
        &mut self,
        x: TensorId,
        over: &[isize],
        epsilon: S,
        scale: Option<TensorId>,
        shift: Option<TensorId>,
    ) -> Result<TensorId, GraphError> {
        let square = self.apply(Activation::Square, x)?;
        let variance = self.mean(square, over, true)?;
        let epsilon = self.scalar(epsilon);
        let shifted = self.add(variance, epsilon)?;
        let factor = self.apply(Activation::Rsqrt, shifted)?;
        let mut result = self.multiply(x, factor)?;
        if let Some(scale) = scale {
            result = self.multiply(result, scale)?;
        }
        match shift {
            Some(shift) => self.add(result, shift),
            None => Ok(result),
        }
    }

    /// exp(x − m) and m, the largest entry over axes, which counts as constant.
    fn shifted_exponential(
        &mut self,
        x: TensorId,
        over: &[isize],
    ) -> Result<(TensorId, TensorId), GraphError> {
        let largest = self.maximum_over(x, over, true, true)?;
        let shifted = self.subtract(x, largest)?;
        Ok((self.apply(Activation::Exp, shifted)?, largest))
    }
}
