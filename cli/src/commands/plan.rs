//! `jetc plan`: print how an operator is propagated.

use std::io::IsTerminal;

use jetc_operators::print::{
    Alternatives, comparison_json, comparison_text, passes_text, plan_explain, plan_json, plan_text,
};
use jetc_operators::{OperatorSpec, Plan, Strategy, Topology, builtin};
use jetc_runtime::Network;

use crate::arguments::{PlanArguments, PlanFormat};
use crate::{operator, output};

/// Plans up to this size are compared with the other strategies without being asked.
const MOST_CHANNELS_COMPARED: usize = 1000;

pub(crate) fn run(arguments: &PlanArguments) -> anyhow::Result<()> {
    let Some(name) = arguments.operator.as_deref().filter(|_| !arguments.list) else {
        return output::print(&list());
    };
    let topology = match &arguments.model {
        Some(model) => Some(Network::open(model, arguments.activation)?.topology()),
        None => None,
    };
    let inputs = topology.as_ref().map(|topology| topology.nodes()[0].features);
    let spec = operator::load(name, &arguments.choices, inputs)?;
    let topology = topology.unwrap_or_else(|| Topology::usual(spec.coordinates.len()));
    let plan = spec.plan_for(arguments.choices.strategy.into(), &topology)?;
    if arguments.passes {
        return output::print(&passes_text(&plan, &topology));
    }
    let on_terminal = || if std::io::stdout().is_terminal() { PlanFormat::Explain } else { PlanFormat::Text };
    let format = arguments.format.unwrap_or_else(on_terminal);
    output::print(&view(&spec, &plan, &topology, format, arguments.compare))
}

fn view(spec: &OperatorSpec, plan: &Plan, topology: &Topology, format: PlanFormat, compare: bool) -> String {
    match format {
        PlanFormat::Json => {
            let compare = compare.then(|| comparison_json(&spec.compare()));
            format!("{:#}\n", plan_json(plan, compare))
        }
        PlanFormat::Explain => {
            // The other plans of very large operators take their time: only on request.
            let affordable = plan.algebra().dimension() <= MOST_CHANNELS_COMPARED;
            let alternatives: Option<Alternatives> =
                (compare || affordable).then(|| Strategy::CONCRETE.map(|strategy| spec.plan(strategy)));
            plan_explain(plan, topology, alternatives.as_ref())
        }
        PlanFormat::Text if compare => comparison_text(&spec.compare()),
        PlanFormat::Text => plan_text(plan),
    }
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
