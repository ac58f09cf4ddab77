//! One chunk of points through all steps, on one thread.

use std::sync::Arc;

use jetc_operators::algebra::ChannelId;

use super::schedule::{Schedule, Step};
use super::workspace::Workspace;
use crate::activation::Function;
use crate::float::Float;
use crate::kernel::elementwise::{CompiledProgram, Operands, Source};
use crate::kernel::product::{add_bias, multiply_transposed};
use crate::math::InstructionSet;
use crate::network::{Matrix, NodeId};

/// Leaves the jets of the network's output in its buffer.
pub(crate) fn chunk<T: Float>(
    schedule: &Schedule<T>,
    set: InstructionSet,
    points: &[T],
    workspace: &mut Workspace<T>,
) {
    let mut run = Run { schedule, set, points, count: points.len() / schedule.inputs().max(1), workspace };
    for step in &schedule.steps {
        match step {
            Step::Affine { input, output, weight, bias } => {
                run.affine(*input, *output, weight, bias.as_deref());
            }
            Step::Elementwise { input, output, activation, program } => {
                run.elementwise(*input, *output, activation, program);
            }
        }
    }
}

struct Run<'a, T> {
    schedule: &'a Schedule<T>,
    set: InstructionSet,
    points: &'a [T],
    /// Points in this chunk.
    count: usize,
    workspace: &'a mut Workspace<T>,
}

impl<T: Float> Run<'_, T> {
    /// One product for all channels; \[channels · points, in\] to \[channels · points, out\].
    fn affine(&mut self, input: NodeId, output: NodeId, weight: &Matrix<T>, bias: Option<&[T]>) {
        let (from, to) = (self.schedule.place(input), self.schedule.place(output));
        let to_buffer = to.buffer.expect("a step has somewhere to write");
        let (source, target) = match from.buffer {
            Some(buffer) => self.workspace.pair(buffer, to_buffer),
            None => (self.points, &mut self.workspace.buffers[to_buffer.0][..]),
        };
        for (first, target_first, channels) in runs(&from.channels, &to.channels) {
            let rows = channels * self.count;
            let x = &source[first * self.count * from.features..][..rows * from.features];
            let y = &mut target[target_first * self.count * to.features..][..rows * to.features];
            multiply_transposed(rows, x, weight, y);
        }
        if let (Some(bias), Some(&ChannelId::VALUE)) = (bias, to.channels.first()) {
            add_bias(&mut target[..self.count * to.features], bias);
        }
    }

    fn elementwise(
        &mut self,
        input: NodeId,
        output: NodeId,
        activation: &Function,
        program: &Arc<CompiledProgram<T>>,
    ) {
        let (from, to) = (self.schedule.place(input), self.schedule.place(output));
        let length = self.count * to.features;
        let offset = |channels: &[ChannelId], channel: &ChannelId| {
            channels.binary_search(channel).ok().map(|position| position * length)
        };
        let pattern = |channel: &ChannelId| {
            let constant =
                self.schedule.constant(input, *channel).expect("a channel that is read is somewhere");
            Source::Pattern { values: &constant.values, features: constant.features }
        };
        let source = |channel: &ChannelId| {
            offset(&from.channels, channel).map_or_else(|| pattern(channel), Source::Buffer)
        };
        let sources: Vec<Source<'_, T>> = program.inputs().iter().map(source).collect();
        let target = |channel: &ChannelId| offset(&to.channels, channel).expect("a live channel has a place");
        let targets: Vec<usize> = program.outputs().iter().map(target).collect();
        let to_buffer = to.buffer.expect("a step has somewhere to write");
        let mut scratch = std::mem::take(&mut self.workspace.scratch);
        let (input, output) = match from.buffer {
            Some(buffer) if buffer == to_buffer => (None, &mut self.workspace.buffers[buffer.0][..]),
            Some(buffer) => {
                let (read, write) = self.workspace.pair(buffer, to_buffer);
                (Some(read), write)
            }
            None => (Some(self.points), &mut self.workspace.buffers[to_buffer.0][..]),
        };
        let operands = Operands { sources: &sources, input, output, targets: &targets, length };
        program.run(self.set, activation, operands, &mut scratch);
        self.workspace.scratch = scratch;
    }
}

/// The wanted channels as runs that are contiguous in the source: (first in source, first in target, how many).
fn runs(source: &[ChannelId], target: &[ChannelId]) -> Vec<(usize, usize, usize)> {
    let mut runs: Vec<(usize, usize, usize)> = Vec::new();
    for (position, channel) in target.iter().enumerate() {
        let found = source.binary_search(channel).expect("an affine map has the channels of its input");
        match runs.last_mut() {
            Some((first, _, length)) if *first + *length == found => *length += 1,
            _ => runs.push((found, position, 1)),
        }
    }
    runs
}
