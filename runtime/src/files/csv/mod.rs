//! Numbers in text, separated by commas, semicolons, tabs or spaces.
//!
//! Written by hand rather than with a library: lines are numbered exactly (comments and blank lines included), a
//! line has a longest length, and nothing that is not a number is skipped silently.

mod lines;
mod dialect;
mod header;
mod read;
mod write;

pub(super) use dialect::Separator;
pub(super) use read::CsvReader;
pub(super) use write::CsvWriter;
