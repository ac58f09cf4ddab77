//! y = W x + b: every channel times W, b on the value alone. One product for all channels of a chunk.
//!
//! Backwards x̄ = Wᵀȳ for every channel, W̄ = Σ ȳ xᵀ over points and channels, b̄ = Σ ȳ₀ over points.

use std::ops::Range;

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use jetc_operators::algebra::ChannelId;
use jetc_operators::program::ChannelSet;

use super::{Chunk, CotangentPlace, Cotangents};
use crate::executor::place::Place;
use crate::float::Float;
use crate::kernel::product::{Packed, PackedMatrix, Strided, add_outer_products};
use crate::math::InstructionSet;
use crate::network::{Matrix, NodeId, NumberList};

/// An affine map.
#[derive(Debug)]
pub(crate) struct Affine<T> {
    pub(crate) input: NodeId,
    pub(crate) weights: PackedMatrix<T>,
    pub(crate) bias: Option<NumberList<T>>,
    runs: Vec<ChannelRun>,
    /// Where W stands among the derived numbers.
    pub(crate) origin: Option<usize>,
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

impl ChannelRun {
    /// The same channels, the value by itself if it is among them; `target` are those that are written.
    fn with_value_apart(self, target: &[ChannelId]) -> impl Iterator<Item = Self> {
        let Self { source, target: first, channels } = self;
        let has_value = target[first] == ChannelId::VALUE;
        let value = has_value.then_some(Self { channels: 1, ..self });
        let skipped = usize::from(has_value);
        let rest = Self { source: source + skipped, target: first + skipped, channels: channels - skipped };
        value.into_iter().chain((rest.channels > 0).then_some(rest))
    }
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
        let [before, live] = [before, live].map(|channels| channels.iter().copied().collect::<Vec<_>>());
        // The value is a run of its own, since it alone has a bias.
        let runs = common(&before, &live).into_iter().flat_map(|run| run.with_value_apart(&live)).collect();
        let origin = weight.numbers().origin();
        Self { input, weights: PackedMatrix::new(set, weight, convert), bias, runs, origin }
    }

    /// Takes other derived numbers.
    pub(super) fn refill(&mut self, derived: &[T]) {
        if let Some(origin) = self.origin {
            let (inner, entries) = (self.weights.inner(), &derived[origin..]);
            self.weights.fill(|i, k| entries[i * inner + k]);
        }
        if let Some(bias) = &mut self.bias {
            bias.refill(derived);
        }
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

    /// W̄ and b̄ of some points of the chunk, added to the derived numbers.
    pub(super) fn accumulate(
        &self,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        points: Range<usize>,
        derived: &mut [T],
        packed: &mut Packed<T>,
    ) {
        let (features, inner) = (self.weights.features(), self.weights.inner());
        let from = chunk.schedule.place(self.input);
        let source = chunk.buffer(from);
        if let Some(origin) = self.origin.filter(|_| features * inner > 0) {
            let sum = &mut derived[origin..][..features * inner];
            for run in common(&from.channels, &cotangents.place.channels) {
                let x =
                    Rows { values: source, first: run.source, features: from.features, count: chunk.count };
                let y = Rows {
                    values: cotangents.values,
                    first: run.target,
                    features: cotangents.place.features,
                    count: chunk.count,
                };
                let blocks = from.features / inner;
                // The rows of all channels follow each other, or those of one point do at equal distances.
                if points.len() == chunk.count || (points.len() == 1 && blocks == 1) {
                    let x = x.strided(run.channels, &points, inner);
                    let y = y.strided(run.channels, &points, features);
                    add_outer_products(chunk.set, y, x, sum, packed);
                    continue;
                }
                for channel in 0..run.channels {
                    let x = Rows { first: run.source + channel, ..x }.strided(1, &points, inner);
                    let y = Rows { first: run.target + channel, ..y }.strided(1, &points, features);
                    add_outer_products(chunk.set, y, x, sum, packed);
                }
            }
        }
        let bias = self.bias.as_ref().and_then(NumberList::origin);
        if let (Some(origin), Some(y)) = (bias, cotangents.rows(ChannelId::VALUE)) {
            let y = &y[points.start * cotangents.place.features..points.end * cotangents.place.features];
            add_rows(y, &mut derived[origin..][..features]);
        }
    }

    /// Σ ȳ·(V x + v) for every point, added to `sums`, where V and v stand in the place of W and b in `tangent`.
    pub(super) fn dot(
        &self,
        chunk: &Chunk<'_, T>,
        cotangents: Cotangents<'_, T>,
        tangent: &[T],
        sums: &mut [T],
    ) {
        let (features, inner) = (self.weights.features(), self.weights.inner());
        let (from, count) = (chunk.schedule.place(self.input), chunk.count);
        if let Some(origin) = self.origin.filter(|_| features * inner > 0) {
            let weight =
                MatRef::from_row_major_slice(&tangent[origin..][..features * inner], features, inner);
            for run in common(&from.channels, &cotangents.place.channels) {
                let values = chunk.buffer(from);
                let x = Rows { values, first: run.source, features: from.features, count };
                let x = x.all(run.channels, inner);
                let mut moved = vec![T::ZERO; x.nrows() * features];
                let moved_rows = MatMut::from_row_major_slice_mut(&mut moved, x.nrows(), features);
                matmul(moved_rows, Accum::Replace, x, weight.transpose(), T::ONE, Par::Seq);
                let length = cotangents.place.features;
                let y = &cotangents.values[run.target * count * length..];
                for (row, moved) in moved.chunks_exact(length).enumerate() {
                    sums[row % count] += product(&y[row * length..][..length], moved);
                }
            }
        }
        let bias = self.bias.as_ref().and_then(NumberList::origin);
        if let (Some(origin), Some(y)) = (bias, cotangents.rows(ChannelId::VALUE)) {
            for (sum, y) in sums.iter_mut().zip(y.chunks_exact(cotangents.place.features)) {
                for y in y.chunks_exact(features) {
                    *sum += product(y, &tangent[origin..][..features]);
                }
            }
        }
    }
}

/// Channels of a node, each with a row for every point.
#[derive(Clone, Copy)]
struct Rows<'a, T> {
    values: &'a [T],
    /// Position of the first channel.
    first: usize,
    features: usize,
    /// Points.
    count: usize,
}

