//! Boxes: products of intervals.

use super::error::{self, DomainError};

/// The box \[l₁, u₁\] × … × \[l_d, u_d\].
#[derive(Debug, Clone, PartialEq)]
pub struct Cuboid {
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl Cuboid {
    /// The box from the corner `lower` to the corner `upper`.
    ///
    /// # Errors
    /// Lists that are empty or of different lengths, ends that are not finite or not in order.
    pub fn new(lower: Vec<f64>, upper: Vec<f64>) -> Result<Self, DomainError> {
        if lower.is_empty() {
            return Err(DomainError::NoCoordinates);
        }
        error::length("the upper corner of a box", upper.len(), lower.len())?;
        error::finite("lower end", &lower)?;
        error::finite("upper end", &upper)?;
        for (axis, (&lower, &upper)) in lower.iter().zip(&upper).enumerate() {
            error::interval("side", axis, [lower, upper])?;
        }
        Ok(Self { lower, upper })
    }

    /// The corner where every coordinate is least, \[d\].
    pub fn lower(&self) -> &[f64] {
        &self.lower
    }

    /// The corner where every coordinate is greatest, \[d\].
    pub fn upper(&self) -> &[f64] {
        &self.upper
    }

    /// d.
    pub fn dimension(&self) -> usize {
        self.lower.len()
    }

    /// The lengths of the sides, u − l, \[d\].
    pub fn widths(&self) -> impl Iterator<Item = f64> + '_ {
        self.lower.iter().zip(&self.upper).map(|(lower, upper)| upper - lower)
    }

    /// Whether the closed box has this point.
    pub fn contains(&self, point: &[f64]) -> bool {
        self.dimension() == point.len()
            && point
                .iter()
                .zip(&self.lower)
                .zip(&self.upper)
                .all(|((x, lower), upper)| lower <= x && x <= upper)
    }

    /// Whether the point is inside, not on the boundary.
    pub(crate) fn encloses(&self, point: &[f64]) -> bool {
        self.dimension() == point.len()
            && point
                .iter()
                .zip(&self.lower)
                .zip(&self.upper)
                .all(|((x, lower), upper)| lower < x && x < upper)
    }

    /// ∏ᵢ (uᵢ − lᵢ).
    pub fn measure(&self) -> f64 {
        self.widths().product()
    }

    /// The greatest absolute value of a coordinate: what rounding is measured by.
    pub(crate) fn magnitude(&self) -> f64 {
        self.lower.iter().chain(&self.upper).fold(0.0, |most, x| x.abs().max(most))
    }
}
