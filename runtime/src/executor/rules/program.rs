//! A program over the channels of nodes and cotangents.

use jetc_operators::algebra::ChannelId;

use super::{Chunk, CotangentPlace, Cotangents};
use crate::activation::Function;
use crate::executor::place::Place;
use crate::executor::workspace::Tools;
use crate::float::Float;
use crate::kernel::elementwise::{CompiledProgram, Operands, Source};
use crate::network::NodeId;

/// What a program reads.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operand<'a, T> {
    /// The value of a node.
    Node(NodeId),
    /// The cotangents of the node whose rule it is.
    Cotangents(Cotangents<'a, T>),
}

/// Runs a program for all elements of a chunk; `function` is that of an elementwise program.
pub(super) fn forward<T: Float>(
    program: &CompiledProgram<T>,
    function: Option<&Function>,
    nodes: [NodeId; 2],
    chunk: &Chunk<'_, T>,
    to: &Place,
    target: &mut [T],
    tools: &mut Tools<T>,
) {
    let length = chunk.count * to.features;
    let source = |node: NodeId, channel: ChannelId| {
        let place = chunk.schedule.place(node);
        match place.channels.binary_search(&channel) {
            Ok(position) if place.buffer.is_some() && place.buffer == to.buffer => {
                Source::Output(position * length)
            }
            _ => of_node(chunk, node, channel, length),
        }
    };
    let target = Target { channels: &to.channels, values: target, length };
    run(program, function, chunk, (nodes, source), target, tools);
}

/// Runs an adjoint: the channels of `target` that it does not write become zero.
pub(super) fn pull<'c, T: Float>(
    program: &CompiledProgram<T>,
    function: Option<&Function>,
    operands: [Operand<'c, T>; 2],
    chunk: &Chunk<'c, T>,
    to: &CotangentPlace,
    target: &mut [T],
    tools: &mut Tools<T>,
) {
    let length = chunk.count * to.features;
    for (channel, rows) in to.channels_mut(chunk.count, target) {
        if !program.outputs().contains(&channel) {
            rows.fill(T::ZERO);
        }
    }
    let source = |operand: Operand<'c, T>, channel: ChannelId| match operand {
        Operand::Node(node) => of_node(chunk, node, channel, length),
        Operand::Cotangents(cotangents) => {
            Source::Slice(cotangents.rows(channel).expect("a cotangent that is read is there"))
        }
    };
    let target = Target { channels: &to.channels, values: target, length };
    run(program, function, chunk, (operands, source), target, tools);
}

fn of_node<'a, T: Float>(
    chunk: &Chunk<'a, T>,
    node: NodeId,
    channel: ChannelId,
    length: usize,
) -> Source<'a, T> {
    let place = chunk.schedule.place(node);
    if let Ok(position) = place.channels.binary_search(&channel) {
        return Source::Slice(&chunk.buffer(place)[position * length..][..length]);
    }
    let constant = chunk.schedule.constant(node, channel).expect("a channel that is read is somewhere");
    Source::Pattern { values: &constant.values, features: constant.features }
}

/// Where a program writes.
struct Target<'t, T> {
    channels: &'t [ChannelId],
    values: &'t mut [T],
    /// Numbers of each channel.
    length: usize,
}

/// Runs a program, where `source` says where a channel of an operand is.
fn run<'s, T: Float, O: Copy>(
    program: &CompiledProgram<T>,
    function: Option<&Function>,
    chunk: &Chunk<'_, T>,
    ([first, second], source): ([O; 2], impl Fn(O, ChannelId) -> Source<'s, T>),
    target: Target<'_, T>,
    tools: &mut Tools<T>,
) {
    let Target { channels, values, length } = target;
    let of_first = program.inputs().iter().map(|&channel| source(first, channel));
    let of_second = program.seconds().iter().map(|&channel| source(second, channel));
    let mut sources = recycled(std::mem::take(&mut tools.sources));
    sources.extend(of_first.chain(of_second));
    let place = |channel: &ChannelId| channels.binary_search(channel).expect("a live channel has a place");
    tools.targets.clear();
    tools.targets.extend(program.outputs().iter().map(|channel| place(channel) * length));
    let operands = Operands { sources: &sources, output: values, targets: &tools.targets, length };
    program.run(chunk.set, function, operands, &mut tools.scratch);
    tools.sources = recycled(sources);
}

/// The memory of a list whose contents are done with, for references of another lifetime.
fn recycled<'b, T>(mut sources: Vec<Source<'_, T>>) -> Vec<Source<'b, T>> {
    sources.clear();
    // Collecting a list that is mapped in place keeps its allocation.
    sources.into_iter().map(|_| unreachable!("the list is empty")).collect()
}
