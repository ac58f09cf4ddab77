//! Runs a [`Program`] over dense buffers, tile by tile.
//!
//! | notation | name |
//! |---|---|
//! | hᵢ | input channel i: `length` contiguous numbers, or a short pattern that repeats |
//! | gₖ = g⁽ᵏ⁾(h₀)/k! | computed for one tile, in scratch |
//! | one instruction: slot = Σ coefficient · a · b | [`CompiledProgram::run_instructions`] |
//!
//! A tile is [`TILE`] numbers of every slot. Slots are reached through a table of pointers that is set once a tile:
//! inputs and outputs point into the buffers, everything else into scratch that stays in the first-level cache.
//! The last, partial tile goes through a padded copy. Outputs are written after all else and read no other input than
//! their own, so inputs and outputs may share their buffer. Index for index the same as
//! [`crate::reference`], which checks it.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

use std::collections::BTreeMap;
use std::marker::PhantomData;

use jetc_operators::algebra::ChannelId;
use jetc_operators::program::{Program, Slot};
use num_traits::One;

use super::aligned::Aligned;
use super::pack::LANES;
use super::series::Series;
use crate::activation::Function;
use crate::float::Float;
use crate::math::{Fma, InstructionSet, Kernel};

/// Numbers of one slot that are worked on together.
pub(crate) const TILE: usize = 128;

/// A program with its slots numbered and its coefficients rounded, for one number type.
///
/// Slots: derivatives g₀ … g_K of an elementwise function, then the channels of the first operand and of the second,
/// then powers, then output channels. Of an elementwise function the first operand starts with the value channel.
#[derive(Debug, Clone)]
pub(crate) struct CompiledProgram<T> {
    instructions: Vec<CompiledInstruction>,
    terms: Vec<CompiledTerm<T>>,
    derivatives: usize,
    inputs: Vec<ChannelId>,
    seconds: Vec<ChannelId>,
    powers: usize,
    outputs: Vec<ChannelId>,
}

#[derive(Debug, Clone, Copy)]
struct CompiledInstruction {
    target: u32,
    /// The terms `first..plain` have coefficient one, `plain..last` have not.
    first: u32,
    plain: u32,
    last: u32,
}

#[derive(Debug, Clone, Copy)]
struct CompiledTerm<T> {
    coefficient: T,
    left: u32,
    right: u32,
}

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
    /// One source for each of [`CompiledProgram::inputs`], then for each of [`CompiledProgram::seconds`].
    pub(crate) sources: &'a [Source<'a, T>],
    /// The output buffer.
    pub(crate) output: &'a mut [T],
    /// The offset of each of [`CompiledProgram::outputs`] in the output buffer.
    pub(crate) targets: &'a [usize],
    /// How many numbers each channel has.
    pub(crate) length: usize,
}

impl<T: Float> CompiledProgram<T> {
    /// An elementwise function. The value channel is always among the inputs; among the outputs if `value_is_live`.
    pub(crate) fn elementwise(program: &Program, value_is_live: bool) -> Self {
        let derivatives = program.highest_derivative() as usize + 1;
        let inputs = std::iter::once(ChannelId::VALUE).chain(program.inputs()).collect();
        let value = value_is_live.then_some(ChannelId::VALUE);
        let outputs = value.into_iter().chain(program.outputs()).collect();
        Self::new(program, derivatives, inputs, outputs)
    }

    /// A product of two operands.
    pub(crate) fn product(program: &Program) -> Self {
        let (inputs, outputs) = (program.inputs(), program.outputs());
        Self::new(program, 0, inputs.into_iter().collect(), outputs.into_iter().collect())
    }

    /// Numbers the slots.
    fn new(program: &Program, derivatives: usize, inputs: Vec<ChannelId>, outputs: Vec<ChannelId>) -> Self {
        let seconds: Vec<ChannelId> = program.seconds().into_iter().collect();
        let powers: Vec<Slot> = program
            .instructions()
            .iter()
            .map(|instruction| instruction.target)
            .filter(|slot| matches!(slot, Slot::Power { .. }))
            .collect();
        let slots = (0..)
            .take(derivatives)
            .map(Slot::Derivative)
            .chain(inputs.iter().copied().map(Slot::Input))
            .chain(seconds.iter().copied().map(Slot::Second))
            .chain(powers.iter().copied())
            .chain(outputs.iter().copied().map(Slot::Output));
        let numbers: BTreeMap<Slot, u32> = slots.zip(0..).collect();
        let mut compiled = Self {
            instructions: Vec::new(),
            terms: Vec::new(),
            derivatives,
            inputs,
            seconds,
            powers: powers.len(),
            outputs,
        };
        for instruction in program.instructions() {
            compiled.push(instruction, &numbers);
        }
        compiled
    }

