//! The network as a list of steps over buffers, prepared once for all batches.

use std::collections::BTreeMap;
use std::sync::Arc;

use jetc_operators::Plan;
use jetc_operators::algebra::ChannelId;
use jetc_operators::passes::analyse;
use jetc_operators::program::Program;

use super::constants::{Constant, Constants, constants};
use super::place::{Place, place};
use crate::activation::Function;
use crate::float::Float;
use crate::kernel::elementwise::CompiledProgram;
use crate::network::{Matrix, Network, NodeId, Operation};

/// One node as work to be done.
#[derive(Debug)]
pub(crate) enum Step<T> {
    /// All channels times W, then the bias on the value.
    Affine { input: NodeId, output: NodeId, weight: Matrix<T>, bias: Option<Vec<T>> },
    /// g, by a program.
    Elementwise { input: NodeId, output: NodeId, activation: Function, program: Arc<CompiledProgram<T>> },
}

impl<T> Step<T> {
    /// The node that is computed.
    pub(crate) fn output(&self) -> NodeId {
        match self {
            Self::Affine { output, .. } | Self::Elementwise { output, .. } => *output,
        }
    }
}

/// Everything that does not depend on the points.
#[derive(Debug)]
pub(crate) struct Schedule<T> {
    pub(crate) steps: Vec<Step<T>>,
    places: Vec<Place>,
    constants: Vec<Constants<T>>,
    /// Numbers per point in each buffer.
    pub(crate) buffers: Vec<usize>,
    inputs: usize,
    output: NodeId,
}

impl<T: Float> Schedule<T> {
    pub(crate) fn new(plan: &Plan, network: Network<T>) -> Self {
        let forms = analyse(plan, &network.topology());
        let constants = constants(plan, &network, &forms);
        let (places, buffers) = place(&network, &forms);
        let (inputs, output) = (network.inputs(), network.output());
        let mut programs = BTreeMap::new();
        let mut steps = Vec::new();
        for (id, node) in network.into_nodes() {
            let form = &forms[id.index()];
            if form.point.is_empty() {
                continue;
            }
            match node.operation {
                Operation::Input => {}
                Operation::Affine { input, weight, bias } => {
                    steps.push(Step::Affine { input, output: id, weight, bias });
                }
                Operation::Elementwise { input, activation } => {
                    let present = forms[input.index()].present();
                    let program =
                        programs.entry((present.clone(), form.point.clone())).or_insert_with(|| {
                            let program = Program::new(plan.algebra(), &present, &form.point);
                            Arc::new(CompiledProgram::new(&program, form.point.contains(&ChannelId::VALUE)))
                        });
                    let program = Arc::clone(program);
                    steps.push(Step::Elementwise { input, output: id, activation, program });
                }
            }
        }
        Self { steps, places, constants, buffers, inputs, output }
    }

    pub(crate) fn inputs(&self) -> usize {
        self.inputs
    }

    pub(crate) fn place(&self, node: NodeId) -> &Place {
        &self.places[node.index()]
    }

    pub(crate) fn constant(&self, node: NodeId, channel: ChannelId) -> Option<&Constant<T>> {
        self.constants[node.index()].get(&channel)
    }

    /// The node whose value the readouts read.
    pub(crate) fn output(&self) -> NodeId {
        self.output
    }

    /// The largest scratch of any program, in numbers.
    pub(crate) fn scratch(&self) -> usize {
        let needs = self.steps.iter().map(|step| match step {
            Step::Affine { .. } => 0,
            Step::Elementwise { program, .. } => program.scratch(),
        });
        needs.max().unwrap_or(0)
    }
}
