//! The series of an elementwise function for one tile of arguments.
//!
//! The choice of the function is made once a tile, and each is code of its own for each instruction set: a recurrence that
//! shared a loop with others would be slow to compile. Functions that are seldom used, and those of users, go lane by
//! lane through [`crate::jet::JetScalar`]. A function with units of its own writes uᵏ gₖ, and 1/u. Checked by `every_strategy_agrees_with_the_reference_for_every_activation`.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

use super::elementwise::TILE;
use super::pack::{LANES, Pack};
use crate::activation::{Function, Rule, RuleVisitor};
use crate::element::Element;
use crate::float::Float;
use crate::math::{Fma, InstructionSet, Kernel};

/// A function with the instructions to compute it with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Series<'a> {
    set: InstructionSet,
    function: &'a Function,
}

impl<'a> Series<'a> {
    pub(super) fn new(set: InstructionSet, function: &'a Function) -> Self {
        Self { set, function }
    }

    /// Writes uᵏ gₖ for TILE numbers behind `x` to those behind `targets[k]`; `series` is scratch, as long as `targets`.
    /// Returns whether any u, the function's unit there, is other than 1; then `factors` are 1/u.
    ///
    /// # Safety
    /// TILE numbers must be behind every pointer.
    pub(super) unsafe fn write_tile<T: Float>(
        &self,
        x: *const T,
        targets: &[*mut T],
        series: &mut [[T; LANES]],
        factors: &mut [T; TILE],
    ) -> bool {
        let tile = Tile { set: self.set, function: self.function, x, targets, series, factors };
        match self.function {
            Function::Known(activation) => activation.accept(tile),
            // SAFETY: passed on to the caller.
            Function::Custom(_) => unsafe { tile.lane_by_lane() },
        }
    }

    /// Writes uᵏ gₖ for one number x and any unit u.
    pub(super) fn write_one<T: Float>(&self, x: T, unit: T, series: &mut [T]) {
        T::series_in_units(self.function, &x, Some(&unit), series).expect("floats have every function");
    }
}

/// One tile of arguments and of every uᵏ gₖ; behind every pointer are TILE numbers.
struct Tile<'a, T> {
    set: InstructionSet,
    function: &'a Function,
    x: *const T,
    targets: &'a [*mut T],
    series: &'a mut [[T; LANES]],
    factors: &'a mut [T; TILE],
}

impl<T: Float> Tile<'_, T> {
    /// # Safety
    /// TILE numbers must be behind every pointer.
    unsafe fn lane_by_lane(self) -> bool {
        let mut has_units = false;
        let series = &mut self.series.as_flattened_mut()[..self.targets.len()];
        for lane in 0..TILE {
            // SAFETY: passed on to the caller.
            let x = unsafe { self.x.add(lane).read() };
            let factor =
                T::series_in_units(self.function, &x, None, series).expect("floats have every function");
            self.factors[lane] = factor;
            has_units |= factor != T::ONE;
            for (target, value) in self.targets.iter().zip(series.iter()) {
                // SAFETY: passed on to the caller.
                unsafe { target.add(lane).write(*value) };
            }
        }
        has_units
    }
}

impl<T: Float> RuleVisitor for Tile<'_, T> {
    type Output = bool;

    fn visit<R: Rule>(self, rule: R) -> bool {
        self.set.run(InPacks { rule, tile: self })
    }

    fn visit_rare<R: Rule>(self, _: R) -> bool {
        // SAFETY: a tile has TILE numbers behind every pointer.
        unsafe { self.lane_by_lane() }
    }
}

/// A tile, `LANES` numbers at a time.
struct InPacks<'a, T, R> {
    rule: R,
    tile: Tile<'a, T>,
}

impl<T: Float, R: Rule> Kernel for InPacks<'_, T, R> {
    type Output = bool;

    #[inline(always)]
    fn run<F: Fma>(self) -> bool {
        // Of known length the compiler unrolls recurrences and keeps series in registers: those of second order and fourth, and
        // of their adjoints, which have one derivative more.
        match self.tile.targets.len() {
            3 => self.of_length::<F, 3>(),
            4 => self.of_length::<F, 4>(),
            5 => self.of_length::<F, 5>(),
            6 => self.of_length::<F, 6>(),
            _ => self.of_any_length::<F>(),
        }
    }
}

impl<T: Float, R: Rule> InPacks<'_, T, R> {
    #[inline(always)]
    fn of_length<F: Fma, const LENGTH: usize>(self) -> bool {
        let Tile { x, targets, factors, .. } = self.tile;
        let mut has_units = false;
        for lane in (0..TILE).step_by(LANES) {
            // SAFETY: the tile has TILE numbers, a multiple of LANES.
            let x = Pack::<T, F>::new(unsafe { x.add(lane).cast::<[T; LANES]>().read() });
            let mut series: [Pack<T, F>; LENGTH] = std::array::from_fn(|_| Pack::zero());
            has_units |= write_pack(self.rule, &x, &mut series, &mut factors[lane..lane + LANES]);
            for k in 0..LENGTH {
                // SAFETY: as above.
                unsafe { targets[k].add(lane).cast::<[T; LANES]>().write(series[k].lanes) };
            }
        }
        has_units
    }

    #[inline(always)]
    fn of_any_length<F: Fma>(self) -> bool {
        let Tile { x, targets, series, factors, .. } = self.tile;
        let mut has_units = false;
        // SAFETY: a pack is its lanes and nothing else.
        let series: &mut [Pack<T, F>] =
            unsafe { std::slice::from_raw_parts_mut(series.as_mut_ptr().cast(), series.len()) };
        for lane in (0..TILE).step_by(LANES) {
            // SAFETY: the tile has TILE numbers, a multiple of LANES.
            let x = Pack::new(unsafe { x.add(lane).cast::<[T; LANES]>().read() });
            has_units |= write_pack(self.rule, &x, series, &mut factors[lane..lane + LANES]);
            for (target, entry) in targets.iter().zip(series.iter()) {
                // SAFETY: as above.
                unsafe { target.add(lane).cast::<[T; LANES]>().write(entry.lanes) };
            }
        }
        has_units
    }
}

/// The series of one pack in the units of the rule, if it has some.
#[inline(always)]
fn write_pack<T: Float, F: Fma, R: Rule>(
    rule: R,
    x: &Pack<T, F>,
    series: &mut [Pack<T, F>],
    factors: &mut [T],
) -> bool {
    if !R::HAS_UNIT {
        rule.series(x, series);
        return false;
    }
    let unit = rule.unit(x);
    rule.series_in_units(x, &unit, series);
    let mut has_units = false;
    for (factor, unit) in factors.iter_mut().zip(unit.lanes) {
        *factor = T::ONE / unit;
        has_units |= unit != T::ONE;
    }
    has_units
}
