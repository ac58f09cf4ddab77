//! Runs a [`Program`](jetc_operators::program::Program) over dense buffers, tile by tile.
//!
//! | notation | name |
//! |---|---|
//! | hᵢ | input channel i: `length` contiguous numbers, or a short pattern that repeats |
//! | gₖ = g⁽ᵏ⁾(h₀)/k! | computed for one tile, in scratch |
//! | u, a power of two | the unit of an element, mostly 1; h/u and uᵏ gₖ take the place of h and gₖ |
//! | one instruction: slot = Σ coefficient · a · b | `Tiles::run_instructions` |
//!
//! | what is where | file |
//! |---|---|
//! | slots and coefficients | `program.rs` |
//! | the dense memory of one call | `operands.rs` |
//! | the memory of a thread | `scratch.rs` |
//! | tile by tile | `run.rs` |
//! | what does not fit the range of the type | `units.rs` |
//!
//! A tile is [`TILE`] numbers of every slot. Slots are reached through a table of pointers that is set once a tile:
//! inputs and outputs point into the buffers, everything else into scratch that stays in the first-level cache.
//! The last, partial tile goes through a padded copy. Outputs are written after all else and read no other input than
//! their own, so inputs and outputs may share their buffer. Index for index the same as
//! [`crate::reference`], which checks it.

mod operands;
mod program;
mod run;
mod scratch;
mod units;

pub(crate) use operands::{Operands, Source};
pub(crate) use program::CompiledProgram;
pub(crate) use run::TileRun;
pub(crate) use scratch::Scratch;

/// Numbers of one slot that are worked on together.
pub(crate) const TILE: usize = 128;
