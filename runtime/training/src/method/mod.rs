//! How parameters are changed to make a loss smaller.

mod damped;
mod gauss_newton;
mod least_squares;

pub use gauss_newton::GaussNewton;
pub use least_squares::LeastSquares;

use std::collections::BTreeMap;

/// What a method remembers between steps: named lists of numbers. A method that gets them back goes on with the same bits.
pub type State = BTreeMap<String, Vec<f64>>;

/// A function of parameters θ that is to be made small.
pub trait Objective {
    /// How many parameters there are, P.
    fn parameters(&self) -> usize;

    /// L(θ); not finite where it cannot be evaluated.
    fn value(&mut self, parameters: &[f64]) -> f64;

    /// L(θ), and ∂L/∂θ into `gradient`, \[P\].
    fn value_and_gradient(&mut self, parameters: &[f64], gradient: &mut [f64]) -> f64;
}
