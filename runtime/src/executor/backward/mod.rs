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
//! The cotangent of y ∈ A ⊗ ℝᵒ lies in the dual of the algebra A, on which A acts by the transposed product table: dy = g′(h) dh
//! in A gives h̄ as ȳ, multiplied by g′(h) there. See [`jetc_operators::program`]. Checked by
//! `derivatives_of_random_graphs_are_those_of_dual_numbers`.

mod leaf;
mod prelude;
mod sums;
mod tape;
mod tree;

pub(crate) use leaf::{Leaf, Passes, Recipient};
pub(crate) use prelude::{Prelude, WayBack};
use sums::Layout;
pub(crate) use sums::Sums;
use tape::Tape;
pub(crate) use tree::{Leaves, SUMS_OF_A_LANE, Share, Widths, tree};
