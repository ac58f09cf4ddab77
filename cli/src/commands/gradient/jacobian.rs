//! The Jacobian, some points at a time.

use jetc_runtime::files::{Destination, MatrixWriter, ResultFloat, ResultPrecision};
use jetc_runtime::{Differentiator, Float};

use super::Job;
use crate::progress;

/// Writes the rows of all points; the file appears when the writer is finished.
pub(super) fn write<T: Float + ResultFloat>(
    differentiator: &Differentiator<T>,
    points: &[T],
    place: &Destination,
    precision: ResultPrecision,
    job: &Job<'_>,
) -> anyhow::Result<MatrixWriter> {
    let (inputs, columns) = (differentiator.inputs(), differentiator.columns().len());
    let (parameters, count) = (differentiator.parameters(), points.len() / inputs);
    let mut writer = MatrixWriter::create_at(place, "jacobian", parameters, precision)?;
    let memory = job.arguments.memory.0;
    let at_once = (memory / differentiator.jacobian_bytes_per_point().max(1)).min(count).max(1);
    let mut results = vec![T::ZERO; at_once * columns];
    let mut rows = vec![T::ZERO; at_once * columns * parameters];
    let bar = progress::points(Some(count as u64));
    for points in points.chunks(at_once * inputs) {
        let read = points.len() / inputs;
        let results = &mut results[..read * columns];
        let rows = &mut rows[..read * columns * parameters];
        job.pool.install(|| differentiator.jacobian(points, results, rows))?;
        writer.write_block(rows)?;
        bar.inc(read as u64);
    }
    bar.finish_and_clear();
    Ok(writer)
}
