//! Networks and numbers.

pub mod files;
