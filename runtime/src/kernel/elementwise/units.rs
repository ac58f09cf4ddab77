//! Elements of a tile in units of their own, where powers of N or coefficients leave the range of the type.
//!
//! Σₖ gₖ Nᵏ = Σₖ (uᵏ gₖ) (N/u)ᵏ for any u. A function that varies over distances far from 1 brings its own u with the series.
//! Any other takes one after the fact: where a power of N has overflowed — the fourth of 10¹⁰, in single precision — it may
//! have met a coefficient of 0, and ∞·0 is no number. Such an element is computed once more in
//! [units that fit its derivatives](crate::activation::unit_of_powers), all others of the tile as they were: their unit is as
//! before, and multiplying by powers of two rounds nothing. In the adjoint the outputs come out u times too large. Checked by `every_series_is_right_wherever_it_can_be_written`
//! and `powers_that_overflow_do_not_make_nan_of_nothing`.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

use super::TILE;
use super::run::{BLOCK, Tiles};
use crate::activation::unit_of_powers;
use crate::float::Float;
use crate::math::Fma;

impl<T: Float, F: Fma> Tiles<'_, T, F> {
    /// Whether a power of N is infinite or NaN somewhere in the tile.
    ///
    /// # Safety
    /// Every pointer of the table must lead to TILE numbers.
    #[inline(always)]
    pub(super) unsafe fn has_overflowed(&self) -> bool {
        let mut overflowed = false;
        if self.program.last_powers.is_empty() {
            return false;
        }
        for block in (0..TILE).step_by(BLOCK) {
            let mut sum = [T::ZERO; BLOCK];
            for &slot in &self.program.last_powers {
                // SAFETY: slots are numbered below the length of the table.
                let power = unsafe { self.read(slot, block) };
                for lane in 0..BLOCK {
                    // Zero for finite numbers, else NaN.
                    sum[lane] = F::mul_add(power[lane], T::ZERO, sum[lane]);
                }
            }
            for lane in sum {
                overflowed |= lane != T::ZERO;
            }
        }
        overflowed
    }

    /// Other units for the elements of which a power is infinite, if there are any that this can help.
    ///
    /// # Safety
    /// As for [`Self::has_overflowed`].
    #[cold]
    pub(super) unsafe fn change_units(&mut self) -> bool {
        if !self.is_copied() {
            self.factors.fill(T::ONE);
        }
        let mut changed = false;
        for lane in 0..TILE {
            // SAFETY: passed on to the caller.
            changed |= unsafe { self.change_unit(lane) };
        }
        if changed {
            // SAFETY: passed on to the caller.
            unsafe { self.copy_in_units() };
        }
        changed
    }

    /// # Safety
    /// As for [`Self::has_overflowed`].
    unsafe fn change_unit(&mut self, lane: usize) -> bool {
        let Some(function) = self.function else { return false };
        // SAFETY: slots are numbered below the length of the table, which leads to TILE numbers each.
        let read = |slot: usize| unsafe { self.pointers[slot].add(lane).read() };
        let is_finite = |x: T| x * T::ZERO == T::ZERO;
        let program = self.program;
        let x = read(program.derivatives);
        if !is_finite(x) || program.last_powers.iter().all(|&slot| is_finite(read(slot as usize))) {
            return false;
        }
        let is_linear = (2..program.derivatives).all(|k| read(k) == T::ZERO);
        let derivatives = (1..program.copies()).map(|input| {
            // SAFETY: as above.
            let derivative = unsafe { self.original(input).add(lane).read() };
            (derivative.to_f64(), program.orders[input])
        });
        let Some(unit) = unit_of_powers::<T>(derivatives, is_linear) else { return false };
        let series = &mut self.series.as_flattened_mut()[..program.derivatives];
        function.write_one(x, unit, series);
        for (target, &value) in self.pointers.iter().zip(series.iter()) {
            // SAFETY: as above.
            unsafe { target.add(lane).write(value) };
        }
        self.factors[lane] = T::ONE / unit;
        true
    }

    /// Takes all inputs but the value times `factors`, from now on.
    ///
    /// # Safety
    /// As for [`Self::has_overflowed`].
    #[inline(always)]
    pub(super) unsafe fn copy_in_units(&mut self) {
        for input in 1..self.program.copies() {
            let (from, to) = (self.original(input), self.copy(input));
            self.pointers[self.program.slots() + input] = from;
            for (lane, &factor) in self.factors.iter().enumerate() {
                // SAFETY: both lead to TILE numbers; the copy lies in scratch of its own.
                unsafe { to.add(lane).write(from.add(lane).read() * factor) };
            }
            self.pointers[self.program.derivatives + input] = to;
        }
    }

    /// Divides the outputs by the units: those of an adjoint, which has one derivative more than powers of N.
    ///
    /// # Safety
    /// As for [`Self::has_overflowed`].
    #[inline(always)]
    pub(super) unsafe fn leave_units(&self) {
        for &output in &self.pointers[self.first_output..self.program.slots()] {
            for (lane, &factor) in self.factors.iter().enumerate() {
                // SAFETY: passed on to the caller.
                unsafe { output.add(lane).write(output.add(lane).read() * factor) };
            }
        }
    }

    /// Whether the inputs of this tile have been copied.
    fn is_copied(&self) -> bool {
        self.program.copies() > 1 && self.pointers[self.program.derivatives + 1] == self.copy(1)
    }

    /// Where an input is copied to.
    fn copy(&self, input: usize) -> *mut T {
        // Scratch holds a tile for every copy, checked by `Scratch::suffices`.
        self.scratch.wrapping_add((self.program.slots() + input) * TILE)
    }

    /// Where an input is, or was before it was copied.
    fn original(&self, input: usize) -> *mut T {
        let now = self.pointers[self.program.derivatives + input];
        if now == self.copy(input) { self.pointers[self.program.slots() + input] } else { now }
    }
}
