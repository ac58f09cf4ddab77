//! Operators and plans.
