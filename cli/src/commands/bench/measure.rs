//! One strategy in one precision, for every batch size.
//!
//! Evaluations, gradients where they are asked for, and bare products run alternately until the time is up, three times at
//! least, and are compared by their medians: a noisy machine slows all. Before that, three evaluations and three gradients are
//! not timed: the most that one of them allocates above what was there before the first one is its peak memory. The plan, the
//! network, the points and the results are there before; so is what the matrix library keeps for each thread once it has
//! multiplied there. A gradient is the mean square of the results, and its derivatives by all parameters.

use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use jetc_operators::Plan;
use jetc_runtime::{
    BareProducts, Differentiator, Evaluator, Float, GradientError, Gradients, Network, ProductShape,
};

use super::random::uniform;
use super::report::{Batch, GradientMeasurement, Measured, Measurement, Timing, real};
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
    /// Whether gradients are measured, too.
    pub(super) has_gradients: bool,
    pub(super) bar: &'a ProgressBar,
}

/// Everything that a plan runs with.
struct Runner<T: Float> {
    evaluator: Evaluator<T>,
    differentiator: Option<Differentiator<T>>,
    bare: BareProducts<T>,
    points: Vec<T>,
    results: Vec<T>,
    /// One number for each parameter, where gradients are measured.
    gradient: Vec<T>,
    /// Bytes that evaluations, and gradients, keep for the next one.
    kept: [usize; 2],
}

/// What is timed and counted.
#[derive(Debug, Clone, Copy)]
enum Work {
    Evaluation,
    Gradient,
}

/// What one run takes.
#[derive(Debug, Clone, Copy)]
struct Taken {
    time: Duration,
    /// The most bytes that were allocated, with what earlier runs have kept.
    bytes: usize,
}

impl Bench<'_> {
    /// Measures a plan in the current rayon pool.
    pub(super) fn measure<T: Float>(&self, plan: &Plan) -> Result<Measured, GradientError> {
        self.bar.set_message(format!("{} {}", T::NAME, plan.strategy()));
        let evaluator = Evaluator::<T>::new(plan, self.network)?;
        let (differentiator, no_gradient) = match self.differentiator(plan) {
            Some(Ok(differentiator)) => (Some(differentiator), None),
            Some(Err(reason)) => (None, Some(reason)),
            None => (None, None),
        };
        let (channels, shapes) = (evaluator.channels(), evaluator.products());
        let numbers = evaluator.inputs() + evaluator.columns().len();
        let most_points = MOST_NUMBERS / numbers.max(1);
        let largest = self.batches.iter().copied().filter(|&points| points <= most_points).max().unwrap_or(0);
        let mut runner = Runner::new(evaluator, differentiator, &shapes, largest);
        let mut per_point = runner.probe(largest)?;
        let mut batches = Vec::new();
        for &points in self.batches {
            let outcome = if points > most_points {
                Err(format!(
                    "a point with its results is {numbers} numbers; at most {most_points} points are held in memory"
                ))
            } else if let Err(reason) = self.patience(per_point.map(|seconds| seconds * real(points))) {
                Err(reason)
            } else {
                let measurement = runner.alternate(points, self.seconds)?;
                let gradient = measurement.gradient.as_ref().map_or(0.0, |gradient| gradient.timing.median);
                per_point = [measurement.jetc.median, gradient].map(|seconds| seconds / real(points));
                Ok(measurement)
            };
            batches.push(Batch { points, outcome });
            self.bar.inc(1);
        }
        let flops = shapes.iter().map(ProductShape::flops).sum();
        Ok(Measured { channels, flops, no_gradient, batches })
    }

    /// What computes gradients, if they are asked for, or why there are none.
    fn differentiator<T: Float>(&self, plan: &Plan) -> Option<Result<Differentiator<T>, String>> {
        self.has_gradients.then(|| {
            if self.network.parameters().is_empty() {
                return Err("the network has no parameters to differentiate by".to_owned());
            }
            Differentiator::new(plan, self.network).map_err(|error| error.to_string())
        })
    }

    /// Whether the fewest runs, those that are not timed and those of the products, end in good time, where an evaluation and
    /// a gradient take so many seconds.
    fn patience(&self, [evaluation, gradient]: [f64; 2]) -> Result<(), String> {
        let all = real(FEWEST_RUNS) * (3.0 * evaluation + 2.0 * gradient);
        if all <= PATIENCE * self.seconds.max(LEAST_SECONDS) {
            return Ok(());
        }
        let enough = (all / PATIENCE).ceil();
        let with_gradient =
            if gradient > 0.0 { format!(", one gradient about {gradient:.0} s") } else { String::new() };
        Err(format!(
            "one evaluation takes about {evaluation:.0} s{with_gradient}; give --seconds {enough} or a smaller --batch"
        ))
    }
}

