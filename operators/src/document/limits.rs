//! How large a document may be.

/// Largest file, in bytes.
pub const FILE_BYTES: usize = 16 << 20;

/// Most nodes (scalars, lists and mappings) of a document, counted after aliases are replaced by what they stand for.
pub const NODES: usize = 1_000_000;

/// Deepest nesting of lists and mappings.
pub const DEPTH: usize = 64;

/// Most bytes of scalar text, counted after aliases are replaced by what they stand for.
pub const SCALAR_BYTES: usize = 64 << 20;

/// Most digits of a number as written.
pub const NUMBER_DIGITS: usize = 400;

/// Largest decimal exponent of a number as written, up or down.
pub const NUMBER_EXPONENT: u32 = 400;
