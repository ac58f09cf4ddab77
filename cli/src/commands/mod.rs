//! One module for each command.

pub(crate) mod bench;
pub(crate) mod eval;
pub(crate) mod gradient;
pub(crate) mod model;
pub(crate) mod plan;
pub(crate) mod tables;
pub(crate) mod train;
