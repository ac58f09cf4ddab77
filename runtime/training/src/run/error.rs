//! Errors against the known solution: relative in L², and the largest.

use jetc_operators::{Precision, Strategy};
use jetc_runtime::{Evaluator, Network};

use super::setup;
use crate::domain::Region;
use crate::problem::{Problem, ProblemError, Solution};
use crate::sampling::{Scheme, sample};

/// The error of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldError {
    /// The field.
    pub field: String,
    /// ‖found − exact‖ / ‖exact‖ in L²; without the denominator where it is zero.
    pub relative_l2: f64,
    /// The largest |found − exact|.
    pub maximum: f64,
}

/// Points where errors are measured.
const POINTS: usize = 10_000;
/// Fewer in many dimensions.
const NUMBERS: usize = 4_000_000;

/// What errors are measured with.
#[derive(Debug)]
pub(super) struct Yardstick {
    evaluator: Evaluator<f64>,
    fields: Vec<String>,
    points: Vec<f64>,
    weights: Vec<f64>,
}

impl Yardstick {
    pub(super) fn new(
        problem: &Problem,
        solution: &Solution,
        network: &Network<f64>,
    ) -> Result<Self, ProblemError> {
        let network = setup::widened(network, &solution.spec, problem.coordinates.names());
        let plan = solution.spec.plan_for(Strategy::Auto, &network.topology(), Precision::Double);
        let plan = plan.map_err(|reason| ProblemError::Plan { term: "solution".to_owned(), reason })?;
        let evaluator = Evaluator::<f64>::new(&plan, &network)?;
        let columns = solution.spec.coordinates.len();
        let (points, weights) = if let Some(points) = &solution.points {
            (points.clone(), vec![1.0; points.len() / columns.max(1)])
        } else {
            let count = POINTS.min(NUMBERS / columns.max(1)).max(16);
            let scheme = if columns <= 2 { Scheme::Grid } else { Scheme::Sobol };
            let points = sample(&problem.domain, &Region::Interior, count, scheme, 0x5eed, 0)
                .map_err(|reason| ProblemError::Sampling { term: "solution".to_owned(), reason })?;
            (points.coordinates, points.weights)
        };
        Ok(Self { evaluator, fields: solution.fields.clone(), points, weights })
    }

    pub(super) fn measure(&mut self, parameters: &[f64]) -> Result<Vec<FieldError>, ProblemError> {
        self.evaluator.set_parameters(parameters)?;
        let columns = 2 * self.fields.len();
        let mut results = vec![0.0; self.weights.len() * columns];
        self.evaluator.evaluate_into(&self.points, &mut results)?;
        let error = |(number, field): (usize, &String)| {
            let (mut square, mut whole, mut maximum) = (0.0, 0.0, 0.0f64);
            for (row, weight) in results.chunks_exact(columns).zip(&self.weights) {
                let (found, exact) = (row[2 * number], row[2 * number + 1]);
                // A formula may have no value at a point, such as a corner.
                if !exact.is_finite() {
                    continue;
                }
                square += weight * (found - exact).powi(2);
                whole += weight * exact.powi(2);
                maximum = maximum.max((found - exact).abs());
            }
            let relative = if whole > 0.0 { (square / whole).sqrt() } else { square.sqrt() };
            FieldError { field: field.clone(), relative_l2: relative, maximum }
        };
        Ok(self.fields.iter().enumerate().map(error).collect())
    }
}
