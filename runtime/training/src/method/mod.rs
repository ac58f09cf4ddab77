//! How parameters are changed to make a loss smaller.

mod adam;
mod broyden;
mod damped;
mod gauss_newton;
mod l_bfgs;
mod least_squares;
mod line_search;
#[cfg(test)]
mod tests;

pub use adam::{Adam, Schedule};
pub use broyden::SelfScaledBroyden;
pub(crate) use damped::WIDEST_QR as GAUSS_NEWTON_WIDEST_QR;
pub use gauss_newton::{GaussNewton, GaussNewtonStep};
pub use l_bfgs::LBfgs;
pub(crate) use l_bfgs::PAIRS as L_BFGS_PAIRS;
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

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// L behind it.
    pub loss: f64,
    /// ‖∂L/∂θ‖ before it.
    pub gradient_norm: f64,
    /// How far it went.
    pub size: f64,
    /// Whether there was one: otherwise the parameters are where they were.
    pub is_progress: bool,
}

/// A method that needs the loss and its gradient alone.
pub trait Method: std::fmt::Debug {
    /// One step. It never ends where the loss is not finite.
    fn step(&mut self, objective: &mut dyn Objective, parameters: &mut [f64]) -> Step;

    /// What is needed to go on with the same bits.
    fn state(&self) -> State;

    /// Goes on from a state; `false` if it is none of this method's.
    fn restore(&mut self, state: &State) -> bool;
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(vector: &[f64]) -> f64 {
    dot(vector, vector).sqrt()
}

/// x + s d into `next`.
fn moved(x: &[f64], direction: &[f64], scale: f64, next: &mut [f64]) {
    for ((next, x), d) in next.iter_mut().zip(x).zip(direction) {
        *next = x + scale * d;
    }
}