impl<T: Float> Runner<T> {
    fn new(
        evaluator: Evaluator<T>,
        differentiator: Option<Differentiator<T>>,
        shapes: &[ProductShape],
        points: usize,
    ) -> Self {
        let bare = BareProducts::new(shapes);
        bare.warm_up();
        let inputs = uniform(2).map(T::from_f64).take(points * evaluator.inputs()).collect();
        let results = vec![T::ZERO; points * evaluator.columns().len()];
        let gradient = vec![T::ZERO; differentiator.as_ref().map_or(0, Differentiator::parameters)];
        Self { evaluator, differentiator, bare, points: inputs, results, gradient, kept: [0; 2] }
    }

    /// Seconds per point of an evaluation and of a gradient, from about one chunk on each thread.
    fn probe(&mut self, most: usize) -> Result<[f64; 2], GradientError> {
        let points = most.min(self.evaluator.chunk_size() * rayon::current_num_threads());
        let mut per_point = |work| -> Result<f64, GradientError> {
            Ok(self.run(work, points)?.time.as_secs_f64() / real(points.max(1)))
        };
        Ok([per_point(Work::Evaluation)?, per_point(Work::Gradient)?])
    }

    /// One run; nothing is taken by what is not there.
    fn run(&mut self, work: Work, points: usize) -> Result<Taken, GradientError> {
        // What the others keep is not this one's.
        let before = memory::current() - self.kept[work as usize];
        let (time, peak) = memory::peak_during(|| self.time(work, points));
        self.kept[work as usize] = memory::current().saturating_sub(before);
        Ok(Taken { time: time?, bytes: peak.saturating_sub(before) })
    }

    fn time(&mut self, work: Work, points: usize) -> Result<Duration, GradientError> {
        let input = &self.points[..points * self.evaluator.inputs()];
        let results = &mut self.results[..points * self.evaluator.columns().len()];
        let start = Instant::now();
        match (work, &self.differentiator) {
            (Work::Evaluation, _) => self.evaluator.evaluate_into(input, results)?,
            (Work::Gradient, Some(differentiator)) => {
                let gradients = Gradients { parameters: Some(&mut self.gradient), ..Gradients::default() };
                differentiator.loss_and_gradients(input, None, results, gradients, |_| ())?;
            }
            (Work::Gradient, None) => return Ok(Duration::ZERO),
        }
        Ok(start.elapsed())
    }

    fn multiply(&self, points: usize) -> Duration {
        let start = Instant::now();
        self.bare.run(points);
        start.elapsed()
    }

    /// The most bytes that the runs allocate that are not timed.
    fn peak(&mut self, work: Work, points: usize) -> Result<usize, GradientError> {
        let runs = (0..FEWEST_RUNS).map(|_| Ok(self.run(work, points)?.bytes));
        runs.collect::<Result<Vec<_>, _>>().map(|bytes| bytes.into_iter().max().unwrap_or(0))
    }

    /// All in turn until the time is up.
    fn alternate(&mut self, points: usize, seconds: f64) -> Result<Measurement, GradientError> {
        let peaks = [self.peak(Work::Evaluation, points)?, self.peak(Work::Gradient, points)?];
        let (mut jetc, mut gradient, mut bare) = (Vec::new(), Vec::new(), Vec::new());
        let start = Instant::now();
        while start.elapsed().as_secs_f64() < seconds || jetc.len() < FEWEST_RUNS {
            jetc.push(self.run(Work::Evaluation, points)?.time);
            bare.push(self.multiply(points));
            gradient.push(self.run(Work::Gradient, points)?.time);
        }
        let gradient = self.differentiator.is_some().then(|| timing(gradient));
        let gradient = gradient.map(|timing| GradientMeasurement { timing, peak: peaks[1] });
        Ok(Measurement { runs: jetc.len(), jetc: timing(jetc), bare: timing(bare), peak: peaks[0], gradient })
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
        let bench = |times, seconds| {
            let bar = &ProgressBar::hidden();
            Bench { network: &network, batches: &[], seconds, has_gradients: true, bar }.patience(times)
        };
        let message = bench([60.0, 0.0], 0.01).unwrap_err();
        assert!(message.contains("about 60 s;") && message.contains("--seconds 27"), "{message}");
        assert_eq!(bench([60.0, 0.0], 27.0), Ok(()));
        let message = bench([60.0, 200.0], 27.0).unwrap_err();
        assert!(message.contains("gradient about 200 s;") && message.contains("--seconds 87"), "{message}");
        assert_eq!(bench([60.0, 200.0], 87.0), Ok(()));
    }
}
