//! Operators and plans.

pub mod diagnostic;
pub mod document;
pub mod spec;
