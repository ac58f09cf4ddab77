//! Points of any leading shape, and how long a signal waits for them.

use std::ops::Range;
use std::time::Instant;

use jetc_operators::{OperatorSpec, counted};
use numpy::{PyReadonlyArrayDyn, PyUntypedArray, PyUntypedArrayMethods};
use pyo3::prelude::*;

use crate::arrays::{self, Dtype, Number};
use crate::errors;
use crate::work::Watch;

/// Points of shape [..., n].
pub(super) struct Batch<'py> {
    array: Bound<'py, PyUntypedArray>,
    dtype: Dtype,
}

impl<'py> Batch<'py> {
    pub(super) fn new(
        points: &Bound<'py, PyAny>,
        inputs: usize,
        spec: &OperatorSpec,
        wanted: Option<Dtype>,
    ) -> PyResult<Self> {
        let array = arrays::array(points, wanted)?;
        let dtype = arrays::dtype_of(&array, "points", wanted)?;
        if array.shape().last() == Some(&inputs) {
            return Ok(Self { array, dtype });
        }
        let (shape, names) = (array.shape(), spec.coordinates.names());
        let names = if names.len() <= 8 { format!(" ({})", names.join(", ")) } else { String::new() };
        let hint = if inputs == 1 && shape.len() == 1 { "; `points[:, None]` has it" } else { "" };
        Err(errors::EvaluationError::new_err(format!(
            "points have shape {shape:?} but the operator has {}{names}; expected [..., {inputs}]{hint}",
            counted(inputs, "coordinate")
        )))
    }

    pub(super) fn py(&self) -> Python<'py> {
        self.array.py()
    }

    pub(super) fn dtype(&self) -> Dtype {
        self.dtype
    }

    /// N
    pub(super) fn rows(&self) -> usize {
        self.array.shape()[..self.array.ndim() - 1].iter().product()
    }

    /// The leading axes, followed by others.
    pub(super) fn shape(&self, last: &[usize]) -> Vec<usize> {
        [&self.array.shape()[..self.array.ndim() - 1], last].concat()
    }

    /// The points in row-major order.
    pub(super) fn points<T: Number>(&self) -> PyResult<PyReadonlyArrayDyn<'py, T>> {
        arrays::row_major(&self.array, "points")
    }
}

/// Seconds between two looks for signals.
const BLOCK: f64 = 0.05;

/// Works on blocks of `count` points, of about [`BLOCK`] each, until all are done or nobody wants them any longer: what is
/// computed for a point does not depend on the others. `first` is a number of points to begin with.
pub(super) fn in_blocks<E>(
    watch: &Watch,
    first: usize,
    count: usize,
    mut work: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    let (first, mut done) = (first.max(1), 0);
    let mut block = first;
    while done < count && !watch.is_over() {
        let end = count.min(done + block);
        let start = Instant::now();
        work(done..end)?;
        done = end;
        // Blocks stay multiples of the first, whose points go evenly to threads, and grow by steps.
        let spent = start.elapsed().as_secs_f64().max(1e-6);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 16")]
        let times = (BLOCK / spent).clamp(0.0, 16.0) as usize;
        block = if times > 0 { block * times } else { (block / 2).next_multiple_of(first) };
    }
    Ok(())
}

/// The numbers of these points in a row-major array.
pub(super) fn of<'a, T>(numbers: &'a [T], points: &Range<usize>, width: usize) -> &'a [T] {
    &numbers[points.start * width..points.end * width]
}

/// The same to be written.
pub(super) fn of_mut<'a, T>(numbers: &'a mut [T], points: &Range<usize>, width: usize) -> &'a mut [T] {
    &mut numbers[points.start * width..points.end * width]
}
