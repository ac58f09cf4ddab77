//! y = u ⊙ v: the product table, by a program.

use std::sync::Arc;

use super::{Chunk, program};
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
        program::run(&self.program, None, [self.left, self.right], chunk, to, target, tools);
    }
}
