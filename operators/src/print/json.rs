//! The complete plan as JSON, for programs. Exact numbers are strings (`"1/3"`).

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::formula::{node_name, node_text};
use super::rule::{polynomial_text, rule_text, rules};
use crate::algebra::ChannelId;
use crate::plan::Plan;
use crate::spec::Direction;
use crate::strategy::{Strategy, StrategyError};

#[derive(Serialize)]
struct PlanJson<'a> {
    name: &'a str,
    strategy: &'static str,
    order: u32,
    dimension: usize,
    channels: usize,
    coordinates: &'a [String],
    fields: Option<&'a [String]>,
    algebra: AlgebraJson,
    readouts: Vec<ReadoutJson>,
    parts: Vec<PartJson>,
    nodes: Vec<String>,
    outputs: Vec<OutputJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compare: Option<Value>,
}

#[derive(Serialize)]
struct AlgebraJson {
    channels: Vec<ChannelJson>,
    products: Vec<ProductJson>,
}

#[derive(Serialize)]
struct ChannelJson {
    name: String,
    order: u32,
    seed: BTreeMap<String, String>,
    rule: Option<String>,
}

#[derive(Serialize)]
struct ProductJson {
    left: usize,
    right: usize,
    result: usize,
    coefficient: String,
}

#[derive(Serialize)]
struct ReadoutJson {
    symbol: String,
    channels: BTreeMap<usize, String>,
    /// `2^-52`: the distance from what was asked for, relative to the largest coefficient.
    #[serde(skip_serializing_if = "Option::is_none")]
    rounded_within: Option<String>,
}

#[derive(Serialize)]
struct PartJson {
    field: usize,
    readout: usize,
}

#[derive(Serialize)]
struct OutputJson<'a> {
    name: &'a str,
    formula: String,
}

/// The plan with the fields `strategy`, `channels` (their number), `order`, `dimension`, `algebra`, `readouts`, … and, if it
/// is given, `compare`.
pub fn plan_json(plan: &Plan, compare: Option<Value>) -> Value {
    let algebra = plan.algebra();
    let rules = rules(algebra);
    let rule = |id: ChannelId| match (id, &rules) {
        (ChannelId::VALUE, _) => Some("g0".to_owned()),
        (id, Some(rules)) => rules.get(&id).map(rule_text),
        // Too long to write out.
        (_, None) => None,
    };
    let channels = algebra.channels().map(|(id, channel)| ChannelJson {
        name: channel.name.clone(),
        order: channel.order,
        seed: seed_json(plan, &channel.seed),
        rule: rule(id),
    });
    let products = algebra.products().iter().map(|product| ProductJson {
        left: product.left.index(),
        right: product.right.index(),
        result: product.result.index(),
        coefficient: product.coefficient.to_string(),
    });
    let readouts = plan.readouts().iter().map(|readout| ReadoutJson {
        symbol: polynomial_text(&readout.symbol, |v| plan.coordinates()[v as usize].clone()),
        channels: readout.functional.iter().map(|(id, weight)| (id.index(), weight.to_string())).collect(),
        rounded_within: readout.rounding.map(|bits| format!("2^-{bits}")),
    });
    let json = PlanJson {
        name: plan.name(),
        strategy: plan.strategy().name(),
        order: plan.order(),
        dimension: plan.coordinates().len(),
        channels: algebra.dimension(),
        coordinates: plan.coordinates(),
        fields: plan.fields(),
        algebra: AlgebraJson { channels: channels.collect(), products: products.collect() },
        readouts: readouts.collect(),
        parts: plan.parts().iter().map(|p| PartJson { field: p.field, readout: p.readout }).collect(),
        nodes: plan.pointwise().iter().map(|node| node_text(plan, node)).collect(),
        outputs: plan
            .outputs()
            .iter()
            .map(|output| OutputJson { name: &output.name, formula: node_name(output.formula) })
            .collect(),
        compare,
    };
    serde_json::to_value(json).expect("maps have string or integer keys and numbers are finite")
}

fn seed_json(plan: &Plan, seed: &Direction) -> BTreeMap<String, String> {
    let name = |v: u32| plan.coordinates()[v as usize].clone();
    seed.iter().map(|(&v, weight)| (name(v), weight.to_string())).collect()
}

/// `{standard, collapsed, minimal}`: the number of channels of each, null where a strategy cannot carry the operator.
pub fn comparison_json(channels: &[Result<usize, StrategyError>; 3]) -> Value {
    let entries = Strategy::CONCRETE.iter().zip(channels);
    entries
        .map(|(strategy, count)| (strategy.name().to_owned(), Value::from(count.as_ref().ok().copied())))
        .collect()
}
