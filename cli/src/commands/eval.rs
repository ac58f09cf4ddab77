//! `jetc eval`: an operator, a trained network, a batch of points.

use std::time::{Duration, Instant};

use anyhow::bail;
use indicatif::HumanBytes;
use jetc_operators::{Plan, counted, printable};
use jetc_runtime::files::{
    Destination, PointReader, ResultFloat, ResultLayout, ResultPrecision, ResultWriter,
};
use jetc_runtime::{Evaluator, Float, Network, Stream, StreamError};

use crate::arguments::{Dtype, EvalArguments};
use crate::names::Notes;
use crate::subject::Subject;
use crate::{diagnostics, output, progress, warnings};

pub(crate) fn run(arguments: &EvalArguments) -> anyhow::Result<()> {
    let subject = &arguments.subject;
    let destination = arguments.output.as_ref().map(|path| {
        ResultWriter::check_ending(path)?;
        let destination = output::destination(path, &subject.operator, Some(&subject.model))?;
        destination.apart_from([&subject.points])?;
        Ok::<_, anyhow::Error>(destination)
    });
    let destination = destination.transpose()?;
    let Subject { network, plan, unknowns, points, pool, notes } = Subject::open(subject, |matrices| {
        destination.as_ref().map_or(Ok(()), |destination| destination.apart_from(matrices))?;
        Ok(())
    })?;
    let job = Job { arguments, destination, plan: &plan, unknowns, pool, notes, start: Instant::now() };
    match subject.dtype {
        Dtype::F64 => job.run::<f64>(network, points, ResultPrecision::F64),
        Dtype::F32 => job.run::<f32>(network, points, ResultPrecision::F32),
    }
}

struct Job<'a> {
    arguments: &'a EvalArguments,
    destination: Option<Destination>,
    plan: &'a Plan,
    unknowns: Vec<f64>,
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
        let evaluator = Evaluator::<T>::new(self.plan, &network)?.with_unknowns(&self.unknowns)?;
        // Its weights are in the evaluator now.
        drop(network);
        let stream = share_memory(evaluator, self.arguments.memory.0)?;
        let mut writer = self.writer(stream.evaluator(), precision)?;
        let bar = progress::points(points.rows());
        let watch = self.pool.install(|| stream.run(&mut points, &mut writer, |read| bar.inc(read)))?;
        bar.finish_and_clear();
        writer.finish()?;
        self.notes.say();
        for warning in warnings::numbers::<T>(&watch, &points, stream.evaluator().columns()) {
            diagnostics::warn(&warning);
        }
        self.report(stream.evaluator(), watch.read, self.start.elapsed());
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
        Ok(match &self.destination {
            Some(destination) => ResultWriter::create_at(destination, &layout)?,
            None => ResultWriter::to_stream(std::io::stdout(), output::stdout(), &layout)?,
        })
    }

    fn report<T: Float>(&self, evaluator: &Evaluator<T>, count: u64, elapsed: Duration) {
        let (name, strategy) = (printable(self.plan.name()), self.plan.strategy());
        let (points, channels) = (counted(count, "point"), counted(evaluator.channels(), "channel"));
        let reduced = evaluator.reduction().map_or_else(String::new, diagnostics::reduced);
        diagnostics::say(&format!("{name}: {points}, {channels} ({strategy}){reduced}, {elapsed:.3?}"));
    }
}

/// The evaluator with what points and results leave of the memory.
fn share_memory<T>(evaluator: Evaluator<T>, memory: usize) -> anyhow::Result<Stream<T>>
where
    T: Float + ResultFloat,
{
    match Stream::new(evaluator, memory) {
        Err(StreamError::Memory { needed, limit }) => bail!(
            "one point with its buffers takes {}, more than --memory {}; give at least that",
            HumanBytes(needed as u64),
            HumanBytes(limit as u64)
        ),
        stream => Ok(stream?),
    }
}
