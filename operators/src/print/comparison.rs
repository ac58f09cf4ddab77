//! The strategies side by side: for people by their channels, for programs with their costs.
//!
//! Checked by `the_page_documents_every_key_and_no_other` and `costs_are_those_of_the_plans`.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::compile::PlanError;
use crate::passes::{Cost, nested_channels, nested_flops};
use crate::plan::Plan;
use crate::strategy::Strategy;
use crate::topology::Topology;

/// The alternatives to a plan: the plan of each concrete strategy, or why there is none.
pub type Alternatives = [Result<Plan, PlanError>; 3];

/// The channels of the three strategies side by side, with how much each magnifies rounding.
pub fn comparison_text(alternatives: &Alternatives) -> String {
    let mut text = String::from("strategy   channels  growth\n");
    for (strategy, alternative) in Strategy::CONCRETE.iter().zip(alternatives) {
        let line = match alternative {
            Ok(plan) => format!("{:<8}  {}", plan.algebra().dimension(), growth_text(plan.growth().factor)),
            Err(error) => format!("none: {}", reason(error)),
        };
        writeln!(text, "{strategy:<9}  {line}").expect("writing to a string does not fail");
    }
    text
}

/// Why there is no plan, without the strategy's name.
pub(super) fn reason(error: &PlanError) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}

/// A growth factor in a few digits: `1`, `3.5`, `2.1e7`.
pub(super) fn growth_text(growth: f64) -> String {
    if growth < 1000.0 {
        let rounded = format!("{growth:.1}");
        rounded.strip_suffix(".0").map_or(rounded.clone(), str::to_owned)
    } else {
        format!("{growth:.1e}")
    }
}

/// The number of channels by strategy, and under `costs` what each takes for one point on `topology`, beside nested
/// first-order differentiation; null where a strategy cannot carry the operator.
pub fn comparison_json(plan: &Plan, topology: &Topology, alternatives: &Alternatives) -> Value {
    let mut costs = json!({
        "network": topology.widths(),
        "nested": { "channels": nested_channels(plan), "product_flops": nested_flops(plan, topology) },
    });
    let mut comparison = json!({});
    for (strategy, alternative) in Strategy::CONCRETE.iter().zip(alternatives) {
        let plan = alternative.as_ref().ok();
        costs[strategy.name()] = plan.map(|plan| cost(plan, topology)).into();
        comparison[strategy.name()] = plan.map(|plan| plan.algebra().dimension()).into();
    }
    comparison["costs"] = costs;
    comparison
}

fn cost(plan: &Plan, topology: &Topology) -> Value {
    let cost = plan.cost(topology);
    json!({
        "channels": plan.algebra().dimension(),
        "growth": super::json::growth(plan.growth().factor),
        "product_flops": cost.product_flops,
        "multiplications": cost.multiplications,
        "bytes": bytes(&cost),
    })
}

/// The memory that a point in flight takes, in f64.
pub(super) fn bytes(cost: &Cost) -> u64 {
    8 * cost.numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;
    use crate::spec::Options;
    use crate::strategy::StrategyError;

    #[test]
    fn costs_are_those_of_the_plans() {
        let spec = builtin::find("biharmonic").unwrap().spec(&Options::default()).unwrap();
        let topology = Topology::usual(spec.coordinates.len());
        let alternatives = Strategy::CONCRETE.map(|strategy| spec.plan(strategy));
        let plan = spec.plan(Strategy::Minimal).unwrap();
        let json = comparison_json(&plan, &topology, &alternatives);
        for (strategy, alternative) in Strategy::CONCRETE.iter().zip(&alternatives) {
            let (plan, cost) = (alternative.as_ref().unwrap(), &json["costs"][strategy.name()]);
            let expected = plan.cost(&topology);
            assert_eq!(cost["channels"], json[strategy.name()]);
            assert_eq!(cost["product_flops"], expected.product_flops);
            assert_eq!(cost["bytes"], 8 * expected.numbers);
        }
        assert!(json["costs"]["nested"]["channels"].as_u64() > json["standard"].as_u64());
    }

    #[test]
    fn a_strategy_that_cannot_carry_the_operator_is_null() {
        let spec = builtin::find("laplacian").unwrap().spec(&Options::default()).unwrap();
        let plan = spec.plan(Strategy::Minimal).unwrap();
        let too_large = || PlanError::TooLarge { strategy: Strategy::Standard, source: StrategyError::Proof };
        let alternatives = [Err(too_large()), Err(too_large()), Ok(plan.clone())];
        let json = comparison_json(&plan, &Topology::usual(3), &alternatives);
        assert!(json["standard"].is_null() && json["costs"]["collapsed"].is_null());
        assert_eq!(json["minimal"], plan.algebra().dimension());
    }
}
