//! One node as work to be done.

use std::collections::BTreeMap;
use std::sync::Arc;

use jetc_operators::Plan;
use jetc_operators::algebra::ChannelId;
use jetc_operators::passes::Forms;
use jetc_operators::program::{ChannelSet, Program};

use super::rules::{
    Affine, Arrange, Combine, Compare, Custom, Elementwise, MatrixProduct, Maximum, Product, Rule, Select,
};
use crate::float::Float;
use crate::kernel::elementwise::CompiledProgram;
use crate::math::InstructionSet;
use crate::network::{Node, NodeId, Operation};

/// One node as work to be done.
#[derive(Debug)]
pub(crate) struct Step<T> {
    pub(crate) node: NodeId,
    pub(crate) rule: Rule<T>,
    /// The number of the step among those that have run ahead of the chunk, if it is one.
    pub(crate) ahead: Option<usize>,
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

    /// The step of a node; nothing for the input, and for what nobody needs.
    pub(crate) fn step<S>(
        &mut self,
        id: NodeId,
        node: &Node<S>,
        convert: &impl Fn(&S) -> T,
    ) -> Option<Step<T>> {
        let forms = self.forms;
        let (live, constant) = (&forms[id.index()].point, &forms[id.index()].constant);
        if live.is_empty() && constant.is_empty() {
            return None;
        }
        // Weights are most of a network: they are converted into their place, everything else first.
        if let Operation::Affine { input, weight, bias } = &node.operation {
            let channels = [&forms[input.index()].point, live];
            let rule = Affine::new(self.set, (*input, weight, bias.as_ref()), channels, convert);
            return Some(Step { node: id, rule: Rule::Affine(rule), ahead: None });
        }
        let rule = match node.map(convert).operation {
            Operation::Input | Operation::Affine { .. } => return None,
            Operation::Arrange { pieces } => Rule::Arrange(Arrange { pieces }),
            Operation::Combine { summands, constant } => Rule::Combine(Combine { summands, constant }),
            Operation::Elementwise { input, activation } => {
                let program = self.elementwise(input, live);
                Rule::Elementwise(Elementwise { input, function: activation, program })
            }
            Operation::Product { left, right } => {
                let program = self.product(left, right, live);
                Rule::Product(Product { left, right, program })
            }
            Operation::MatrixProduct { left, right, shape } => {
                let [of_left, of_right] = [left, right].map(|node| self.present(node));
                let program = Program::product(self.plan.algebra(), &of_left, &of_right, live);
                Rule::MatrixProduct(MatrixProduct::new([left, right], shape, &program))
            }
            Operation::Maximum { input, count, .. } => Rule::Maximum(Maximum { input, count }),
            Operation::Select { choice, left, right } => Rule::Select(Select { choice, left, right }),
            Operation::Compare { relation, left, right } => Rule::Compare(Compare { relation, left, right }),
            Operation::Custom { inputs, node } => Rule::Custom(Custom { inputs, node }),
        };
        Some(Step { node: id, rule, ahead: None })
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
}
