//! Networks and numbers.

pub mod math;
