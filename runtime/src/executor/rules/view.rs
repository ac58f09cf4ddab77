//! The channels of all nodes for one chunk of points, and the cotangents of one.

use jetc_operators::algebra::ChannelId;

use crate::executor::place::{BufferId, Place};
use crate::executor::schedule::Schedule;
use crate::float::Float;
use crate::kernel::aligned::Aligned;
use crate::kernel::linear::Rows;
use crate::math::InstructionSet;
use crate::network::NodeId;

/// What a rule sees of a chunk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk<'a, T: 'static> {
    pub(crate) schedule: &'a Schedule<T>,
    pub(crate) set: InstructionSet,
    pub(crate) points: &'a [T],
    /// Points in this chunk.
    pub(crate) count: usize,
    pub(crate) buffers: &'a [Aligned<T>],
}

impl<'a, T: Float> Chunk<'a, T> {
    /// The buffer of a node; that of the input is the points.
    pub(crate) fn buffer(&self, place: &Place) -> &'a [T] {
        place.buffer.map_or(self.points, |buffer| &self.buffers[buffer.0])
    }

    /// One channel of a node; nothing if it is zero.
    pub(crate) fn rows(&self, node: NodeId, channel: ChannelId) -> Option<Rows<'a, T>> {
        let place = self.schedule.place(node);
        if let Ok(position) = place.channels.binary_search(&channel) {
            let length = self.count * place.features;
            return Some(Rows::Each(&self.buffer(place)[position * length..][..length]));
        }
        let constant = self.schedule.constant(node, channel)?;
        Some(Rows::Same(&constant.values[..constant.features]))
    }

    /// The value of a node that decides.
    pub(crate) fn deciding(&self, node: NodeId) -> Rows<'a, T> {
        self.rows(node, ChannelId::VALUE).expect("the value decides, so it is present")
    }

    /// The channels of the target, each with its rows.
    pub(crate) fn channels<'t>(
        &self,
        to: &'t Place,
        target: &'t mut [T],
    ) -> impl Iterator<Item = (ChannelId, &'t mut [T])> + use<'t, T> {
        to.channels.iter().copied().zip(target.chunks_exact_mut(self.count * to.features))
    }
}

/// Where the cotangents of a node lie while a chunk is worked on.
#[derive(Debug, Clone)]
pub(crate) struct CotangentPlace {
    /// The channels that have one, in order: those that differ from point to point, and those that are the same at every
    /// point where these depend on parameters. Channel k takes the rows `k · points .. (k + 1) · points`.
    pub(crate) channels: Vec<ChannelId>,
    pub(crate) features: usize,
    pub(crate) buffer: BufferId,
}

impl CotangentPlace {
    /// The channels of `values`, each with its rows.
    pub(crate) fn channels_mut<'t, T>(
        &'t self,
        count: usize,
        values: &'t mut [T],
    ) -> impl Iterator<Item = (ChannelId, &'t mut [T])> + use<'t, T> {
        self.channels.iter().copied().zip(values.chunks_exact_mut((count * self.features).max(1)))
    }

    /// Numbers for so many points.
    pub(crate) fn size(&self, count: usize) -> usize {
        self.channels.len() * self.features * count
    }
}

/// The cotangents ȳ of a node: the derivatives of what is differentiated by the channels of its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cotangents<'a, T> {
    pub(crate) place: &'a CotangentPlace,
    pub(crate) values: &'a [T],
    /// Points.
    pub(crate) count: usize,
}

impl<'a, T> Cotangents<'a, T> {
    /// The rows of one channel; nothing if it has no cotangent.
    pub(crate) fn rows(&self, channel: ChannelId) -> Option<&'a [T]> {
        let position = self.place.channels.binary_search(&channel).ok()?;
        let length = self.count * self.place.features;
        Some(&self.values[position * length..][..length])
    }
}
