//! Operators and plans.

pub mod diagnostic;
pub mod document;
pub mod expression;
pub mod spec;
