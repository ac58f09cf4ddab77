//! `jetc gradient`: the mean square of an operator, and its derivatives by the parameters of a network.

mod destinations;
mod inputs;
mod jacobian;
mod json;
mod report;

use std::time::Instant;

use anyhow::bail;
use indicatif::HumanBytes;
use jetc_operators::{Plan, counted, printable, printable_json, printable_path};
use jetc_runtime::files::{
    Destination, NamedTensor, NamedTensors, PointReader, ResultFloat, ResultPrecision,
};
use jetc_runtime::{Differentiator, Float, Gradients, Network};

use self::destinations::Destinations;
use self::report::Report;
use crate::arguments::{Dtype, GradientArguments, GradientFormat};
use crate::names::Notes;
use crate::subject::Subject;
use crate::{diagnostics, output, progress, warnings};

pub(crate) fn run(arguments: &GradientArguments) -> anyhow::Result<()> {
    let destinations = Destinations::new(arguments)?;
    let subject = Subject::open(&arguments.subject, |matrices| Ok(destinations.apart_from(matrices)?))?;
    let Subject { network, plan, unknowns, points, pool, notes } = subject;
    if network.parameters().is_empty() {
        bail!(
            "{}: the network has no parameters to differentiate by; named tensors of a model's files are parameters, constants \
             are not",
            printable_path(&arguments.subject.model)
        );
    }
    let start = Instant::now();
    let job = Job { arguments, destinations, plan: &plan, network: &network, unknowns, pool, start };
    match arguments.subject.dtype {
        Dtype::F64 => job.run::<f64>(points, notes, ResultPrecision::F64),
        Dtype::F32 => job.run::<f32>(points, notes, ResultPrecision::F32),
    }
}

struct Job<'a> {
    arguments: &'a GradientArguments,
    destinations: Destinations,
    plan: &'a Plan,
    network: &'a Network<f64>,
    /// The values of the plan's unknowns.
    unknowns: Vec<f64>,
    pool: rayon::ThreadPool,
    start: Instant,
}

impl Job<'_> {
    fn run<T>(
        &self,
        mut reader: PointReader,
        mut notes: Notes,
        precision: ResultPrecision,
    ) -> anyhow::Result<()>
    where
        T: Float + ResultFloat,
    {
        let differentiator = Differentiator::<T>::new(self.plan, self.network)?;
        let (memory, least) = (self.arguments.memory.0, differentiator.least_memory());
        if memory < least {
            notes.warnings.push(format!(
                "--memory {} is less than the {} that one thread takes for the buffers of a few points and the sums over all; one \
                 thread works",
                HumanBytes(memory as u64),
                HumanBytes(least as u64)
            ));
        }
        let mut differentiator = differentiator.with_memory(memory.max(least))?;
        differentiator.set_unknowns(&self.unknowns)?;
        let columns: Vec<String> =
            differentiator.columns().iter().map(|column| column.name.clone()).collect();
        let (points, mut watch) = inputs::points::<T>(&mut reader, columns.len())?;
        let count = points.len() / differentiator.inputs();
        let targets = self.arguments.targets.as_ref();
        let targets =
            targets.map(|path| inputs::targets::<T>(path, &columns, count, &mut notes)).transpose()?;

        let mut gradient = vec![T::ZERO; differentiator.parameters()];
        let (mut results, mut by_unknowns) =
            (vec![T::ZERO; count * columns.len()], vec![0.0; self.unknowns.len()]);
        let bar = progress::points(Some(count as u64));
        let loss = self.pool.install(|| {
            let seen = |points: usize| bar.inc(points as u64);
            let gradients =
                Gradients { parameters: Some(&mut gradient), unknowns: Some(&mut by_unknowns), points: None };
            differentiator.loss_and_gradients(&points, targets.as_deref(), &mut results, gradients, seen)
        })?;
        bar.finish_and_clear();
        watch.results(0, &points, differentiator.inputs(), &results);
        let rows = self.destinations.jacobian.as_ref();
        let rows = rows.map(|place| jacobian::write(&differentiator, &points, place, precision, self));
        let rows = rows.transpose()?;
        let report = Report::new(self, loss, [count, columns.len()], (&gradient, &by_unknowns));
        if let Some(place) = &self.destinations.gradient {
            self.write(place, &gradient, precision)?;
        }
        rows.map(jetc_runtime::files::MatrixWriter::finish).transpose()?;
        output::print(&match self.arguments.format {
            GradientFormat::Text => report.text(),
            GradientFormat::Json => printable_json(&json::view(&report)),
        })?;
        notes.say();
        for warning in warnings::numbers::<T>(&watch, &reader, differentiator.columns()) {
            diagnostics::warn(&warning);
        }
        report.warning().iter().for_each(|warning| diagnostics::warn(warning));
        self.say(&differentiator, count);
        Ok(())
    }

    /// One tensor for each parameter, as the model has them.
    fn write<T: ResultFloat>(
        &self,
        place: &Destination,
        gradient: &[T],
        precision: ResultPrecision,
    ) -> anyhow::Result<()> {
        let tensors = self.network.parameters().tensors().iter();
        let tensors = tensors.map(|tensor| NamedTensor {
            name: &tensor.name,
            shape: &tensor.shape,
            data: &gradient[tensor.offset..][..tensor.size()],
        });
        Ok(NamedTensors::new(precision, tensors.collect()).write(place)?)
    }

    fn say<T: Float>(&self, differentiator: &Differentiator<T>, count: usize) {
        let (name, strategy) = (printable(self.plan.name()), self.plan.strategy());
        let points = counted(count, "point");
        let channels = counted(differentiator.channels(), "channel");
        let parameters = counted(differentiator.parameters(), "parameter");
        let reduced = differentiator.reduction().map_or_else(String::new, diagnostics::reduced);
        let elapsed = self.start.elapsed();
        diagnostics::say(&format!(
            "{name}: {points}, {channels} ({strategy}){reduced}, {parameters}, {elapsed:.3?}"
        ));
    }
}
