//! `jetc plan`: print how an operator is propagated.

use std::io::IsTerminal;

use anyhow::bail;
use clap::ValueEnum;
use jetc_operators::print::{
    Alternatives, comparison_json, comparison_text, passes_text, plan_dot, plan_explain, plan_json, plan_svg,
    plan_text,
};
use jetc_operators::{OperatorSpec, Plan, Strategy, Topology, builtin};
use jetc_runtime::files::{FileError, write_whole};
use jetc_runtime::{InputReduction, Network};

use crate::arguments::{PlanArguments, PlanFormat};
use crate::{operator, output};

/// Plans up to this size are compared with the other strategies without being asked.
const MOST_CHANNELS_COMPARED: usize = 1000;

/// The endings of files that a plan can be written to.
const ENDINGS: &[&str] = &[".svg", ".dot", ".json", ".txt"];

pub(crate) fn run(arguments: &PlanArguments) -> anyhow::Result<()> {
    let Some(name) = arguments.operator.as_deref().filter(|_| !arguments.list) else {
        return output::print(&list());
    };
    let format = format(arguments)?;
    let network = match &arguments.model {
        Some(model) => Some(Network::open(model, arguments.activation)?),
        None => None,
    };
    let spec = operator::load(name, &arguments.choices, network.as_ref().map(Network::inputs))?;
    let usual = || Topology::usual(spec.coordinates.len());
    let topology = network.as_ref().map_or_else(usual, Network::topology);
    let plan = spec.plan_for(arguments.choices.strategy.into(), &topology)?;
    if arguments.passes {
        return output::print(&passes(&plan, network.as_ref(), &topology));
    }
    let view = view(&spec, &plan, &topology, format, arguments.compare);
    match &arguments.output {
        Some(path) => Ok(write_whole(path, view.as_bytes())?),
        None => output::print(&view),
    }
}

/// The view that was asked for, by name or by the ending of the file.
fn format(arguments: &PlanArguments) -> anyhow::Result<PlanFormat> {
    let Some(path) = &arguments.output else {
        let usual = if std::io::stdout().is_terminal() { PlanFormat::Explain } else { PlanFormat::Text };
        return Ok(arguments.format.unwrap_or(usual));
    };
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let by_ending = match ending.as_deref() {
        Some("svg") => PlanFormat::Svg,
        Some("dot") => PlanFormat::Dot,
        Some("json") => PlanFormat::Json,
        Some("txt") => PlanFormat::Text,
        _ => return Err(FileError::Ending { path: path.clone(), found: ending, expected: ENDINGS }.into()),
    };
    match arguments.format {
        Some(PlanFormat::Explain) if by_ending == PlanFormat::Text => Ok(PlanFormat::Explain),
        Some(format) if format != by_ending => bail!(
            "{}: --format asks for {}, but the ending says {}; change one of them or leave --format out",
            path.display(),
            name(format),
            name(by_ending)
        ),
        _ => Ok(by_ending),
    }
}

/// The name of a format on the command line.
fn name(format: PlanFormat) -> String {
    format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn view(spec: &OperatorSpec, plan: &Plan, topology: &Topology, format: PlanFormat, compare: bool) -> String {
    let alternatives = || -> Alternatives { Strategy::CONCRETE.map(|strategy| spec.plan(strategy)) };
    match format {
        PlanFormat::Json => {
            let compare = compare.then(|| comparison_json(plan, topology, &alternatives()));
            format!("{:#}\n", plan_json(plan, compare))
        }
        PlanFormat::Explain => {
            // The other plans of very large operators take their time: only on request.
            let affordable = plan.algebra().dimension() <= MOST_CHANNELS_COMPARED;
            plan_explain(plan, topology, (compare || affordable).then(alternatives).as_ref())
        }
        PlanFormat::Text if compare => comparison_text(&spec.compare()),
        PlanFormat::Text => plan_text(plan),
        PlanFormat::Dot => plan_dot(plan),
        PlanFormat::Svg => plan_svg(plan),
    }
}

/// What every pass leaves; the first needs the numbers of the network, the others its shape.
fn passes(plan: &Plan, network: Option<&Network<f64>>, topology: &Topology) -> String {
    let Some(network) = network else { return passes_text(plan, topology) };
    let Some((reduction, reduced)) = InputReduction::of(plan, network) else {
        return format!("; pass: input reduction\nunchanged\n\n{}", passes_text(plan, topology));
    };
    let InputReduction { coordinates, directions, condition } = reduction;
    let (before, after) = (plan.algebra().dimension(), reduced.algebra().dimension());
    format!(
        "; pass: input reduction\n{coordinates} coordinates, seen through a quadratic form by the readouts, in \
         {directions} directions by the rank of the first layers\nchannels {before} -> {after}\n; condition number \
         {condition:.1e}\n\n{}",
        passes_text(&reduced, topology)
    )
}

/// Built-in operators with their equations and parameters.
fn list() -> String {
    let width = builtin::ALL.iter().map(|builtin| builtin.name.len()).max().unwrap_or(0);
    let line = |builtin: &builtin::Builtin| {
        let parameters = builtin.parameters().into_iter().map(|(name, value)| format!("{name}={value}"));
        let parameters: Vec<String> = parameters.collect();
        let set = if parameters.is_empty() { String::new() } else { format!("  [{}]", parameters.join(" ")) };
        format!("{:<width$}  {}{set}\n", builtin.name, builtin.equation())
    };
    builtin::ALL.iter().map(line).collect()
}
