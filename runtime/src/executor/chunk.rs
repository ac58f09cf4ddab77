//! How many points go through the network together, and on how many threads.
//!
//! Speed and memory alone depend on it: results have the same bits for any size.

use super::rules::Rule;
use super::schedule::{GROUP, Schedule};
use crate::cache;
use crate::float::Float;

/// More points than this gain nothing.
const MOST_POINTS: usize = GROUP;

/// Chunks are whole multiples of this where memory allows, so that tiles of rows and of vectors come out even.
const GRAIN: usize = 8;

/// Rows of a product for which the weights, read from beyond the second-level cache, are no burden.
const FEWEST_ROWS: usize = 384;

/// The size that suits the caches: all buffers of a chunk in a quarter of the second level, where weights find room beside
/// them; but as many rows as make the reading of large weights worth it. Both were found by measurement, and neither is
/// sharp: half or twice as much costs up to four per cent.
pub(crate) fn best<T: Float>(schedule: &Schedule<T>) -> usize {
    suited(schedule, schedule.bytes_per_point(), cache::second_level(), FEWEST_ROWS)
}

/// The size for which all buffers, of so many bytes for each point, take a quarter of a cache, or products have so many rows.
pub(crate) fn suited<T: Float>(
    schedule: &Schedule<T>,
    bytes_per_point: usize,
    cache: usize,
    fewest_rows: usize,
) -> usize {
    let products = schedule.steps.iter().filter(|step| matches!(step.rule, Rule::Affine(_)));
    let most_channels = products.map(|step| schedule.place(step.node).channels.len()).max().unwrap_or(1);
    let (in_cache, for_weights) =
        (cache / 4 / bytes_per_point.max(1), fewest_rows.div_ceil(most_channels.max(1)));
    in_cache.max(for_weights).clamp(1, MOST_POINTS).next_multiple_of(GRAIN)
}

/// How a batch is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    /// Points of a chunk.
    pub(crate) chunk: usize,
    /// Points of a group of chunks, for which first layers run ahead.
    pub(crate) group: usize,
    /// Points of a task, which goes through its chunks one by one.
    pub(crate) task: usize,
}

/// What limits a cut.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// The size that suits the caches.
    pub(crate) best: usize,
    /// Bytes that all threads together may take.
    pub(crate) memory: usize,
    /// Bytes that one point takes.
    pub(crate) per_point: usize,
    /// Bytes that first layers take for each thread, if any run ahead.
    pub(crate) ahead: usize,
}

impl Limits {
    /// Chunks of the best size, or smaller so that every thread has its share of the points, or of the memory. Where
    /// memory does not suffice for one point on each thread, there are as many tasks as can work at the same time.
    pub(crate) fn cut(&self, points: usize, threads: usize) -> Cut {
        let threads = threads.max(1);
        let share = points.div_ceil(threads).next_multiple_of(GRAIN);
        let left = |threads: usize| self.memory.saturating_sub(threads * self.ahead);
        let affordable = left(threads) / self.per_point.max(1);
        let (chunk, tasks) = if affordable < threads {
            let each = self.per_point.saturating_add(self.ahead);
            (1, (self.memory / each.max(1)).clamp(1, threads))
        } else {
            let chunk = self.best.min(share).min(affordable / threads);
            (if chunk > GRAIN { chunk - chunk % GRAIN } else { chunk }, usize::MAX)
        };
        // Chunks are never larger than a group, which is a whole number of them.
        let group = if self.ahead > 0 { GROUP.min(share) / chunk * chunk } else { chunk }.max(chunk);
        let task = if tasks < threads { points.div_ceil(tasks).next_multiple_of(group) } else { group };
        Cut { chunk, group, task }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_keeps_to_the_memory_and_feeds_every_thread() {
        let limits = Limits { best: 256, memory: 1000, per_point: 1, ahead: 0 };
        let even = |points| Cut { chunk: points, group: points, task: points };
        assert_eq!(limits.cut(10_000, 2), even(256));
        assert_eq!(limits.cut(100, 2), even(56));
        assert_eq!(limits.cut(1, 4), even(8));
        // A hundred points for each of ten threads, in whole grains; then five for each of two hundred.
        assert_eq!(limits.cut(10_000, 10), even(96));
        assert_eq!(limits.cut(10_000, 200), even(5));
        // Three points fit, so three threads work; and one point is always tried.
        let one = |task| Cut { chunk: 1, group: 1, task };
        assert_eq!(Limits { per_point: 300, ..limits }.cut(100, 4), one(34));
        assert_eq!(Limits { per_point: 3000, ..limits }.cut(100, 4), one(100));
        assert_eq!(Limits { per_point: 0, ..limits }.cut(100, 1), even(104));
    }

    #[test]
    fn first_layers_run_ahead_of_a_group_of_chunks() {
        let limits = Limits { best: 24, memory: 10_000, per_point: 100, ahead: 10 };
        // Ten chunks of 24 points are the most that a group holds.
        assert_eq!(limits.cut(10_000, 2), Cut { chunk: 24, group: 240, task: 240 });
        // A share of 56 points is two chunks and eight points more.
        assert_eq!(limits.cut(100, 2), Cut { chunk: 24, group: 48, task: 48 });
        // With memory for one thread alone, it works on all points, in groups.
        let scarce = Limits { memory: 150, ..limits };
        assert_eq!(scarce.cut(1000, 2), Cut { chunk: 1, group: 256, task: 1024 });
    }
}
