//! The loss of a problem: weighted squares of residuals of several operators, each at its own points.
//!
//! | notation | name |
//! |---|---|
//! | θ, then ν | the parameters of the network, then the unknowns of the equations: together P numbers |
//! | rₖ = √(w_t wᵢ) · Rᵢⱼ | the result of term t at point i in column j, with the weights of both |
//! | L = Σ rₖ² | so that a term is w_t times a mean square over its region, summed over columns |
//! | rⱼ = √w_t · Σᵢ wᵢ Rᵢⱼ | of a term that asks for a mean: one residual for each column |
//!
//! Points of a term may have columns that the network does not see: normals, measured values, and the unknowns, which are the
//! same in every row. So derivatives by unknowns are derivatives by points.

use jetc_runtime::{Differentiator, GradientError, Gradients};

use crate::method::{LeastSquares, Objective};

/// One operator at its points.
#[derive(Debug)]
pub struct Term {
    /// What it is called.
    pub name: String,
    /// w_t
    pub weight: f64,
    differentiator: Differentiator<f64>,
    /// Whether the mean of the results is to be zero, not each of them.
    is_mean: bool,
    /// \[N, n\]
    points: Vec<f64>,
    /// wᵢ, \[N\]; their sum is one.
    weights: Vec<f64>,
    /// √(w_t wᵢ)
    scales: Vec<f64>,
    /// Which columns of the points are unknowns.
    unknowns: Vec<(usize, usize)>,
}

impl Term {
    /// `points` \[N, n\] with n the coordinates of the operator, `weights` \[N\]; `unknowns`: pairs of a column of the points and
    /// the number of the unknown that stands there.
    pub fn new(
        name: String,
        differentiator: Differentiator<f64>,
        weight: f64,
        (points, weights): (Vec<f64>, Vec<f64>),
        unknowns: Vec<(usize, usize)>,
    ) -> Self {
        let mut term = Self {
            name,
            weight,
            differentiator,
            is_mean: false,
            points: Vec::new(),
            weights: Vec::new(),
            scales: Vec::new(),
            unknowns,
        };
        term.set_points(points, weights);
        term
    }

    /// The same, where the mean of the results is to be zero.
    #[must_use]
    pub fn of_means(mut self) -> Self {
        self.is_mean = true;
        self
    }

    /// How many points there are, N.
    pub fn count(&self) -> usize {
        self.weights.len()
    }

    /// The columns of a point.
    pub fn inputs(&self) -> usize {
        self.differentiator.inputs()
    }

    /// How its operator is carried: channels, and how the network's first layers lower the number of coordinates.
    pub fn channels(&self) -> (usize, Option<jetc_runtime::InputReduction>) {
        (self.differentiator.channels(), self.differentiator.reduction())
    }

    /// The weights of the points, \[N\].
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Other points, with their weights.
    pub fn set_points(&mut self, points: Vec<f64>, weights: Vec<f64>) {
        (self.points, self.weights) = (points, weights);
        self.rescale();
    }

    /// Another weight of the term.
    pub fn set_weight(&mut self, weight: f64) {
        self.weight = weight;
        self.rescale();
    }

    /// Other weights for the same points.
    pub(crate) fn set_point_weights(&mut self, weights: Vec<f64>) {
        self.weights = weights;
        self.rescale();
    }

    fn rescale(&mut self) {
        self.scales = self.weights.iter().map(|w| (w * self.weight).sqrt()).collect();
    }

    /// The columns of its results.
    pub fn columns(&self) -> usize {
        self.differentiator.columns().len()
    }

    /// The results R, \[N, columns\].
    fn results(&self) -> Result<Vec<f64>, GradientError> {
        let mut results = vec![0.0; self.count() * self.columns()];
        self.differentiator.value_and_vjp(&self.points, &mut results, |_, _, _| 0.0, Gradients::default())?;
        Ok(results)
    }

