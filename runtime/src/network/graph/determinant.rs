//! Determinants.

use std::sync::Arc;

use super::{GraphBuilder, GraphError, Tensor};
use crate::activation::Activation;
use crate::network::determinant::LogDeterminant;
use crate::reference::ReferenceScalar;

/// Determinants up to this size are expanded: polynomials know no singular matrices.
const LARGEST_EXPANDED: usize = 3;

impl<S: ReferenceScalar + PartialEq> GraphBuilder<S> {
    /// The determinant of the matrices in the last two axes. Above 3×3 it is ± exp(log |det|), which has no derivatives where
    /// a matrix is singular.
    ///
    /// # Errors
    /// [`GraphError::Shape`] unless the matrices are square.
    pub fn determinant(&mut self, x: Tensor) -> Result<Tensor, GraphError> {
        let (outer, size) = self.square_matrices(x)?;
        if size <= LARGEST_EXPANDED {
            return self.expanded(x, size);
        }
        let (logarithm, sign) = self.log_determinant(x)?;
        let magnitude = self.apply(Activation::Exp, logarithm)?;
        let result = self.multiply(magnitude, sign)?;
        self.reshape(result, &outer)
    }

    /// log |det| of the matrices in the last two axes, and the signs of the determinants, whose derivatives vanish.
    ///
    /// # Errors
    /// [`GraphError::Shape`] unless the matrices are square.
    pub fn log_determinant(&mut self, x: Tensor) -> Result<(Tensor, Tensor), GraphError> {
        let (outer, size) = self.square_matrices(x)?;
        let batch = outer.iter().product();
        let both = self.custom(Arc::new(LogDeterminant { batch, size }), &[x])?;
        let logarithm = self.slice(both, 0, 0, 1, batch)?;
        let sign = self.slice(both, 0, batch, 1, batch)?;
        Ok((self.reshape(logarithm, &outer)?, self.reshape(sign, &outer)?))
    }

    fn square_matrices(&self, x: Tensor) -> Result<(Vec<usize>, usize), GraphError> {
        match self.shape(x) {
            [outer @ .., rows, columns] if rows == columns => Ok((outer.to_vec(), *rows)),
            found => Err(GraphError::Shape {
                operation: "a determinant",
                expected: "square matrices in the last two axes".to_owned(),
                found: found.to_vec(),
            }),
        }
    }

    /// Expansion along the first row.
    fn expanded(&mut self, x: Tensor, size: usize) -> Result<Tensor, GraphError> {
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
