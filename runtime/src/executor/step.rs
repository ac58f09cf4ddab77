//! One node as work to be done.

use std::collections::BTreeMap;
use std::sync::Arc;

use jetc_operators::Plan;
use jetc_operators::algebra::ChannelId;
use jetc_operators::passes::Forms;
use jetc_operators::program::{ChannelSet, Program, Slot};

use crate::activation::Function;
use crate::float::Float;
use crate::kernel::elementwise::CompiledProgram;
use crate::kernel::product::Weights;
use crate::math::InstructionSet;
use crate::network::{
    Choice, CustomNode, MatrixShape, Node, NodeId, NumberList, Operation, Piece, Relation, Summand,
};

/// One node as work to be done.
#[derive(Debug)]
pub(crate) struct Step<T> {
    pub(crate) node: NodeId,
    pub(crate) work: Work<T>,
    /// The number of the step among those that have run ahead of the chunk, if it is one.
    pub(crate) ahead: Option<usize>,
}

/// What is computed from which nodes.
#[derive(Debug)]
pub(crate) enum Work<T> {
    /// All channels times W, then the bias on the value.
    Affine { input: NodeId, weights: Weights<T>, bias: Option<NumberList<T>>, runs: Vec<ChannelRun> },
    /// Features of other nodes, piece by piece.
    Arrange { pieces: Vec<Piece> },
    /// Σ factor ⊙ x, then the constant on the value.
    Combine { summands: Vec<Summand<T>>, constant: Option<NumberList<T>> },
    /// g, by a program.
    Elementwise { input: NodeId, function: Function, program: Arc<CompiledProgram<T>> },
    /// u ⊙ v, by a program.
    Product { left: NodeId, right: NodeId, program: Arc<CompiledProgram<T>> },
    /// U V, term by term.
    MatrixProduct { left: NodeId, right: NodeId, shape: MatrixShape, terms: Vec<MatrixTerm<T>> },
    /// Every channel where the value is largest.
    Maximum { input: NodeId, count: usize },
    /// Every channel from the side that the values pick.
    Select { choice: Choice, left: NodeId, right: NodeId },
    /// 1 or 0 by the values.
    Compare { relation: Relation, left: NodeId, right: NodeId },
    /// The library user's rule, point by point.
    Custom { inputs: Vec<NodeId>, node: Arc<dyn CustomNode> },
}

/// Channels that follow each other both where they are read and where they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChannelRun {
    /// Position of the first among the channels that are read.
    pub(crate) source: usize,
    /// Position of the first among the channels that are written.
    pub(crate) target: usize,
    pub(crate) channels: usize,
}

/// coefficient · U_left · V_right, added to one channel of the result.
#[derive(Debug)]
pub(crate) struct MatrixTerm<T> {
    pub(crate) target: ChannelId,
    pub(crate) coefficient: T,
    pub(crate) left: ChannelId,
    pub(crate) right: ChannelId,
}

/// Programs that are the same for several nodes are compiled once.
type Key = (ChannelSet, Option<ChannelSet>, ChannelSet);

/// Makes steps of nodes.
pub(crate) struct StepBuilder<'a, T> {
    plan: &'a Plan,
    forms: &'a [Forms],
    set: InstructionSet,
    programs: BTreeMap<Key, Arc<CompiledProgram<T>>>,
}

impl<'a, T: Float> StepBuilder<'a, T> {
    pub(crate) fn new(plan: &'a Plan, forms: &'a [Forms], set: InstructionSet) -> Self {
        Self { plan, forms, set, programs: BTreeMap::new() }
    }

