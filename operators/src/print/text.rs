//! The complete plan as text: one statement a line, every value defined once, comments after `;`.

use std::fmt::Write;

use super::comparison::growth_text;
use super::formula::{node_name, node_text};
use super::paper::rules_in_derivatives;
use super::rule::{polynomial_text, rule_text, rules, sum_text};
use crate::algebra::{Channel, ChannelId, Product};
use crate::plan::Plan;
use crate::printable::printable;
use crate::spec::Direction;

/// The complete plan. The same plan always gives the same bytes.
pub fn plan_text(plan: &Plan) -> String {
    let mut text = String::new();
    write_plan(&mut text, plan).expect("writing to a string does not fail");
    text
}

fn write_plan(out: &mut String, plan: &Plan) -> std::fmt::Result {
    let algebra = plan.algebra();
    writeln!(
        out,
        "; u = sum of u_i*c_i, c0 = 1; coefficients are Taylor coefficients and carry no factorials"
    )?;
    writeln!(out, "; proven: every readout gives its symbol, for every smooth network")?;
    writeln!(out, "plan {}", quoted(plan.name()))?;
    writeln!(out, "strategy {}", plan.strategy())?;
    writeln!(out, "coordinates {}", plan.coordinates().join(" "))?;
    let time = plan.time().map(|time| plan.coordinates()[time as usize].as_str());
    if let Some(time) = time {
        writeln!(out, "time {time}")?;
    }
    if !plan.parameters().is_empty() {
        let names = plan.parameters().iter().map(|&index| &plan.coordinates()[index as usize]);
        writeln!(out, "parameters {}", itertools::join(names, " "))?;
    }
    match plan.fields() {
        Some(fields) => writeln!(out, "fields {}", fields.join(" "))?,
        None => writeln!(out, "fields * ; applied to each output of the network")?,
    }
    if !plan.unknowns().is_empty() {
        writeln!(out, "unknowns {} ; values are given at evaluation", plan.unknowns().join(" "))?;
    }
    write_basis(out, plan)?;
    writeln!(out, "order {}", plan.order())?;
    writeln!(out, "channels {}", algebra.dimension())?;
    write_section(out, "channels; the point is perturbed along the seeds, x + sum of seed*c_i")?;
    for (id, channel) in algebra.channels() {
        write_channel(out, plan, id, channel)?;
    }
    write_section(out, "products of channels; all others vanish")?;
    for pair in algebra.products().chunk_by(|a, b| (a.left, a.right) == (b.left, b.right)) {
        write_product(out, pair)?;
    }
    write_section(
        out,
        "elementwise g, channel by channel, with g_k = g^(k)(h0)/k! (follows from the products)",
    )?;
    writeln!(out, "rule c0 = g0")?;
    match rules(algebra) {
        Some(rules) => {
            for (id, rule) in rules {
                writeln!(out, "rule {id} = {}", rule_text(&rule))?;
            }
        }
        None => writeln!(out, "; the other rules are too long to write out")?,
    }
    let in_derivatives = rules_in_derivatives(plan);
    if !in_derivatives.is_empty() {
        write_section(out, "the same in derivatives along direction r, h_{k,r} = k!*d_r^k, g^(k) at h_0")?;
    }
    for rule in in_derivatives {
        writeln!(out, "; {rule}")?;
    }
    write_section(out, "readouts, each with the symbol it is proven to read")?;
    for (number, readout) in plan.readouts().iter().enumerate() {
        let functional = sum_text(readout.functional.iter().map(|(id, weight)| (weight, id.to_string())));
        let symbol = polynomial_text(&readout.symbol, |v| plan.variable_name(v).to_owned());
        writeln!(out, "readout r{number} = {functional} reads {symbol}")?;
        if let Some(bits) = readout.rounding {
            writeln!(
                out,
                "rounded r{number} within 2^-{bits} ; of the largest coefficient that was asked for, in each coefficient"
            )?;
        }
    }
    write_outputs(out, plan)
}

/// What the symbols are written in; nothing of that where it is the coordinates alone.
fn write_basis(out: &mut String, plan: &Plan) -> std::fmt::Result {
    writeln!(out, "basis {} ; {}", plan.basis(), plan.basis().description())?;
    for other in plan.passed_over() {
        writeln!(out, "passed-over {} channels {} growth {:e}", other.basis, other.channels, other.growth)?;
    }
    let growth = plan.growth();
    let cancels = if growth.cancels { "; terms of readouts cancel" } else { "" };
    writeln!(out, "; rounding grows by {}{cancels}", growth_text(growth.factor))?;
    for named in plan.variables().directions() {
        write!(out, "direction {}", named.name)?;
        match &named.direction {
            None => writeln!(out, " ; for the caller to say")?,
            Some(direction) => writeln!(out, "{}", direction_text(plan, direction))?,
        }
    }
    Ok(())
}

/// ` = 1/3*x + 2*y`, or in doubles ` doubles 0.1*x + 2*y`.
fn direction_text(plan: &Plan, direction: &Direction) -> String {
    let name = |coordinate: u32| plan.coordinates()[coordinate as usize].clone();
    if let Some(exact) = direction.as_exact() {
        return format!(
            " = {}",
            sum_text(exact.iter().map(|(&coordinate, weight)| (weight, name(coordinate))))
        );
    }
    let mut text = String::from(" doubles");
    for (number, (coordinate, entry)) in direction.iter().enumerate() {
        let value = entry.to_f64();
        let sign = match (number, value < 0.0) {
            (0, false) => " ",
            (0, true) => " -",
            (_, false) => " + ",
            (_, true) => " - ",
        };
        write!(text, "{sign}{:?}*{}", value.abs(), name(coordinate))
            .expect("writing to a string does not fail");
    }
    text
}

/// A name in double quotes; backslash, quote and what cannot be printed are escaped.
fn quoted(name: &str) -> String {
    format!("\"{}\"", printable(&name.replace('\\', "\\\\").replace('"', "\\\"")))
}

fn write_section(out: &mut String, title: &str) -> std::fmt::Result {
    writeln!(out, "\n; {title}")
}

fn write_channel(out: &mut String, plan: &Plan, id: ChannelId, channel: &Channel) -> std::fmt::Result {
    write!(out, "channel {id} {} order {}", quoted(&channel.name), channel.order)?;
    if !channel.seed.is_empty() {
        let names = |v: u32| plan.variable_name(v).to_owned();
        write!(out, " seed {}", sum_text(channel.seed.iter().map(|(&v, weight)| (weight, names(v)))))?;
    }
    writeln!(out)
}

fn write_product(out: &mut String, pair: &[Product]) -> std::fmt::Result {
    let (left, right) = (pair[0].left, pair[0].right);
    let terms = pair.iter().map(|product| (&product.coefficient, product.result.to_string()));
    writeln!(out, "product {left}*{right} = {}", sum_text(terms))
}

fn write_outputs(out: &mut String, plan: &Plan) -> std::fmt::Result {
    write_section(out, "outputs")?;
    for (number, part) in plan.parts().iter().enumerate() {
        let field = match plan.fields() {
            Some(fields) => &fields[part.field],
            None => "*",
        };
        writeln!(out, "part p{number} = r{} of {field}", part.readout)?;
    }
    for (number, node) in plan.pointwise().iter().enumerate() {
        writeln!(out, "node n{number} = {}", node_text(plan, node))?;
    }
    for output in plan.outputs() {
        writeln!(out, "output {} = {}", quoted(&output.name), node_name(output.formula))?;
    }
    Ok(())
}
