//! Rows of the Jacobian ∂r/∂θ: a way back for each column of results, with sums for each point. Checked by
//! `rows_of_the_jacobian_are_gradients_of_single_results`.

use rayon::prelude::*;

use super::{Differentiator, GradientError, expect, pull, rows};
use crate::executor::backward::Recipient;
use crate::float::Float;

impl<T: Float> Differentiator<T> {
    /// Bytes that [`Self::jacobian`] takes for each point, its results and its rows included; the buffers of the threads come
    /// on top.
    pub fn jacobian_bytes_per_point(&self) -> usize {
        let columns = self.columns().len();
        let rows = columns.saturating_mul(self.parameters());
        let numbers = rows.saturating_add(self.passes.layout.len() + 2 * columns + self.inputs());
        numbers.saturating_mul(size_of::<T>())
    }

    /// Every ∂rᵢⱼ/∂θ into `jacobian`, and the results into `results`.
    ///
    /// Shapes: `points` \[N, n\], `results` \[N, columns\], `jacobian` \[N · columns, P\], rows in the order point, then column.
    ///
    /// # Errors
    /// [`EvaluationError::Length`](crate::EvaluationError::Length) if a slice has another length.
    pub fn jacobian(&self, points: &[T], results: &mut [T], jacobian: &mut [T]) -> Result<(), GradientError> {
        self.passes.outputs.check_unknowns()?;
        let (inputs, columns, parameters) = (self.inputs(), self.columns().len(), self.parameters());
        let count = rows(points.len(), inputs)?;
        expect("results", results.len(), count * columns)?;
        expect("jacobian", jacobian.len(), count * columns * parameters)?;
        if count == 0 || columns == 0 || parameters == 0 {
            return Ok(());
        }
        // Few points are shared by all threads, and a row has the same bits whatever rows go with it: there are as many together
        // as memory allows.
        let threads = rayon::current_num_threads().max(1).min(self.lanes(1));
        let row = (self.passes.layout.len() * size_of::<T>()).max(1);
        let affordable = (self.memory / threads).saturating_sub(self.bytes_of_a_lane(0)) / row;
        let leaf = self.leaf.min(count.div_ceil(threads)).min(affordable.max(1));
        let fewest = self.fewest_tasks(count.div_ceil(leaf), 1);
        let (width, derived) = (self.passes.layout.len(), self.passes.layout.derived);
        let points = points.par_chunks(leaf * inputs).with_min_len(fewest);
        let results = results.par_chunks_mut(leaf * columns);
        let rows = jacobian.par_chunks_mut((leaf * columns * parameters).max(1));
        let take = || {
            let sums = vec![T::ZERO; leaf * width];
            (self.take(), self.way_back(), sums, vec![T::ZERO; leaf * columns])
        };
        points.zip(results).zip(rows).for_each_init(
            take,
            |(leaf, way_back, sums, cotangents), ((points, results), rows)| {
                self.passes.forward(points, results, leaf);
                let cotangents = &mut cotangents[..results.len()];
                for column in 0..columns {
                    for (at, cotangent) in cotangents.iter_mut().enumerate() {
                        *cotangent = if at % columns == column { T::ONE } else { T::ZERO };
                    }
                    sums.fill(T::ZERO);
                    self.passes.backward(points, cotangents, None, leaf, Recipient::Each(sums, width));
                    let all =
                        sums.chunks_exact_mut(width.max(1)).zip(rows.chunks_exact_mut(columns * parameters));
                    for (sums, rows) in all {
                        self.passes.layout.finish(sums);
                        let row = &mut rows[column * parameters..][..parameters];
                        pull(way_back.as_mut(), &sums[..derived], row);
                    }
                }
            },
        );
        Ok(())
    }
}
