//! 1 where a relation holds between two values, else 0: a value without other channels.

use super::Chunk;
use crate::executor::place::Place;
use crate::float::Float;
use crate::network::{NodeId, Relation};

/// A comparison, feature by feature.
#[derive(Debug)]
pub(crate) struct Compare {
    pub(crate) relation: Relation,
    pub(crate) left: NodeId,
    pub(crate) right: NodeId,
}

impl Compare {
    pub(super) fn forward<T: Float>(&self, chunk: &Chunk<'_, T>, to: &Place, target: &mut [T]) {
        let (a, b) = (chunk.deciding(self.left), chunk.deciding(self.right));
        // There is no other channel than the value.
        for (_, rows) in chunk.channels(to, target) {
            for (point, row) in rows.chunks_exact_mut(to.features).enumerate() {
                let pairs = a.row(point, to.features).iter().zip(b.row(point, to.features));
                for (entry, (a, b)) in row.iter_mut().zip(pairs) {
                    *entry = self.relation.indicator(a, b);
                }
            }
        }
    }
}
