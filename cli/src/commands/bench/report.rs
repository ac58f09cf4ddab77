//! What was measured, before it is printed. Times are in seconds.

use jetc_operators::Strategy;

use super::line::Line;

/// Everything there is to print.
pub(super) struct Report {
    pub(super) operator: String,
    pub(super) coordinates: usize,
    pub(super) order: u32,
    /// The network's widths.
    pub(super) network: String,
    pub(super) parameters: usize,
    pub(super) threads: usize,
    pub(super) instructions: String,
    /// Time for each measurement.
    pub(super) seconds: f64,
    pub(super) series: Vec<Series>,
}

/// One strategy in one precision.
pub(super) struct Series {
    pub(super) strategy: Strategy,
    pub(super) dtype: &'static str,
    /// Or why there is no plan.
    pub(super) outcome: Result<Measured, String>,
}

/// What a plan comes to on the network.
pub(super) struct Measured {
    /// Channels that go through the network.
    pub(super) channels: usize,
    /// Floating-point operations of the matrix products for one point.
    pub(super) flops: u64,
    /// Why there are no gradients where they were asked for.
    pub(super) no_gradient: Option<String>,
    pub(super) batches: Vec<Batch>,
}

/// One batch size.
pub(super) struct Batch {
    pub(super) points: usize,
    /// Or why it was not measured.
    pub(super) outcome: Result<Measurement, String>,
}

/// Alternating runs of evaluations, of the bare products, and of gradients.
pub(super) struct Measurement {
    pub(super) runs: usize,
    pub(super) jetc: Timing,
    pub(super) bare: Timing,
    /// Most bytes that an evaluation allocated.
    pub(super) peak: usize,
    /// Where it is asked for.
    pub(super) gradient: Option<GradientMeasurement>,
}

/// The mean square of the results with its derivatives by all parameters, in turn with the others.
pub(super) struct GradientMeasurement {
    pub(super) timing: Timing,
    /// Most bytes that a gradient allocated.
    pub(super) peak: usize,
}

/// Seconds that a batch takes.
pub(super) struct Timing {
    pub(super) median: f64,
    pub(super) fastest: f64,
}

impl Report {
    /// The precisions, each with its series.
    pub(super) fn by_dtype(&self) -> impl Iterator<Item = (&'static str, &[Series])> {
        self.series.chunk_by(|left, right| left.dtype == right.dtype).map(|series| (series[0].dtype, series))
    }
}

impl Measured {
    /// The batches that were measured.
    pub(super) fn measurements(&self) -> impl Iterator<Item = (usize, &Measurement)> {
        self.batches.iter().filter_map(|batch| Some((batch.points, batch.outcome.as_ref().ok()?)))
    }

    /// Median times over batch sizes, as a straight line.
    pub(super) fn line(&self, timing: impl Fn(&Measurement) -> &Timing) -> Option<Line> {
        self.line_of(|measurement| Some(timing(measurement)))
    }

    /// The line of the gradients.
    pub(super) fn gradient_line(&self) -> Option<Line> {
        self.line_of(|measurement| measurement.gradient.as_ref().map(|gradient| &gradient.timing))
    }

    fn line_of(&self, timing: impl Fn(&Measurement) -> Option<&Timing>) -> Option<Line> {
        let points = self.measurements();
        let points = points.filter_map(|(points, one)| Some((real(points), timing(one)?.median)));
        Line::through(&points.collect::<Vec<_>>())
    }

    /// 10⁹ floating-point operations of the matrix products in a second.
    pub(super) fn gflops(&self, points: usize, timing: &Timing) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "a speed")]
        let flops = self.flops as f64;
        flops * real(points) / timing.median / 1e9
    }

    /// Per cent of the speed of the bare products; none if there are no products.
    pub(super) fn per_cent(&self, measurement: &Measurement) -> Option<f64> {
        (self.flops > 0).then(|| 100.0 * measurement.bare.median / measurement.jetc.median)
    }
}

impl Measurement {
    /// How many times as long as the bare products, and as an evaluation, a gradient takes.
    pub(super) fn gradient_ratios(&self, has_products: bool) -> Option<[Option<f64>; 2]> {
        let gradient = self.gradient.as_ref()?.timing.median;
        Some([has_products.then(|| gradient / self.bare.median), Some(gradient / self.jetc.median)])
    }
}

impl Timing {
    /// Seconds for one point.
    pub(super) fn per_point(&self, points: usize) -> f64 {
        self.median / real(points)
    }
}

/// A count in a quotient.
#[allow(clippy::cast_precision_loss, reason = "far below 2^53, and only compared")]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

/// A report of numbers that a test can compute in its head.
#[cfg(test)]
pub(super) fn example() -> Report {
    let measurement = |seconds: f64| Measurement {
        runs: 7,
        jetc: Timing { median: seconds, fastest: 0.5 * seconds },
        bare: Timing { median: 0.75 * seconds, fastest: 0.25 * seconds },
        peak: 3 << 20,
        gradient: None,
    };
    let measured = |channels, seconds: f64| Measured {
        channels,
        flops: 1_000_000,
        no_gradient: None,
        batches: vec![
            Batch { points: 1000, outcome: Ok(measurement(seconds)) },
            Batch { points: 2000, outcome: Ok(measurement(2.0 * seconds)) },
            Batch { points: 9000, outcome: Err("one evaluation takes about 60 s, too long".to_owned()) },
        ],
    };
    let series = |strategy, dtype, outcome| Series { strategy, dtype, outcome };
    Report {
        operator: "laplacian".to_owned(),
        coordinates: 3,
        order: 2,
        network: "3 → 64 → 1".to_owned(),
        parameters: 321,
        threads: 2,
        instructions: "AVX2".to_owned(),
        seconds: 1.0,
        series: vec![
            series(Strategy::Standard, "f64", Err("too many channels".to_owned())),
            series(Strategy::Minimal, "f64", Ok(measured(5, 0.5))),
            series(Strategy::Minimal, "f32", Ok(measured(5, 0.25))),
        ],
    }
}

/// The same with gradients, which one series has not.
#[cfg(test)]
pub(super) fn example_with_gradients() -> Report {
    let mut report = example();
    for (series, has_gradients) in report.series.iter_mut().zip([false, true, false]) {
        let Ok(measured) = &mut series.outcome else { continue };
        measured.no_gradient = (!has_gradients).then(|| "no way back".to_owned());
        for batch in measured.batches.iter_mut().filter(|_| has_gradients) {
            let Ok(measurement) = &mut batch.outcome else { continue };
            let timing = Timing { median: 2.0 * measurement.jetc.median, fastest: measurement.jetc.median };
            measurement.gradient = Some(GradientMeasurement { timing, peak: 5 << 20 });
        }
    }
    report
}
