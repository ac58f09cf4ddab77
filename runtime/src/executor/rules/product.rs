//! y = u ⊙ v: the product table, by a program.
//!
//! Backwards each factor's cotangent is ȳ times the other factor, by the transposed table.

use std::sync::Arc;

use super::program::{self, Operand};
use super::{Chunk, CotangentPlace, Cotangents, Side};
use crate::executor::place::Place;
use crate::executor::workspace::Tools;
use crate::float::Float;
use crate::kernel::elementwise::CompiledProgram;
use crate::network::NodeId;

/// A product, feature by feature.
#[derive(Debug)]
pub(crate) struct Product<T> {
    pub(crate) left: NodeId,
    pub(crate) right: NodeId,
    pub(crate) program: Arc<CompiledProgram<T>>,
}

impl<T: Float> Product<T> {
    pub(super) fn forward(&self, chunk: &Chunk<'_, T>, to: &Place, target: &mut [T], tools: &mut Tools<T>) {
        program::forward(&self.program, None, [self.left, self.right], chunk, to, target, tools);
    }

    /// The cotangent of the factor on one side, where `adjoint` is the program for it.
    pub(super) fn pull(
        &self,
        (side, adjoint): (Side, &CompiledProgram<T>),
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        to: &CotangentPlace,
        target: &mut [T],
        tools: &mut Tools<T>,
    ) {
        let y = Operand::Cotangents(cotangents);
        let operands = match side {
            Side::Left => [y, Operand::Node(self.right)],
            Side::Right => [Operand::Node(self.left), y],
        };
        program::pull(adjoint, None, operands, chunk, to, target, tools);
    }
}
