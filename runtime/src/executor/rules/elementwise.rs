//! y = g(x): g(h₀ + N) = Σₖ g⁽ᵏ⁾(h₀)/k! Nᵏ, by a program.
//!
//! Backwards x̄ is g′(h) times ȳ, by the transposed product table: a program of its own, with one derivative more.

use std::sync::Arc;

use super::program::{self, Operand};
use super::{Chunk, CotangentPlace, Cotangents};
use crate::activation::Function;
use crate::executor::place::Place;
use crate::executor::workspace::Tools;
use crate::float::Float;
use crate::kernel::elementwise::CompiledProgram;
use crate::network::NodeId;

/// A function of each feature.
#[derive(Debug)]
pub(crate) struct Elementwise<T> {
    pub(crate) input: NodeId,
    pub(crate) function: Function,
    pub(crate) program: Arc<CompiledProgram<T>>,
}

impl<T: Float> Elementwise<T> {
    pub(super) fn forward(&self, chunk: &Chunk<'_, T>, to: &Place, target: &mut [T], tools: &mut Tools<T>) {
        let nodes = [self.input, self.input];
        program::forward(&self.program, Some(&self.function), nodes, chunk, to, target, tools);
    }

    /// x̄, where `adjoint` is the program of the adjoint.
    pub(super) fn pull(
        &self,
        adjoint: &CompiledProgram<T>,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        to: &CotangentPlace,
        target: &mut [T],
        tools: &mut Tools<T>,
    ) {
        let operands = [Operand::Node(self.input), Operand::Cotangents(cotangents)];
        program::pull(adjoint, Some(&self.function), operands, chunk, to, target, tools);
    }
}
