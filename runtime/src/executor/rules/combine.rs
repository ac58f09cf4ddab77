//! Σ factor ⊙ x + constant: every channel alike, the constant on the value alone.
//!
//! Backwards x̄ = factor ⊙ ȳ, the factor's own cotangent is Σ x ⊙ ȳ over points and channels, the constant's Σ ȳ₀ over points.

use std::ops::Range;

use jetc_operators::algebra::ChannelId;

use super::{Chunk, CotangentPlace, Cotangents};
use crate::executor::place::Place;
use crate::float::Float;
use crate::kernel::linear::add_scaled;
use crate::network::{Factor, NodeId, NumberList, Summand};

/// A combination of nodes with equally many features.
#[derive(Debug)]
pub(crate) struct Combine<T> {
    pub(crate) summands: Vec<Summand<T>>,
    pub(crate) constant: Option<NumberList<T>>,
}

impl<T: Float> Combine<T> {
    /// Takes other derived numbers.
    pub(super) fn refill(&mut self, derived: &[T]) {
        for summand in &mut self.summands {
            if let Factor::Features(factors) = &mut summand.factor {
                factors.refill(derived);
            }
        }
        if let Some(constant) = &mut self.constant {
            constant.refill(derived);
        }
    }

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

    /// x̄ of one of the nodes.
    pub(super) fn pull(
        &self,
        input: NodeId,
        cotangents: Cotangents<'_, T>,
        to: &CotangentPlace,
        target: &mut [T],
    ) {
        for (channel, rows) in to.channels_mut(cotangents.count, target) {
            rows.fill(T::ZERO);
            let Some(y) = cotangents.rows(channel) else { continue };
            for summand in self.summands.iter().filter(|summand| summand.input == input) {
                for (y, x) in y.chunks_exact(to.features).zip(rows.chunks_exact_mut(to.features)) {
                    add_scaled(&summand.factor, y, x);
                }
            }
        }
    }

    /// The cotangents of factors and constant of some points of the chunk, added to the derived numbers.
    pub(super) fn accumulate(
        &self,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        points: Range<usize>,
        derived: &mut [T],
    ) {
        let features = cotangents.place.features;
        for summand in &self.summands {
            let Factor::Features(factors) = &summand.factor else { continue };
            let Some(origin) = factors.origin() else { continue };
            let sum = &mut derived[origin..][..features];
            for &channel in &cotangents.place.channels {
                let (Some(y), Some(x)) = (cotangents.rows(channel), chunk.rows(summand.input, channel))
                else {
                    continue;
                };
                for point in points.clone() {
                    let y = &y[point * features..][..features];
                    for ((entry, &y), &x) in sum.iter_mut().zip(y).zip(x.row(point, features)) {
                        *entry += x * y;
                    }
                }
            }
        }
        let constant = self.constant.as_ref().and_then(NumberList::origin);
        if let (Some(origin), Some(y)) = (constant, cotangents.rows(ChannelId::VALUE)) {
            for point in points {
                let y = &y[point * features..][..features];
                for (entry, &y) in derived[origin..][..features].iter_mut().zip(y) {
                    *entry += y;
                }
            }
        }
    }

    /// Σ ȳ·(v ⊙ x) for every point, over summands and channels, and ȳ₀·c, added to `sums`, where v and c stand in the place of
    /// factors and constant in `tangent`.
    pub(super) fn dot(
        &self,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        tangent: &[T],
        sums: &mut [T],
    ) {
        let features = cotangents.place.features;
        for summand in &self.summands {
            let Factor::Features(factors) = &summand.factor else { continue };
            let Some(origin) = factors.origin() else { continue };
            let factors = &tangent[origin..][..features];
            for &channel in &cotangents.place.channels {
                let (Some(y), Some(x)) = (cotangents.rows(channel), chunk.rows(summand.input, channel))
                else {
                    continue;
                };
                for (point, (sum, y)) in sums.iter_mut().zip(y.chunks_exact(features)).enumerate() {
                    for ((&y, &x), &v) in y.iter().zip(x.row(point, features)).zip(factors) {
                        *sum += y * x * v;
                    }
                }
            }
        }
        let constant = self.constant.as_ref().and_then(NumberList::origin);
        if let (Some(origin), Some(y)) = (constant, cotangents.rows(ChannelId::VALUE)) {
            for (sum, y) in sums.iter_mut().zip(y.chunks_exact(features)) {
                for (&y, &c) in y.iter().zip(&tangent[origin..]) {
                    *sum += y * c;
                }
            }
        }
    }
}
