//! y = W x + b: every channel times W, b on the value alone. One product for all channels of a chunk.

use jetc_operators::algebra::ChannelId;
use jetc_operators::program::ChannelSet;

use super::Chunk;
use crate::executor::place::Place;
use crate::float::Float;
use crate::kernel::product::Weights;
use crate::math::InstructionSet;
use crate::network::{Matrix, NodeId, NumberList};

/// An affine map.
#[derive(Debug)]
pub(crate) struct Affine<T> {
    pub(crate) input: NodeId,
    pub(crate) weights: Weights<T>,
    pub(crate) bias: Option<NumberList<T>>,
    runs: Vec<ChannelRun>,
}

/// Channels that follow each other both where they are read and where they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ChannelRun {
    /// Position of the first among the channels that are read.
    source: usize,
    /// Position of the first among the channels that are written.
    target: usize,
    channels: usize,
}

impl<T: Float> Affine<T> {
    /// `before` are the channels of the input that differ from point to point, `live` those of the result.
    pub(crate) fn new<S>(
        set: InstructionSet,
        (input, weight, bias): (NodeId, &Matrix<S>, Option<&NumberList<S>>),
        [before, live]: [&ChannelSet; 2],
        convert: impl Fn(&S) -> T,
    ) -> Self {
        let bias = bias.map(|bias| bias.map(&convert));
        Self { input, weights: Weights::new(set, weight, convert), bias, runs: runs(before, live) }
    }

    /// \[channels · points · blocks, in\] to \[channels · points · blocks, out\].
    pub(super) fn forward(&self, chunk: &Chunk<'_, T>, to: &Place, target: &mut [T]) {
        let from = chunk.schedule.place(self.input);
        let source = chunk.buffer(from);
        for run in &self.runs {
            let points = run.channels * chunk.count;
            let x = &source[run.source * chunk.count * from.features..][..points * from.features];
            let y = &mut target[run.target * chunk.count * to.features..][..points * to.features];
            let has_bias = to.channels[run.target] == ChannelId::VALUE;
            self.weights.multiply(x, self.bias.as_deref().filter(|_| has_bias), y);
        }
    }
}

/// The wanted channels as few runs; the value is a run of its own, since it alone has a bias.
fn runs(source: &ChannelSet, target: &ChannelSet) -> Vec<ChannelRun> {
    let mut runs: Vec<ChannelRun> = Vec::new();
    let source: Vec<ChannelId> = source.iter().copied().collect();
    let mut after_value = true;
    for (position, channel) in target.iter().enumerate() {
        let found = source.binary_search(channel).expect("an affine map has the channels of its input");
        match runs.last_mut() {
            Some(run) if run.source + run.channels == found && !after_value => run.channels += 1,
            _ => runs.push(ChannelRun { source: found, target: position, channels: 1 }),
        }
        after_value = *channel == ChannelId::VALUE;
    }
    runs
}