    /// The step of a node; nothing for the input, and for what no point needs.
    pub(crate) fn step<S>(
        &mut self,
        id: NodeId,
        node: &Node<S>,
        convert: &impl Fn(&S) -> T,
    ) -> Option<Step<T>> {
        let forms = self.forms;
        let live = &forms[id.index()].point;
        if live.is_empty() {
            return None;
        }
        // Weights are most of a network: they are converted into their place, everything else first.
        if let Operation::Affine { input, weight, bias } = &node.operation {
            let runs = runs(&forms[input.index()].point, live);
            let bias = bias.as_ref().map(|bias| bias.map(convert));
            let weights = Weights::new(self.set, weight, convert);
            let work = Work::Affine { input: *input, weights, bias, runs };
            return Some(Step { node: id, work, ahead: None });
        }
        let work = match node.map(convert).operation {
            Operation::Input | Operation::Affine { .. } => return None,
            Operation::Arrange { pieces } => Work::Arrange { pieces },
            Operation::Combine { summands, constant } => Work::Combine { summands, constant },
            Operation::Elementwise { input, activation } => {
                let program = self.elementwise(input, live);
                Work::Elementwise { input, function: activation, program }
            }
            Operation::Product { left, right } => {
                let program = self.product(left, right, live);
                Work::Product { left, right, program }
            }
            Operation::MatrixProduct { left, right, shape } => {
                let terms = self.matrix_terms(left, right, live);
                Work::MatrixProduct { left, right, shape, terms }
            }
            Operation::Maximum { input, count, .. } => Work::Maximum { input, count },
            Operation::Select { choice, left, right } => Work::Select { choice, left, right },
            Operation::Compare { relation, left, right } => Work::Compare { relation, left, right },
            Operation::Custom { inputs, node } => Work::Custom { inputs, node },
        };
        Some(Step { node: id, work, ahead: None })
    }

    fn present(&self, node: NodeId) -> ChannelSet {
        self.forms[node.index()].present()
    }

    fn elementwise(&mut self, input: NodeId, live: &ChannelSet) -> Arc<CompiledProgram<T>> {
        let (plan, present) = (self.plan, self.present(input));
        let entry = self.programs.entry((present.clone(), None, live.clone()));
        let program = entry.or_insert_with(|| {
            let program = Program::elementwise(plan.algebra(), &present, live);
            Arc::new(CompiledProgram::elementwise(&program, plan.algebra(), live.contains(&ChannelId::VALUE)))
        });
        Arc::clone(program)
    }

    fn product(&mut self, left: NodeId, right: NodeId, live: &ChannelSet) -> Arc<CompiledProgram<T>> {
        let (plan, left, right) = (self.plan, self.present(left), self.present(right));
        let entry = self.programs.entry((left.clone(), Some(right.clone()), live.clone()));
        let program = entry.or_insert_with(|| {
            Arc::new(CompiledProgram::product(&Program::product(plan.algebra(), &left, &right, live)))
        });
        Arc::clone(program)
    }

    fn matrix_terms(&self, left: NodeId, right: NodeId, live: &ChannelSet) -> Vec<MatrixTerm<T>> {
        let program = Program::product(self.plan.algebra(), &self.present(left), &self.present(right), live);
        let terms = program.instructions().iter().flat_map(|instruction| {
            instruction.terms.iter().filter_map(|term| {
                match (instruction.target, term.left, term.right) {
                    (Slot::Output(target), Slot::Input(left), Slot::Second(right)) => Some(MatrixTerm {
                        target,
                        coefficient: T::from_rational(&term.coefficient),
                        left,
                        right,
                    }),
                    // A product has no other slots.
                    _ => None,
                }
            })
        });
        terms.collect()
    }
}

/// The wanted channels as few runs; the value is a run of its own, since it alone has a bias.
fn runs(source: &ChannelSet, target: &ChannelSet) -> Vec<ChannelRun> {
    let mut runs: Vec<ChannelRun> = Vec::new();
    let source: Vec<ChannelId> = source.iter().copied().collect();
    let mut after_value = true;
    for (position, channel) in target.iter().enumerate() {
        let found = source.binary_search(channel).expect("an affine map has the channels of its input");
        match runs.last_mut() {
            Some(run) if run.source + run.channels == found && !after_value => run.channels += 1,
            _ => runs.push(ChannelRun { source: found, target: position, channels: 1 }),
        }
        after_value = *channel == ChannelId::VALUE;
    }
    runs
}
