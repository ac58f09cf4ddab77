//! Solves differential equations with neural networks.
//!
//! | module | concept |
//! |---|---|
//! | [`method`] | how parameters are changed to make a loss smaller |
//!
//! *Architecture invariant:* this crate knows no command line; it never prints.

pub mod method;
pub mod system;
