//! Points from a file through an evaluator into a file, in bounded memory, with a watch for what is not finite.
//!
//! Checked by `what_is_not_finite_is_counted_with_its_first_place` and, on files, by the tests of `jetc eval`.

use crate::executor::{EvaluationError, Evaluator};
use crate::files::{FileError, PointReader, ResultFloat, ResultWriter};
use crate::float::Float;

/// More points than this at a time gain nothing.
const MOST_ROWS: usize = 1 << 18;

/// An evaluator that takes its points block by block.
///
/// # Example: a csv file of points to a csv file of results
///
/// ```
/// use jetc_operators::{OperatorSpec, Strategy};
/// use jetc_runtime::files::{PointReader, ResultLayout, ResultPrecision, ResultWriter};
/// use jetc_runtime::{Activation, Evaluator, Matrix, Network, Stream};
///
/// # let folder = tempfile::tempdir()?;
/// # let (points, results) = (folder.path().join("points.csv"), folder.path().join("results.csv"));
/// std::fs::write(&points, "x\n1\n2\ninf\n")?;
/// let plan = OperatorSpec::from_yaml("slope", "coordinates: [x]\nfields: [u]\noutputs: {slope: u_x}")?
///     .plan(Strategy::Auto)?;
/// let weight = Matrix::from_row_major(1, 1, vec![3.0]).unwrap();
/// let network = Network::builder(1).affine(weight, None).elementwise(Activation::Square).build()?;
/// let stream = Stream::new(Evaluator::<f64>::new(&plan, &network)?, 1 << 20)?;
///
/// let layout = ResultLayout::new(ResultPrecision::F64).group("slope", ["slope"]);
/// let mut writer = ResultWriter::create(&results, &layout)?;
/// let watch = stream.run(&mut PointReader::open(&points)?, &mut writer, |_| ())?;
/// writer.finish()?;
/// assert_eq!(std::fs::read_to_string(&results)?, "slope\n18.0\n36.0\ninf\n"); // d/dx (3x)² = 18x
/// assert_eq!((watch.read, watch.coordinates.rows), (3, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Stream<T: 'static> {
    evaluator: Evaluator<T>,
    rows: usize,
}

/// Why points do not go through.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// Too little memory for one point.
    #[error(
        "one point with its buffers takes {needed} bytes, more than the limit of {limit}; give at least that"
    )]
    Memory {
        /// Bytes for one point.
        needed: usize,
        /// The limit.
        limit: usize,
    },
    /// Points that cannot be read, or results that cannot be written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Points that do not fit the evaluator.
    #[error(transparent)]
    Evaluation(#[from] EvaluationError),
}

/// What was seen of the numbers that went through.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Watch {
    /// How many points were read.
    pub read: u64,
    /// Points with a coordinate that is NaN or infinite.
    pub coordinates: NotFinite,
    /// Points with a finite coordinate that is too large for the type that is computed in.
    pub too_large: NotFinite,
    /// Points whose coordinates are finite, with results that are not.
    pub results: NotFinite,
}

/// How often numbers were not finite, and where first.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct NotFinite {
    /// How many points.
    pub rows: u64,
    /// How many numbers of these points.
    pub numbers: u64,
    /// The first of them.
    pub first: Option<FirstNotFinite>,
}

/// The first number that is not finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FirstNotFinite {
    /// The point, counted from 0.
    pub row: u64,
    /// The coordinate or the column of the results, counted from 0.
    pub column: usize,
    /// The number.
    pub number: f64,
}

impl<T: Float + ResultFloat> Stream<T> {
    /// Shares `memory`, in bytes, between points with their results, which get up to half of it, and the evaluator's
    /// buffers. Weights come on top; results do not depend on it, to the last bit.
    ///
    /// # Errors
    /// [`StreamError::Memory`] if one point takes more.
    pub fn new(evaluator: Evaluator<T>, memory: usize) -> Result<Self, StreamError> {
        // Coordinates as they are read and as they are computed with, and results.
        let row = evaluator.inputs() * (size_of::<f64>() + size_of::<T>())
            + evaluator.columns().len() * size_of::<T>();
        let needed = row.saturating_add(evaluator.least_memory());
        if memory < needed {
            return Err(StreamError::Memory { needed, limit: memory });
        }
        let rows = (memory / 2 / row.max(1)).clamp(1, MOST_ROWS);
        let evaluator = evaluator.with_memory((memory - rows * row).max(needed - row))?;
        Ok(Self { evaluator, rows })
    }

    /// The evaluator.
    pub fn evaluator(&self) -> &Evaluator<T> {
        &self.evaluator
    }

