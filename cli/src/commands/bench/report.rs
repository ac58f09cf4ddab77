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
    pub(super) batches: Vec<Batch>,
}

/// One batch size.
pub(super) struct Batch {
    pub(super) points: usize,
    /// Or why it was not measured.
    pub(super) outcome: Result<Measurement, String>,
}

/// Alternating runs of jetc and of the bare products.
pub(super) struct Measurement {
    pub(super) runs: usize,
    pub(super) jetc: Timing,
    pub(super) bare: Timing,
    /// Most bytes that an evaluation allocated.
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
        let points: Vec<(f64, f64)> = self
            .measurements()
            .map(|(points, measurement)| (real(points), timing(measurement).median))
            .collect();
        Line::through(&points)
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
    };
    let measured = |channels, seconds: f64| Measured {
        channels,
        flops: 1_000_000,
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