impl<'a, T> Rows<'a, T> {
    /// So many channels of some points as rows of `width` numbers: all points, or one point, or one channel.
    fn strided(self, channels: usize, points: &Range<usize>, width: usize) -> Strided<'a, T> {
        let Self { values, first, features, count } = self;
        let values = &values[(first * count + points.start) * features..];
        if points.len() == 1 && channels > 1 {
            return Strided::new(values, channels, width, count * features);
        }
        Strided::new(values, channels * points.len() * (features / width), width, width)
    }

    /// So many channels of all points as a matrix with rows of `width` numbers.
    fn all(self, channels: usize, width: usize) -> MatRef<'a, T> {
        let Self { values, first, features, count } = self;
        let rows = channels * count * (features / width);
        MatRef::from_row_major_slice(&values[first * count * features..][..rows * width], rows, width)
    }
}

/// The channels that are in both lists, as few runs.
fn common(source: &[ChannelId], target: &[ChannelId]) -> Vec<ChannelRun> {
    let mut runs: Vec<ChannelRun> = Vec::new();
    for (position, channel) in source.iter().enumerate() {
        let Ok(found) = target.binary_search(channel) else { continue };
        match runs.last_mut() {
            Some(run) if run.source + run.channels == position && run.target + run.channels == found => {
                run.channels += 1;
            }
            _ => runs.push(ChannelRun { source: position, target: found, channels: 1 }),
        }
    }
    runs
}

/// a · b
fn product<T: Float>(a: &[T], b: &[T]) -> T {
    a.iter().zip(b).fold(T::ZERO, |sum, (&a, &b)| sum + a * b)
}

/// `sum` += every row.
fn add_rows<T: Float>(rows: &[T], sum: &mut [T]) {
    for row in rows.chunks_exact(sum.len().max(1)) {
        for (entry, &x) in sum.iter_mut().zip(row) {
            *entry += x;
        }
    }
}

/// x̄ = Wᵀȳ for every channel of x; `transposed` is Wᵀ.
pub(super) fn pull<T: Float>(
    transposed: &PackedMatrix<T>,
    cotangents: Cotangents<'_, T>,
    to: &CotangentPlace,
    target: &mut [T],
) {
    let (of_x, of_y) = (cotangents.count * to.features, cotangents.count * cotangents.place.features);
    for (channel, rows) in to.channels_mut(cotangents.count, target) {
        if cotangents.rows(channel).is_none() {
            rows.fill(T::ZERO);
        }
    }
    for ChannelRun { source, target: place, channels } in common(&to.channels, &cotangents.place.channels) {
        let y = &cotangents.values[place * of_y..][..channels * of_y];
        transposed.multiply(y, None, &mut target[source * of_x..][..channels * of_x]);
    }
}
