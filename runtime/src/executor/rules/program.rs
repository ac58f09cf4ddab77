//! A program over the channels of one or two nodes.

use jetc_operators::algebra::ChannelId;

use super::Chunk;
use crate::activation::Function;
use crate::executor::place::Place;
use crate::executor::workspace::Tools;
use crate::float::Float;
use crate::kernel::elementwise::{CompiledProgram, Operands, Source};
use crate::network::NodeId;

/// Runs a program for all elements of a chunk; `function` is that of an elementwise program.
pub(super) fn run<T: Float>(
    program: &CompiledProgram<T>,
    function: Option<&Function>,
    [first, second]: [NodeId; 2],
    chunk: &Chunk<'_, T>,
    to: &Place,
    target: &mut [T],
    tools: &mut Tools<T>,
) {
    let length = chunk.count * to.features;
    let source = |node: NodeId, channel: &ChannelId| {
        let place = chunk.schedule.place(node);
        if let Ok(position) = place.channels.binary_search(channel) {
            if place.buffer.is_some() && place.buffer == to.buffer {
                return Source::Output(position * length);
            }
            return Source::Slice(&chunk.buffer(place)[position * length..][..length]);
        }
        let constant = chunk.schedule.constant(node, *channel).expect("a channel that is read is somewhere");
        Source::Pattern { values: &constant.values, features: constant.features }
    };
    let of_first = program.inputs().iter().map(|channel| source(first, channel));
    let of_second = program.seconds().iter().map(|channel| source(second, channel));
    let mut sources = recycled(std::mem::take(&mut tools.sources));
    sources.extend(of_first.chain(of_second));
    let place = |channel: &ChannelId| to.channels.binary_search(channel).expect("a live channel has a place");
    tools.targets.clear();
    tools.targets.extend(program.outputs().iter().map(|channel| place(channel) * length));
    let operands = Operands { sources: &sources, output: target, targets: &tools.targets, length };
    program.run(chunk.set, function, operands, &mut tools.scratch);
    tools.sources = recycled(sources);
}

/// The memory of a list whose contents are done with, for references of another lifetime.
fn recycled<'b, T>(mut sources: Vec<Source<'_, T>>) -> Vec<Source<'b, T>> {
    sources.clear();
    // Collecting a list that is mapped in place keeps its allocation.
    sources.into_iter().map(|_| unreachable!("the list is empty")).collect()
}
