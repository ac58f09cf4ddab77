//! Sums, means, products and the largest over axes.

use super::shape::axes;
use super::{GraphBuilder, GraphError, TensorId};
use crate::activation::Activation;
use crate::jet::JetScalar;
use crate::network::{Matrix, Operation};

/// x with the reduced axes joined into the last one.
struct Joined {
    tensor: TensorId,
    /// The length of the last axis.
    count: usize,
    /// The shape of the result.
    result: Vec<usize>,
}

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// Σ over axes; they stay with length 1 if `keep`.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if one is not there.
    pub fn sum(&mut self, x: TensorId, over: &[isize], keep: bool) -> Result<TensorId, GraphError> {
        self.weighted_sum(x, over, keep, |_| S::one())
    }

    /// The mean over axes.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if one is not there, [`GraphError::Shape`] if there is nothing to average.
    pub fn mean(&mut self, x: TensorId, over: &[isize], keep: bool) -> Result<TensorId, GraphError> {
        self.refuse_empty(x, over, "the mean")?;
        self.weighted_sum(x, over, keep, |count| S::fraction(1, i32::try_from(count).unwrap_or(i32::MAX)))
    }

    /// ∏ over axes.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if one is not there.
    pub fn product(&mut self, x: TensorId, over: &[isize], keep: bool) -> Result<TensorId, GraphError> {
        let Joined { mut tensor, mut count, result } = self.joined(x, over, keep)?;
        if count == 0 {
            let size = result.iter().product();
            return Ok(self.push_constant(result, vec![S::one(); size]));
        }
        // Halves are multiplied, so factors meet in log₂(count) steps.
        while count > 1 {
            let half = count / 2;
            let (first, second) =
                (self.slice(tensor, -1, 0, 1, half)?, self.slice(tensor, -1, half, 1, half)?);
            let mut product = self.multiply(first, second)?;
            if count % 2 == 1 {
                let rest = self.slice(tensor, -1, count - 1, 1, 1)?;
                product = self.concat(&[product, rest], -1)?;
            }
            tensor = product;
            count = count.div_ceil(2);
        }
        self.reshape(tensor, &result)
    }

    /// The largest over axes, the first of them at a tie.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if one is not there, [`GraphError::Shape`] if there is none.
    pub fn largest(&mut self, x: TensorId, over: &[isize], keep: bool) -> Result<TensorId, GraphError> {
        self.refuse_empty(x, over, "the largest entry")?;
        self.maximum_over(x, over, keep, false)
    }

    /// The smallest over axes, the first of them at a tie.
    ///
    /// # Errors
    /// As [`Self::largest`].
    pub fn smallest(&mut self, x: TensorId, over: &[isize], keep: bool) -> Result<TensorId, GraphError> {
        let negative = self.negate(x)?;
        let largest = self.largest(negative, over, keep)?;
        self.negate(largest)
    }

    /// √(Σ x²) over axes.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if one is not there.
    pub fn norm(&mut self, x: TensorId, over: &[isize], keep: bool) -> Result<TensorId, GraphError> {
        let square = self.apply(Activation::Square, x)?;
        let sum = self.sum(square, over, keep)?;
        self.apply(Activation::Sqrt, sum)
    }

    /// The running sum along an axis: entry k is Σ_{j ≤ k} xⱼ, or Σ_{j < k} if `exclusive`.
    ///
    /// # Errors
    /// [`GraphError::Axis`] if it is not there.
    pub fn cumulative_sum(
        &mut self,
        x: TensorId,
        along: isize,
        exclusive: bool,
    ) -> Result<TensorId, GraphError> {
        let shape = self.shape(x).to_vec();
        let along = super::shape::axis(along, &shape)?;
        let count = shape[along];
        let mut order: Vec<usize> = (0..shape.len()).filter(|&axis| axis != along).collect();
        order.push(along);
        let last = self.transpose(x, &order)?;
        let is_in = |entry: usize| {
            let (k, j) = (entry / count, entry % count);
            if j < k || (j == k && !exclusive) { S::one() } else { S::zero() }
        };
        let weight = Matrix::from_row_major(count, count, (0..count * count).map(is_in).collect());
        let sums = self.linear(last, weight.expect("a square has count² entries"), None)?;
        let mut back: Vec<usize> = (0..along).collect();
        back.push(shape.len() - 1);
        back.extend(along..shape.len() - 1);
        self.transpose(sums, &back)
    }

    /// Without an axis there is nothing to choose from; `detached` as in [`Operation::Maximum`].
    pub(super) fn maximum_over(
        &mut self,
        x: TensorId,
        over: &[isize],
        keep: bool,
        detached: bool,
    ) -> Result<TensorId, GraphError> {
        let Joined { tensor, count, result } = self.joined(x, over, keep)?;
        if let Some(entries) = self.constant_entries(tensor) {
            let largest = entries.chunks_exact(count.max(1)).map(|block| {
                let mut block = block.iter();
                let first = block.next().cloned().unwrap_or_else(S::zero);
                block.fold(first, |largest, entry| if *entry > largest { entry.clone() } else { largest })
            });
            let entries = largest.collect();
            let shape = result.clone();
            let constant = self.push_constant(result, entries);
            return self.mirrored(constant, &[tensor], |prelude, of| {
                let largest = prelude.maximum_over(of[0], &[-1], false, detached)?;
                prelude.reshape(largest, &shape)
            });
        }
        if count == 1 && !detached {
            return self.reshape(tensor, &result);
        }
        let input = self.node(tensor)?;
        self.push(Operation::Maximum { input, count, detached }, result)
    }

    fn weighted_sum(
        &mut self,
        x: TensorId,
        over: &[isize],
        keep: bool,
        weight: impl Fn(usize) -> S,
    ) -> Result<TensorId, GraphError> {
        let Joined { tensor, count, result } = self.joined(x, over, keep)?;
        if count == 0 {
            let size = result.iter().product();
            return Ok(self.push_constant(result, vec![S::zero(); size]));
        }
        if count == 1 {
            let only = self.reshape(tensor, &result)?;
            let factor = weight(1);
            return if factor == S::one() { Ok(only) } else { self.scale(only, factor) };
        }
        let weight =
            Matrix::from_row_major(1, count, vec![weight(count); count]).expect("one row of count entries");
        let sum = self.linear(tensor, weight, None)?;
        self.reshape(sum, &result)
    }

    fn joined(&mut self, x: TensorId, over: &[isize], keep: bool) -> Result<Joined, GraphError> {
        let shape = self.shape(x).to_vec();
        let over = axes(over, &shape)?;
        let kept: Vec<usize> = (0..shape.len()).filter(|axis| !over.contains(axis)).collect();
        let count = over.iter().map(|&axis| shape[axis]).product();
        let result = if keep {
            (0..shape.len()).map(|axis| if over.contains(&axis) { 1 } else { shape[axis] }).collect()
        } else {
            kept.iter().map(|&axis| shape[axis]).collect()
        };
        let moved = self.transpose(x, &[&kept[..], &over].concat())?;
        let outer: usize = kept.iter().map(|&axis| shape[axis]).product();
        Ok(Joined { tensor: self.reshape(moved, &[outer, count])?, count, result })
    }

    fn refuse_empty(&self, x: TensorId, over: &[isize], operation: &'static str) -> Result<(), GraphError> {
        let shape = self.shape(x);
        let over = axes(over, shape)?;
        if over.iter().any(|&axis| shape[axis] == 0) {
            let expected = "at least one entry".to_owned();
            return Err(GraphError::Shape { operation, expected, found: shape.to_vec() });
        }
        Ok(())
    }
}
