//! Terms of the loss: an operator, and the points where its results should be zero.

use jetc_operators::OperatorSpec;

use super::ProblemError;
use crate::domain::{Domain, Region};
use crate::sampling::{Points, Scheme, sample};

/// What the loss has of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// The mean of their squares.
    Equation,
    /// The same, on a part of the domain.
    Condition,
    /// The same, at given points.
    Data,
    /// The square of their mean.
    Mean,
}

/// Where points come from.
#[derive(Debug, Clone)]
pub enum TermPoints {
    /// Regions of the domain, of equal weight.
    Regions(Vec<Region>),
    /// Given rows, \[N, n\] in the coordinates of the operator, unknowns left zero.
    Rows(Vec<f64>),
}

/// A term of the loss.
#[derive(Debug)]
pub struct TermSpec {
    /// Its name in the file.
    pub name: String,
    /// What it is.
    pub kind: TermKind,
    /// Its operator; coordinates that are not the problem's are known at points alone.
    pub spec: OperatorSpec,
    /// Its factor in the loss.
    pub weight: f64,
    /// Where it holds.
    pub points: TermPoints,
    /// How many points are asked for.
    pub count: usize,
}

impl TermSpec {
    /// Rows of the operator's coordinates with the weights of their points: normals in their columns, unknowns left zero.
    ///
    /// # Errors
    /// Regions without such points.
    pub fn sample(
        &self,
        domain: &Domain,
        coordinates: &[String],
        scheme: Option<Scheme>,
        (seed, stream): (u64, u64),
    ) -> Result<(Vec<f64>, Vec<f64>), ProblemError> {
        let regions = match &self.points {
            TermPoints::Rows(rows) => {
                let count = rows.len().checked_div(self.spec.coordinates.len()).unwrap_or(0).max(1);
                #[allow(clippy::cast_precision_loss, reason = "a number of points")]
                return Ok((rows.clone(), vec![1.0 / count as f64; count]));
            }
            TermPoints::Regions(regions) => regions,
        };
        let (mut rows, mut weights) = (Vec::new(), Vec::new());
        let each = self.count.div_ceil(regions.len().max(1)).max(1);
        #[allow(clippy::cast_precision_loss, reason = "a number of regions")]
        let part = 1.0 / regions.len().max(1) as f64;
        for (number, region) in regions.iter().enumerate() {
            let seed = seed ^ (number as u64).wrapping_mul(0x9e37_79b9);
            let points = Self::region(domain, region, each, scheme, (seed, stream))
                .map_err(|reason| ProblemError::Sampling { term: self.name.clone(), reason })?;
            self.append(&points, domain, coordinates, &mut rows);
            weights.extend(points.weights.iter().map(|weight| weight * part));
        }
        Ok((rows, weights))
    }

    fn region(
        domain: &Domain,
        region: &Region,
        count: usize,
        scheme: Option<Scheme>,
        (seed, stream): (u64, u64),
    ) -> Result<Points, crate::sampling::SamplingError> {
        match scheme {
            Some(scheme) => sample(domain, region, count, scheme, seed, stream),
            // Quadrature where it is exact for smooth functions and cheap, otherwise what fills space evenly.
            None if domain.columns().len() <= 2 => sample(domain, region, count, Scheme::Gauss, seed, stream)
                .or_else(|_| sample(domain, region, count, Scheme::Sobol, seed, stream)),
            None => sample(domain, region, count, Scheme::Sobol, seed, stream),
        }
    }

    /// Rows for points, by the names of the operator's coordinates.
    fn append(&self, points: &Points, domain: &Domain, coordinates: &[String], rows: &mut Vec<f64>) {
        let source = |name: &String| {
            if let Some(column) = coordinates.iter().position(|known| known == name) {
                return Source::Coordinate(column);
            }
            let axis = domain
                .space_columns()
                .iter()
                .position(|&column| name.strip_prefix("normal_") == Some(coordinates[column].as_str()));
            axis.map_or(Source::Zero, Source::Normal)
        };
        let sources: Vec<Source> = self.spec.coordinates.names().iter().map(source).collect();
        for row in 0..points.len() {
            let (point, normal) = (points.point(row), points.normal(row));
            rows.extend(sources.iter().map(|source| match *source {
                Source::Coordinate(column) => point[column],
                Source::Normal(axis) => normal.map_or(f64::NAN, |normal| normal[axis]),
                Source::Zero => 0.0,
            }));
        }
    }
}

/// Where a column of a row comes from.
enum Source {
    Coordinate(usize),
    Normal(usize),
    Zero,
}
