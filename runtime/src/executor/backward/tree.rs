//! Sums over all points in an order of their own: the same bits for any number of threads.
//!
//! Points are cut into leaves of a size that depends on plan and network alone, leaves into at most [`MOST_BLOCKS`] blocks by
//! their number; sums that no cache holds are taken over several leaves where there are many, since to add them up takes as long as to read them. A block is summed from its first leaf to its last, and blocks by a binary tree over their positions. Threads
//! decide nothing but who computes which block. Checked by `gradients_have_the_same_bits_for_any_number_of_threads`.

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

/// The sums of all points, `leaf` points at a time, where sums take so many bytes; `add` adds those of one leaf to what begins
/// as `zero`, with what `take` gives a block to work with.
pub(crate) fn tree<T: Float, W>(
    share: Share<'_, T>,
    widths: Widths,
    [leaf, bytes]: [usize; 2],
    zero: &(impl Fn() -> Sums<T> + Sync),
    take: &(impl Fn() -> W + Sync),
    add: &(impl Fn(Share<'_, T>, &mut W, &mut Sums<T>) + Sync),
) -> Sums<T> {
    let count = share.points.len() / widths.inputs.max(1);
    let leaves = count.div_ceil(leaf);
    let least = if bytes > LARGE { (leaves / FEW_BLOCKS).clamp(1, LEAST_LEAVES) } else { 1 };
    let block = leaves.div_ceil(MOST_BLOCKS).max(least);
    branch(share, widths, [leaf, block], leaves.div_ceil(block), zero, take, add)
}

fn branch<T: Float, W>(
    share: Share<'_, T>,
    widths: Widths,
    [leaf, block]: [usize; 2],
    blocks: usize,
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
    let (mut sums, others) = rayon::join(
        || branch(left, widths, [leaf, block], half, zero, take, add),
        || branch(right, widths, [leaf, block], blocks - half, zero, take, add),
    );
    sums.add(&others);
    sums
}
