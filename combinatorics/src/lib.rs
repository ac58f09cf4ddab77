//! Exact combinatorics of Taylor propagation.
//!
//! This crate holds the finite mathematics behind jetc, over arbitrary-precision rationals:
//!
//! | module | concept |
//! |---|---|
//! | [`rational`] | the scalar, factorials |
//! | [`partition`] | integer partitions |
//! | [`faa_di_bruno`] | multiplicities ν(π) of the chain rule of order K |
//! | [`vector_partition`] | the same for mixed derivatives |
//! | [`binomial`] | generalised binomial coefficients |
//! | [`multi_index`] | monomials and multi-indices, graded enumeration |
//! | [`polynomial`] | sparse polynomials, the symbols of differential operators |
//! | [`interpolation`] | Griewank–Utke–Walther coefficients γ(i, j) |
//! | [`sparse_vector`], [`elimination`] | sparse exact Gaussian elimination |
//! | [`inverse_system`] | Macaulay's inverse system: the smallest algebra that carries a symbol |
//! | [`work`] | bounds on all of it |
//! | [`quadratic_form`] | exact diagonalisation of quadratic forms |
//!
//! *Architecture invariant:* nothing here knows YAML, floating point, networks or threads. All results are
//! deterministic: they depend on the input alone, never on hash order.

pub mod binomial;
pub mod elimination;
pub mod faa_di_bruno;
pub mod interpolation;
pub mod inverse_system;
pub mod multi_index;
pub mod partition;
pub mod polynomial;
pub mod quadratic_form;
pub mod rational;
pub mod sparse_vector;
pub mod vector_partition;
pub mod work;

pub use inverse_system::{InverseSystem, InverseSystemError};
pub use multi_index::MultiIndex;
pub use partition::{Partition, Partitions};
pub use polynomial::Polynomial;
pub use rational::Rational;
pub use sparse_vector::SparseVector;
