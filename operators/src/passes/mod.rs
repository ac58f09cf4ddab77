//! What is known of every channel of every node of a network before any point is seen.
//!
//! Each pass says of each node which channels have to be computed at every point, and keeps the readouts:
//!
//! | pass | what it uses |
//! |---|---|
//! | all channels | nothing |
//! | seed structure | up to the first nonlinearity the non-value channels are zero or the same for every point |
//! | dead channels | behind the last nonlinearity only what a readout needs matters; before it, what feeds that |
//!
//! What the last one keeps to is listed in `verify.rs`. Checked by `passes_only_ever_drop_channels`, and end to end: the executor
//! runs what the last pass leaves.

mod cost;
mod verify;

pub(crate) use cost::nested_flops;
pub use cost::{Cost, nested_channels};

use crate::algebra::ChannelId;
use crate::plan::Plan;
use crate::program::{ChannelSet, Program};
use crate::topology::{Node, Operation, Topology};

/// The channels of one node that have to be known, by how they vary. Channels in neither set are zero or not needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Forms {
    /// Different at every point.
    pub point: ChannelSet,
    /// The same at every point: computed once.
    pub constant: ChannelSet,
}

impl Forms {
    /// Everything that may be other than zero.
    pub fn present(&self) -> ChannelSet {
        self.point.union(&self.constant).copied().collect()
    }

    fn restrict(&mut self, live: &ChannelSet) {
        self.point.retain(|channel| live.contains(channel));
        self.constant.retain(|channel| live.contains(channel));
    }
}

/// The state after one pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// What the pass is called.
    pub name: &'static str,
    /// The channels of every node of the topology.
    pub forms: Vec<Forms>,
}

/// The state after every pass, from all channels everywhere to what has to be computed.
pub fn passes(plan: &Plan, topology: &Topology) -> Vec<Pass> {
    let seeded = seed_structure(plan, topology);
    let mut live = seeded.clone();
    drop_dead_channels(plan, topology, &mut live);
    vec![
        Pass { name: "all channels", forms: everything(plan, topology) },
        Pass { name: "seed structure", forms: seeded },
        Pass { name: "dead channels", forms: live },
    ]
}

/// What has to be computed: the state after the last pass.
pub fn analyse(plan: &Plan, topology: &Topology) -> Vec<Forms> {
    let mut forms = seed_structure(plan, topology);
    drop_dead_channels(plan, topology, &mut forms);
    debug_assert_eq!(
        verify::verify(&forms, topology, plan.algebra()),
        Ok(()),
        "an analysis keeps to its rules"
    );
    forms
}

fn everything(plan: &Plan, topology: &Topology) -> Vec<Forms> {
    let all: ChannelSet = plan.algebra().channels().map(|(id, _)| id).collect();
    vec![Forms { point: all, constant: ChannelSet::new() }; topology.nodes().len()]
}

fn seed_structure(plan: &Plan, topology: &Topology) -> Vec<Forms> {
    let all: ChannelSet = plan.algebra().channels().map(|(id, _)| id).collect();
    let mut forms: Vec<Forms> = Vec::new();
    for node in topology.nodes() {
        forms.push(seeded(plan, node, &forms, &all));
    }
    forms
}

/// The channels of a node that may be other than zero, from those of the nodes before it.
fn seeded(plan: &Plan, node: &Node, forms: &[Forms], all: &ChannelSet) -> Forms {
    let varying = |channels: ChannelSet| Forms { point: with_value(channels), constant: ChannelSet::new() };
    match &node.operation {
        Operation::Input => {
            let seeded = plan.algebra().channels().filter(|(_, channel)| !channel.seed.is_empty());
            let constant = seeded.map(|(id, _)| id).collect();
            Forms { point: with_value(ChannelSet::new()), constant }
        }
        Operation::Linear { inputs } => {
            let mut sum = Forms { point: with_value(ChannelSet::new()), constant: ChannelSet::new() };
            for &input in inputs {
                sum.point.extend(&forms[input].point);
                sum.constant.extend(&forms[input].constant);
            }
            sum.constant.retain(|channel| !sum.point.contains(channel));
            sum
        }
        Operation::Elementwise { input } => {
            varying(Program::elementwise(plan.algebra(), &forms[*input].present(), all).outputs())
        }
        Operation::Product { left, right } => {
            let (left, right) = (forms[*left].present(), forms[*right].present());
            varying(Program::product(plan.algebra(), &left, &right, all).outputs())
        }
        Operation::Selection { inputs, .. } => {
            varying(inputs.iter().flat_map(|&input| forms[input].present()).collect())
        }
        Operation::Detached { .. } => varying(ChannelSet::new()),
        Operation::Analytic { inputs } => {
            let mut reached: ChannelSet = inputs.iter().flat_map(|&input| forms[input].present()).collect();
            // Products climb, and the table is sorted by its factors, not by its results: until nothing is new.
            loop {
                let before = reached.len();
                for p in plan.algebra().products() {
                    if reached.contains(&p.left) && reached.contains(&p.right) {
                        reached.insert(p.result);
                    }
                }
                if reached.len() == before {
                    break;
                }
            }
            varying(reached)
        }
    }
}

