//! All tiles of one call.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

use std::marker::PhantomData;
use std::ops::Range;

use jetc_operators::algebra::ChannelId;

use super::super::pack::LANES;
use super::super::series::Series;
use super::program::Kind;
use super::{CompiledProgram, Operands, Scratch, TILE};
use crate::float::Float;
use crate::math::{Fma, Kernel};

/// Numbers that one instruction accumulates in registers at a time.
pub(super) const BLOCK: usize = 32;

/// A program on its way through the tiles.
#[derive(Debug)]
pub struct TileRun<'a, T> {
    pub(super) program: &'a CompiledProgram<T>,
    pub(super) series: Option<Series<'a>>,
    pub(super) operands: Operands<'a, T>,
    pub(super) scratch: &'a mut Scratch<T>,
}

impl<T: Float> Kernel for TileRun<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<F: Fma>(self) {
        let Self { program, series, operands, scratch } = self;
        let Operands { sources, output, targets, length } = operands;
        let output = output.as_mut_ptr();
        let mut tiles = Tiles::<T, F>::new(program, series, scratch);
        let whole = length / TILE;
        for tile in 0..whole {
            let start = tile * TILE;
            for (slot, source) in sources.iter().enumerate() {
                // SAFETY: `check_bounds` has found `start + TILE <= length` numbers behind every offset, and
                // `features + TILE` in every pattern.
                tiles.pointers[program.derivatives + slot] = unsafe { source.at(output, start) }.cast_mut();
            }
            for (slot, &offset) in targets.iter().enumerate() {
                // SAFETY: as above for the output buffer.
                tiles.pointers[tiles.first_output + slot] = unsafe { output.add(offset + start) };
            }
            // SAFETY: every pointer of the table leads to TILE numbers that stay valid during the call.
            unsafe { tiles.run() };
        }
        let (start, rest) = (whole * TILE, length % TILE);
        if rest > 0 {
            tiles.point_into_scratch();
            for (slot, source) in sources.iter().enumerate() {
                let padded = tiles.pointers[program.derivatives + slot];
                // SAFETY: `rest` numbers are behind `start` in the source, TILE behind the scratch slot.
                unsafe { std::ptr::copy_nonoverlapping(source.at(output, start), padded, rest) };
            }
            // SAFETY: every pointer of the table leads to TILE numbers of scratch.
            unsafe { tiles.run() };
            for (slot, &offset) in targets.iter().enumerate() {
                let padded = tiles.pointers[tiles.first_output + slot];
                // SAFETY: `rest` numbers are behind `start` in the output buffer.
                unsafe { std::ptr::copy_nonoverlapping(padded, output.add(offset + start), rest) };
            }
        }
    }
}

/// The state of a run: where every slot is now.
pub(super) struct Tiles<'a, T, F> {
    pub(super) program: &'a CompiledProgram<T>,
    pub(super) function: Option<Series<'a>>,
    pub(super) pointers: &'a mut [*mut T],
    pub(super) first_output: usize,
    pub(super) scratch: *mut T,
    pub(super) series: &'a mut [[T; LANES]],
    pub(super) factors: &'a mut [T; TILE],
    kind: PhantomData<F>,
}

impl<'a, T: Float, F: Fma> Tiles<'a, T, F> {
    #[inline(always)]
    fn new(
        program: &'a CompiledProgram<T>,
        function: Option<Series<'a>>,
        scratch: &'a mut Scratch<T>,
    ) -> Self {
        let mut tiles = Self {
            program,
            function,
            pointers: &mut scratch.pointers.0[..program.slots() + program.copies()],
            first_output: program.first_output(),
            scratch: scratch.tiles.as_mut_ptr(),
            series: &mut scratch.series[..program.derivatives],
            factors: &mut scratch.factors,
            kind: PhantomData,
        };
        tiles.point_into_scratch();
        tiles
    }

