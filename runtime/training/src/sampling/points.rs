//! Points with weights and normals.

use super::error::SamplingError;
use super::number::float;
use super::target::Target;

/// Points of a region.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// n, how many columns a point has.
    pub columns: usize,
    /// d, how many coordinates space has.
    pub space_dimension: usize,
    /// Coordinates in the order of the domain's columns, row-major \[N, n\].
    pub coordinates: Vec<f64>,
    /// Outward unit normals in the order of the coordinates of space, row-major \[N, d\]: of boundaries and faces.
    pub normals: Option<Vec<f64>>,
    /// Weights of a mean over the region, \[N\]: they sum to one.
    pub weights: Vec<f64>,
}

impl Points {
    /// N.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// The coordinates of a point, \[n\].
    pub fn point(&self, row: usize) -> &[f64] {
        &self.coordinates[row * self.columns..(row + 1) * self.columns]
    }

    /// The outward unit normal of space at a point, \[d\], where the region has one.
    pub fn normal(&self, row: usize) -> Option<&[f64]> {
        let d = self.space_dimension;
        self.normals.as_ref().map(|normals| &normals[row * d..(row + 1) * d])
    }

    /// The points of these rows, with equal weights: for plain means over chosen points.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let normals = self.normals.as_ref().map(|_| {
            rows.iter().flat_map(|&row| self.normal(row).expect("there are normals")).copied().collect()
        });
        Self {
            columns: self.columns,
            space_dimension: self.space_dimension,
            coordinates: rows.iter().flat_map(|&row| self.point(row)).copied().collect(),
            normals,
            weights: vec![1.0 / float(rows.len()); rows.len()],
        }
    }
}

/// Points while they are gathered: weights still of any sum, normals zero where there is none.
#[derive(Debug)]
pub(super) struct Collector {
    points: Points,
    normals: Vec<f64>,
    all_normals: bool,
}

impl Collector {
    /// No points yet, with room for some of a target.
    pub(super) fn new(target: &Target, room: usize) -> Self {
        let (columns, space_dimension) = (target.columns(), target.space_dimension());
        let points = Points {
            columns,
            space_dimension,
            coordinates: Vec::with_capacity(room.saturating_mul(columns)),
            normals: None,
            weights: Vec::with_capacity(room),
        };
        Self { points, normals: Vec::new(), all_normals: true }
    }

    /// How many points there are.
    pub(super) fn len(&self) -> usize {
        self.points.len()
    }

    /// Adds a point of space, with its normal where there is one, and the function that writes its row.
    pub(super) fn add(&mut self, normal: &[f64], weight: f64, write: impl FnOnce(&mut [f64])) {
        let start = self.points.coordinates.len();
        self.points.coordinates.resize(start + self.points.columns, 0.0);
        write(&mut self.points.coordinates[start..]);
        self.points.weights.push(weight);
        self.all_normals &= normal.iter().any(|&component| component != 0.0);
        if self.all_normals {
            self.normals.extend_from_slice(normal);
        }
    }

    /// The points, with weights that sum to one; an error where `tried` candidates gave none.
    pub(super) fn finish(mut self, tried: usize) -> Result<Points, SamplingError> {
        let sum: f64 = self.points.weights.iter().sum();
        if self.points.is_empty() || sum <= 0.0 {
            return Err(SamplingError::TooThin { found: 0, tried });
        }
        self.points.weights.iter_mut().for_each(|weight| *weight /= sum);
        self.points.normals = self.all_normals.then_some(self.normals);
        Ok(self.points)
    }
}
