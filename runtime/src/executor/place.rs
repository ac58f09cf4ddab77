//! Which buffer holds the value of which node.

use jetc_operators::algebra::ChannelId;
use jetc_operators::passes::Forms;

use crate::network::{Network, Node, NodeId, Operation};

/// One buffer of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BufferId(pub(crate) usize);

/// Where the value of a node lies while a chunk is worked on.
#[derive(Debug)]
pub(crate) struct Place {
    /// The channels that differ from point to point, stacked in this order: channel k takes the rows
    /// `k · points .. (k + 1) · points`.
    pub(crate) channels: Vec<ChannelId>,
    /// The buffer they are in; the input lies in the points themselves.
    pub(crate) buffer: Option<BufferId>,
    pub(crate) features: usize,
}

/// How long values stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    /// Until their last user is done: then their buffers are given back. An elementwise node works in place where its input
    /// has no other user and the same channels.
    WhileRead,
    /// For the way back: no buffer holds two values.
    All,
}

/// Assigns buffers.
pub(crate) fn place<T>(network: &Network<T>, forms: &[Forms], keep: Keep) -> (Vec<Place>, Vec<usize>) {
    let last_use = if keep == Keep::All { vec![None; network.nodes().len()] } else { last_uses(network) };
    let mut places: Vec<Place> = Vec::new();
    let mut sizes: Vec<usize> = Vec::new();
    let mut free: Vec<BufferId> = Vec::new();
    for (id, node) in network.nodes() {
        let channels: Vec<ChannelId> = forms[id.index()].point.iter().copied().collect();
        let features = node.features;
        let ends = |input: NodeId| last_use[input.index()] == Some(id);
        let in_place = match &node.operation {
            Operation::Elementwise { input, .. } => Some(&places[input.index()])
                .filter(|place| ends(*input) && place.channels == channels)
                .and_then(|place| place.buffer),
            _ => None,
        };
        let is_computed = !matches!(node.operation, Operation::Input) && !channels.is_empty();
        let buffer = is_computed.then(|| {
            in_place.or_else(|| free.pop()).unwrap_or_else(|| {
                sizes.push(0);
                BufferId(sizes.len() - 1)
            })
        });
        if let Some(BufferId(buffer)) = buffer {
            sizes[buffer] = sizes[buffer].max(channels.len() * features);
        }
        for input in inputs(node).into_iter().filter(|&input| ends(input)) {
            free.extend(places[input.index()].buffer.filter(|&freed| Some(freed) != buffer));
        }
        places.push(Place { channels, buffer, features });
    }
    (places, sizes)
}

/// The nodes that a node reads, each once.
fn inputs<T>(node: &Node<T>) -> Vec<NodeId> {
    let mut inputs = node.operation.inputs();
    inputs.sort_unstable();
    inputs.dedup();
    inputs
}

fn last_uses<T>(network: &Network<T>) -> Vec<Option<NodeId>> {
    let mut last_use = vec![None; network.nodes().len()];
    for (id, node) in network.nodes() {
        for input in inputs(node) {
            last_use[input.index()] = Some(id);
        }
    }
    last_use
}
