//! The larger, the smaller, comparisons, and choices by them.

use super::shape::broadcast;
use super::{GraphBuilder, GraphError, TensorId};
use crate::jet::JetScalar;
use crate::network::{Choice, Operation, Pick, Relation};

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// The larger of a and b, exactly; at a tie the mean of both derivatives, as PyTorch takes it. NaN passes through.
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn maximum(&mut self, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        self.extreme(a, b, Choice::Larger, Pick::larger)
    }

    /// The smaller of a and b, like [`Self::maximum`].
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn minimum(&mut self, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        self.extreme(a, b, Choice::Smaller, Pick::smaller)
    }

    /// 1 where a relation holds between a and b, else 0; derivatives vanish. Nothing holds of NaN.
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn compare(&mut self, relation: Relation, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        let [a, b] = self.alike([a, b])?;
        let shape = self.shape(a).to_vec();
        if let (Some(u), Some(v)) = (self.constant_entries(a), self.constant_entries(b)) {
            let entries = u.iter().zip(v).map(|(u, v)| relation.indicator(u, v)).collect();
            let result = self.push_constant(shape, entries);
            return self.mirrored(result, &[a, b], |prelude, of| prelude.compare(relation, of[0], of[1]));
        }
        let (left, right) = (self.node(a)?, self.node(b)?);
        self.push(Operation::Compare { relation, left, right }, shape)
    }

    /// a where the condition is true (1, not 0), else b; in the value and in all derivatives, whatever the other one is.
    ///
    /// # Example: x log x, and 0 at 0
    /// ```
    /// use jetc_runtime::network::Relation;
    /// use jetc_runtime::{Activation, GraphBuilder};
    ///
    /// let mut graph = GraphBuilder::<f64>::new(1);
    /// let (x, zero) = (graph.input(), graph.scalar(0.0));
    /// let is_positive = graph.compare(Relation::Less, zero, x)?;
    /// let logarithm = graph.apply(Activation::Log, x)?;
    /// let entropy = graph.multiply(x, logarithm)?;
    /// let output = graph.select(is_positive, entropy, zero)?;
    /// assert_eq!(graph.build(output)?.outputs(), 1);
    /// # Ok::<(), jetc_runtime::GraphError>(())
    /// ```
    ///
    /// # Errors
    /// [`GraphError::Broadcast`] if the shapes do not go together.
    pub fn select(&mut self, condition: TensorId, a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        let [condition, a, b] = self.alike([condition, a, b])?;
        let shape = self.shape(condition).to_vec();
        if let Some(entries) = self.constant_entries(condition) {
            let picks: Vec<Pick> = entries.iter().map(Pick::by_condition).collect();
            if !self.varies(condition) {
                return self.moved(&picks, a, b);
            }
            if let (Some(u), Some(v)) = (self.constant_entries(a), self.constant_entries(b)) {
                let entries =
                    picks.iter().zip(u.iter().zip(v)).map(|(pick, (u, v))| pick.from(u, v)).collect();
                let result = self.push_constant(shape, entries);
                let select = |prelude: &mut Self, of: &[TensorId]| prelude.select(of[0], of[1], of[2]);
                return self.mirrored(result, &[condition, a, b], select);
            }
        }
        let (condition, left, right) = (self.node(condition)?, self.node(a)?, self.node(b)?);
        if left == right {
            return Ok(a);
        }
        self.push(Operation::Select { choice: Choice::Condition(condition), left, right }, shape)
    }

    /// What is known beforehand only moves entries.
    fn moved(&mut self, picks: &[Pick], a: TensorId, b: TensorId) -> Result<TensorId, GraphError> {
        let shape = self.shape(a).to_vec();
        let count = picks.len();
        let flat = [self.reshape(a, &[count])?, self.reshape(b, &[count])?];
        let both = self.concat(&flat, 0)?;
        let place = |(place, pick): (usize, &Pick)| if *pick == Pick::Left { place } else { place + count };
        let places: Vec<isize> = picks.iter().enumerate().map(place).map(usize::cast_signed).collect();
        self.gather(both, 0, &places, &shape)
    }

    fn extreme(
        &mut self,
        a: TensorId,
        b: TensorId,
        choice: Choice,
        pick: fn(&S, &S) -> Pick,
    ) -> Result<TensorId, GraphError> {
        let [a, b] = self.alike([a, b])?;
        let shape = self.shape(a).to_vec();
        if let (Some(u), Some(v)) = (self.constant_entries(a), self.constant_entries(b)) {
            let entries = u.iter().zip(v).map(|(u, v)| pick(u, v).from(u, v)).collect();
            let result = self.push_constant(shape, entries);
            return self.mirrored(result, &[a, b], |prelude, of| prelude.extreme(of[0], of[1], choice, pick));
        }
        let (left, right) = (self.node(a)?, self.node(b)?);
        if left == right {
            return Ok(a);
        }
        self.push(Operation::Select { choice, left, right }, shape)
    }

    /// Tensors broadcast to one shape.
    fn alike<const N: usize>(&mut self, tensors: [TensorId; N]) -> Result<[TensorId; N], GraphError> {
        let mut shape = Vec::new();
        for tensor in tensors {
            shape = broadcast(&shape, self.shape(tensor))?;
        }
        let mut full = tensors;
        for tensor in &mut full {
            *tensor = self.broadcast_to(*tensor, &shape)?;
        }
        Ok(full)
    }
}
