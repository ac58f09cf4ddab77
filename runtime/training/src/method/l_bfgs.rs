//! L-BFGS: the direction −H g with H from the last m steps s and changes y of the gradient, by two loops.
//!
//! Source: J. Nocedal, Math. Comp. 35 (1980); H₀ = (sᵀy/yᵀy) I. Pairs without curvature, sᵀy ≤ ε ‖s‖‖y‖, are left out; a
//! direction that does not descend begins anew with −g. Checked by `methods_find_the_minimum_of_a_valley`.

use std::collections::VecDeque;

use super::line_search::search;
use super::{Method, Objective, State, Step, dot, norm};

/// Pairs that are kept.
pub(crate) const PAIRS: usize = 30;
/// Curvature below this, as a cosine, is rounding.
const CURVATURE: f64 = 1e-12;

/// The last pairs.
#[derive(Clone, Debug, Default)]
pub struct LBfgs {
    pairs: VecDeque<(Vec<f64>, Vec<f64>)>,
}

impl LBfgs {
    /// Without a past.
    pub fn new() -> Self {
        Self::default()
    }

    fn direction(&self, gradient: &[f64]) -> Vec<f64> {
        let mut q: Vec<f64> = gradient.iter().map(|g| -g).collect();
        let mut factors = Vec::with_capacity(self.pairs.len());
        for (s, y) in self.pairs.iter().rev() {
            let factor = dot(s, &q) / dot(s, y);
            for (q, y) in q.iter_mut().zip(y) {
                *q -= factor * y;
            }
            factors.push(factor);
        }
        if let Some((s, y)) = self.pairs.back() {
            let scale = dot(s, y) / dot(y, y);
            for q in &mut q {
                *q *= scale;
            }
        }
        for ((s, y), factor) in self.pairs.iter().zip(factors.into_iter().rev()) {
            let correction = factor - dot(y, &q) / dot(s, y);
            for (q, s) in q.iter_mut().zip(s) {
                *q += correction * s;
            }
        }
        q
    }
}

impl Method for LBfgs {
    fn step(&mut self, objective: &mut dyn Objective, parameters: &mut [f64]) -> Step {
        // Points and weights may have changed since the last step.
        let mut gradient = vec![0.0; parameters.len()];
        let loss = objective.value_and_gradient(parameters, &mut gradient);
        let gradient_norm = norm(&gradient);
        let mut none = Step { loss, gradient_norm, size: 0.0, is_progress: false };
        if !(loss.is_finite() && gradient_norm > 0.0) {
            return none;
        }
        for attempt in 0..2 {
            if attempt == 1 {
                if self.pairs.is_empty() {
                    break;
                }
                self.pairs.clear();
            }
            let direction = self.direction(&gradient);
            let first = if self.pairs.is_empty() { (1.0 / gradient_norm).min(1.0) } else { 1.0 };
            let Some(point) = search(objective, parameters, (loss, &gradient), &direction, first) else {
                continue;
            };
            let s: Vec<f64> = direction.iter().map(|d| point.alpha * d).collect();
            let y: Vec<f64> = point.gradient.iter().zip(&gradient).map(|(new, old)| new - old).collect();
            parameters.iter_mut().zip(&s).for_each(|(x, s)| *x += s);
            none = Step { loss: point.loss, gradient_norm, size: norm(&s), is_progress: true };
            if dot(&s, &y) > CURVATURE * norm(&s) * norm(&y) {
                self.pairs.push_back((s, y));
                if self.pairs.len() > PAIRS {
                    self.pairs.pop_front();
                }
            }
            break;
        }
        none
    }

    fn state(&self) -> State {
        let named = self.pairs.iter().enumerate();
        named
            .flat_map(|(at, (s, y))| [(format!("s.{at:03}"), s.clone()), (format!("y.{at:03}"), y.clone())])
            .chain([("pairs".to_owned(), vec![count(self.pairs.len())])])
            .collect()
    }

    fn restore(&mut self, state: &State) -> bool {
        let Some(&[pairs]) = state.get("pairs").map(Vec::as_slice) else { return false };
        let mut restored = VecDeque::new();
        for at in (0..PAIRS).take_while(|&at| count(at) < pairs) {
            let list = |name: &str| state.get(&format!("{name}.{at:03}")).cloned();
            let (Some(s), Some(y)) = (list("s"), list("y")) else { return false };
            let is_right = |pair: &Vec<f64>| pair.len() == s.len() && pair.iter().all(|x| x.is_finite());
            if !(is_right(&s) && is_right(&y))
                || restored.front().is_some_and(|(first, _): &(Vec<f64>, _)| first.len() != s.len())
            {
                return false;
            }
            restored.push_back((s, y));
        }
        self.pairs = restored;
        true
    }
}

#[allow(clippy::cast_precision_loss, reason = "few pairs")]
fn count(pairs: usize) -> f64 {
    pairs as f64
}
