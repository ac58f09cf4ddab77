//! Self-scaled Broyden: the direction −H g with an inverse Hessian H that is kept whole, P² numbers.
//!
//! | notation | name |
//! |---|---|
//! | s, y | the last step, and the change of the gradient along it |
//! | b = sᵀH⁻¹s / yᵀs, h = yᵀHy / yᵀs, a = bh − 1 | how far H is from the secant equation H y = s |
//! | v = √(yᵀHy) (s/yᵀs − Hy/yᵀHy) | the direction that members of the family differ in |
//! | H ← (H − Hy yᵀH/yᵀHy + φ v vᵀ)/τ + s sᵀ/yᵀs | the update |
//!
//! θ = max(θ⁻, min(θ⁺, (1−b)/b)), φ = (1−θ)/(1+aθ) and the scale τ are those of M. Al-Baali (Comput. Optim. Appl. 9, 1998) as
//! J. Urbán, P. Stefanou and J. Pons have them for such networks (arXiv:2405.04230). H y = s whatever φ and τ, for vᵀy = 0.
//! Checked by `the_inverse_hessian_has_the_secant_equation` and `methods_find_the_minimum_of_a_valley`.

use rayon::prelude::*;

use super::line_search::search;
use super::{Method, Objective, State, Step, dot, norm};

const CURVATURE: f64 = 1e-12;

/// The inverse Hessian.
#[derive(Clone, Debug)]
pub struct SelfScaledBroyden {
    /// \[P, P\], symmetric.
    inverse: Vec<f64>,
    size: usize,
    is_fresh: bool,
}

impl SelfScaledBroyden {
    /// For so many parameters, with H = I.
    pub fn new(parameters: usize) -> Self {
        let mut method = Self { inverse: Vec::new(), size: parameters, is_fresh: true };
        method.begin_anew();
        method
    }

    fn begin_anew(&mut self) {
        self.inverse = vec![0.0; self.size * self.size];
        self.inverse.iter_mut().step_by(self.size + 1).for_each(|entry| *entry = 1.0);
        self.is_fresh = true;
    }

    /// H x
    fn times(&self, x: &[f64]) -> Vec<f64> {
        self.inverse.par_chunks_exact(self.size.max(1)).map(|row| dot(row, x)).collect()
    }

    /// `bs` is sᵀH⁻¹s.
    pub(super) fn update(&mut self, s: &[f64], y: &[f64], bs: f64) {
        let ys = dot(y, s);
        if self.is_fresh {
            // The size of the first curvature, in the place of one.
            let scale = ys / dot(y, y);
            self.inverse.iter_mut().for_each(|entry| *entry *= scale);
            self.is_fresh = false;
            return self.change(s, y, ys, (1.0, 1.0));
        }
        let hy = dot(y, &self.times(y));
        let (b, h) = (bs / ys, hy / ys);
        let a = (b * h - 1.0).max(0.0);
        let shorter = (1.0 / b).min(1.0);
        let (phi, tau) = if a <= 1e-14 {
            (1.0, shorter)
        } else {
            let c = (a / (a + 1.0)).sqrt();
            let rho = (h * (1.0 - c)).min(1.0);
            let theta = ((rho - 1.0) / a).max((1.0 / rho).min((1.0 - b) / b));
            let sigma = 1.0 + a * theta;
            #[allow(clippy::cast_precision_loss, reason = "a number of parameters")]
            let root = sigma.abs().powf(-1.0 / (self.size.max(2) as f64 - 1.0));
            let tau = if theta > 0.0 { shorter * root.min(1.0 / theta) } else { (shorter * root).min(sigma) };
            ((1.0 - theta) / sigma, tau)
        };
        if phi.is_finite() && tau.is_finite() && tau > 0.0 {
            self.change(s, y, ys, (phi, tau));
        }
    }

    fn change(&mut self, s: &[f64], y: &[f64], ys: f64, (phi, tau): (f64, f64)) {
        let hy = self.times(y);
        let yhy = dot(y, &hy);
        let root = yhy.sqrt();
        let v: Vec<f64> = s.iter().zip(&hy).map(|(s, hy)| root * (s / ys - hy / yhy)).collect();
        self.inverse.par_chunks_exact_mut(self.size.max(1)).enumerate().for_each(|(row, entries)| {
            for (column, entry) in entries.iter_mut().enumerate() {
                // Products of two entries first: H stays symmetric to the last bit.
                let change = phi * (v[row] * v[column]) - hy[row] * hy[column] / yhy;
                *entry = (*entry + change) / tau + s[row] * s[column] / ys;
            }
        });
    }
}

impl Method for SelfScaledBroyden {
    fn step(&mut self, objective: &mut dyn Objective, parameters: &mut [f64]) -> Step {
        let mut gradient = vec![0.0; parameters.len()];
        let loss = objective.value_and_gradient(parameters, &mut gradient);
        let gradient_norm = norm(&gradient);
        let none = Step { loss, gradient_norm, size: 0.0, is_progress: false };
        if !(loss.is_finite() && gradient_norm > 0.0) {
            return none;
        }
        for attempt in 0..2 {
            if attempt == 1 {
                if self.is_fresh {
                    break;
                }
                self.begin_anew();
            }
            let direction: Vec<f64> = self.times(&gradient).iter().map(|x| -x).collect();
            let first = if self.is_fresh { (1.0 / gradient_norm).min(1.0) } else { 1.0 };
            let Some(point) = search(objective, parameters, (loss, &gradient), &direction, first) else {
                continue;
            };
            let s: Vec<f64> = direction.iter().map(|d| point.alpha * d).collect();
            let y: Vec<f64> = point.gradient.iter().zip(&gradient).map(|(new, old)| new - old).collect();
            parameters.iter_mut().zip(&s).for_each(|(x, s)| *x += s);
            if dot(&s, &y) > CURVATURE * norm(&s) * norm(&y) {
                // H⁻¹ s = −α g
                self.update(&s, &y, -point.alpha * dot(&s, &gradient));
            }
            return Step { loss: point.loss, gradient_norm, size: norm(&s), is_progress: true };
        }
        none
    }

    fn state(&self) -> State {
        State::from([
            ("inverse".to_owned(), self.inverse.clone()),
            ("fresh".to_owned(), vec![f64::from(u8::from(self.is_fresh))]),
        ])
    }

    fn restore(&mut self, state: &State) -> bool {
        let (Some(inverse), Some(&[fresh])) = (state.get("inverse"), state.get("fresh").map(Vec::as_slice))
        else {
            return false;
        };
        if inverse.len() != self.size * self.size || inverse.iter().any(|entry| !entry.is_finite()) {
            return false;
        }
        (self.inverse, self.is_fresh) = (inverse.clone(), fresh != 0.0);
        true
    }
}
