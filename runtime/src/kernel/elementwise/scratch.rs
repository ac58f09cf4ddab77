//! The memory that programs work in.

use super::super::aligned::Aligned;
use super::super::pack::LANES;
use super::{CompiledProgram, TILE};
use crate::float::Float;

/// The memory that programs work in, for one thread.
#[derive(Debug)]
pub(crate) struct Scratch<T> {
    /// A tile for every slot.
    pub(super) tiles: Aligned<T>,
    /// Where every slot is now.
    pub(super) pointers: Pointers<T>,
    pub(super) series: Vec<[T; LANES]>,
}

/// Pointers that are set anew by every run and never followed outside of one.
#[derive(Debug)]
pub(super) struct Pointers<T>(pub(super) Vec<*mut T>);

// SAFETY: nothing behind the pointers is reached but during a run, which has set them for operands of its own.
unsafe impl<T: Send> Send for Pointers<T> {}

impl<T: Float> Scratch<T> {
    /// Enough for each of `programs`.
    pub(crate) fn of<'a>(programs: impl Iterator<Item = &'a CompiledProgram<T>>) -> Self {
        let (slots, derivatives) = programs.fold((0, 0), |(slots, derivatives), program| {
            (slots.max(program.slots()), derivatives.max(program.derivatives))
        });
        Self {
            tiles: Aligned::zeros(slots * TILE),
            pointers: Pointers(vec![std::ptr::null_mut(); slots]),
            series: vec![[T::ZERO; LANES]; derivatives],
        }
    }

    pub(super) fn suffices(&self, program: &CompiledProgram<T>) -> bool {
        let slots = program.slots();
        self.tiles.len() >= slots * TILE
            && self.pointers.0.len() >= slots
            && self.series.len() >= program.derivatives
    }
}
