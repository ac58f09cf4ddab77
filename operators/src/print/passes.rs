//! The channels of every node after each pass.

use std::fmt::Write;

use crate::algebra::ChannelId;
use crate::passes::{Cost, Forms, passes};
use crate::plan::Plan;
use crate::printable::printable;
use crate::program::ChannelSet;
use crate::topology::Topology;

/// What every node computes after every pass; `unchanged` where a pass did nothing.
pub fn passes_text(plan: &Plan, topology: &Topology) -> String {
    let mut text = String::new();
    write_passes(&mut text, plan, topology).expect("writing to a string does not fail");
    text
}

fn write_passes(out: &mut String, plan: &Plan, topology: &Topology) -> std::fmt::Result {
    let mut before: Option<Vec<Forms>> = None;
    for pass in passes(plan, topology) {
        writeln!(out, "; pass: {}", pass.name)?;
        if before.as_ref() == Some(&pass.forms) {
            writeln!(out, "unchanged\n")?;
            continue;
        }
        for (number, (node, form)) in topology.nodes().iter().zip(&pass.forms).enumerate() {
            write!(out, "node n{number} {}", printable(&node.name))?;
            let inputs = node.inputs();
            if !inputs.is_empty() {
                write!(out, "({})", itertools::join(inputs.iter().map(|input| format!("n{input}")), ", "))?;
            }
            write!(out, " features {} each point {}", node.features, ranges(&form.point))?;
            if !form.constant.is_empty() {
                write!(out, " once {}", ranges(&form.constant))?;
            }
            writeln!(out)?;
        }
        let cost = Cost::new(plan, topology, &pass.forms);
        writeln!(
            out,
            "; product flops {}, elementwise multiplications {}\n",
            cost.product_flops, cost.multiplications
        )?;
        before = Some(pass.forms);
    }
    Ok(())
}

/// `c0 c2-c5`, or `-` for none.
fn ranges(channels: &ChannelSet) -> String {
    let indices: Vec<usize> = channels.iter().map(|channel: &ChannelId| channel.index()).collect();
    let runs = indices.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [one] => format!("c{one}"),
        [first, .., last] => format!("c{first}-c{last}"),
        [] => String::new(),
    });
    let text = itertools::join(runs, " ");
    if text.is_empty() { "-".to_owned() } else { text }
}
