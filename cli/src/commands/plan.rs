//! `jetc plan`: print how an operator is propagated.

use std::io::IsTerminal;

use jetc_operators::print::{
    Alternatives, comparison_json, comparison_text, passes_text, plan_dot, plan_explain, plan_json, plan_svg,
    plan_text,
};
use jetc_operators::{OperatorSpec, Plan, Precision, Strategy, Topology, builtin, counted, printable_json};
use jetc_runtime::{InputReduction, Network};

use crate::arguments::{PlanArguments, PlanFormat};
use crate::names::Notes;
use crate::operator;
use crate::output::{self, FileFormat};

/// Plans up to this size are compared with the other strategies without being asked.
const MOST_CHANNELS_COMPARED: usize = 1000;

pub(crate) fn run(arguments: &PlanArguments) -> anyhow::Result<()> {
    let Some(name) = arguments.operator.as_deref().filter(|_| !arguments.list) else {
        return output::print(&list());
    };
    let format = format(arguments)?;
    let destination = arguments.output.as_ref();
    let destination = destination.map(|path| output::destination(path, name, arguments.model.as_deref()));
    let destination = destination.transpose()?;
    let network = match &arguments.model {
        Some(model) => Some(Network::open(model, arguments.activation)?),
        None => None,
    };
    let (spec, matrices) = operator::load(name, &arguments.choices, network.as_ref().map(Network::inputs))?;
    if let Some(destination) = &destination {
        destination.apart_from(matrices)?;
    }
    let mut notes = Notes::default();
    let network = network.map(|network| notes.arrange(&network, &spec)).transpose()?;
    let usual = || Topology::usual(spec.coordinates.len());
    let topology = network.as_ref().map_or_else(usual, Network::topology);
    let plan = spec.plan_for(arguments.strategy.name.into(), &topology, Precision::Double)?;
    notes.say();
    if arguments.passes {
        return output::print(&passes(&plan, network.as_ref(), &topology));
    }
    let view = view(&spec, &plan, &topology, format, arguments.compare);
    output::write(destination.as_ref(), &view)
}

/// The view that was asked for, by name or by the ending of the file.
fn format(arguments: &PlanArguments) -> anyhow::Result<PlanFormat> {
    let Some(path) = &arguments.output else {
        let usual = if std::io::stdout().is_terminal() { PlanFormat::Explain } else { PlanFormat::Text };
        return Ok(arguments.format.unwrap_or(usual));
    };
    output::format_of_file(path, arguments.format)
}

impl FileFormat for PlanFormat {
    const ENDINGS: &'static [&'static str] = &[".svg", ".dot", ".json", ".txt"];

    fn of_ending(ending: &str) -> Option<Self> {
        match ending {
            "svg" => Some(Self::Svg),
            "dot" => Some(Self::Dot),
            "json" => Some(Self::Json),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }

    fn fits(self, usual: Self) -> bool {
        self == usual || (self, usual) == (Self::Explain, Self::Text)
    }
}

fn view(spec: &OperatorSpec, plan: &Plan, topology: &Topology, format: PlanFormat, compare: bool) -> String {
    let alternatives = || -> Alternatives { Strategy::CONCRETE.map(|strategy| spec.plan(strategy)) };
    match format {
        PlanFormat::Json => {
            let compare = compare.then(|| comparison_json(plan, topology, &alternatives()));
            printable_json(&plan_json(plan, compare))
        }
        PlanFormat::Explain => {
            // The other plans of very large operators take their time: only on request.
            let affordable = plan.algebra().dimension() <= MOST_CHANNELS_COMPARED;
            plan_explain(plan, topology, (compare || affordable).then(alternatives).as_ref())
        }
        PlanFormat::Text if compare => comparison_text(&alternatives()),
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
        "; pass: input reduction\n{}, seen through a quadratic form by the readouts, in {} by the rank of the first layers\nchannels {before} -> {after}\n; condition number \
         {condition:.1e}\n\n{}",
        counted(coordinates, "coordinate"),
        counted(directions, "direction"),
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
