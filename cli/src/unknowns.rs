//! Values for the unknowns of an operator, from the command line.

use anyhow::{anyhow, bail};
use jetc_operators::Plan;

/// A number in the order of the plan's unknowns for each of them.
pub(crate) fn values(plan: &Plan, given: &[(String, f64)]) -> anyhow::Result<Vec<f64>> {
    for (at, (name, _)) in given.iter().enumerate() {
        if !plan.unknowns().contains(name) {
            let known = match plan.unknowns() {
                [] => "the operator has no unknowns; parameters are set by --set".to_owned(),
                names => format!("unknowns of the operator are {}", names.join(", ")),
            };
            bail!("--unknown {name}: {known}");
        }
        if given[..at].iter().any(|(other, _)| other == name) {
            bail!("--unknown {name} is given twice");
        }
    }
    let value = |name: &String| {
        let found = given.iter().find(|(given, _)| given == name).map(|(_, value)| *value);
        found.ok_or_else(|| {
            anyhow!("the operator leaves {name} unknown; give a value: --unknown {name}=VALUE")
        })
    };
    plan.unknowns().iter().map(value).collect()
}
