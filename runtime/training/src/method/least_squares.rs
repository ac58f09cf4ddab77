//! What Gauss–Newton methods make small: a sum of squares, with its Jacobian.

use super::Objective;

/// L(θ) = Σ rₖ(θ)², a sum over M residuals.
pub trait LeastSquares: Objective {
    /// How many residuals there are, M.
    fn residuals(&self) -> usize;

    /// The residuals r into `residuals`, \[M\], and L; not finite where they cannot be evaluated.
    fn evaluate(&mut self, parameters: &[f64], residuals: &mut [f64]) -> f64;

    /// The residuals, and J = ∂r/∂θ into `jacobian`, \[M, P\] row-major; returns L.
    fn linearise(&mut self, parameters: &[f64], residuals: &mut [f64], jacobian: &mut [f64]) -> f64;
}
