//! The order in which nodes can be carried out, whatever the order they are listed in.

use hashbrown::{HashMap, HashSet};

use super::OnnxError;
use super::error::NodeName;
use super::proto::Node;

/// A node in an error: unnamed ones go by a value of theirs.
pub(super) fn name(node: &Node) -> NodeName {
    let given = [&node.name].into_iter().chain(&node.outputs).chain(&node.inputs);
    let name = given.into_iter().find(|name| !name.is_empty());
    NodeName { name: name.cloned().unwrap_or_default(), op_type: qualified(node) }
}

/// The type of a node, with the domain if it is not ONNX's own.
pub(super) fn qualified(node: &Node) -> String {
    match domain(&node.domain) {
        "" => node.op_type.clone(),
        domain => format!("{domain}.{}", node.op_type),
    }
}

/// ONNX's own domain has two names.
pub(super) fn domain(domain: &str) -> &str {
    if domain == "ai.onnx" { "" } else { domain }
}

/// Positions of the nodes such that each comes behind those that it reads.
///
/// # Errors
/// Names that are defined twice or nowhere, and cycles.
pub(super) fn order(nodes: &[Node], is_known: impl Fn(&str) -> bool) -> Result<Vec<usize>, OnnxError> {
    let mut producers: HashMap<&str, usize> = HashMap::new();
    for (number, node) in nodes.iter().enumerate() {
        for output in node.outputs.iter().filter(|output| !output.is_empty()) {
            if is_known(output) || producers.insert(output, number).is_some() {
                return Err(OnnxError::Duplicate { node: name(node), value: output.clone() });
            }
        }
    }
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    let mut waiting = vec![0usize; nodes.len()];
    for (number, node) in nodes.iter().enumerate() {
        let read: HashSet<&str> = node.inputs.iter().map(String::as_str).filter(|i| !i.is_empty()).collect();
        for input in node.inputs.iter().filter(|input| read.contains(input.as_str())) {
            match producers.get(input.as_str()) {
                Some(&producer) => {
                    readers[producer].push(number);
                    waiting[number] += 1;
                }
                None if is_known(input) => {}
                None => return Err(OnnxError::MissingValue { node: name(node), value: input.clone() }),
            }
        }
    }
    // In the order of the file, as far as that is one.
    let mut ready: Vec<usize> = (0..nodes.len()).rev().filter(|&number| waiting[number] == 0).collect();
    let mut order = Vec::with_capacity(nodes.len());
    while let Some(number) = ready.pop() {
        order.push(number);
        for &reader in readers[number].iter().rev() {
            waiting[reader] -= 1;
            if waiting[reader] == 0 {
                ready.push(reader);
            }
        }
    }
    if order.len() < nodes.len() {
        let stuck = nodes.iter().zip(&waiting).filter(|(_, waiting)| **waiting > 0);
        let values = stuck.filter_map(|(node, _)| node.outputs.first().cloned()).take(5).collect();
        return Err(OnnxError::Cycle { values });
    }
    Ok(order)
}
