//! y = g(x): g(h₀ + N) = Σₖ g⁽ᵏ⁾(h₀)/k! Nᵏ, by a program.

use std::sync::Arc;

use super::{Chunk, program};
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
        program::run(&self.program, Some(&self.function), nodes, chunk, to, target, tools);
    }
}