    #[inline(always)]
    fn point_into_scratch(&mut self) {
        for (slot, pointer) in self.pointers.iter_mut().enumerate() {
            // Scratch holds a tile for every slot, checked by `Scratch::suffices`.
            *pointer = self.scratch.wrapping_add(slot * TILE);
        }
    }

    /// Computes one tile.
    ///
    /// # Safety
    /// Every pointer of the table must lead to TILE numbers.
    #[inline(always)]
    unsafe fn run(&mut self) {
        // SAFETY: passed on to the caller.
        unsafe {
            let mut has_units = self.run_series();
            if has_units {
                self.copy_in_units();
            }
            let of_powers = self.program.of_powers;
            self.run_instructions(0..of_powers);
            if self.has_overflowed() && self.change_units() {
                has_units = true;
                self.run_instructions(0..of_powers);
            }
            self.run_instructions(of_powers..self.program.instructions.len());
            match self.program.kind {
                Kind::Forward => self.write_value(),
                Kind::Adjoint if has_units => self.leave_units(),
                Kind::Adjoint => {}
            }
        }
    }

    /// uᵏ gₖ for the tile, into the slots of the derivatives, and whether any unit u is other than 1.
    ///
    /// # Safety
    /// As for [`Self::run`].
    #[inline(always)]
    unsafe fn run_series(&mut self) -> bool {
        let Some(function) = self.function else { return false };
        let h0 = self.pointers[self.program.derivatives];
        let targets = &self.pointers[..self.program.derivatives];
        // SAFETY: the caller vouches for the pointers.
        unsafe { function.write_tile(h0, targets, self.series, self.factors) }
    }

    /// Some instructions in order: slot = Σ coefficient · left · right.
    ///
    /// # Safety
    /// As for [`Self::run`].
    #[inline(always)]
    unsafe fn run_instructions(&self, instructions: Range<usize>) {
        for instruction in &self.program.instructions[instructions] {
            let plain = &self.program.terms[instruction.first as usize..instruction.plain as usize];
            let weighted = &self.program.terms[instruction.plain as usize..instruction.last as usize];
            let target = self.pointers[instruction.target as usize];
            for block in (0..TILE).step_by(BLOCK) {
                let mut sum = [T::ZERO; BLOCK];
                for term in plain {
                    // SAFETY: slots are numbered below the length of the table, which leads to TILE numbers each.
                    let (a, b) = unsafe { (self.read(term.left, block), self.read(term.right, block)) };
                    for lane in 0..BLOCK {
                        sum[lane] = F::mul_add(a[lane], b[lane], sum[lane]);
                    }
                }
                for term in weighted {
                    // SAFETY: as above.
                    let (a, b) = unsafe { (self.read(term.left, block), self.read(term.right, block)) };
                    for lane in 0..BLOCK {
                        sum[lane] = F::mul_add(term.coefficient * a[lane], b[lane], sum[lane]);
                    }
                }
                // SAFETY: as above.
                unsafe { target.add(block).cast::<[T; BLOCK]>().write(sum) };
            }
        }
    }

    /// # Safety
    /// As for [`Self::run`].
    #[inline(always)]
    pub(super) unsafe fn read(&self, slot: u32, block: usize) -> [T; BLOCK] {
        // SAFETY: passed on to the caller.
        unsafe { self.pointers.get_unchecked(slot as usize).add(block).cast::<[T; BLOCK]>().read() }
    }

    /// Channel 0 of an elementwise function is g₀; it comes last, for it may overwrite h₀.
    ///
    /// # Safety
    /// As for [`Self::run`].
    #[inline(always)]
    unsafe fn write_value(&self) {
        if self.program.derivatives > 0 && self.program.outputs.first() == Some(&ChannelId::VALUE) {
            let (from, to) = (self.pointers[0], self.pointers[self.first_output]);
            // SAFETY: both lead to TILE numbers; g₀ lies in scratch, where the output is not, or in another slot.
            unsafe { std::ptr::copy_nonoverlapping(from, to, TILE) };
        }
    }
}
