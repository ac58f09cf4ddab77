//! Exact combinatorics of Taylor propagation.