    fn push(&mut self, instruction: &jetc_operators::program::Instruction, numbers: &BTreeMap<Slot, u32>) {
        let position =
            |terms: &Vec<CompiledTerm<T>>| u32::try_from(terms.len()).expect("programs are bounded");
        let first = position(&self.terms);
        let mut plain = first;
        for with_coefficient in [false, true] {
            for term in instruction.terms.iter().filter(|t| t.coefficient.is_one() != with_coefficient) {
                self.terms.push(CompiledTerm {
                    coefficient: T::from_rational(&term.coefficient),
                    left: numbers[&term.left],
                    right: numbers[&term.right],
                });
            }
            if !with_coefficient {
                plain = position(&self.terms);
            }
        }
        let target = numbers[&instruction.target];
        let last = position(&self.terms);
        self.instructions.push(CompiledInstruction { target, first, plain, last });
    }

    /// The channels of the first operand that are read, the value channel of an elementwise function first.
    pub(crate) fn inputs(&self) -> &[ChannelId] {
        &self.inputs
    }

    /// The channels of the second operand that are read.
    pub(crate) fn seconds(&self) -> &[ChannelId] {
        &self.seconds
    }

    /// The output channels that are written.
    pub(crate) fn outputs(&self) -> &[ChannelId] {
        &self.outputs
    }

    fn slots(&self) -> usize {
        self.first_output() + self.outputs.len()
    }

    fn first_output(&self) -> usize {
        self.derivatives + self.inputs.len() + self.seconds.len() + self.powers
    }

    /// All elements of all channels; `function` is that of an elementwise program, and not looked at by a product.
    pub(crate) fn run(
        &self,
        set: InstructionSet,
        function: Option<&Function>,
        operands: Operands<'_, T>,
        scratch: &mut Scratch<T>,
    ) {
        assert_eq!(operands.sources.len(), self.inputs.len() + self.seconds.len());
        assert!(function.is_some() || self.derivatives == 0, "an elementwise program has a function");
        assert_eq!(operands.targets.len(), self.outputs.len());
        assert!(scratch.suffices(self));
        operands.check_bounds();
        let series = function.map(|function| Series::new(set, function));
        T::run_program(set, Run { program: self, series, operands, scratch });
    }
}

impl<T: Float> Operands<'_, T> {
    /// Everything that the pointers of the kernel rely on.
    fn check_bounds(&self) {
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

/// The memory that programs work in, for one thread.
#[derive(Debug)]
pub(crate) struct Scratch<T> {
    /// A tile for every slot.
    tiles: Aligned<T>,
    /// Where every slot is now.
    pointers: Pointers<T>,
    series: Vec<[T; LANES]>,
}

/// Pointers that are set anew by every run and never followed outside of one.
#[derive(Debug)]
struct Pointers<T>(Vec<*mut T>);

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

    fn suffices(&self, program: &CompiledProgram<T>) -> bool {
        let slots = program.slots();
        self.tiles.len() >= slots * TILE
            && self.pointers.0.len() >= slots
            && self.series.len() >= program.derivatives
    }
}

/// A program on its way through the tiles.
#[derive(Debug)]
pub struct Run<'a, T> {
    program: &'a CompiledProgram<T>,
    series: Option<Series<'a>>,
    operands: Operands<'a, T>,
    scratch: &'a mut Scratch<T>,
}

impl<T: Float> Kernel for Run<'_, T> {
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

impl<T: Float> Source<'_, T> {
    /// Where the tile from element `start` on is read.
    ///
    /// # Safety
    /// `output` must be the buffer that the bounds were checked for, and `start` below the length.
    #[inline(always)]
    unsafe fn at(&self, output: *const T, start: usize) -> *const T {
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

/// The state of a run: where every slot is now.
struct Tiles<'a, T, F> {
    program: &'a CompiledProgram<T>,
    function: Option<Series<'a>>,
    pointers: &'a mut [*mut T],
    first_output: usize,
    scratch: *mut T,
    series: &'a mut [[T; LANES]],
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
            pointers: &mut scratch.pointers.0[..program.slots()],
            first_output: program.first_output(),
            scratch: scratch.tiles.as_mut_ptr(),
            series: &mut scratch.series[..program.derivatives],
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
            self.run_series();
            self.run_instructions();
            self.write_value();
        }
    }

    /// gₖ for the tile, into the slots of the derivatives.
    ///
    /// # Safety
    /// As for [`Self::run`].
    #[inline(always)]
    unsafe fn run_series(&mut self) {
        let Some(function) = self.function else { return };
        let h0 = self.pointers[self.program.derivatives];
        let targets = &self.pointers[..self.program.derivatives];
        // SAFETY: the caller vouches for the pointers.
        unsafe { function.write_tile(h0, targets, self.series) };
    }

    /// Every instruction in order: slot = Σ coefficient · left · right.
    ///
    /// # Safety
    /// As for [`Self::run`].
    #[inline(always)]
    unsafe fn run_instructions(&self) {
        for instruction in &self.program.instructions {
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
    unsafe fn read(&self, slot: u32, block: usize) -> [T; BLOCK] {
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

/// Numbers that one instruction accumulates in registers at a time.
const BLOCK: usize = 32;
