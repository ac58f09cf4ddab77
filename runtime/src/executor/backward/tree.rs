//! Sums over all points in an order of their own: the same bits for any number of threads.
//!
//! Points are cut into leaves of a size that depends on plan, network and number of points alone, leaves into at most
//! [`MOST_BLOCKS`] blocks by their number; sums that no cache holds are taken over several leaves where there are many, since to add them up takes as
//! long as to read them. A block is summed from its first leaf to its last, and blocks by a binary tree over their positions.
//! Threads and lanes decide nothing but who computes which block, and when. Checked by
//! `gradients_have_the_same_bits_for_any_number_of_threads` and `gradients_have_the_same_bits_for_any_memory`.

use super::Sums;
use crate::float::Float;

/// So many blocks are enough work for many threads, and few enough to hold some of their sums.
const MOST_BLOCKS: usize = 128;

/// Bytes of sums that are large.
const LARGE: usize = 1 << 20;

/// Large sums have blocks of one leaf up to so many, for threads to have something to do …
const FEW_BLOCKS: usize = 8;

/// … and of up to so many leaves beyond.
const LEAST_LEAVES: usize = 4;

/// The most sums that one lane holds at a time: one for each level of the tree, and that of the block at work.
pub(crate) const SUMS_OF_A_LANE: usize = MOST_BLOCKS.ilog2() as usize + 1;

/// How sums are cut into leaves, and how many are worked on at a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Leaves {
    /// Points of a leaf.
    pub(crate) points: usize,
    /// Bytes of the sums.
    pub(crate) bytes: usize,
    /// Blocks that may be worked on at the same time.
    pub(crate) lanes: usize,
}

/// What belongs to some points, row-major.
#[derive(Debug)]
pub(crate) struct Share<'a, T> {
    /// The number of the first point.
    pub(crate) first: usize,
    pub(crate) points: &'a [T],
    pub(crate) results: &'a mut [T],
    pub(crate) points_cotangents: Option<&'a mut [T]>,
}

/// Numbers of each point in a share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Widths {
    pub(crate) inputs: usize,
    pub(crate) columns: usize,
}

impl<T> Share<'_, T> {
    /// The first `count` points, and the others.
    fn split(self, count: usize, widths: Widths) -> (Self, Self) {
        let Self { first, points, results, points_cotangents } = self;
        let (points, others) = points.split_at(count * widths.inputs);
        let (results, of_others) = results.split_at_mut(count * widths.columns);
        let (cotangents, cotangents_of_others) =
            points_cotangents.map(|all| all.split_at_mut(count * widths.inputs)).unzip();
        (
            Self { first, points, results, points_cotangents: cotangents },
            Self {
                first: first + count,
                points: others,
                results: of_others,
                points_cotangents: cotangents_of_others,
            },
        )
    }
}

/// The sums of all points, a leaf at a time; `add` adds those of one leaf to what begins as `zero`, with what `take` gives a
/// block to work with.
pub(crate) fn tree<T: Float, W>(
    share: Share<'_, T>,
    widths: Widths,
    Leaves { points: leaf, bytes, lanes }: Leaves,
    zero: &(impl Fn() -> Sums<T> + Sync),
    take: &(impl Fn() -> W + Sync),
    add: &(impl Fn(Share<'_, T>, &mut W, &mut Sums<T>) + Sync),
) -> Sums<T> {
    let count = share.points.len() / widths.inputs.max(1);
    let leaves = count.div_ceil(leaf);
    let least = if bytes > LARGE { (leaves / FEW_BLOCKS).clamp(1, LEAST_LEAVES) } else { 1 };
    let block = leaves.div_ceil(MOST_BLOCKS).max(least);
    branch(share, widths, [leaf, block], [leaves.div_ceil(block), lanes], zero, take, add)
}

fn branch<T: Float, W>(
    share: Share<'_, T>,
    widths: Widths,
    [leaf, block]: [usize; 2],
    [blocks, lanes]: [usize; 2],
    zero: &(impl Fn() -> Sums<T> + Sync),
    take: &(impl Fn() -> W + Sync),
    add: &(impl Fn(Share<'_, T>, &mut W, &mut Sums<T>) + Sync),
) -> Sums<T> {
    if blocks <= 1 {
        let (mut sums, mut workspace) = (zero(), take());
        let mut rest = share;
        loop {
            let left = rest.points.len() / widths.inputs.max(1);
            if left == 0 {
                return sums;
            }
            let (first, others) = rest.split(leaf.min(left), widths);
            add(first, &mut workspace, &mut sums);
            rest = others;
        }
    }
    // The left side is a whole tree.
    let half = blocks.next_power_of_two() / 2;
    let (left, right) = share.split(half * block * leaf, widths);
    let sizes = [leaf, block];
    let (mut sums, others) = if lanes > 1 {
        rayon::join(
            || branch(left, widths, sizes, [half, lanes.div_ceil(2)], zero, take, add),
            || branch(right, widths, sizes, [blocks - half, lanes / 2], zero, take, add),
        )
    } else {
        (
            branch(left, widths, sizes, [half, 1], zero, take, add),
            branch(right, widths, sizes, [blocks - half, 1], zero, take, add),
        )
    };
    sums.add(&others);
    sums
}
