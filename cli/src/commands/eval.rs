//! `jetc eval`: an operator, a trained network, a batch of points.

use std::time::{Duration, Instant};

use anyhow::bail;
use indicatif::HumanBytes;
use jetc_operators::Plan;
use jetc_runtime::files::{Origin, PointReader, ResultFloat, ResultLayout, ResultPrecision, ResultWriter};
use jetc_runtime::{Evaluator, Float, InputReduction, Network};

use crate::arguments::{Dtype, EvalArguments};
use crate::names::Notes;
use crate::{diagnostics, operator, progress, threads};

pub(crate) fn run(arguments: &EvalArguments) -> anyhow::Result<()> {
    let network = Network::open(&arguments.model, arguments.activation)?;
    let spec = operator::load(&arguments.operator, &arguments.choices, Some(network.inputs()))?;
    let mut notes = Notes::default();
    let network = notes.arrange(network, &spec)?;
    let plan = spec.plan_for(arguments.strategy.name.into(), &network.topology())?;
    let points = PointReader::open_for(&arguments.points, plan.coordinates())?;
    notes.points(&points);
    let pool = threads::pool(arguments.threads)?;
    let job = Job { arguments, plan: &plan, pool, notes, start: Instant::now() };
    match arguments.dtype {
        Dtype::F64 => job.run::<f64>(network, points, ResultPrecision::F64),
        Dtype::F32 => job.run::<f32>(network, points, ResultPrecision::F32),
    }
}

struct Job<'a> {
    arguments: &'a EvalArguments,
    plan: &'a Plan,
    pool: rayon::ThreadPool,
    notes: Notes,
    start: Instant,
}

impl Job<'_> {
    fn run<T>(
        &self,
        network: Network<f64>,
        mut points: PointReader,
        precision: ResultPrecision,
    ) -> anyhow::Result<()>
    where
        T: Float + ResultFloat,
    {
        let evaluator = Evaluator::<T>::new(self.plan, &network)?;
        // Its weights are in the evaluator now.
        drop(network);
        let (rows, evaluator) = share_memory(self.arguments.memory.0, evaluator)?;
        let mut writer = self.writer(&evaluator, precision)?;
        let (inputs, width) = (evaluator.inputs(), evaluator.columns().len());
        let bar = progress::points(points.rows());
        let (mut block, mut input, mut results) = (Vec::new(), Vec::new(), Vec::new());
        let mut not_finite = NotFinite::default();
        loop {
            let read = points.read_block(rows, &mut block)?;
            if read == 0 {
                break;
            }
            not_finite.look(&block, inputs);
            input.clear();
            input.extend(block.iter().map(|&x| T::from_f64(x)));
            results.clear();
            results.resize(read * width, T::ZERO);
            self.pool.install(|| evaluator.evaluate_into(&input, &mut results))?;
            writer.write_block(&results)?;
            bar.inc(read as u64);
        }
        bar.finish_and_clear();
        let count = writer.finish()?;
        self.notes.say();
        not_finite.warn();
        self.report(&evaluator, count, self.start.elapsed());
        Ok(())
    }

    fn writer<T: Float>(
        &self,
        evaluator: &Evaluator<T>,
        precision: ResultPrecision,
    ) -> anyhow::Result<ResultWriter> {
        let mut layout = ResultLayout::new(precision);
        for (number, output) in self.plan.outputs().iter().enumerate() {
            let columns = evaluator.columns().iter().filter(|column| column.output == number);
            layout = layout.group(output.name.as_str(), columns.map(|column| column.name.as_str()));
        }
        Ok(match &self.arguments.output {
            Some(path) => ResultWriter::create(path, &layout)?,
            None => ResultWriter::to_stream(std::io::stdout(), Origin::new("standard output"), &layout)?,
        })
    }

    fn report<T: Float>(&self, evaluator: &Evaluator<T>, count: u64, elapsed: Duration) {
        let (name, strategy, channels) = (self.plan.name(), self.plan.strategy(), evaluator.channels());
        let points = if count == 1 { "point" } else { "points" };
        let reduced = evaluator.reduction().map_or_else(String::new, |reduction| {
            let InputReduction { coordinates, directions, condition } = reduction;
            format!(", {coordinates} coordinates in {directions} directions (condition {condition:.1e})")
        });
        eprintln!("{name}: {count} {points}, {channels} channels ({strategy}){reduced}, {elapsed:.3?}");
    }
}

/// More points than this at a time gain nothing.
const MOST_ROWS: usize = 1 << 18;

/// How many points are read at a time, and the evaluator with what they leave of the memory: up to half of it is theirs.
fn share_memory<T: Float>(memory: usize, evaluator: Evaluator<T>) -> anyhow::Result<(usize, Evaluator<T>)> {
    // Coordinates as they are read and as they are computed with, and results.
    let row =
        evaluator.inputs() * (size_of::<f64>() + size_of::<T>()) + evaluator.columns().len() * size_of::<T>();
    let needed = row.saturating_add(evaluator.least_memory());
    if memory < needed {
        bail!(
            "one point with its buffers takes {}, more than --memory {}; give at least that",
            HumanBytes(needed as u64),
            HumanBytes(memory as u64)
        );
    }
    let rows = (memory / 2 / row.max(1)).clamp(1, MOST_ROWS);
    let evaluator = evaluator.with_memory((memory - rows * row).max(needed - row))?;
    Ok((rows, evaluator))
}

/// Points with a coordinate that is no finite number; they are passed through.
#[derive(Debug, Default)]
struct NotFinite {
    rows: u64,
    seen: u64,
    first: Option<u64>,
}

impl NotFinite {
    fn look(&mut self, block: &[f64], columns: usize) {
        for point in block.chunks_exact(columns) {
            if point.iter().any(|x| !x.is_finite()) {
                self.first.get_or_insert(self.seen);
                self.rows += 1;
            }
            self.seen += 1;
        }
    }

    fn warn(&self) {
        if let Some(first) = self.first {
            let (rows, seen) = (self.rows, self.seen);
            diagnostics::warn(&format!(
                "{rows} of {seen} points have a coordinate that is NaN or infinite, the first in row {first} \
                 (counted from 0); they were passed through"
            ));
        }
    }
}
