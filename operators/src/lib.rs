//! Operators and plans.

pub mod builtin;
pub mod diagnostic;
pub mod document;
pub mod expression;
pub mod spec;
mod symbolic;
