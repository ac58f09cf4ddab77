//! A node of the library's user, point by point, in double precision.

use std::sync::Arc;

use super::Chunk;
use crate::executor::place::Place;
use crate::float::Float;
use crate::network::{CustomNode, NodeId};
use crate::reference::Jet;

/// The user's rule.
#[derive(Debug)]
pub(crate) struct Custom {
    pub(crate) inputs: Vec<NodeId>,
    pub(crate) node: Arc<dyn CustomNode>,
}

impl Custom {
    pub(super) fn forward<T: Float>(&self, chunk: &Chunk<'_, T>, to: &Place, target: &mut [T]) {
        for point in 0..chunk.count {
            let inputs: Vec<Jet<f64>> = self.inputs.iter().map(|&input| jet(chunk, input, point)).collect();
            let result = self.node.propagate(&chunk.schedule.algebra, &inputs);
            for (channel, rows) in chunk.channels(to, target) {
                let row = &mut rows[point * to.features..][..to.features];
                for (entry, &value) in row.iter_mut().zip(result.channel(channel.index())) {
                    *entry = T::from_f64(value);
                }
            }
        }
    }
}

/// All channels of a node at one point.
fn jet<T: Float>(chunk: &Chunk<'_, T>, node: NodeId, point: usize) -> Jet<f64> {
    let features = chunk.schedule.place(node).features;
    let channel = |(channel, _)| match chunk.rows(node, channel) {
        Some(rows) => rows.row(point, features).iter().map(|x| x.to_f64()).collect(),
        None => vec![0.0; features],
    };
    Jet::new(chunk.schedule.algebra.channels().map(channel).collect())
}
