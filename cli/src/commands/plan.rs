//! `jetc plan`: print how an operator is propagated.

use jetc_operators::print::{comparison_json, comparison_text, plan_json, plan_text};

use crate::arguments::{PlanArguments, PlanFormat};
use crate::{operator, output};

pub(crate) fn run(arguments: &PlanArguments) -> anyhow::Result<()> {
    let spec = operator::load(&arguments.operator, None)?;
    let plan = spec.plan(arguments.operator.strategy.into())?;
    let compare = arguments.compare.then(|| spec.compare());
    match (arguments.format, compare) {
        (PlanFormat::Json, compare) => {
            let json = plan_json(&plan, compare.as_ref().map(comparison_json));
            output::print(&format!("{json:#}\n"))
        }
        (PlanFormat::Text, Some(compare)) => output::print(&comparison_text(&compare)),
        (PlanFormat::Text, None) => output::print(&plan_text(&plan)),
    }
}
