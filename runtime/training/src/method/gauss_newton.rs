//! Gauss–Newton steps with Levenberg–Marquardt damping and geodesic acceleration.
//!
//! | notation | name |
//! |---|---|
//! | δ₁ = argmin ‖J δ + r‖² + μ ‖δ‖² | the damped step |
//! | r″ = d²/ds² r(θ + s δ₁) at s = 0 | how residuals bend along it |
//! | δ₂ = argmin ‖J δ + ½ r″‖² + μ ‖δ‖² | the acceleration; the step is δ₁ + δ₂ |
//! | ρ = (L(θ) − L(θ + δ)) / (‖r‖² − ‖J δ₁ + r‖²) | the gain: actual over predicted |
//!
//! A step is taken if L falls; then μ falls by up to [`FALL`], the more the nearer the gain is to one, and otherwise it rises,
//! each time faster. The acceleration counts where it is a correction: 2 ‖δ₂‖ ≤ [`MOST_BEND`] ‖δ₁‖.
//!
//! r″ is a difference of two residuals along the step, ([`BEND`] of it apart), as Transtrum and Sethna have it; the derivative
//! along the step is exact, so the error is that of the third order alone. Sources: J. Nocedal, S. Wright, Numerical
//! Optimization, chapter 10; H. B. Nielsen, Damping parameter in Marquardt's method, 1999; M. Transtrum, J. Sethna,
//! arXiv:1201.5885. Checked by `a_linear_problem_takes_one_step` and `a_resumed_run_has_the_same_bits`.

use faer::MatRef;

use super::damped::{Damped, times};
use super::{LeastSquares, State, moved, norm};

/// By how much damping falls at most, and rises first.
const FALL: f64 = 1.0 / 5.0;
const RISE: f64 = 2.0;
/// Where the second derivative is taken, as a part of the step.
const BEND: f64 = 0.1;
const MOST_BEND: f64 = 0.75;
/// Trials for one step, each with more damping.
const TRIALS: usize = 24;
/// Least damping, as a part of tr JᵀJ: beyond that QR has nothing left to gain.
const LEAST: f64 = 1e-26;

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaussNewtonStep {
    /// L behind the step.
    pub loss: f64,
    /// ‖∂L/∂θ‖ before it.
    pub gradient_norm: f64,
    /// μ
    pub damping: f64,
    /// ‖δ‖
    pub size: f64,
    /// How many times residuals were evaluated.
    pub evaluations: usize,
    /// Whether there was a step that makes L smaller.
    pub is_progress: bool,
}

/// The damping, and how it last changed.
#[derive(Clone, Debug)]
pub struct GaussNewton {
    damping: f64,
    rise: f64,
    accelerate: bool,
}

impl GaussNewton {
    /// Begins with the damping μ = `damping`.
    pub fn new(damping: f64, accelerate: bool) -> Self {
        Self { damping, rise: RISE, accelerate }
    }

    /// One step from `parameters`, which stay where they are if there is none that makes L smaller.
    pub fn step(&mut self, problem: &mut dyn LeastSquares, parameters: &mut [f64]) -> GaussNewtonStep {
        let (rows, columns) = (problem.residuals(), parameters.len());
        let (mut residuals, mut jacobian) = (vec![0.0; rows], vec![0.0; rows * columns]);
        let loss = problem.linearise(parameters, &mut residuals, &mut jacobian);
        let damped = Damped::new(&jacobian, &residuals);
        let gradient = damped.gradient();
        let gradient_norm = 2.0 * norm(&gradient);
        let negative: Vec<f64> = residuals.iter().map(|r| -r).collect();
        let linear = MatRef::from_row_major_slice(&jacobian, rows, columns);
        let mut step = GaussNewtonStep {
            loss,
            gradient_norm,
            damping: self.damping,
            size: 0.0,
            evaluations: 1,
            is_progress: false,
        };
        let (mut next, mut at) = (vec![0.0; columns], vec![0.0; rows]);
        for _ in 0..TRIALS {
            self.damping = self.damping.max(LEAST * damped.trace());
            step.damping = self.damping;
            let factor = damped.at(self.damping);
            let Some(mut delta) = factor.as_ref().and_then(|factor| factor.solve(&negative)) else {
                self.raise();
                continue;
            };
            let product = times(linear, &delta);
            // ‖r‖² − ‖J δ + r‖²
            let predicted: f64 = residuals.iter().zip(&product).map(|(r, d)| -d * (2.0 * r + d)).sum();
            if self.accelerate {
                moved(parameters, &delta, BEND, &mut next);
                let bent = problem.evaluate(&next, &mut at);
                step.evaluations += 1;
                if bent.is_finite() {
                    // r(θ + hδ) = r + h Jδ + ½ h² r″
                    let half: Vec<f64> = (0..rows)
                        .map(|row| -((at[row] - residuals[row]) / BEND - product[row]) / BEND)
                        .collect();
                    if let Some(bend) = factor.as_ref().and_then(|factor| factor.solve(&half))
                        && 2.0 * norm(&bend) <= MOST_BEND * norm(&delta)
                    {
                        delta.iter_mut().zip(&bend).for_each(|(delta, bend)| *delta += bend);
                    }
                }
            }
            moved(parameters, &delta, 1.0, &mut next);
            let after = problem.evaluate(&next, &mut at);
            step.evaluations += 1;
            if after < loss {
                let gain = (loss - after) / predicted.max(f64::MIN_POSITIVE);
                parameters.copy_from_slice(&next);
                self.damping *= (1.0 - (2.0 * gain - 1.0).powi(3)).clamp(FALL, RISE);
                self.rise = RISE;
                return GaussNewtonStep { loss: after, size: norm(&delta), is_progress: true, ..step };
            }
            self.raise();
        }
        step
    }

    fn raise(&mut self) {
        self.damping *= self.rise;
        self.rise *= 2.0;
    }

    /// What is needed to go on with the same bits.
    pub fn state(&self) -> State {
        State::from([("damping".to_owned(), vec![self.damping, self.rise])])
    }

    /// Goes on from a state; `false` if it is none of this method's.
    pub fn restore(&mut self, state: &State) -> bool {
        let Some(&[damping, rise]) = state.get("damping").map(Vec::as_slice) else { return false };
        (self.damping, self.rise) = (damping, rise);
        true
    }
}
