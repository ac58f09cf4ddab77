//! The largest of each block of features: every channel is taken from where the value is largest, and goes back there.

use super::{Chunk, CotangentPlace, Cotangents};
use crate::executor::place::Place;
use crate::float::Float;
use crate::kernel::linear::winners;
use crate::network::NodeId;

/// Blocks of features that compete.
#[derive(Debug)]
pub(crate) struct Maximum {
    pub(crate) input: NodeId,
    pub(crate) count: usize,
}

impl Maximum {
    pub(super) fn forward<T: Float>(
        &self,
        chunk: &Chunk<'_, T>,
        to: &Place,
        target: &mut [T],
        largest: &mut Vec<usize>,
    ) {
        self.find(chunk, to.features, largest);
        let features = chunk.schedule.place(self.input).features;
        for (channel, rows) in chunk.channels(to, target) {
            let source = chunk.rows(self.input, channel).expect("a live channel is present in what is read");
            let points = rows.chunks_exact_mut(to.features).zip(largest.chunks_exact(to.features));
            for (point, (row, largest)) in points.enumerate() {
                let source = source.row(point, features);
                for (entry, &winner) in row.iter_mut().zip(largest) {
                    *entry = source[winner];
                }
            }
        }
    }

    /// x̄.
    pub(super) fn pull<T: Float>(
        &self,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        to: &CotangentPlace,
        target: &mut [T],
        largest: &mut Vec<usize>,
    ) {
        let features = cotangents.place.features;
        self.find(chunk, features, largest);
        for (channel, rows) in to.channels_mut(cotangents.count, target) {
            rows.fill(T::ZERO);
            let Some(y) = cotangents.rows(channel) else { continue };
            let points = rows.chunks_exact_mut(to.features).zip(y.chunks_exact(features));
            for ((row, y), largest) in points.zip(largest.chunks_exact(features)) {
                for (&y, &winner) in y.iter().zip(largest) {
                    row[winner] += y;
                }
            }
        }
    }

    /// The positions of the largest features of every point.
    fn find<T: Float>(&self, chunk: &Chunk<'_, T>, blocks: usize, largest: &mut Vec<usize>) {
        let features = chunk.schedule.place(self.input).features;
        let value = chunk.deciding(self.input);
        largest.clear();
        largest.resize(chunk.count * blocks, 0);
        for (point, largest) in largest.chunks_exact_mut(blocks).enumerate() {
            winners(self.count, value.row(point, features), largest);
        }
    }
}
