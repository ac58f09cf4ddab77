//! The algebra of a plan for Graphviz: one node for each channel, ranked by order, and one line from each factor to its product.
//!
//! | in the graph | in the plan |
//! |---|---|
//! | box, filled if seeded | a channel with its name and seed |
//! | point | a product εᵢεⱼ, i ≠ j, with the coefficient on the line to its result |
//! | bold line | a square εᵢ², with the coefficient |
//! | note, dashed lines | a readout with its symbol, and the weights of its channels |
//!
//! *Normalisation:* Taylor coefficients. Nothing is left out: a large plan is a large graph.
//! Checked by `a_graph_has_every_channel_product_and_readout`.

use std::collections::BTreeMap;
use std::fmt::Write;

use num_traits::One;

use super::rule::{polynomial_text, sum_text};
use crate::algebra::{Channel, ChannelId, Product};
use crate::counted::counted;
use crate::plan::Plan;
use crate::printable::printable;

/// The plan in the language of Graphviz, for `dot`. The same plan always gives the same bytes.
pub fn plan_dot(plan: &Plan) -> String {
    let mut text = String::new();
    write_graph(&mut text, plan).expect("writing to a string does not fail");
    text
}

fn write_graph(out: &mut String, plan: &Plan) -> std::fmt::Result {
    let algebra = plan.algebra();
    let name = printable(plan.name());
    let title =
        format!("{name}: {} strategy, {}, proven", plan.strategy(), counted(algebra.dimension(), "channel"));
    writeln!(out, "digraph {} {{", quoted(&name))?;
    writeln!(out, "  graph [rankdir=LR, label={}, labelloc=t, fontname=Times];", quoted(&title))?;
    writeln!(out, "  node [shape=box, style=rounded, fontname=Times];")?;
    writeln!(out, "  edge [fontname=Times, fontsize=10];")?;
    let mut by_order: BTreeMap<u32, Vec<ChannelId>> = BTreeMap::new();
    for (id, channel) in algebra.channels() {
        by_order.entry(channel.order).or_default().push(id);
        write_channel(out, plan, id, channel)?;
    }
    for ids in by_order.values() {
        writeln!(out, "  {{ rank=same; {}; }}", itertools::join(ids, "; "))?;
    }
    for pair in algebra.products().chunk_by(|a, b| (a.left, a.right) == (b.left, b.right)) {
        write_product(out, pair)?;
    }
    for (number, readout) in plan.readouts().iter().enumerate() {
        let symbol = polynomial_text(&readout.symbol, |v| plan.variable_name(v).to_owned());
        let label = format!("r{number}\n{symbol}");
        writeln!(out, "  r{number} [shape=note, style=filled, fillcolor=gray92, label={}];", quoted(&label))?;
        for (id, weight) in readout.functional.iter() {
            writeln!(out, "  {id} -> r{number} [style=dashed{}];", label_unless_one(weight))?;
        }
    }
    writeln!(out, "}}")
}

fn write_channel(out: &mut String, plan: &Plan, id: ChannelId, channel: &Channel) -> std::fmt::Result {
    if channel.seed.is_empty() {
        return writeln!(out, "  {id} [label={}];", quoted(&channel.name));
    }
    let terms = channel.seed.iter().map(|(&v, weight)| (weight, plan.variable_name(v).to_owned()));
    let label = format!("{}\nseed {}", channel.name, sum_text(terms));
    writeln!(out, "  {id} [style=\"rounded,filled\", fillcolor=lightcyan, label={}];", quoted(&label))
}

/// The products of one pair of factors; those of two different ones meet in a point.
fn write_product(out: &mut String, pair: &[Product]) -> std::fmt::Result {
    let (left, right) = (pair[0].left, pair[0].right);
    let is_square = left == right;
    let (from, style) =
        if is_square { (left.to_string(), "style=bold") } else { (format!("{left}{right}"), "style=solid") };
    if !is_square {
        writeln!(out, "  {from} [shape=point, width=0.06];")?;
        for factor in [left, right] {
            writeln!(out, "  {factor} -> {from} [dir=none];")?;
        }
    }
    for product in pair {
        writeln!(out, "  {from} -> {} [{style}{}];", product.result, label_unless_one(&product.coefficient))?;
    }
    Ok(())
}

fn label_unless_one(weight: &jetc_combinatorics::Rational) -> String {
    if weight.is_one() { String::new() } else { format!(", label={}", quoted(&weight.to_string())) }
}

/// A quoted string of Graphviz; line breaks become its escape for a centred line.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;
    use crate::spec::{OperatorSpec, Options};
    use crate::strategy::Strategy;

    #[test]
    fn a_graph_has_every_channel_product_and_readout() {
        for builtin in builtin::ALL {
            let plan = builtin.spec(&Options::default()).unwrap().plan(Strategy::Minimal).unwrap();
            let (algebra, dot) = (plan.algebra(), plan_dot(&plan));
            assert_eq!(dot, plan_dot(&plan));
            for (id, _) in algebra.channels() {
                assert_eq!(dot.lines().filter(|line| line.starts_with(&format!("  {id} ["))).count(), 1);
            }
            for Product { left, right, result, .. } in algebra.products() {
                let from = if left == right { left.to_string() } else { format!("{left}{right}") };
                assert!(
                    dot.contains(&format!("\n  {from} -> {result} [")),
                    "{left}*{right} in {}",
                    builtin.name
                );
            }
            let dashed = dot.matches("[style=dashed").count();
            assert_eq!(
                dashed,
                plan.readouts().iter().map(|readout| readout.functional.iter().len()).sum::<usize>()
            );
        }
    }

    #[test]
    fn names_are_quoted() {
        let text = "name: 'a \"b\" \\c'\ncoordinates: [x]\nfields: [u]\noutputs: {f: u_x}\n";
        let plan = OperatorSpec::from_yaml("f.yaml", text).unwrap().plan(Strategy::Minimal).unwrap();
        assert!(plan_dot(&plan).starts_with("digraph \"a \\\"b\\\" \\\\c\" {\n"));
    }
}
