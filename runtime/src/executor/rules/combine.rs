//! Σ factor ⊙ x + constant: every channel alike, the constant on the value alone.

use jetc_operators::algebra::ChannelId;

use super::Chunk;
use crate::executor::place::Place;
use crate::float::Float;
use crate::kernel::linear::add_scaled;
use crate::network::{NumberList, Summand};

/// A combination of nodes with equally many features.
#[derive(Debug)]
pub(crate) struct Combine<T> {
    pub(crate) summands: Vec<Summand<T>>,
    pub(crate) constant: Option<NumberList<T>>,
}

impl<T: Float> Combine<T> {
    pub(super) fn forward(&self, chunk: &Chunk<'_, T>, to: &Place, target: &mut [T]) {
        for (channel, rows) in chunk.channels(to, target) {
            if let Some(constant) = self.constant.as_ref().filter(|_| channel == ChannelId::VALUE) {
                rows.chunks_exact_mut(to.features).for_each(|row| row.copy_from_slice(constant));
            } else {
                rows.fill(T::ZERO);
            }
            for summand in &self.summands {
                let Some(source) = chunk.rows(summand.input, channel) else { continue };
                for (point, row) in rows.chunks_exact_mut(to.features).enumerate() {
                    add_scaled(&summand.factor, source.row(point, to.features), row);
                }
            }
        }
    }
}
