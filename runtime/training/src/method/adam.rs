//! Adam (Kingma and Ba, ICLR 2015): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η m̂/(√v̂ + ε), with m̂ and v̂ corrected for
//! their start at zero.
//!
//! | notation | name |
//! |---|---|
//! | η_k = η · min(1, k/W) · s(max(0, k − 1 − W)) | the rate of step k = 1, 2, …, with the schedule s and a warm-up of W steps |
//! | g ← g · min(1, c/‖g‖) | clipping (Pascanu, Mikolov, Bengio, ICML 2013) |
//!
//! Where all gradients are one vector, m̂ = g and v̂ = g², so every step goes η_k |g|/(|g| + ε) along −sign g: sums of rates are
//! what is checked by `schedules_have_their_closed_forms`; clipping by `a_clipped_spike_counts_as_much_as_the_bound`; bits by
//! `resumed_methods_go_on_with_the_same_bits`.

use super::{Method, Objective, State, Step, norm};

const BETA: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

/// How the rate η changes with the steps t = 0, 1, … behind the warm-up: the factor s(t).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Schedule {
    /// 1
    Constant,
    /// factor^(t/every)
    Exponential {
        /// The factor, below one.
        factor: f64,
        /// The steps.
        every: f64,
    },
    /// (1 + cos(π t/steps))/2, and 0 behind its end (Loshchilov and Hutter, ICLR 2017, without restarts).
    Cosine {
        /// How many steps it takes from 1 to 0.
        steps: f64,
    },
}

impl Schedule {
    /// s(t)
    pub fn factor(self, t: f64) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Exponential { factor, every } => factor.powf(t / every),
            Self::Cosine { steps } if t < steps => 0.5 * (1.0 + (std::f64::consts::PI * t / steps).cos()),
            Self::Cosine { .. } => 0.0,
        }
    }
}

/// Means of the gradient and of its squares.
#[derive(Clone, Debug)]
pub struct Adam {
    rate: f64,
    schedule: Schedule,
    warm_up: f64,
    clip: f64,
    means: Vec<f64>,
    squares: Vec<f64>,
    steps: f64,
}

impl Adam {
    /// For so many parameters, with the rate η.
    pub fn new(parameters: usize, rate: f64, schedule: Schedule) -> Self {
        let (means, squares) = (vec![0.0; parameters], vec![0.0; parameters]);
        Self { rate, schedule, warm_up: 0.0, clip: f64::INFINITY, means, squares, steps: 0.0 }
    }

    /// Lets the rate rise evenly over so many steps first.
    #[must_use]
    pub fn with_warm_up(mut self, steps: f64) -> Self {
        self.warm_up = steps;
        self
    }

    /// Shortens gradients that are longer than this.
    #[must_use]
    pub fn with_clipping(mut self, longest: f64) -> Self {
        self.clip = longest;
        self
    }

    /// η_k for the step that is taken now.
    fn rate_now(&self) -> f64 {
        let rise = if self.steps < self.warm_up { self.steps / self.warm_up } else { 1.0 };
        self.rate * rise * self.schedule.factor((self.steps - 1.0 - self.warm_up).max(0.0))
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
        let rate = self.rate_now();
        let corrections = BETA.map(|beta| 1.0 - beta.powf(self.steps));
        let before = parameters.to_vec();
        let shortened = if gradient_norm > self.clip { self.clip / gradient_norm } else { 1.0 };
        for (at, g) in gradient.iter().enumerate() {
            let g = shortened * g;
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
