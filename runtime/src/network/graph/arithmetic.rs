//! Functions, sums, differences, products and quotients, entry by entry.

use super::shape::broadcast;
use super::{GraphBuilder, GraphError, TensorId, Value};
use crate::activation::{Activation, Function};
use crate::jet::JetScalar;
use crate::network::{Factor, Operation, Summand};

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// g(x), entry by entry.
    ///
    /// # Errors
    /// [`GraphError::Function`] if x is constant and the arithmetic of `S` has no such function, or no value there.
    pub fn apply(&mut self, function: impl Into<Function>, x: TensorId) -> Result<TensorId, GraphError> {
        let activation = function.into();
        if activation == Function::Known(Activation::Identity) {
            return Ok(x);
        }
        if let Some(result) = self.of_determinant(&activation, x)? {
            return Ok(result);
        }
        if let Function::Known(known) = &activation
            && let Some(result) = self.rewritten(*known, x)?
        {
            return Ok(result);
        }
        match self.value(x).clone() {
            Value::Node { id, shape } => self.push(Operation::Elementwise { input: id, activation }, shape),
            Value::Constant { entries, shape, .. } => {
                let value = |entry: &S| {
                    let mut series = [S::zero()];
                    S::series(&activation, entry, &mut series)?;
                    let [value] = series;
                    Ok(value)
                };
                let entries = entries.iter().map(value).collect::<Result<_, GraphError>>()?;
                let result = self.push_constant(shape, entries);
                self.mirrored(result, &[x], |prelude, of| prelude.apply(activation, of[0]))
            }
        }
    }

    /// a + b
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn add(&mut self, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        self.combine(&[(a, S::one()), (b, S::one())])
    }

    /// a − b
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn subtract(&mut self, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        self.combine(&[(a, S::one()), (b, S::fraction(-1, 1))])
    }

    /// −x
    ///
    /// # Errors
    /// None; the result is a `Result` like all others.
    pub fn negate(&mut self, x: TensorId) -> Result<TensorId, GraphError> {
        self.combine(&[(x, S::fraction(-1, 1))])
    }

    /// factor · x
    ///
    /// # Errors
    /// None; the result is a `Result` like all others.
    pub fn scale(&mut self, x: TensorId, factor: S) -> Result<TensorId, GraphError> {
        if factor == S::one() { Ok(x) } else { self.combine(&[(x, factor)]) }
    }

    /// Σ factor · tensor
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn combine(&mut self, terms: &[(TensorId, S)]) -> Result<TensorId, GraphError> {
        let mut shape = Vec::new();
        for (tensor, _) in terms {
            shape = broadcast(&shape, self.shape(*tensor))?;
        }
        let (mut summands, mut constant): (Vec<Summand<S>>, Option<Vec<S>>) = (Vec::new(), None);
        let (mut constants, mut factors) = (Vec::new(), Vec::new());
        for (tensor, factor) in terms {
            let full = self.broadcast_to(*tensor, &shape)?;
            match self.value(full) {
                Value::Node { id, .. } => {
                    summands.push(Summand { input: *id, factor: Factor::Scalar(factor.clone()) });
                }
                Value::Constant { entries, .. } => {
                    let scaled = entries.iter().map(|entry| entry.mul(factor));
                    constants.push(full);
                    factors.push(factor.clone());
                    constant = Some(match constant {
                        None => scaled.collect(),
                        Some(sum) => sum.iter().zip(scaled).map(|(a, b)| a.add(&b)).collect(),
                    });
                }
            }
        }
        let Some(constant) = constant else { return self.push_combination(summands, None, shape) };
        let constant = self.push_constant(shape.clone(), constant);
        let constant = self.mirrored(constant, &constants, |prelude, of| match (of, &factors[..]) {
            ([one], [factor]) if *factor == S::one() => Ok(*one),
            _ => prelude.combine(&of.iter().copied().zip(factors).collect::<Vec<_>>()),
        })?;
        if summands.is_empty() {
            Ok(constant)
        } else {
            self.push_combination(summands, Some(constant), shape)
        }
    }

    /// a · b
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn multiply(&mut self, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        let shape = broadcast(self.shape(a), self.shape(b))?;
        // One number for all entries needs no repetition.
        for (factor, other) in [(a, b), (b, a)] {
            if let (Some([number]), true) = (self.constant_entries(factor), self.shape(other) == shape)
                && !self.varies(factor)
            {
                let factor = number.clone();
                return self.scale(other, factor);
            }
        }
        let (a, b) = (self.broadcast_to(a, &shape)?, self.broadcast_to(b, &shape)?);
        if let Some(product) = self.product_of_roots(a, b)? {
            return Ok(product);
        }
        match (self.value(a).clone(), self.value(b).clone()) {
            (Value::Constant { entries: u, .. }, Value::Constant { entries: v, .. }) => {
                let entries = u.iter().zip(v.iter()).map(|(u, v)| u.mul(v)).collect();
                let result = self.push_constant(shape, entries);
                self.mirrored(result, &[a, b], |prelude, of| prelude.times(of[0], of[1]))
            }
            (Value::Node { id, .. }, Value::Constant { .. })
            | (Value::Constant { .. }, Value::Node { id, .. }) => {
                let factors =
                    self.numbers(a).or_else(|| self.numbers(b)).unwrap_or_else(|| Vec::new().into());
                let factor = Factor::Features(factors);
                self.push_combination(vec![Summand { input: id, factor }], None, shape)
            }
            (Value::Node { id: left, .. }, Value::Node { id: right, .. }) if left == right => {
                self.apply(Activation::Square, a)
            }
            (Value::Node { id: left, .. }, Value::Node { id: right, .. }) => {
                self.push(Operation::Product { left, right }, shape)
            }
        }
    }

    /// a / b
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn divide(&mut self, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        let reciprocal = self.apply(Activation::Reciprocal, b)?;
        self.multiply(a, reciprocal)
    }

    fn push_combination(
        &mut self,
        summands: Vec<Summand<S>>,
        constant: Option<TensorId>,
        shape: Vec<usize>,
    ) -> Result<TensorId, GraphError> {
        let constant = constant.and_then(|constant| self.numbers(constant));
        self.push(Operation::Combine { summands, constant }, shape)
    }
}
