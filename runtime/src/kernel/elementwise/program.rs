//! A program with its slots numbered and its coefficients rounded.

use std::collections::{BTreeMap, BTreeSet};

use jetc_operators::algebra::{ChannelId, JetAlgebra};
use jetc_operators::program::{Program, Slot};
use num_traits::One;

use super::super::series::Series;
use super::{Operands, Scratch, TileRun};
use crate::activation::Function;
use crate::float::Float;
use crate::math::InstructionSet;

/// A program with its slots numbered and its coefficients rounded, for one number type.
///
/// Slots: derivatives g₀ … g_K of an elementwise function, then the channels of the first operand and of the second,
/// then powers, then slopes, then output channels. Of an elementwise function and its adjoint the first operand starts with
/// the value channel.
#[derive(Debug, Clone)]
pub(crate) struct CompiledProgram<T> {
    pub(super) instructions: Vec<CompiledInstruction>,
    pub(super) terms: Vec<CompiledTerm<T>>,
    pub(super) derivatives: usize,
    pub(super) inputs: Vec<ChannelId>,
    pub(super) seconds: Vec<ChannelId>,
    /// Powers and slopes.
    intermediate: usize,
    /// So many instructions write powers; those behind them write slopes and outputs.
    pub(super) of_powers: usize,
    /// Powers that no other power is made of: where they are finite, all are.
    pub(super) last_powers: Vec<u32>,
    /// The order of differentiation of every input channel; nothing for a product.
    pub(super) orders: Vec<u32>,
    pub(super) outputs: Vec<ChannelId>,
    /// What the outputs are, for an elementwise function.
    pub(super) kind: Kind,
}

