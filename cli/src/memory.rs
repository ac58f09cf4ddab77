//! How much memory is allocated, now and at its highest: the global allocator counts.
//!
//! What is counted are bytes that were asked for and not given back, not pages that were touched; a block that grows counts
//! twice for a moment, as when it moves. Two relaxed atomic operations for each allocation are all that it costs. Checked
//! by `the_peak_outlives_the_allocation`.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

static CURRENT: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// The allocator of the operating system, counted.
pub(crate) struct Counting;

// SAFETY: all memory comes from `System` and goes back to it with the layout it came with; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise about `layout` is what `System` asks for.
        grown(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise about `layout` is what `System` asks for.
        grown(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: by the caller's promise `pointer` came from this allocator, hence from `System`, with this layout.
        unsafe { System.dealloc(pointer, layout) };
        CURRENT.fetch_sub(layout.size(), Ordering::Relaxed);
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as for `dealloc`, and the caller's promise about `size` is what `System` asks for.
        let moved = grown(unsafe { System.realloc(pointer, layout, size) }, size);
        if !moved.is_null() {
            CURRENT.fetch_sub(layout.size(), Ordering::Relaxed);
        }
        moved
    }
}

/// Counts what was allocated, if it was.
fn grown(pointer: *mut u8, size: usize) -> *mut u8 {
    if !pointer.is_null() {
        let current = CURRENT.fetch_add(size, Ordering::Relaxed) + size;
        if current > PEAK.load(Ordering::Relaxed) {
            PEAK.fetch_max(current, Ordering::Relaxed);
        }
    }
    pointer
}

/// Bytes allocated now.
pub(crate) fn current() -> usize {
    CURRENT.load(Ordering::Relaxed)
}

/// What `work` returns, and the most bytes that were allocated while it ran.
pub(crate) fn peak_during<R>(work: impl FnOnce() -> R) -> (R, usize) {
    PEAK.store(current(), Ordering::Relaxed);
    let result = work();
    (result, PEAK.load(Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// More than all other tests of this binary allocate.
    const LARGE: usize = 1 << 26;

    #[test]
    fn the_peak_outlives_the_allocation() {
        let before = current();
        let ((), peak) = peak_during(|| {
            let mut bytes = vec![1u8; LARGE];
            bytes.reserve_exact(LARGE);
            drop(std::hint::black_box(bytes));
        });
        // Other tests allocate and give back meanwhile, but less.
        assert!((before + LARGE..before + 4 * LARGE).contains(&peak), "{peak} after {before}");
        assert!(current() < before + LARGE, "it was given back");
    }
}
