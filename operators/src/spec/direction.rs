//! Directions in which derivatives are taken.

use jetc_combinatorics::SparseVector;

/// A vector of ℚⁿ by coordinate, stored sparsely.
pub type Direction = SparseVector<u32>;
