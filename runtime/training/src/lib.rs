//! Solves differential equations with neural networks.
//!
//! | module | concept |
//! |---|---|
//! | [`method`] | how parameters are changed to make a loss smaller |
//! | [`picture`] | losses, fields and curves as pictures |
//!
//! *Architecture invariant:* this crate knows no command line; it never prints.

pub mod method;
pub mod picture;
