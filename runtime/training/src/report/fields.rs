//! Fields on a grid over two axes, or along one.

use jetc_operators::{OperatorSpec, Precision, Strategy};
use jetc_runtime::Evaluator;

use crate::problem::{Problem, ProblemError};
use crate::run::{Run, widened};

/// Cells along an axis, and nodes of a curve.
pub(super) const CELLS: usize = 120;
pub(super) const NODES: usize = 401;

/// Which coordinates a picture has, to the right and upwards; the others stand still.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Line(usize),
    Plane(usize, usize),
}

impl View {
    /// Space against space, or time against space; of one coordinate a line.
    pub(super) fn of(problem: &Problem) -> Self {
        let space = problem.domain.space_columns();
        let time = problem.coordinates.time().map(|time| time as usize);
        match (space, time) {
            (&[x, y, ..], _) => Self::Plane(x, y),
            (&[x], Some(t)) => Self::Plane(t, x),
            (&[x], None) => Self::Line(x),
            (&[], Some(t)) => Self::Line(t),
            (&[], None) => Self::Line(0),
        }
    }
}

/// The points of a view, in the coordinates of the problem: the others in the middle of their ranges, time at its end. They come row
/// by row of a map, since there may be very many coordinates; those of a line all at once.
pub(super) fn points(problem: &Problem, view: View) -> impl Iterator<Item = Vec<f64>> {
    let ranges = problem.domain.ranges();
    let mut still: Vec<f64> = ranges.iter().map(|[lower, upper]| f64::midpoint(*lower, *upper)).collect();
    if let Some(time) = problem.coordinates.time() {
        still[time as usize] = ranges[time as usize][1];
    }
    let between = |[lower, upper]: [f64; 2], part: f64| lower + (upper - lower) * part;
    let rows = if matches!(view, View::Line(_)) { 1 } else { CELLS };
    (0..rows).map(move |row| {
        let mut points = Vec::new();
        match view {
            View::Line(x) => {
                for at in 0..NODES {
                    still[x] = between(ranges[x], cast(at) / cast(NODES - 1));
                    points.extend(&still);
                }
            }
            View::Plane(x, y) => {
                still[y] = between(ranges[y], (cast(row) + 0.5) / cast(CELLS));
                for column in 0..CELLS {
                    still[x] = between(ranges[x], (cast(column) + 0.5) / cast(CELLS));
                    points.extend(&still);
                }
            }
        }
        points
    })
}

#[allow(clippy::cast_precision_loss, reason = "cells are few")]
fn cast(count: usize) -> f64 {
    count as f64
}

/// The results of an operator at points with all its columns, the coordinates of the problem first, some of them at a time; one
/// list for each column, NaN outside of the domain.
pub(super) fn evaluate(
    problem: &Problem,
    run: &Run,
    spec: &OperatorSpec,
    points: impl IntoIterator<Item = Vec<f64>>,
) -> Result<Vec<Vec<f64>>, ProblemError> {
    let network = widened(&run.network(), spec, problem.coordinates.names());
    let plan = spec.plan_for(Strategy::Auto, &network.topology(), Precision::Double);
    let plan = plan.map_err(|reason| ProblemError::Plan { term: spec.name.clone(), reason })?;
    let evaluator = Evaluator::<f64>::new(&plan, &network)?;
    let columns = spec.outputs.len();
    let (inputs, coordinates) = (spec.coordinates.len(), problem.coordinates.len());
    let mut fields = vec![Vec::new(); columns];
    for points in points {
        let mut results = vec![0.0; points.len() / inputs * columns];
        evaluator.evaluate_into(&points, &mut results)?;
        for (point, row) in points.chunks_exact(inputs).zip(results.chunks_exact(columns)) {
            let is_inside = problem.domain.contains(&point[..coordinates]);
            for (field, value) in fields.iter_mut().zip(row) {
                field.push(if is_inside { *value } else { f64::NAN });
            }
        }
    }
    Ok(fields)
}
