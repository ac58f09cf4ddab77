//! The short view of a plan, for people: what it is, what it costs, and what the alternatives would cost.

use std::fmt::Write;

use super::comparison::{Alternatives, bytes, growth_text, reason};
use super::formula::formula_text;
use super::rule::{polynomial_text, sum_text};
use crate::passes::{Cost, nested_channels, nested_flops};
use crate::plan::Plan;
use crate::printable::printable;
use crate::strategy::Strategy;
use crate::topology::Topology;

/// Longest line of text that comes from the operator.
const WIDEST: usize = 100;

/// The plan in a few lines, with the costs for one point on `topology` and, if given, those of the other strategies.
pub fn plan_explain(plan: &Plan, topology: &Topology, alternatives: Option<&Alternatives>) -> String {
    let mut text = String::new();
    write_explain(&mut text, plan, topology, alternatives).expect("writing to a string does not fail");
    text
}

fn write_explain(
    out: &mut String,
    plan: &Plan,
    topology: &Topology,
    alternatives: Option<&Alternatives>,
) -> std::fmt::Result {
    let algebra = plan.algebra();
    writeln!(
        out,
        "Plan: operator={}, strategy={}, channels={}, order={}, dimension={}, proven=yes",
        printable(plan.name()),
        plan.strategy(),
        algebra.dimension(),
        plan.order(),
        plan.coordinates().len()
    )?;
    write_inputs(out, plan)?;
    if !plan.unknowns().is_empty() {
        writeln!(out, "  Unknowns: {}", shortened(&plan.unknowns().join(" ")))?;
    }
    for output in plan.outputs() {
        writeln!(out, "  Output: {} = {}", output.name, shortened(&formula_text(plan, output.formula)))?;
    }
    for (number, readout) in plan.readouts().iter().enumerate() {
        let functional = sum_text(readout.functional.iter().map(|(id, weight)| (weight, id.to_string())));
        let symbol = polynomial_text(&readout.symbol, |v| plan.variable_name(v).to_owned());
        write!(out, "  Readout: r{number} = {}, symbol={}", shortened(&functional), shortened(&symbol))?;
        match readout.rounding {
            Some(bits) => writeln!(out, ", rounded within=2^-{bits} of the largest coefficient")?,
            None => writeln!(out)?,
        }
    }
    let mut by_order = vec![0usize; plan.order() as usize + 1];
    let mut seeded = 0;
    for (_, channel) in algebra.channels() {
        if let Some(count) = by_order.get_mut(channel.order as usize) {
            *count += 1;
        }
        seeded += usize::from(!channel.seed.is_empty());
    }
    let orders = by_order.iter().enumerate().map(|(order, count)| format!("{order}:{count}"));
    writeln!(
        out,
        "  Algebra: channels by order={}, seeds={seeded}, products={}",
        orders.collect::<Vec<_>>().join(" "),
        algebra.products().len()
    )?;
    write_basis(out, plan)?;
    writeln!(out, "\nFor one point on a network {}:", topology.widths())?;
    write_costs(out, plan, topology, alternatives)
}

/// What the plan is written in, what rounding costs, and what was passed over.
fn write_basis(out: &mut String, plan: &Plan) -> std::fmt::Result {
    let growth = plan.growth();
    let cancels = if growth.cancels { ", terms of readouts cancel" } else { "" };
    let directions = match plan.variables().directions().len() {
        0 => String::new(),
        count => format!(", directions={count}"),
    };
    writeln!(
        out,
        "  Basis: {}{directions}, rounding grows by={}{cancels}",
        plan.basis(),
        growth_text(growth.factor)
    )?;
    for other in plan.passed_over() {
        writeln!(
            out,
            "  Passed over: {}, channels={}, rounding grows by={}",
            other.basis,
            other.channels,
            growth_text(other.growth)
        )?;
    }
    Ok(())
}

/// The inputs of the network by kind, where there is more to say than their number: parameters.
fn write_inputs(out: &mut String, plan: &Plan) -> std::fmt::Result {
    if plan.parameters().is_empty() {
        return Ok(());
    }
    let names =
        |indices: &[u32]| itertools::join(indices.iter().map(|&i| &plan.coordinates()[i as usize]), " ");
    let kinds = [
        ("space", names(plan.space())),
        ("time", names(plan.time().as_slice())),
        ("parameters", names(plan.parameters())),
    ];
    let stated = kinds.iter().filter(|(_, names)| !names.is_empty());
    let stated = stated.map(|(kind, names)| format!("{kind}={}", shortened(names)));
    writeln!(out, "  Inputs: {}", itertools::join(stated, ", "))
}

fn write_costs(
    out: &mut String,
    plan: &Plan,
    topology: &Topology,
    alternatives: Option<&Alternatives>,
) -> std::fmt::Result {
    writeln!(
        out,
        "{:<12} {:>9} {:>15} {:>15} {:>12}",
        "strategy", "channels", "product flops", "elementwise", "bytes (f64)"
    )?;
    let row = |out: &mut String, plan: &Plan| {
        let cost = plan.cost(topology);
        write_cost(out, plan.strategy().name(), plan.algebra().dimension() as u64, &cost)
    };
    match alternatives {
        None => row(out, plan)?,
        Some(alternatives) => {
            for (strategy, alternative) in Strategy::CONCRETE.iter().zip(alternatives) {
                match alternative {
                    Ok(plan) => row(out, plan)?,
                    Err(error) => {
                        writeln!(out, "{:<12} none: {}", strategy.name(), reason(error))?;
                    }
                }
            }
        }
    }
    let channels = nested_channels(plan);
    writeln!(out, "{:<12} {channels:>9} {:>15}", "nested AD", thousands(nested_flops(plan, topology)))
}

fn write_cost(out: &mut String, name: &str, channels: u64, cost: &Cost) -> std::fmt::Result {
    writeln!(
        out,
        "{name:<12} {channels:>9} {:>15} {:>15} {:>12}",
        thousands(cost.product_flops),
        thousands(cost.multiplications),
        thousands(bytes(cost))
    )
}

/// `1 234 567`
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| group.iter().map(|&digit| char::from(digit)));
    itertools::join(groups.map(Iterator::collect::<String>), " ")
}

/// Long text is cut, between two terms if there are two.
fn shortened(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(WIDEST - 1).collect();
    if let Some(sign) = [" + ", " - "].into_iter().filter_map(|sign| cut.rfind(sign)).max() {
        cut.truncate(sign + 3);
    }
    cut + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_between_terms() {
        let long = "123456789*x^2 + ".repeat(20);
        assert_eq!(shortened(&long), format!("{}…", "123456789*x^2 + ".repeat(6)));
        assert_eq!(shortened(&"1".repeat(200)).chars().count(), WIDEST);
        assert_eq!(shortened("x + y"), "x + y");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(thousands(7), "7");
        assert_eq!(thousands(1_234), "1 234");
        assert_eq!(thousands(1_234_567), "1 234 567");
    }
}
