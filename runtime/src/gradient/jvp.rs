//! Products of the Jacobian with a vector: J v, without J.
//!
//! The row of result (i, j) is never formed: with its cotangents ȳ going back through a leaf, its product with v is
//! Σ ȳ·(V x) over affine maps and channels, V in the place of W. Checked by
//! `products_with_the_jacobian_are_those_of_its_rows`.

use rayon::prelude::*;

use super::{Differentiator, GradientError, expect, rows};
use crate::executor::backward::Recipient;
use crate::float::Float;

impl<T: Float> Differentiator<T> {
    /// J v for J = ∂r/∂θ into `products`, and the results into `results`.
    ///
    /// Shapes: `points` \[N, n\], `direction` v \[P\], `results` and `products` \[N, columns\].
    ///
    /// # Errors
    /// [`EvaluationError::Length`](crate::EvaluationError::Length) if a slice has another length,
    /// [`EvaluationError::Unknowns`](crate::EvaluationError::Unknowns) if unknowns have no values.
    pub fn jvp(
        &self,
        points: &[T],
        direction: &[T],
        results: &mut [T],
        products: &mut [T],
    ) -> Result<(), GradientError> {
        self.passes.outputs.check_unknowns()?;
        let (inputs, columns) = (self.inputs(), self.columns().len());
        let count = rows(points.len(), inputs)?;
        expect("the direction", direction.len(), self.parameters())?;
        expect("results", results.len(), count * columns)?;
        expect("products", products.len(), count * columns)?;
        if count == 0 || columns == 0 {
            return Ok(());
        }
        let moved = self.prelude.as_ref().map(|prelude| prelude.tangent(&self.parameters, direction));
        let tangent = moved.as_deref().unwrap_or(direction);
        let fewest = self.fewest_tasks(count.div_ceil(self.leaf), 0);
        let points = points.par_chunks(self.leaf * inputs).with_min_len(fewest);
        let results = results.par_chunks_mut(self.leaf * columns);
        let products = products.par_chunks_mut(self.leaf * columns);
        let take = || (self.take(), vec![T::ZERO; self.leaf], vec![T::ZERO; self.leaf * columns]);
        points.zip(results).zip(products).for_each_init(
            take,
            |(leaf, sums, cotangents), ((points, results), products)| {
                self.passes.forward(points, results, leaf);
                let cotangents = &mut cotangents[..results.len()];
                let sums = &mut sums[..points.len() / inputs];
                for column in 0..columns {
                    for (at, cotangent) in cotangents.iter_mut().enumerate() {
                        *cotangent = if at % columns == column { T::ONE } else { T::ZERO };
                    }
                    sums.fill(T::ZERO);
                    self.passes.backward(points, cotangents, None, leaf, Recipient::Products(tangent, sums));
                    for (product, &sum) in products.iter_mut().skip(column).step_by(columns).zip(sums.iter())
                    {
                        *product = sum;
                    }
                }
            },
        );
        Ok(())
    }
}
