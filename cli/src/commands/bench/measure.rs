//! One strategy in one precision, for every batch size.
//!
//! Evaluations and bare products run alternately until the time is up, three times at least, and are compared by their
//! medians: a noisy machine slows both. Before that, three evaluations are not timed: the most that one of them allocates
//! above what was there before the first one is the peak memory. The plan, the network, the points and the results are there
//! before; so is what the matrix library keeps for each thread once it has multiplied there.

use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use jetc_operators::Plan;
use jetc_runtime::{BareProducts, EvaluationError, Evaluator, Float, Network, ProductShape};

use super::random::uniform;
use super::report::{Batch, Measured, Measurement, Timing, real};
use crate::memory;

/// The fewest runs that have a median, and those before that are not timed.
const FEWEST_RUNS: usize = 3;

/// A batch is given up if all those would take so many times as long as the user asked for …
const PATIENCE: f64 = 20.0;

/// … but never if they take less than this many times as many seconds.
const LEAST_SECONDS: f64 = 1.0;

/// Most numbers of points and results: two gigabytes in double precision.
const MOST_NUMBERS: usize = 1 << 28;

/// What is measured, and how long.
pub(super) struct Bench<'a> {
    pub(super) network: &'a Network<f64>,
    /// Batch sizes, ascending.
    pub(super) batches: &'a [usize],
    /// Time for each batch size.
    pub(super) seconds: f64,
    pub(super) bar: &'a ProgressBar,
}

/// Everything that a plan runs with.
struct Runner<T: Float> {
    evaluator: Evaluator<T>,
    bare: BareProducts<T>,
    points: Vec<T>,
    results: Vec<T>,
    /// Bytes allocated before the first evaluation.
    baseline: usize,
}

impl Bench<'_> {
    /// Measures a plan in the current rayon pool.
    pub(super) fn measure<T: Float>(&self, plan: &Plan) -> Result<Measured, EvaluationError> {
        self.bar.set_message(format!("{} {}", T::NAME, plan.strategy()));
        let evaluator = Evaluator::<T>::new(plan, self.network)?;
        let (channels, shapes) = (evaluator.channels(), evaluator.products());
        let numbers = evaluator.inputs() + evaluator.columns().len();
        let most_points = MOST_NUMBERS / numbers.max(1);
        let largest = self.batches.iter().copied().filter(|&points| points <= most_points).max().unwrap_or(0);
        let mut runner = Runner::new(evaluator, &shapes, largest);
        let mut seconds_per_point = runner.probe(largest)?;
        let mut batches = Vec::new();
        for &points in self.batches {
            let expected = seconds_per_point * real(points);
            let outcome = if points > most_points {
                Err(format!(
                    "a point with its results is {numbers} numbers; at most {most_points} points are held in memory"
                ))
            } else if let Err(reason) = self.patience(expected) {
                Err(reason)
            } else {
                let measurement = runner.alternate(points, self.seconds)?;
                seconds_per_point = measurement.jetc.median / real(points);
                Ok(measurement)
            };
            batches.push(Batch { points, outcome });
            self.bar.inc(1);
        }
        Ok(Measured { channels, flops: shapes.iter().map(ProductShape::flops).sum(), batches })
    }

    /// Whether the fewest runs, those that are not timed and those of the products, end in good time.
    fn patience(&self, expected: f64) -> Result<(), String> {
        let all = 3.0 * real(FEWEST_RUNS) * expected;
        if all <= PATIENCE * self.seconds.max(LEAST_SECONDS) {
            return Ok(());
        }
        let enough = (all / PATIENCE).ceil();
        Err(format!(
            "one evaluation takes about {expected:.0} s; give --seconds {enough} or a smaller --batch"
        ))
    }
}

impl<T: Float> Runner<T> {
    fn new(evaluator: Evaluator<T>, shapes: &[ProductShape], points: usize) -> Self {
        let bare = BareProducts::new(shapes);
        bare.warm_up();
        let inputs = uniform(2).map(T::from_f64).take(points * evaluator.inputs()).collect();
        let results = vec![T::ZERO; points * evaluator.columns().len()];
        let baseline = memory::current();
        Self { evaluator, bare, points: inputs, results, baseline }
    }

    /// Seconds per point, from about one chunk on each thread.
    fn probe(&mut self, most: usize) -> Result<f64, EvaluationError> {
        let points = most.min(self.evaluator.chunk_size() * rayon::current_num_threads());
        Ok(self.evaluate(points)?.as_secs_f64() / real(points.max(1)))
    }

    fn evaluate(&mut self, points: usize) -> Result<Duration, EvaluationError> {
        let input = &self.points[..points * self.evaluator.inputs()];
        let results = &mut self.results[..points * self.evaluator.columns().len()];
        let start = Instant::now();
        self.evaluator.evaluate_into(input, results)?;
        Ok(start.elapsed())
    }

    fn multiply(&self, points: usize) -> Duration {
        let start = Instant::now();
        self.bare.run(points);
        start.elapsed()
    }

    /// The most bytes that an evaluation allocates.
    fn peak(&mut self, points: usize) -> Result<usize, EvaluationError> {
        let mut most = self.baseline;
        for _ in 0..FEWEST_RUNS {
            let (outcome, peak) = memory::peak_during(|| self.evaluate(points));
            outcome?;
            most = most.max(peak);
        }
        Ok(most - self.baseline)
    }

    /// Both in turn until the time is up.
    fn alternate(&mut self, points: usize, seconds: f64) -> Result<Measurement, EvaluationError> {
        let peak = self.peak(points)?;
        let (mut jetc, mut bare) = (Vec::new(), Vec::new());
        let start = Instant::now();
        while start.elapsed().as_secs_f64() < seconds || jetc.len() < FEWEST_RUNS {
            jetc.push(self.evaluate(points)?);
            bare.push(self.multiply(points));
        }
        Ok(Measurement { runs: jetc.len(), jetc: timing(jetc), bare: timing(bare), peak })
    }
}

/// Median and fastest of at least one run.
fn timing(mut runs: Vec<Duration>) -> Timing {
    runs.sort_unstable();
    Timing { median: runs[runs.len() / 2].as_secs_f64(), fastest: runs[0].as_secs_f64() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_in_the_middle() {
        let timing = timing([5, 1, 9].map(Duration::from_secs).to_vec());
        assert_eq!((timing.median, timing.fastest), (5.0, 1.0));
    }

    #[test]
    fn long_measurements_are_given_up_with_a_remedy() {
        let network = Network::builder(1).elementwise(jetc_runtime::Activation::Tanh).build().unwrap();
        let bench = |seconds| {
            Bench { network: &network, batches: &[], seconds, bar: &ProgressBar::hidden() }.patience(60.0)
        };
        let message = bench(0.01).unwrap_err();
        assert!(message.contains("about 60 s") && message.contains("--seconds 27"), "{message}");
        assert_eq!(bench(27.0), Ok(()));
    }
}