    /// Evaluates all points in the current rayon pool; `progress` hears of the number of points of every block.
    ///
    /// # Errors
    /// What reading and writing end with; and [`EvaluationError::Length`] for points of another width.
    pub fn run(
        &self,
        points: &mut PointReader,
        results: &mut ResultWriter,
        mut progress: impl FnMut(u64),
    ) -> Result<Watch, StreamError> {
        let (inputs, width) = (self.evaluator.inputs(), self.evaluator.columns().len());
        let (mut block, mut input, mut output) = (Vec::new(), Vec::new(), Vec::new());
        let mut watch = Watch::default();
        loop {
            let read = points.read_block(self.rows, &mut block)?;
            if read == 0 {
                return Ok(watch);
            }
            input.clear();
            input.extend(block.iter().map(|&x| T::from_f64(x)));
            output.clear();
            output.resize(read * width, T::ZERO);
            self.evaluator.evaluate_into(&input, &mut output)?;
            watch.look(&block, &input, inputs, &output);
            results.write_block(&output)?;
            progress(read as u64);
        }
    }
}

impl Watch {
    /// Looks at a block of points: as they were read, as they are computed with, and their results.
    fn look<T: ResultFloat>(&mut self, block: &[f64], input: &[T], inputs: usize, output: &[T]) {
        let first = self.read;
        self.points(block, input, inputs);
        self.results(first, input, inputs, output);
    }

    /// Looks at the next points, of so many coordinates: as they were read, and as they are computed with.
    pub fn points<T: ResultFloat>(&mut self, read: &[f64], taken: &[T], inputs: usize) {
        let rows = read.len().checked_div(inputs).unwrap_or(0);
        let first = self.read;
        self.read += rows as u64;
        if all_finite(taken) {
            return;
        }
        for (row, (read, taken)) in (first..).zip(read.chunks_exact(inputs).zip(taken.chunks_exact(inputs))) {
            let lost =
                read.iter().zip(taken).map(|(x, taken)| if x.is_finite() { taken.to_f64() } else { 0.0 });
            self.coordinates.count(row, read.iter().copied());
            self.too_large.count(row, lost);
        }
    }

    /// Looks at the results of points, as they were computed with; the first of them has the number `first`.
    pub fn results<T: ResultFloat>(&mut self, first: u64, points: &[T], inputs: usize, results: &[T]) {
        let rows = points.len().checked_div(inputs).unwrap_or(0);
        let width = results.len().checked_div(rows).unwrap_or(0);
        if all_finite(results) {
            return;
        }
        for (row, (point, results)) in
            (first..).zip(points.chunks_exact(inputs).zip(results.chunks_exact(width)))
        {
            // Where a coordinate is to blame, that was said.
            if all_finite(point) {
                self.results.count(row, results.iter().map(|result| result.to_f64()));
            }
        }
    }
}

fn all_finite<T: ResultFloat>(numbers: &[T]) -> bool {
    numbers.iter().all(|number| number.to_f64().is_finite())
}

impl NotFinite {
    /// Counts the numbers of a point.
    fn count(&mut self, row: u64, numbers: impl Iterator<Item = f64>) {
        let before = self.numbers;
        for (column, number) in numbers.enumerate().filter(|(_, number)| !number.is_finite()) {
            self.first.get_or_insert(FirstNotFinite { row, column, number });
            self.numbers += 1;
        }
        self.rows += u64::from(self.numbers > before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_counted_with_its_first_place() {
        let mut watch = Watch::default();
        let infinity = f64::INFINITY;
        // One coordinate and two results a point, in f32, where 1e39 is infinite.
        watch.look(&[1.0, 2.0], &[1.0f32, 2.0], 1, &[1.0f32, 2.0, 3.0, 4.0]);
        let block = [1.0, f64::NAN, 1e39, 4.0, 5.0];
        let input = [1.0, f32::NAN, f32::INFINITY, 4.0, 5.0];
        let nan = f32::NAN;
        watch.look(&block, &input, 1, &[0.0, 0.0, nan, nan, nan, nan, 0.0, f32::INFINITY, nan, nan]);
        assert_eq!(watch.read, 7);
        let first = |row, column, number| Some(FirstNotFinite { row, column, number });
        let NotFinite { rows, numbers, first: found } = watch.coordinates;
        assert_eq!((rows, numbers, found.map(|f| (f.row, f.column))), (1, 1, Some((3, 0))));
        assert_eq!(watch.too_large, NotFinite { rows: 1, numbers: 1, first: first(4, 0, infinity) });
        assert_eq!(watch.results, NotFinite { rows: 2, numbers: 3, first: first(5, 1, infinity) });
    }
}
