//! A node of the library's user, point by point, in double precision.
//!
//! Backwards its pull-back is asked once for each node that it reads and that has cotangents: it answers for all inputs, and
//! those that are this node are added up. Channels that nothing reads have cotangents of zero.
//! Checked by `a_node_of_ones_own_is_pulled_back_by_its_rule` and `an_input_that_is_read_twice_has_both_cotangents`.

use std::sync::Arc;

use super::{Chunk, CotangentPlace, Cotangents};
use crate::executor::place::Place;
use crate::float::Float;
use crate::jet::Jet;
use crate::network::{CustomNode, NodeId};

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

    /// The cotangents of one of the nodes that it reads.
    pub(super) fn pull<T: Float>(
        &self,
        input: NodeId,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        to: &CotangentPlace,
        target: &mut [T],
    ) {
        let back = self.node.pull_back().expect("nodes without a pull-back are refused before anything runs");
        for point in 0..chunk.count {
            let inputs: Vec<Jet<f64>> = self.inputs.iter().map(|&input| jet(chunk, input, point)).collect();
            let result = of_result(chunk, cotangents, point);
            let pulled = back.cotangents(&chunk.schedule.algebra, &inputs, &result);
            assert_eq!(pulled.len(), inputs.len(), "{} answers for every input", self.node.name());
            for (channel, rows) in to.channels_mut(chunk.count, target) {
                let row = &mut rows[point * to.features..][..to.features];
                for (feature, entry) in row.iter_mut().enumerate() {
                    let own = self.inputs.iter().zip(&pulled).filter(|(read, _)| **read == input);
                    *entry = T::from_f64(own.map(|(_, jet)| jet.channel(channel.index())[feature]).sum());
                }
            }
        }
    }
}

/// All cotangents of the result at one point.
fn of_result<T: Float>(chunk: &Chunk<'_, T>, cotangents: Cotangents<'_, T>, point: usize) -> Jet<f64> {
    let features = cotangents.place.features;
    let channel = |(channel, _)| match cotangents.rows(channel) {
        Some(rows) => rows[point * features..][..features].iter().map(|x| x.to_f64()).collect(),
        None => vec![0.0; features],
    };
    Jet::new(chunk.schedule.algebra.channels().map(channel).collect())
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
