//! The npy format of numpy: one array, a text header in front of it.
//!
//! <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>

mod header;
mod read;
mod write;

pub(super) use header::NpyHeader;
pub(super) use read::MatrixReader;
pub(super) use write::{NpyWriter, header_bytes, header_of};