/// What a program computes of an elementwise function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its jet. The value, if it is an output, is g₀ and has no instruction. Outputs are the same in any unit.
    Forward,
    /// Its adjoint. Outputs come in the unit of the arguments and are divided by it.
    Adjoint,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct CompiledInstruction {
    pub(super) target: u32,
    /// The terms `first..plain` have coefficient one, `plain..last` have not.
    pub(super) first: u32,
    pub(super) plain: u32,
    pub(super) last: u32,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct CompiledTerm<T> {
    pub(super) coefficient: T,
    pub(super) left: u32,
    pub(super) right: u32,
}

impl<T: Float> CompiledProgram<T> {
    /// An elementwise function over an algebra. The value channel is always among the inputs; among the outputs if
    /// `value_is_live`.
    pub(crate) fn elementwise(program: &Program, algebra: &JetAlgebra, value_is_live: bool) -> Self {
        let derivatives = program.highest_derivative() as usize + 1;
        let inputs: Vec<ChannelId> = std::iter::once(ChannelId::VALUE).chain(program.inputs()).collect();
        let orders = inputs.iter().map(|&channel| algebra.channel(channel).order).collect();
        let value = value_is_live.then_some(ChannelId::VALUE);
        let outputs = value.into_iter().chain(program.outputs()).collect();
        Self { orders, ..Self::new(program, derivatives, inputs, outputs) }
    }

    /// The adjoint of an elementwise function; the value channel is always among the inputs.
    pub(crate) fn elementwise_adjoint(program: &Program, algebra: &JetAlgebra) -> Self {
        let outputs = program.outputs().into_iter().collect();
        Self { outputs, kind: Kind::Adjoint, ..Self::elementwise(program, algebra, false) }
    }

    /// A product of two operands, or its adjoint in one of them.
    pub(crate) fn product(program: &Program) -> Self {
        let (inputs, outputs) = (program.inputs(), program.outputs());
        Self::new(program, 0, inputs.into_iter().collect(), outputs.into_iter().collect())
    }

    /// Numbers the slots.
    fn new(program: &Program, derivatives: usize, inputs: Vec<ChannelId>, outputs: Vec<ChannelId>) -> Self {
        let seconds: Vec<ChannelId> = program.seconds().into_iter().collect();
        let targets = || program.instructions().iter().map(|instruction| instruction.target);
        let powers = targets().filter(|slot| matches!(slot, Slot::Power { .. })).count();
        let intermediate: Vec<Slot> = targets().filter(|slot| !matches!(slot, Slot::Output(_))).collect();
        let slots = (0..)
            .take(derivatives)
            .map(Slot::Derivative)
            .chain(inputs.iter().copied().map(Slot::Input))
            .chain(seconds.iter().copied().map(Slot::Second))
            .chain(intermediate.iter().copied())
            .chain(outputs.iter().copied().map(Slot::Output));
        let numbers: BTreeMap<Slot, u32> = slots.zip(0..).collect();
        let mut compiled = Self {
            instructions: Vec::new(),
            terms: Vec::new(),
            derivatives,
            inputs,
            seconds,
            intermediate: intermediate.len(),
            of_powers: powers,
            last_powers: last_powers(program).iter().map(|slot| numbers[slot]).collect(),
            orders: Vec::new(),
            outputs,
            kind: Kind::Forward,
        };
        for instruction in program.instructions() {
            compiled.push(instruction, &numbers);
        }
        compiled
    }

    fn push(&mut self, instruction: &jetc_operators::program::Instruction, numbers: &BTreeMap<Slot, u32>) {
        let position =
            |terms: &Vec<CompiledTerm<T>>| u32::try_from(terms.len()).expect("programs are bounded");
        let first = position(&self.terms);
        let mut plain = first;
        for with_coefficient in [false, true] {
            for term in instruction.terms.iter().filter(|t| t.coefficient.is_one() != with_coefficient) {
                self.terms.push(CompiledTerm {
                    coefficient: T::from_rational(&term.coefficient),
                    left: numbers[&term.left],
                    right: numbers[&term.right],
                });
            }
            if !with_coefficient {
                plain = position(&self.terms);
            }
        }
        let target = numbers[&instruction.target];
        let last = position(&self.terms);
        self.instructions.push(CompiledInstruction { target, first, plain, last });
    }

    /// The channels of the first operand that are read, the value channel of an elementwise function first.
    pub(crate) fn inputs(&self) -> &[ChannelId] {
        &self.inputs
    }

    /// The channels of the second operand that are read.
    pub(crate) fn seconds(&self) -> &[ChannelId] {
        &self.seconds
    }

    /// The output channels that are written.
    pub(crate) fn outputs(&self) -> &[ChannelId] {
        &self.outputs
    }

    pub(super) fn slots(&self) -> usize {
        self.first_output() + self.outputs.len()
    }

    pub(super) fn first_output(&self) -> usize {
        self.derivatives + self.inputs.len() + self.seconds.len() + self.intermediate
    }

    /// Tiles for inputs in other units: one for each input of an elementwise function.
    pub(super) fn copies(&self) -> usize {
        self.orders.len()
    }

    /// All elements of all channels; `function` is that of an elementwise program, and not looked at by a product.
    pub(crate) fn run(
        &self,
        set: InstructionSet,
        function: Option<&Function>,
        operands: Operands<'_, T>,
        scratch: &mut Scratch<T>,
    ) {
        assert_eq!(operands.sources.len(), self.inputs.len() + self.seconds.len());
        assert!(function.is_some() || self.derivatives == 0, "an elementwise program has a function");
        assert_eq!(operands.targets.len(), self.outputs.len());
        assert!(scratch.suffices(self));
        operands.check_bounds();
        let series = function.map(|function| Series::new(set, function));
        T::run_program(set, TileRun { program: self, series, operands, scratch });
    }
}

/// The powers that no other power reads.
fn last_powers(program: &Program) -> Vec<Slot> {
    let is_power = |slot: &Slot| matches!(slot, Slot::Power { .. });
    let of_powers = || program.instructions().iter().filter(|instruction| is_power(&instruction.target));
    let read: BTreeSet<Slot> = of_powers()
        .flat_map(|instruction| &instruction.terms)
        .flat_map(|term| [term.left, term.right])
        .collect();
    of_powers().map(|instruction| instruction.target).filter(|target| !read.contains(target)).collect()
}
