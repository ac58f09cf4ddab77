//! `jetc bench`: the strategies side by side, and beside the bare matrix products.

mod layers;
mod line;
mod measure;
mod random;
mod report;

mod chart;
mod csv;
mod json;
mod text;

use std::error::Error;
use std::path::PathBuf;

use indicatif::ProgressBar;
use jetc_operators::{OperatorSpec, Plan, PlanError, Precision, Strategy, printable_json};
use jetc_runtime::math::InstructionSet;
use jetc_runtime::{Activation, Float, Network};

use self::measure::Bench;
use self::report::{Report, Series};
use crate::arguments::{BenchArguments, BenchFormat, Dtype, StrategyName};
use crate::names::Notes;
use crate::output::{self, FileFormat};
use crate::{operator, progress, threads};

/// A strategy with its plan, or the reason why it has none.
type Planned = (Strategy, Result<Plan, String>);

pub(crate) fn run(arguments: &BenchArguments) -> anyhow::Result<()> {
    let format = match &arguments.output {
        Some(path) => output::format_of_file(path, arguments.format)?,
        None => arguments.format.unwrap_or(BenchFormat::Text),
    };
    let (name, model) = (&arguments.operator, arguments.model.as_deref());
    let destination = arguments.output.as_ref().map(|path| output::destination(path, name, model));
    let destination = destination.transpose()?;
    let mut notes = Notes::default();
    let ((spec, matrices), network) = operator_and_network(arguments, &mut notes)?;
    if let Some(destination) = &destination {
        destination.apart_from(matrices)?;
    }
    let report = report(arguments, &spec, &network)?;
    notes.say();
    let view = match format {
        BenchFormat::Text => text::view(&report),
        BenchFormat::Json => printable_json(&json::view(&report)),
        BenchFormat::Csv => csv::view(&report)?,
        BenchFormat::Svg => chart::view(&report)?,
    };
    output::write(destination.as_ref(), &view)
}

/// An operator with the files of matrices that it was read with.
type Loaded = (OperatorSpec, Vec<PathBuf>);

fn operator_and_network(
    arguments: &BenchArguments,
    notes: &mut Notes,
) -> anyhow::Result<(Loaded, Network<f64>)> {
    let load = |inputs: Option<usize>| operator::load(&arguments.operator, &arguments.choices, inputs);
    if let Some(model) = &arguments.model {
        let network = Network::open(model, arguments.activation)?;
        let loaded = load(Some(network.inputs()))?;
        let network = notes.arrange(&network, &loaded.0)?;
        return Ok((loaded, network));
    }
    let activation = arguments.activation.unwrap_or(Activation::Tanh);
    let (loaded, widths) = if arguments.layers.is_empty() {
        let loaded = load(None)?;
        let widths = layers::usual(&loaded.0);
        layers::check(&widths)?;
        (loaded, widths)
    } else {
        let widths = arguments.layers.clone();
        layers::check(&widths)?;
        let loaded = load(Some(widths[0]))?;
        layers::check_operator(&widths, &loaded.0)?;
        (loaded, widths)
    };
    let network = layers::network(&widths, activation)?;
    Ok((loaded, network))
}

/// The plans to measure. An operator that is too large for some strategies is measured with the others.
fn plans(
    wanted: Option<StrategyName>,
    spec: &OperatorSpec,
    network: &Network<f64>,
    precision: Precision,
    bar: &ProgressBar,
) -> anyhow::Result<Vec<Planned>> {
    let topology = network.topology();
    let plan = |strategy: Strategy| {
        bar.set_message(format!("planning {strategy}"));
        match spec.plan_for(strategy, &topology, precision) {
            Ok(plan) => Ok((plan.strategy(), Ok(plan))),
            Err(error @ PlanError::TooLarge { .. }) if wanted.is_none() => {
                let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
                Ok((strategy, Err(reason)))
            }
            Err(error) => Err(error.into()),
        }
    };
    let plans = match wanted {
        Some(name) => vec![plan(name.into())?],
        None => Strategy::CONCRETE.into_iter().map(plan).collect::<anyhow::Result<_>>()?,
    };
    if plans.iter().all(|(_, plan)| plan.is_err()) {
        // Then the error says which bound was hit.
        spec.plan_for(Strategy::Auto, &topology, precision)?;
    }
    Ok(plans)
}

fn report(arguments: &BenchArguments, spec: &OperatorSpec, network: &Network<f64>) -> anyhow::Result<Report> {
    let pool = threads::pool(arguments.threads)?;
    let mut batches = arguments.batch.clone();
    batches.sort_unstable();
    batches.dedup();
    let (wanted, dtypes) = (arguments.strategy, arguments.dtype.dtypes());
    let strategies = if wanted.is_some() { 1 } else { Strategy::CONCRETE.len() };
    let bar = progress::measurements((strategies * dtypes.len() * batches.len()) as u64);
    let bench = Bench {
        network,
        batches: &batches,
        seconds: arguments.seconds,
        has_gradients: arguments.gradient,
        bar: &bar,
    };
    let (mut series, mut order) = (Vec::new(), 0);
    for dtype in dtypes {
        for (strategy, plan) in plans(wanted, spec, network, dtype.precision(), &bar)? {
            let outcome = plan.and_then(|plan| {
                order = plan.order();
                let measured = pool.install(|| match dtype {
                    Dtype::F64 => bench.measure::<f64>(&plan),
                    Dtype::F32 => bench.measure::<f32>(&plan),
                });
                // A plan that leaves no digit is not run; the others are.
                measured.map_err(|error| error.to_string())
            });
            if outcome.is_err() {
                bar.inc(batches.len() as u64);
            }
            series.push(Series { strategy, dtype: name(*dtype), outcome });
        }
    }
    bar.finish_and_clear();
    if let Some(Err(reason)) = series.first().map(|series| &series.outcome)
        && series.iter().all(|series| series.outcome.is_err())
    {
        anyhow::bail!("{reason}");
    }
    Ok(Report {
        operator: spec.name.clone(),
        coordinates: spec.coordinates.len(),
        order,
        network: network.topology().widths(),
        parameters: network.trainable_numbers(),
        threads: pool.current_num_threads(),
        instructions: InstructionSet::best().to_string(),
        seconds: arguments.seconds,
        series,
    })
}

fn name(dtype: Dtype) -> &'static str {
    match dtype {
        Dtype::F64 => f64::NAME,
        Dtype::F32 => f32::NAME,
    }
}

impl FileFormat for BenchFormat {
    const ENDINGS: &'static [&'static str] = &[".svg", ".json", ".csv", ".txt"];

    fn of_ending(ending: &str) -> Option<Self> {
        match ending {
            "svg" => Some(Self::Svg),
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }

    fn fits(self, usual: Self) -> bool {
        self == usual
    }
}
