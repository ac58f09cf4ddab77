//! The dense memory that one call works on.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

use super::TILE;
use crate::float::Float;

/// Where one input channel lies.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a, T> {
    /// One number for each element.
    Slice(&'a [T]),
    /// It starts at this offset of the output buffer, which is worked on in place.
    Output(usize),
    /// It is the same for every point: the features of one point, to be repeated. The slice holds them as often as it
    /// takes to read a tile from any feature on; `features` is their number.
    Pattern {
        /// Values, at least `features + TILE`.
        values: &'a [T],
        /// The period.
        features: usize,
    },
}

/// The dense memory that one call works on.
#[derive(Debug)]
pub(crate) struct Operands<'a, T> {
    /// One source for each of [`CompiledProgram::inputs`](super::CompiledProgram::inputs), then for each of [`seconds`](super::CompiledProgram::seconds).
    pub(crate) sources: &'a [Source<'a, T>],
    /// The output buffer.
    pub(crate) output: &'a mut [T],
    /// The offset of each of [`CompiledProgram::outputs`](super::CompiledProgram::outputs) in the output buffer.
    pub(crate) targets: &'a [usize],
    /// How many numbers each channel has.
    pub(crate) length: usize,
}

impl<T: Float> Operands<'_, T> {
    /// Everything that the pointers of the kernel rely on.
    pub(super) fn check_bounds(&self) {
        for source in self.sources {
            match source {
                Source::Slice(slice) => assert!(slice.len() >= self.length),
                Source::Output(offset) => assert!(offset + self.length <= self.output.len()),
                Source::Pattern { values, features } => {
                    assert!(*features > 0 && values.len() >= features + TILE);
                }
            }
        }
        assert!(self.targets.iter().all(|offset| offset + self.length <= self.output.len()));
    }
}

impl<T: Float> Source<'_, T> {
    /// Where the tile from element `start` on is read.
    ///
    /// # Safety
    /// `output` must be the buffer that the bounds were checked for, and `start` below the length.
    #[inline(always)]
    pub(super) unsafe fn at(&self, output: *const T, start: usize) -> *const T {
        match self {
            // SAFETY: the slice is at least as long as the length, which was checked.
            Self::Slice(slice) => unsafe { slice.as_ptr().add(start) },
            // SAFETY: the caller vouches for the offset.
            Self::Output(offset) => unsafe { output.add(offset + start) },
            // SAFETY: the remainder is below `features`, and the pattern has TILE more.
            Self::Pattern { values, features } => unsafe { values.as_ptr().add(start % features) },
        }
    }
}
