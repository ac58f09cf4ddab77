//! What is evaluated: an operator on a network of layers of equal width.
//!
//! Weights are drawn uniformly with variance 1/n, n the inputs of the layer, so that values and derivatives neither grow
//! nor fade with depth and width; biases between −1 and 1. All are rounded to `f32`.

use jetc_operators::{OperatorSpec, Plan, PlanError, Strategy};
use jetc_runtime::{Activation, Matrix, Network};

use crate::numbers::{numbers, points};

/// An operator with the network and the points.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// As it is written in an operator file, of u.
    pub operator: &'static str,
    /// Coordinates x1, x2, ….
    pub dimension: usize,
    /// The width of each hidden layer.
    pub hidden: Vec<usize>,
    /// What follows each hidden layer.
    pub activation: Activation,
    /// How many points.
    pub points: usize,
}

/// The operators of the study and how they are printed.
pub const OPERATORS: [(&str, &str); 9] = [
    ("lap(u)", "Δ"),
    ("lap(lap(u))", "Δ²"),
    ("lap(lap(lap(u)))", "Δ³"),
    ("d(u, x1: 1, x2: 1)", "∂₁∂₂"),
    ("d(u, x1: 2, x2: 2)", "∂₁²∂₂²"),
    ("d(u, x1: 3, x2: 3)", "∂₁³∂₂³"),
    ("d(u, x1: 1, x2: 1, x3: 1, x4: 1)", "∂₁∂₂∂₃∂₄"),
    ("d(u, x1: 4)", "∂₁⁴"),
    ("d(u, x1: 6)", "∂₁⁶"),
];

impl Case {
    /// `tanh 64·64·64`
    pub fn network_name(&self) -> String {
        let widths: Vec<String> = self.hidden.iter().map(ToString::to_string).collect();
        format!("{} {}", self.activation, widths.join("·"))
    }

    /// The operator's mathematical sign, the text itself if it has none.
    pub fn sign(&self) -> &'static str {
        OPERATORS.iter().find(|(text, _)| *text == self.operator).map_or(self.operator, |(_, sign)| sign)
    }

    /// The proven plan of a strategy.
    ///
    /// # Errors
    /// If the operator is too large for the strategy.
    ///
    /// # Panics
    /// If the operator is not one.
    pub fn plan(&self, strategy: Strategy) -> Result<Plan, PlanError> {
        let (dimension, operator) = (self.dimension, self.operator);
        let text = format!("coordinates: {{space: {{x: {dimension}}}}}\noutputs: {{value: '{operator}'}}\n");
        OperatorSpec::from_yaml("case", &text).expect("the operator can be read").plan(strategy)
    }

    /// The network, and what of it comes before the last activation.
    ///
    /// # Panics
    /// If there is no hidden layer.
    pub fn network(&self) -> (Network<f64>, Network<f64>) {
        let widths: Vec<usize> = [&[self.dimension][..], &self.hidden].concat();
        let mut next = numbers(17);
        let mut layer = |inputs: usize, outputs: usize| {
            let scale = (3.0 / as_float(inputs)).sqrt();
            let weight = (0..inputs * outputs).map(|_| rounded(scale * next())).collect();
            let bias = (0..outputs).map(|_| rounded(next())).collect();
            (Matrix::from_row_major(outputs, inputs, weight).expect("as many as there are"), Some(bias))
        };
        let mut trunk = Network::builder(self.dimension);
        for (position, pair) in widths.windows(2).enumerate() {
            if position > 0 {
                trunk = trunk.elementwise(self.activation);
            }
            let (weight, bias) = layer(pair[0], pair[1]);
            trunk = trunk.affine(weight, bias);
        }
        let (weight, bias) = layer(widths[widths.len() - 1], 1);
        let whole = trunk.clone().elementwise(self.activation).affine(weight, bias);
        (whole.build().expect("the shapes fit"), trunk.build().expect("the shapes fit"))
    }

    /// The points, row by row, between −1 and 1.
    pub fn points(&self) -> Vec<f64> {
        points(self.points, self.dimension, 5).into_iter().map(rounded).collect()
    }
}

/// The nearest `f32`.
#[allow(clippy::cast_possible_truncation, reason = "rounding is meant")]
pub(super) fn rounded(value: f64) -> f64 {
    f64::from(value as f32)
}

#[allow(clippy::cast_precision_loss, reason = "widths are small")]
fn as_float(count: usize) -> f64 {
    count as f64
}
