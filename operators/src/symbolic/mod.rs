//! Formulas in coordinates, fields and their derivatives, in a form that shows what is linear.
//!
//! A formula is a node of a [`Graph`]. Equal formulas are one node. What is linear with constant coefficients in one
//! field is a single node, [`Node::Linear`], with its symbol; sums keep at most one such node for each field, and
//! collect products that differ in one linear factor only: `a*u_xx + a*u_yy` is `a` times one linear node. So the
//! linear operators of a file stay whole, however they were written, and few linear nodes remain.
//!
//! Products of sums are *not* multiplied out: formulas stay small, and are evaluated the way they were written.
//!
//! Work and sizes are bounded by [`limits`](crate::spec::limits); every operation that may exceed them says so.

mod derivative;
mod directions;
mod failure;
mod function;
mod graph;
mod product;
mod sum;

pub(crate) use failure::Failure;
pub(crate) use graph::{Graph, Node, NodeId};
