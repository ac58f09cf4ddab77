//! The complete plan as JSON, for programs. Checked by `the_page_documents_every_key_and_no_other`.
//!
#![doc = include_str!("json.md")]

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::formula::{node_name, node_text};
use super::rule::{polynomial_text, rule_text, rules};
use crate::algebra::{ChannelId, Seed};
use crate::plan::{PassedOver, Plan};
use crate::spec::{Direction, Entry, NamedDirection};

/// The version of the format: it grows when a key changes its meaning or goes away.
const FORMAT: u32 = 2;

#[derive(Serialize)]
struct PlanJson<'a> {
    format: u32,
    name: &'a str,
    strategy: &'static str,
    order: u32,
    dimension: usize,
    channels: usize,
    coordinates: &'a [String],
    time: Option<&'a str>,
    parameters: Vec<&'a str>,
    fields: Option<&'a [String]>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    unknowns: &'a [String],
    basis: &'static str,
    directions: Vec<DirectionJson<'a>>,
    passed_over: Vec<PassedOverJson>,
    growth: Value,
    cancels: bool,
    algebra: AlgebraJson,
    readouts: Vec<ReadoutJson>,
    parts: Vec<PartJson>,
    nodes: Vec<String>,
    outputs: Vec<OutputJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compare: Option<Value>,
}

#[derive(Serialize)]
struct DirectionJson<'a> {
    name: &'a str,
    vector: BTreeMap<&'a str, Value>,
}

#[derive(Serialize)]
struct PassedOverJson {
    basis: &'static str,
    channels: usize,
    growth: Value,
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
        symbol: polynomial_text(&readout.symbol, |v| plan.variable_name(v).to_owned()),
        channels: readout.functional.iter().map(|(id, weight)| (id.index(), weight.to_string())).collect(),
        rounded_within: readout.rounding.map(|bits| format!("2^-{bits}")),
    });
    let json = PlanJson {
        format: FORMAT,
        name: plan.name(),
        strategy: plan.strategy().name(),
        order: plan.order(),
        dimension: plan.coordinates().len(),
        channels: algebra.dimension(),
        coordinates: plan.coordinates(),
        time: plan.time().map(|time| plan.coordinates()[time as usize].as_str()),
        parameters: plan.parameters().iter().map(|&p| plan.coordinates()[p as usize].as_str()).collect(),
        fields: plan.fields(),
        unknowns: plan.unknowns(),
        basis: plan.basis().name(),
        directions: plan.variables().directions().iter().map(|named| direction_json(plan, named)).collect(),
        passed_over: plan.passed_over().iter().map(passed_over_json).collect(),
        growth: growth(plan.growth().factor),
        cancels: plan.growth().cancels,
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

/// A growth factor; null where it is beyond doubles.
pub(super) fn growth(factor: f64) -> Value {
    if factor.is_finite() { factor.into() } else { Value::Null }
}

/// Entries that are fractions are texts, as everywhere; doubles are numbers.
fn direction_json<'a>(plan: &'a Plan, named: &'a NamedDirection) -> DirectionJson<'a> {
    let entry = |(coordinate, entry): (u32, Entry<'_>)| {
        let value = match entry {
            Entry::Exact(value) => value.to_string().into(),
            Entry::Double(value) => value.into(),
        };
        (plan.coordinates()[coordinate as usize].as_str(), value)
    };
    DirectionJson {
        name: &named.name,
        vector: named.direction.iter().flat_map(Direction::iter).map(entry).collect(),
    }
}

fn passed_over_json(other: &PassedOver) -> PassedOverJson {
    PassedOverJson { basis: other.basis.name(), channels: other.channels, growth: growth(other.growth) }
}

fn seed_json(plan: &Plan, seed: &Seed) -> BTreeMap<String, String> {
    let name = |v: u32| plan.variable_name(v).to_owned();
    seed.iter().map(|(&v, weight)| (name(v), weight.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::{ROUNDED, comparison_json};
    use super::*;
    use crate::builtin;
    use crate::spec::{OperatorSpec, Options};
    use crate::strategy::Strategy;
    use crate::topology::Topology;

    const PAGE: &str = include_str!("json.md");

    /// The path of every key: list entries are `[]`, keys that are data are `*`.
    fn collect(value: &Value, path: &str, paths: &mut BTreeSet<String>) {
        match value {
            Value::Object(entries) => {
                let is_data = ["].seed", "].channels", "].vector"].iter().any(|end| path.ends_with(end));
                for (key, entry) in entries {
                    let key = if is_data { "*" } else { key };
                    let path = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                    paths.insert(path.clone());
                    collect(entry, &path, paths);
                }
            }
            Value::Array(entries) => {
                for entry in entries {
                    collect(entry, &format!("{path}[]"), paths);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn the_page_documents_every_key_and_no_other() {
        let mut found = BTreeSet::new();
        let builtins = ["laplacian", "biharmonic", "burgers", "elasticity", "sine-gordon"]
            .map(|name| builtin::find(name).unwrap().spec(&Options::default()).unwrap());
        let rounded = OperatorSpec::from_yaml("rounded.yaml", ROUNDED).unwrap();
        let inverse = "{coordinates: [x], unknown: nu, outputs: {r: nu*u_xx}}";
        let inverse = OperatorSpec::from_yaml("inverse.yaml", inverse).unwrap();
        for spec in builtins.into_iter().chain([rounded, inverse]) {
            let topology = Topology::usual(spec.coordinates.len());
            let alternatives = Strategy::CONCRETE.map(|strategy| spec.plan(strategy));
            for plan in alternatives.iter().flatten() {
                let compare = comparison_json(plan, &topology, &alternatives);
                collect(&plan_json(plan, None), "", &mut found);
                collect(&plan_json(plan, Some(compare)), "", &mut found);
            }
        }
        let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `"));
        let documented: BTreeSet<String> =
            rows.map(|row| row.split('`').next().unwrap().to_owned()).collect();
        assert_eq!(found, documented);
    }

    #[test]
    fn the_page_states_the_version_and_every_kind_of_node() {
        assert!(PAGE.contains(&format!("This is format {FORMAT}.")));
        for kind in ["number", "constant", "coordinate", "unknown", "part", "sum", "product", "call"] {
            assert!(PAGE.contains(&format!("\n{kind:<10} ")), "{kind}");
        }
    }
}
