//! One chunk of points through all steps, on one thread.

use super::rules::Chunk;
use super::schedule::Schedule;
use super::workspace::Workspace;
use crate::float::Float;
use crate::math::InstructionSet;

/// Leaves the jets of the network's output in its buffer; `first` points of the group come before the chunk.
pub(crate) fn chunk<T: Float>(
    schedule: &Schedule<T>,
    set: InstructionSet,
    points: &[T],
    first: usize,
    workspace: &mut Workspace<T>,
) {
    let count = points.len() / schedule.inputs().max(1);
    let Workspace { buffers, tools, ahead, .. } = workspace;
    for step in &schedule.steps {
        // What is the same at every point has been computed before.
        let to = schedule.place(step.node);
        let Some(buffer) = to.buffer else { continue };
        // The buffer that is written is taken out, so that all others can be read.
        let mut target = std::mem::take(&mut buffers[buffer.0]);
        if let Some(number) = step.ahead {
            let (start, length) = (first * to.features, count * to.features);
            target[..length].copy_from_slice(&ahead[number][start..][..length]);
        } else {
            step.rule.forward(&Chunk { schedule, set, points, count, buffers }, to, &mut target, tools);
        }
        buffers[buffer.0] = target;
    }
}
