//! What is known of every channel of every node before any point is seen.
//!
//! *Seed structure:* up to the first nonlinearity the non-value channels are the same for every point, or zero.
//! *Dead channels:* after the last nonlinearity only those channels matter that a readout needs; further up, those that
//! feed them.

use jetc_operators::Plan;
use jetc_operators::algebra::ChannelId;
use jetc_operators::program::{ChannelSet, Program};

use crate::network::{Network, Operation};

/// The channels of one node that anyone needs, by how they vary. Channels in neither set are zero or dead.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Forms {
    /// Different at every point.
    pub(crate) point: ChannelSet,
    /// The same at every point.
    pub(crate) constant: ChannelSet,
}

impl Forms {
    /// Everything that may be other than zero.
    pub(crate) fn present(&self) -> ChannelSet {
        self.point.union(&self.constant).copied().collect()
    }

    fn restrict(&mut self, live: &ChannelSet) {
        self.point.retain(|channel| live.contains(channel));
        self.constant.retain(|channel| live.contains(channel));
    }
}

/// The forms of every node, live channels only, by position of the node.
pub(crate) fn analyse<T>(plan: &Plan, network: &Network<T>) -> Vec<Forms> {
    let mut forms = forward(plan, network);
    backward(plan, network, &mut forms);
    forms
}

fn forward<T>(plan: &Plan, network: &Network<T>) -> Vec<Forms> {
    let all: ChannelSet = plan.algebra().channels().map(|(id, _)| id).collect();
    let mut forms: Vec<Forms> = Vec::new();
    for (_, node) in network.nodes() {
        let form = match &node.operation {
            Operation::Input => {
                let seeded = plan.algebra().channels().filter(|(_, channel)| !channel.seed.is_empty());
                Forms {
                    point: ChannelSet::from([ChannelId::VALUE]),
                    constant: seeded.map(|(id, _)| id).collect(),
                }
            }
            Operation::Affine { input, .. } => forms[input.index()].clone(),
            Operation::Elementwise { input, .. } => {
                let program = Program::new(plan.algebra(), &forms[input.index()].present(), &all);
                let mut point = program.outputs();
                point.insert(ChannelId::VALUE);
                Forms { point, constant: ChannelSet::new() }
            }
        };
        forms.push(form);
    }
    forms
}

fn backward<T>(plan: &Plan, network: &Network<T>, forms: &mut [Forms]) {
    let mut live = vec![ChannelSet::new(); forms.len()];
    let readouts = plan.readouts().iter().flat_map(|readout| readout.functional.iter());
    live[network.output().index()] = readouts.map(|(&channel, _)| channel).collect();
    for (id, node) in network.nodes().rev() {
        forms[id.index()].restrict(&live[id.index()]);
        let wanted = forms[id.index()].present();
        match &node.operation {
            _ if wanted.is_empty() => {}
            Operation::Input => {}
            Operation::Affine { input, .. } => live[input.index()].extend(wanted),
            Operation::Elementwise { input, .. } => {
                let program = Program::new(plan.algebra(), &forms[input.index()].present(), &wanted);
                live[input.index()].insert(ChannelId::VALUE);
                live[input.index()].extend(program.inputs());
            }
        }
    }
}
