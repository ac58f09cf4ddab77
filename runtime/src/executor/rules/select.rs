//! u or v, feature by feature: every channel from the side that the values pick, and back to it.

use super::{Chunk, CotangentPlace, Cotangents, Side};
use crate::executor::place::Place;
use crate::float::Float;
use crate::kernel::linear::pick_row;
use crate::network::{Choice, NodeId, Pick};

/// One side of two.
#[derive(Debug)]
pub(crate) struct Select {
    pub(crate) choice: Choice,
    pub(crate) left: NodeId,
    pub(crate) right: NodeId,
}

impl Select {
    pub(super) fn forward<T: Float>(
        &self,
        chunk: &Chunk<'_, T>,
        to: &Place,
        target: &mut [T],
        picks: &mut Vec<Pick>,
    ) {
        self.pick(chunk, to.features, picks);
        for (channel, rows) in chunk.channels(to, target) {
            let sides = [self.left, self.right].map(|node| chunk.rows(node, channel));
            let points = rows.chunks_exact_mut(to.features).zip(picks.chunks_exact(to.features));
            for (point, (row, picks)) in points.enumerate() {
                let [u, v] = sides.map(|side| side.map(|rows| rows.row(point, to.features)));
                pick_row(picks, u, v, row);
            }
        }
    }

    /// The cotangent of one side.
    pub(super) fn pull<T: Float>(
        &self,
        side: Side,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        to: &CotangentPlace,
        target: &mut [T],
        picks: &mut Vec<Pick>,
    ) {
        self.pick(chunk, to.features, picks);
        for (channel, rows) in to.channels_mut(cotangents.count, target) {
            let Some(y) = cotangents.rows(channel) else {
                rows.fill(T::ZERO);
                continue;
            };
            for ((entry, &y), pick) in rows.iter_mut().zip(y).zip(picks.iter()) {
                *entry = match (pick, side) {
                    (Pick::Left, Side::Left) | (Pick::Right, Side::Right) => y,
                    (Pick::Both, _) => y.scale(1, 2),
                    // What a feature did not come from has no part in it, even where ȳ is infinite.
                    (Pick::Left, Side::Right) | (Pick::Right, Side::Left) => T::ZERO,
                };
            }
        }
    }

    /// The side of every feature of every point.
    fn pick<T: Float>(&self, chunk: &Chunk<'_, T>, features: usize, picks: &mut Vec<Pick>) {
        let count = chunk.count;
        picks.clear();
        match self.choice {
            Choice::Condition(node) => {
                let value = chunk.deciding(node);
                picks.extend((0..count).flat_map(|p| value.row(p, features)).map(Pick::by_condition));
            }
            Choice::Larger | Choice::Smaller => {
                let (u, v) = (chunk.deciding(self.left), chunk.deciding(self.right));
                let pick = if self.choice == Choice::Larger { Pick::larger } else { Pick::smaller };
                let pairs = (0..count).flat_map(|p| u.row(p, features).iter().zip(v.row(p, features)));
                picks.extend(pairs.map(|(u, v)| pick(u, v)));
            }
        }
    }
}