    /// √w_t · Σᵢ wᵢ Rᵢⱼ into `means`; its square.
    fn means(&self, means: &mut [f64]) -> Result<f64, GradientError> {
        let results = self.results()?;
        means.fill(0.0);
        for (row, weight) in results.chunks_exact(self.columns()).zip(&self.weights) {
            means.iter_mut().zip(row).for_each(|(mean, r)| *mean += weight * r);
        }
        for mean in &mut *means {
            *mean *= self.weight.sqrt();
        }
        Ok(means.iter().map(|mean| mean * mean).sum())
    }

    /// The derivatives of Σᵢ wᵢ Rᵢⱼ, for factors of the columns j, by parameters and unknowns.
    fn mean_gradient(&self, factors: &[f64], gradient: &mut [f64]) -> Result<(), GradientError> {
        let cotangents: Vec<f64> = self
            .weights
            .iter()
            .flat_map(|weight| factors.iter().map(move |factor| weight * factor))
            .collect();
        let (theta, unknowns) = gradient.split_at_mut(self.differentiator.parameters());
        let mut by_points = vec![0.0; if self.unknowns.is_empty() { 0 } else { self.points.len() }];
        let points = (!by_points.is_empty()).then_some(&mut by_points[..]);
        let into = Gradients { parameters: Some(theta), points, unknowns: None };
        self.differentiator.vjp(&self.points, &cotangents, into)?;
        unknowns.fill(0.0);
        for &(place, unknown) in &self.unknowns {
            unknowns[unknown] += by_points.iter().skip(place).step_by(self.inputs()).sum::<f64>();
        }
        Ok(())
    }

    /// M of this term.
    pub fn residuals(&self) -> usize {
        if self.is_mean { self.columns() } else { self.count() * self.columns() }
    }

    /// The points, \[N, n\].
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    fn set_parameters(&mut self, theta: &[f64], unknowns: &[f64]) -> Result<(), GradientError> {
        self.differentiator.set_parameters(theta)?;
        let inputs = self.differentiator.inputs();
        for &(column, unknown) in &self.unknowns {
            self.points.iter_mut().skip(column).step_by(inputs).for_each(|x| *x = unknowns[unknown]);
        }
        Ok(())
    }

    fn scale(&self, results: &mut [f64]) -> f64 {
        let mut loss = 0.0;
        for (row, scale) in results.chunks_exact_mut(self.columns()).zip(&self.scales) {
            for r in row {
                *r *= scale;
                loss += *r * *r;
            }
        }
        loss
    }

    /// The mean square of the results of each point, \[N\].
    pub(crate) fn squares(&self) -> Result<Vec<f64>, GradientError> {
        let results = self.results()?;
        Ok(results.chunks_exact(self.columns().max(1)).map(|row| row.iter().map(|r| r * r).sum()).collect())
    }

    /// The same at other points, with their weights.
    pub(crate) fn squares_at(&mut self, others: (Vec<f64>, Vec<f64>)) -> Result<Vec<f64>, GradientError> {
        let own = (std::mem::take(&mut self.points), std::mem::take(&mut self.weights));
        // Unknowns have their values in the points.
        let values: Vec<f64> = self.unknowns.iter().map(|&(column, _)| own.0[column]).collect();
        self.set_points(others.0, others.1);
        let inputs = self.inputs();
        for (&(column, _), value) in self.unknowns.iter().zip(&values) {
            self.points.iter_mut().skip(column).step_by(inputs).for_each(|x| *x = *value);
        }
        let squares = self.squares();
        self.set_points(own.0, own.1);
        squares
    }

    /// Calls `each` with the derivatives of all results of a column by an unknown.
    fn by_unknowns(&self, mut each: impl FnMut(usize, usize, &[f64])) -> Result<(), GradientError> {
        if self.unknowns.is_empty() {
            return Ok(());
        }
        let (inputs, columns) = (self.differentiator.inputs(), self.columns());
        let mut gradient = vec![0.0; self.points.len()];
        for column in 0..columns {
            let cotangents: Vec<f64> =
                (0..self.residuals()).map(|at| if at % columns == column { 1.0 } else { 0.0 }).collect();
            let into = Gradients { points: Some(&mut gradient), ..Gradients::default() };
            self.differentiator.vjp(&self.points, &cotangents, into)?;
            for &(place, unknown) in &self.unknowns {
                let slopes: Vec<f64> = gradient.iter().skip(place).step_by(inputs).copied().collect();
                each(column, unknown, &slopes);
            }
        }
        Ok(())
    }
}

