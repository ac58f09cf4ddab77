//! How many points go through the network together.

use super::schedule::Schedule;
use crate::float::Float;

/// The buffers of a chunk should stay in the second-level cache. One to two MiB is what today's cores have.
const CACHE_BYTES: usize = 1 << 20;

/// Products of fewer rows than this lose speed to packing the weights, so the cache may be exceeded for it.
const FEWEST_ROWS: usize = 192;

/// More points than this gain nothing.
const MOST_POINTS: usize = 1024;

/// A chunk size from the plan and the network alone: never from the number of threads or of points.
pub(crate) fn points_per_chunk<T: Float>(schedule: &Schedule<T>) -> usize {
    let bytes = schedule.buffers.iter().sum::<usize>() * size_of::<T>();
    let in_cache = CACHE_BYTES / bytes.max(1);
    let channels = schedule.steps.iter().map(|step| schedule.place(step.node).channels.len());
    let most_channels = channels.max().unwrap_or(1);
    let for_speed = FEWEST_ROWS.div_ceil(most_channels);
    in_cache.max(for_speed).clamp(1, MOST_POINTS)
}
