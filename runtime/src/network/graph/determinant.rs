//! Determinants and their logarithms.

use std::sync::Arc;

use super::{GraphBuilder, GraphError, TensorId, Value};
use crate::jet::JetScalar;
use crate::network::CustomNode;
use crate::network::determinant::{Determinant, LogDeterminant, SquareMatrices};

/// Determinants up to this size are expanded: polynomials know no singular matrices.
const LARGEST_EXPANDED: usize = 3;

impl<S: JetScalar + PartialEq> GraphBuilder<S> {
    /// The determinant of the matrices in the last two axes: a polynomial, with derivatives at singular matrices, too.
    ///
    /// Its logarithm, `log(abs(det))` with or without powers, products and factors in between, is computed as
    /// [`Self::log_determinant`], and so is its sign: neither overflows where the determinant does.
    ///
    /// # Errors
    /// [`GraphError::Shape`] unless the matrices are square.
    pub fn determinant(&mut self, x: TensorId) -> Result<TensorId, GraphError> {
        let (outer, size) = self.square_matrices(x)?;
        let result = if size <= LARGEST_EXPANDED {
            self.expanded(x, size)?
        } else {
            let each = self.of_matrices(x, &outer, size, |matrices| Arc::new(Determinant(matrices)))?;
            self.reshape(each, &outer)?
        };
        if size > 1
            && let Value::Node { id, .. } = *self.value(result)
        {
            self.determinants.insert(id, x);
        }
        Ok(result)
    }

    /// log |det| of the matrices in the last two axes, and the signs of the determinants, whose derivatives vanish. Where a
    /// matrix is singular, the logarithm is −∞, its derivatives are NaN, and the sign is 0.
    ///
    /// # Errors
    /// [`GraphError::Shape`] unless the matrices are square.
    pub fn log_determinant(&mut self, x: TensorId) -> Result<(TensorId, TensorId), GraphError> {
        let (outer, size) = self.square_matrices(x)?;
        let batch = outer.iter().product();
        let both = match self.logarithms.get(&x) {
            Some(&both) => both,
            None => self.of_matrices(x, &outer, size, |matrices| Arc::new(LogDeterminant(matrices)))?,
        };
        self.logarithms.insert(x, both);
        let logarithm = self.slice(both, 0, 0, 1, batch)?;
        let sign = self.slice(both, 0, batch, 1, batch)?;
        Ok((self.reshape(logarithm, &outer)?, self.reshape(sign, &outer)?))
    }

    /// A node of its own for the matrices.
    fn of_matrices(
        &mut self,
        x: TensorId,
        outer: &[usize],
        size: usize,
        node: impl Fn(SquareMatrices) -> Arc<dyn CustomNode>,
    ) -> Result<TensorId, GraphError> {
        self.custom(node(SquareMatrices { batch: outer.iter().product(), size }), &[x])
    }

    fn square_matrices(&self, x: TensorId) -> Result<(Vec<usize>, usize), GraphError> {
        match self.shape(x) {
            [outer @ .., rows, columns] if rows == columns => Ok((outer.to_vec(), *rows)),
            found => Err(GraphError::Shape {
                operation: "a determinant",
                expected: "square matrices in the last two axes".to_owned(),
                found: found.to_vec(),
            }),
        }
    }

    /// Expansion along the first row, in primitive operations.
    fn expanded(&mut self, x: TensorId, size: usize) -> Result<TensorId, GraphError> {
        let outer = self.shape(x).len() - 2;
        if size == 0 {
            let shape = self.shape(x)[..outer].to_vec();
            let count = shape.iter().product();
            return self.constant(&shape, vec![S::one(); count]);
        }
        let axis = outer.cast_signed();
        let mut terms = Vec::new();
        for column in 0..size {
            let entry = self.slice(x, axis, 0, 1, 1)?;
            let entry = self.slice(entry, axis + 1, column, 1, 1)?;
            let entry = self.squeeze(entry, &[axis, axis + 1])?;
            let below = self.slice(x, axis, 1, 1, size - 1)?;
            let others: Vec<isize> = (0..size).filter(|&j| j != column).map(usize::cast_signed).collect();
            let minor = self.gather(below, axis + 1, &others, &[size - 1])?;
            let minor = self.expanded(minor, size - 1)?;
            let sign = if column % 2 == 0 { 1 } else { -1 };
            terms.push((self.multiply(entry, minor)?, S::fraction(sign, 1)));
        }
        self.combine(&terms)
    }
}
