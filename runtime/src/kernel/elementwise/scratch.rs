//! The memory that programs work in.

use super::super::aligned::Aligned;
use super::super::pack::LANES;
use super::{CompiledProgram, TILE};
use crate::float::Float;

/// The memory that programs work in, for one thread.
#[derive(Debug)]
pub(crate) struct Scratch<T> {
    /// A tile for every slot, and behind them one for every input in other units.
    pub(super) tiles: Aligned<T>,
    /// Where every slot is now, and behind them where the inputs were before they were copied.
    pub(super) pointers: Pointers<T>,
    pub(super) series: Vec<[T; LANES]>,
    /// One over the unit of every element of the tile.
    pub(super) factors: [T; TILE],
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
            (slots.max(program.slots() + program.copies()), derivatives.max(program.derivatives))
        });
        Self {
            tiles: Aligned::zeros(slots * TILE),
            pointers: Pointers(vec![std::ptr::null_mut(); slots]),
            series: vec![[T::ZERO; LANES]; derivatives],
            factors: [T::ONE; TILE],
        }
    }

    pub(super) fn suffices(&self, program: &CompiledProgram<T>) -> bool {
        let slots = program.slots() + program.copies();
        self.tiles.len() >= slots * TILE
            && self.pointers.0.len() >= slots
            && self.series.len() >= program.derivatives
    }
}
