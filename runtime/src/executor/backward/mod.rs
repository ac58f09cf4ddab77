//! The way back: from the cotangents of the results to those of points and numbers.
//!
//! | step | file |
//! |---|---|
//! | which nodes have cotangents, and where | `tape.rs` |
//! | from columns to the channels of the output | `../readout.rs`, `../formula.rs` |
//! | one leaf: a few points forwards and back, on one thread | `leaf.rs` |
//! | from parameters to derived numbers, and back | `prelude.rs` |
//! | what is summed over points, and by which tree | `sums.rs`, `tree.rs` |
//!
//! | notation | name |
//! |---|---|
//! | ȳ_c = ∂L/∂y_c | the cotangent of channel c of a node, L what is differentiated |
//! | z | the derived numbers of the network; z̄ their cotangents, summed over points |
//!
//! *Theory:* DESIGN of reverse mode over a jet algebra: the cotangent of y ∈ A ⊗ ℝᵒ lives in the dual of A, on which A acts by
//! the transposed product table; see [`jetc_operators::program`].

mod leaf;
mod prelude;
mod sums;
mod tape;
mod tree;

pub(crate) use leaf::{Leaf, Passes, Recipient};
pub(crate) use prelude::Prelude;
pub(crate) use sums::{Layout, Sums};
pub(crate) use tape::Tape;
pub(crate) use tree::{Share, Widths, tree};