fn with_value(mut channels: ChannelSet) -> ChannelSet {
    channels.insert(ChannelId::VALUE);
    channels
}

fn drop_dead_channels(plan: &Plan, topology: &Topology, forms: &mut [Forms]) {
    let mut live = vec![ChannelSet::new(); forms.len()];
    let readouts = plan.readouts().iter().flat_map(|readout| readout.functional.iter());
    if let Some(output) = live.last_mut() {
        *output = readouts.map(|(&channel, _)| channel).collect();
    }
    for (number, node) in topology.nodes().iter().enumerate().rev() {
        forms[number].restrict(&live[number]);
        let wanted = forms[number].present();
        if wanted.is_empty() {
            continue;
        }
        match &node.operation {
            Operation::Input => {}
            Operation::Linear { inputs } => {
                for &input in inputs {
                    live[input].extend(&wanted);
                }
            }
            Operation::Elementwise { input } => {
                let program = Program::elementwise(plan.algebra(), &forms[*input].present(), &wanted);
                live[*input].insert(ChannelId::VALUE);
                live[*input].extend(program.inputs());
            }
            Operation::Product { left, right } => {
                let (of_left, of_right) = (forms[*left].present(), forms[*right].present());
                let program = Program::product(plan.algebra(), &of_left, &of_right, &wanted);
                live[*left].extend(program.inputs());
                live[*right].extend(program.seconds());
            }
            Operation::Selection { inputs, deciding } => {
                for &input in inputs {
                    live[input].extend(&wanted);
                }
                for &input in deciding {
                    live[input].insert(ChannelId::VALUE);
                }
            }
            Operation::Detached { inputs } => {
                for &input in inputs {
                    live[input].insert(ChannelId::VALUE);
                }
            }
            Operation::Analytic { inputs } => {
                for &input in inputs {
                    let present = forms[input].present();
                    live[input].extend(present);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;
    use crate::spec::Options;
    use crate::strategy::Strategy;

    fn plan(name: &str, dimension: u64) -> Plan {
        let options = Options { dimension: Some(dimension), ..Options::default() };
        builtin::find(name).unwrap().spec(&options).unwrap().plan(Strategy::Minimal).unwrap()
    }

    #[test]
    fn passes_only_ever_drop_channels() {
        for (name, dimension) in [("laplacian", 4), ("biharmonic", 3)] {
            let plan = plan(name, dimension);
            let topology = Topology::usual(plan.coordinates().len());
            for pair in passes(&plan, &topology).windows(2) {
                for (before, after) in pair[0].forms.iter().zip(&pair[1].forms) {
                    assert!(after.present().is_subset(&before.present()));
                    assert!(after.point.is_subset(&before.point));
                }
            }
        }
    }

    #[test]
    fn the_laplacian_multiplies_its_seeds_once_and_one_channel_at_the_end() {
        let plan = plan("laplacian", 3);
        let forms = analyse(&plan, &Topology::usual(3));
        let counts: Vec<(usize, usize)> = forms.iter().map(|f| (f.point.len(), f.constant.len())).collect();
        // input, affine, tanh, affine, tanh, affine, tanh, affine
        assert_eq!(counts, [(1, 3), (1, 3), (5, 0), (5, 0), (5, 0), (5, 0), (1, 0), (1, 0)]);
    }
}
