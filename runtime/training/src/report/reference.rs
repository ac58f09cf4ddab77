//! Solutions that are known at the points of a file, as cells of a map.
//!
//! Nothing is interpolated, since an error map would show the interpolation: a cell has the mean of the values at its points, and
//! the largest of their errors. There are as many cells along an axis as the points have different values there, so a grid
//! fills them all. Points that leave most cells empty make no map. Checked by `a_grid_of_points_fills_its_cells`.

use super::fields::{CELLS, evaluate};
use crate::problem::{Problem, ProblemError, Solution};
use crate::run::Run;

/// A field on the cells of a map.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    /// Cells along the first axis.
    pub(super) columns: usize,
    /// The solution, row by row; NaN where there is no point.
    pub(super) exact: Vec<f64>,
    /// |found − exact|
    pub(super) error: Vec<f64>,
}

/// The fields of a solution over two coordinates, in its order; nothing where most cells would be empty.
pub(super) fn cells(
    problem: &Problem,
    run: &Run,
    solution: &Solution,
    points: &[f64],
    axes: [usize; 2],
) -> Result<Vec<Cells>, ProblemError> {
    let width = solution.spec.coordinates.len();
    let place = |column: usize| {
        let name = &problem.coordinates.names()[column];
        solution.spec.coordinates.names().iter().position(|known| known == name)
    };
    let ranges = problem.domain.ranges();
    let [Some(x), Some(y)] = axes.map(place) else { return Ok(Vec::new()) };
    let grid = Grid::new([(x, ranges[axes[0]]), (y, ranges[axes[1]])], points, width);
    if !grid.is_mostly_full() {
        return Ok(Vec::new());
    }
    let values = evaluate(problem, run, &solution.spec, [points.to_vec()])?;
    let field = |pair: &[Vec<f64>]| {
        let errors: Vec<f64> =
            pair[0].iter().zip(&pair[1]).map(|(found, exact)| (found - exact).abs()).collect();
        Cells { columns: grid.counts[0], exact: grid.means(&pair[1]), error: grid.largest(&errors) }
    };
    Ok(values.chunks_exact(2).map(field).collect())
}

/// Which cell each point is in.
struct Grid {
    counts: [usize; 2],
    cells: Vec<usize>,
}

impl Grid {
    fn new(axes: [(usize, [f64; 2]); 2], points: &[f64], width: usize) -> Self {
        let column = |place: usize| points.iter().skip(place).step_by(width.max(1)).copied();
        let counts = axes.map(|(place, _)| {
            let mut values: Vec<f64> = column(place).collect();
            values.sort_by(f64::total_cmp);
            values.dedup();
            values.len().clamp(1, CELLS)
        });
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "cells are few, and casts of floats saturate"
        )]
        let index = |number: usize, value: f64| {
            let [lower, upper] = axes[number].1;
            let part = (value - lower) / (upper - lower);
            ((part * counts[number] as f64) as usize).min(counts[number] - 1)
        };
        let cells = column(axes[0].0).zip(column(axes[1].0));
        let cells = cells.map(|(x, y)| index(1, y) * counts[0] + index(0, x)).collect();
        Self { counts, cells }
    }

    fn size(&self) -> usize {
        self.counts[0] * self.counts[1]
    }

    fn is_mostly_full(&self) -> bool {
        let mut full = self.cells.clone();
        full.sort_unstable();
        full.dedup();
        2 * full.len() > self.size()
    }

    fn means(&self, values: &[f64]) -> Vec<f64> {
        let (mut sums, mut counts) = (vec![0.0; self.size()], vec![0.0f64; self.size()]);
        for (&cell, value) in self.cells.iter().zip(values) {
            sums[cell] += value;
            counts[cell] += 1.0;
        }
        // 0/0 where there is no point.
        sums.iter().zip(&counts).map(|(sum, count)| sum / count).collect()
    }

    fn largest(&self, values: &[f64]) -> Vec<f64> {
        let mut largest = vec![f64::NAN; self.size()];
        for (&cell, &value) in self.cells.iter().zip(values) {
            // The other one where one is NaN.
            largest[cell] = largest[cell].max(value);
        }
        largest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_of_points_fills_its_cells() {
        // Rows of x, y and a value that is no coordinate, on a grid of 4 × 3 with its ends.
        let points: Vec<f64> = (0..12)
            .flat_map(|at| [f64::from(at % 4) / 3.0, f64::from(at / 4) - 1.0, f64::from(at)])
            .collect();
        let grid = Grid::new([(0, [0.0, 1.0]), (1, [-1.0, 1.0])], &points, 3);
        assert_eq!((grid.counts, &grid.cells), ([4, 3], &(0..12).collect()));
        let values: Vec<f64> = points.iter().skip(2).step_by(3).copied().collect();
        assert_eq!((grid.means(&values), grid.largest(&values)), (values.clone(), values));
        assert!(grid.is_mostly_full());
        // Points on a diagonal have as many values along each axis, and leave most cells empty.
        let diagonal: Vec<f64> = (0..5).flat_map(|at| [f64::from(at) / 4.0; 2]).collect();
        let grid = Grid::new([(0, [0.0, 1.0]), (1, [0.0, 1.0])], &diagonal, 2);
        assert!(!grid.is_mostly_full() && grid.means(&[1.0; 5])[1].is_nan());
    }
}
