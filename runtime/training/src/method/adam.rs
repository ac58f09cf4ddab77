//! Adam (Kingma and Ba, ICLR 2015): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η m̂/(√v̂ + ε), with m̂ and v̂ corrected for
//! their start at zero. Checked by `methods_find_the_minimum_of_a_valley` and `resumed_methods_go_on_with_the_same_bits`.

use super::{Method, Objective, State, Step, norm};

const BETA: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

/// How the rate η changes with the steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// Not at all.
    Constant,
    /// By a factor for every so many steps.
    Exponential {
        /// The factor, below one.
        factor: f64,
        /// The steps.
        every: f64,
    },
}

/// Means of the gradient and of its squares.
#[derive(Clone, Debug)]
pub struct Adam {
    rate: f64,
    schedule: Schedule,
    means: Vec<f64>,
    squares: Vec<f64>,
    steps: f64,
}

impl Adam {
    /// For so many parameters, with the rate η.
    pub fn new(parameters: usize, rate: f64, schedule: Schedule) -> Self {
        Self { rate, schedule, means: vec![0.0; parameters], squares: vec![0.0; parameters], steps: 0.0 }
    }
}

impl Method for Adam {
    fn step(&mut self, objective: &mut dyn Objective, parameters: &mut [f64]) -> Step {
        let mut gradient = vec![0.0; parameters.len()];
        let loss = objective.value_and_gradient(parameters, &mut gradient);
        let gradient_norm = norm(&gradient);
        if !(loss.is_finite() && gradient_norm.is_finite()) {
            return Step { loss, gradient_norm, size: 0.0, is_progress: false };
        }
        self.steps += 1.0;
        let rate = match self.schedule {
            Schedule::Constant => self.rate,
            Schedule::Exponential { factor, every } => self.rate * factor.powf(self.steps / every),
        };
        let corrections = BETA.map(|beta| 1.0 - beta.powf(self.steps));
        let before = parameters.to_vec();
        for (at, g) in gradient.iter().enumerate() {
            self.means[at] = BETA[0] * self.means[at] + (1.0 - BETA[0]) * g;
            self.squares[at] = BETA[1] * self.squares[at] + (1.0 - BETA[1]) * g * g;
            let mean = self.means[at] / corrections[0];
            let square = self.squares[at] / corrections[1];
            parameters[at] -= rate * mean / (square.sqrt() + EPSILON);
        }
        // A wall: back, with smaller steps from now on.
        let after = objective.value(parameters);
        if !after.is_finite() {
            parameters.copy_from_slice(&before);
            self.rate /= 2.0;
            let is_progress = self.rate > 1e-12;
            return Step { loss, gradient_norm, size: 0.0, is_progress };
        }
        Step { loss: after, gradient_norm, size: rate, is_progress: true }
    }

    fn state(&self) -> State {
        State::from([
            ("means".to_owned(), self.means.clone()),
            ("squares".to_owned(), self.squares.clone()),
            ("steps".to_owned(), vec![self.steps, self.rate]),
        ])
    }

    fn restore(&mut self, state: &State) -> bool {
        let lists = (state.get("means"), state.get("squares"), state.get("steps").map(Vec::as_slice));
        let (Some(means), Some(squares), Some(&[steps, rate])) = lists else { return false };
        if means.len() != self.means.len() || squares.len() != self.squares.len() {
            return false;
        }
        (self.means, self.squares, self.steps, self.rate) = (means.clone(), squares.clone(), steps, rate);
        true
    }
}