/// All terms, with the parameters that they share.
#[derive(Debug)]
pub struct System {
    /// The terms, in the order of the problem.
    pub terms: Vec<Term>,
    parameters: usize,
    unknowns: usize,
    failure: Option<GradientError>,
    latest: Option<Latest>,
}

/// What was last evaluated.
#[derive(Debug)]
struct Latest {
    /// At which θ, then ν.
    parameters: Vec<f64>,
    loss: f64,
    losses: Vec<f64>,
}

impl System {
    /// Terms of one network with so many parameters, and of so many unknowns.
    pub fn new(terms: Vec<Term>, parameters: usize, unknowns: usize) -> Self {
        Self { terms, parameters, unknowns, failure: None, latest: None }
    }

    /// Why the last value was not finite, if it was for another reason than rounding.
    pub fn failure(&mut self) -> Option<GradientError> {
        self.failure.take()
    }

    /// The loss of each term, weight included, at the parameters of the last evaluation.
    pub fn losses(&self, residuals: &[f64]) -> Vec<f64> {
        let mut rest = residuals;
        let mut losses = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            let (own, others) = rest.split_at(term.residuals());
            losses.push(own.iter().map(|r| r * r).sum());
            rest = others;
        }
        losses
    }

    /// L and the losses of the terms, if they were evaluated at these parameters last; with the points and weights that there were
    /// then.
    pub(crate) fn latest(&self, parameters: &[f64]) -> Option<(f64, &[f64])> {
        let bits = |numbers: &[f64]| numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>();
        // NaN, too, is what it was.
        let latest = self.latest.as_ref().filter(|latest| bits(&latest.parameters) == bits(parameters))?;
        Some((latest.loss, &latest.losses))
    }

    /// ‖∂L_t/∂θ‖ of each term.
    pub(crate) fn gradient_norms(&mut self, parameters: &[f64]) -> Vec<f64> {
        let mut gradient = vec![0.0; parameters.len()];
        let mut norms = Vec::with_capacity(self.terms.len());
        for _ in 0..self.terms.len() {
            // One term alone, in turn.
            let term = self.terms.remove(0);
            let others = std::mem::replace(&mut self.terms, vec![term]);
            self.value_and_gradient(parameters, &mut gradient);
            norms.push(gradient.iter().map(|x| x * x).sum::<f64>().sqrt());
            let term = std::mem::replace(&mut self.terms, others);
            self.terms.extend(term);
        }
        norms
    }

    fn attempt(&mut self, work: impl FnOnce(&mut Self) -> Result<f64, GradientError>) -> f64 {
        match work(self) {
            Ok(loss) => loss,
            Err(error) => {
                self.failure = Some(error);
                f64::NAN
            }
        }
    }

    fn set_parameters(&mut self, parameters: &[f64]) -> Result<(), GradientError> {
        let (theta, unknowns) = parameters.split_at(self.parameters);
        self.terms.iter_mut().try_for_each(|term| term.set_parameters(theta, unknowns))
    }
}

impl Objective for System {
    fn parameters(&self) -> usize {
        self.parameters + self.unknowns
    }

    fn value(&mut self, parameters: &[f64]) -> f64 {
        let mut residuals = vec![0.0; self.residuals()];
        self.evaluate(parameters, &mut residuals)
    }

