//! The transposes of the rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use jetc_operators::algebra::{ChannelId, JetAlgebra};
use jetc_operators::passes::Forms;
use jetc_operators::program::{ChannelSet, Program};

use super::{Chunk, CotangentPlace, Cotangents, Rule, Side, affine};
use crate::executor::workspace::Tools;
use crate::float::Float;
use crate::kernel::elementwise::CompiledProgram;
use crate::kernel::product::PackedMatrix;
use crate::math::InstructionSet;
use crate::network::{Node, NodeId, Operation};

/// The transpose of a rule in one of the nodes that it reads.
#[derive(Debug)]
pub(crate) struct Adjoint<T> {
    /// The node whose cotangents it writes.
    pub(crate) input: NodeId,
    kind: Kind<T>,
}

#[derive(Debug)]
enum Kind<T> {
    /// Wᵀ, and where W stands among the derived numbers.
    Affine(PackedMatrix<T>, Option<usize>),
    Linear,
    Elementwise(Arc<CompiledProgram<T>>),
    Product(Side, Arc<CompiledProgram<T>>),
    OneSide(Side),
}

impl<T: Float> Adjoint<T> {
    /// Writes the cotangents of the input from those of the node whose rule it is.
    pub(crate) fn pull(
        &self,
        rule: &Rule<T>,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        to: &CotangentPlace,
        target: &mut [T],
        tools: &mut Tools<T>,
    ) {
        // Of a node without features there is nothing to take back.
        if cotangents.place.features == 0 || to.features == 0 {
            target.fill(T::ZERO);
            return;
        }
        match (rule, &self.kind) {
            (_, Kind::Affine(transposed, _)) => affine::pull(transposed, cotangents, to, target),
            (Rule::Elementwise(rule), Kind::Elementwise(program)) => {
                rule.pull(program, chunk, cotangents, to, target, tools);
            }
            (Rule::Product(rule), Kind::Product(side, program)) => {
                rule.pull((*side, program), chunk, cotangents, to, target, tools);
            }
            (Rule::MatrixProduct(rule), Kind::OneSide(side)) => {
                rule.pull(*side, chunk, cotangents, to, target);
            }
            (Rule::Select(rule), Kind::OneSide(side)) => {
                rule.pull(*side, chunk, cotangents, to, target, &mut tools.picks);
            }
            (Rule::Arrange(rule), _) => rule.pull(self.input, cotangents, to, target),
            (Rule::Combine(rule), _) => rule.pull(self.input, cotangents, to, target),
            (Rule::Custom(rule), _) => rule.pull(self.input, chunk, cotangents, to, target),
            (Rule::Maximum(rule), _) => rule.pull(chunk, cotangents, to, target, &mut tools.winners),
            _ => unreachable!("an adjoint is made for its rule"),
        }
    }

    /// Takes other derived numbers.
    pub(crate) fn refill(&mut self, derived: &[T]) {
        if let Kind::Affine(transposed, Some(origin)) = &mut self.kind {
            let (features, entries) = (transposed.features(), &derived[*origin..]);
            transposed.fill(|i, k| entries[k * features + i]);
        }
    }

    pub(crate) fn program(&self) -> Option<&CompiledProgram<T>> {
        match &self.kind {
            Kind::Elementwise(program) | Kind::Product(_, program) => Some(program),
            Kind::Affine(..) | Kind::Linear | Kind::OneSide(_) => None,
        }
    }
}

/// Programs that are the same for several nodes are compiled once.
type Key = (Option<Side>, ChannelSet, ChannelSet, ChannelSet);

/// Makes the transposes of rules.
pub(crate) struct AdjointBuilder<'a, T> {
    pub(crate) algebra: &'a JetAlgebra,
    pub(crate) forms: &'a [Forms],
    pub(crate) set: InstructionSet,
    programs: BTreeMap<Key, Arc<CompiledProgram<T>>>,
}

impl<'a, T: Float> AdjointBuilder<'a, T> {
    pub(crate) fn new(algebra: &'a JetAlgebra, forms: &'a [Forms], set: InstructionSet) -> Self {
        Self { algebra, forms, set, programs: BTreeMap::new() }
    }

    /// The transpose of a rule in a node that it reads: on one side of two, or in all places at once. `cotangents` are the
    /// channels of the result that have one, `wanted` those of the node that shall have one.
    pub(crate) fn adjoint<S>(
        &mut self,
        node: &Node<S>,
        (input, side): (NodeId, Side),
        [cotangents, wanted]: [&[ChannelId]; 2],
        convert: impl Fn(&S) -> T,
    ) -> Adjoint<T> {
        let sets = [cotangents, wanted].map(|channels| channels.iter().copied().collect::<ChannelSet>());
        let kind = match &node.operation {
            Operation::Affine { weight, .. } => {
                let transposed = PackedMatrix::transposed(self.set, weight, convert);
                Kind::Affine(transposed, weight.numbers().origin())
            }
            Operation::Elementwise { .. } => Kind::Elementwise(self.elementwise(input, sets)),
            Operation::Product { left, right } => {
                let other = if side == Side::Left { *right } else { *left };
                Kind::Product(side, self.product(side, other, sets))
            }
            Operation::MatrixProduct { .. } | Operation::Select { .. } => Kind::OneSide(side),
            _ => Kind::Linear,
        };
        Adjoint { input, kind }
    }

    fn elementwise(
        &mut self,
        input: NodeId,
        [cotangents, wanted]: [ChannelSet; 2],
    ) -> Arc<CompiledProgram<T>> {
        let (algebra, present) = (self.algebra, self.forms[input.index()].present());
        let entry = self.programs.entry((None, present.clone(), cotangents.clone(), wanted.clone()));
        let program = entry.or_insert_with(|| {
            let program = Program::elementwise_adjoint(algebra, &present, &cotangents, &wanted);
            Arc::new(CompiledProgram::elementwise_adjoint(&program, algebra))
        });
        Arc::clone(program)
    }

    fn product(
        &mut self,
        side: Side,
        other: NodeId,
        [cotangents, wanted]: [ChannelSet; 2],
    ) -> Arc<CompiledProgram<T>> {
        let (algebra, present) = (self.algebra, self.forms[other.index()].present());
        let entry = self.programs.entry((Some(side), present.clone(), cotangents.clone(), wanted.clone()));
        let program = entry.or_insert_with(|| {
            let adjoint = match side {
                Side::Left => Program::product_adjoint_left,
                Side::Right => Program::product_adjoint_right,
            };
            Arc::new(CompiledProgram::product(&adjoint(algebra, &present, &cotangents, &wanted)))
        });
        Arc::clone(program)
    }
}
