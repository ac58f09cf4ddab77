//! Accuracy of every function, in both types and with both kinds of multiply-add, against correctly rounded
//! functions and, where there are none, formulas in twice the precision.
#![expect(clippy::print_stdout, reason = "each test prints the largest error and where it is")]
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "points are chosen freely")]
#![allow(clippy::float_cmp, reason = "equal is meant")]

mod judge;
mod points;
mod wide;

mod algebraic;
mod arctangent;
mod error_function;
mod exponential;
mod hyperbolic;
mod inverse;
mod lanes;
mod laws;
mod logarithm;
mod logistic;
mod power;
mod trigonometric;