    fn value_and_gradient(&mut self, parameters: &[f64], gradient: &mut [f64]) -> f64 {
        gradient.fill(0.0);
        self.attempt(|system| {
            system.set_parameters(parameters)?;
            let mut total = 0.0;
            let mut part = vec![0.0; system.parameters];
            for term in &system.terms {
                let columns = term.columns();
                if term.is_mean {
                    let mut means = vec![0.0; columns];
                    total += term.means(&mut means)?;
                    let factors: Vec<f64> =
                        means.iter().map(|mean| 2.0 * mean * term.weight.sqrt()).collect();
                    let mut whole = vec![0.0; system.parameters + system.unknowns];
                    term.mean_gradient(&factors, &mut whole)?;
                    gradient.iter_mut().zip(&whole).for_each(|(sum, x)| *sum += x);
                    continue;
                }
                let mut results = vec![0.0; term.residuals()];
                let mut by_points = vec![0.0; if term.unknowns.is_empty() { 0 } else { term.points.len() }];
                let into = Gradients {
                    parameters: Some(&mut part),
                    points: (!by_points.is_empty()).then_some(&mut by_points[..]),
                    unknowns: None,
                };
                let cotangent = |first: usize, results: &[f64], cotangents: &mut [f64]| {
                    let mut loss = 0.0;
                    let all = results.iter().zip(cotangents).enumerate();
                    for (at, (&r, cotangent)) in all {
                        let weight = term.weight * term.weights[first + at / columns];
                        loss += weight * r * r;
                        *cotangent = 2.0 * weight * r;
                    }
                    loss
                };
                total += term.differentiator.value_and_vjp(&term.points, &mut results, cotangent, into)?;
                gradient.iter_mut().zip(&part).for_each(|(sum, x)| *sum += x);
                for &(place, unknown) in &term.unknowns {
                    let inputs = term.differentiator.inputs();
                    gradient[system.parameters + unknown] +=
                        by_points.iter().skip(place).step_by(inputs).sum::<f64>();
                }
            }
            Ok(total)
        })
    }
}

impl LeastSquares for System {
    fn residuals(&self) -> usize {
        self.terms.iter().map(Term::residuals).sum()
    }

    fn evaluate(&mut self, parameters: &[f64], residuals: &mut [f64]) -> f64 {
        let loss = self.attempt(|system| {
            system.set_parameters(parameters)?;
            let (mut rest, mut total) = (&mut residuals[..], 0.0);
            for term in &system.terms {
                let (own, others) = rest.split_at_mut(term.residuals());
                rest = others;
                if term.is_mean {
                    total += term.means(own)?;
                    continue;
                }
                term.differentiator.value_and_vjp(&term.points, own, |_, _, _| 0.0, Gradients::default())?;
                total += term.scale(own);
            }
            Ok(total)
        });
        let losses = self.losses(residuals);
        self.latest = Some(Latest { parameters: parameters.to_vec(), loss, losses });
        loss
    }

    fn linearise(&mut self, parameters: &[f64], residuals: &mut [f64], jacobian: &mut [f64]) -> f64 {
        self.attempt(|system| {
            system.set_parameters(parameters)?;
            let width = parameters.len();
            let (mut rest, mut rows, mut total) = (residuals, jacobian, 0.0);
            for term in &system.terms {
                let (own, others) = rest.split_at_mut(term.residuals());
                let (block, others_rows) = rows.split_at_mut(own.len() * width);
                let columns = term.columns();
                (rest, rows) = (others, others_rows);
                if term.is_mean {
                    total += term.means(own)?;
                    for (column, row) in block.chunks_exact_mut(width).enumerate() {
                        let mut factors = vec![0.0; columns];
                        factors[column] = term.weight.sqrt();
                        term.mean_gradient(&factors, row)?;
                    }
                    continue;
                }
                if width == system.parameters {
                    term.differentiator.jacobian(&term.points, own, block)?;
                } else {
                    let mut narrow = vec![0.0; own.len() * system.parameters];
                    term.differentiator.jacobian(&term.points, own, &mut narrow)?;
                    let narrow = narrow.chunks_exact(system.parameters.max(1));
                    for (row, narrow) in block.chunks_exact_mut(width).zip(narrow) {
                        row[..system.parameters].copy_from_slice(narrow);
                        row[system.parameters..].fill(0.0);
                    }
                    term.by_unknowns(|column, unknown, slopes| {
                        for (point, slope) in slopes.iter().enumerate() {
                            block[(point * columns + column) * width + system.parameters + unknown] = *slope;
                        }
                    })?;
                }
                for (point, rows) in block.chunks_exact_mut((columns * width).max(1)).enumerate() {
                    let scale = term.scales[point];
                    for x in rows {
                        *x *= scale;
                    }
                }
                total += term.scale(own);
            }
            Ok(total)
        })
    }
}
