//! How large an operator may be. Every message about a limit states it.

/// Most coordinates.
pub const COORDINATES: u64 = 1_000_000;

/// Highest order of a derivative.
pub const ORDER: u32 = 32;

/// Most directions of a set.
pub const DIRECTIONS: u64 = 1_000_000;

/// Most entries of a set of random directions, R times the coordinates of space.
pub const RANDOM_ENTRIES: u64 = 2_000_000;

/// Most summands of an output in the notation with directions.
pub const TERMS: u64 = 1_000_000;

/// Most outputs, counting the components of vectors.
pub const OUTPUTS: usize = 200_000;

/// Most definitions (parameters, unknowns, coefficients, vectors, matrices, direction sets) of a file.
pub const DEFINITIONS: usize = 10_000;

/// Deepest formula, once all names are filled in.
pub const DEPTH: u32 = 200;

/// Most terms handled while derivatives are expanded.
pub const WORK: usize = 5_000_000;

/// Most bits of an exact number, numerator and denominator together.
pub const NUMBER_BITS: u64 = 2048;

/// Largest whole exponent, up or down.
pub const EXPONENT: u32 = 1000;
