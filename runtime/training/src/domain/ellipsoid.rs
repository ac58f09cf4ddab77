//! Ellipsoids with axes along the coordinates; balls are those of equal radii.
//!
//! *Volume* in d dimensions: V = ω_d ∏ᵢ rᵢ with ω_d = 2π/d · ω_{d−2}, ω₀ = 1, ω₁ = 2
//! (<https://dlmf.nist.gov/5.19.E4>, and Γ(x + 1) = x Γ(x)). Checked by
//! `volumes_of_balls_are_those_of_the_books`.

use std::f64::consts::PI;

use super::cuboid::Cuboid;
use super::error::{self, DomainError};
use crate::sampling::number::float;

/// The set of Σᵢ ((xᵢ − cᵢ) / rᵢ)² ≤ 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Ellipsoid {
    center: Vec<f64>,
    radii: Vec<f64>,
    bounds: Cuboid,
}

impl Ellipsoid {
    /// How far outside, in Σ ((x − c)/r)², a point still counts as on the boundary: what rounding makes of a point on it.
    const ROUNDING: f64 = 1e-12;

    /// The ellipsoid of radius `radii[i]` along coordinate i.
    ///
    /// # Errors
    /// Lists that are empty or of different lengths, numbers that are not finite, radii that are not positive.
    pub fn new(center: Vec<f64>, radii: Vec<f64>) -> Result<Self, DomainError> {
        if center.is_empty() {
            return Err(DomainError::NoCoordinates);
        }
        error::length("the radii", radii.len(), center.len())?;
        error::finite("center", &center)?;
        error::finite("radius", &radii)?;
        if let Some(index) = radii.iter().position(|&radius| radius <= 0.0) {
            return Err(DomainError::NotPositive { index, value: radii[index] });
        }
        let ends = |sign: f64| center.iter().zip(&radii).map(|(c, r)| c + sign * r).collect();
        let bounds = Cuboid::new(ends(-1.0), ends(1.0))?;
        Ok(Self { center, radii, bounds })
    }

    /// c, \[d\].
    pub fn center(&self) -> &[f64] {
        &self.center
    }

    /// r, \[d\].
    pub fn radii(&self) -> &[f64] {
        &self.radii
    }

    /// The least box around it.
    pub fn bounds(&self) -> &Cuboid {
        &self.bounds
    }

    /// Σᵢ ((xᵢ − cᵢ) / rᵢ)²: 1 on the boundary.
    fn level(&self, point: &[f64]) -> f64 {
        point.iter().zip(&self.center).zip(&self.radii).map(|((x, c), r)| ((x - c) / r).powi(2)).sum()
    }

    /// Whether the closed ellipsoid has this point, up to rounding.
    pub fn contains(&self, point: &[f64]) -> bool {
        point.len() == self.center.len() && self.level(point) <= 1.0 + Self::ROUNDING
    }

    /// Whether the point is inside, not on the boundary.
    pub(crate) fn encloses(&self, point: &[f64]) -> bool {
        point.len() == self.center.len() && self.level(point) < 1.0 - Self::ROUNDING
    }

    /// Its volume.
    pub fn measure(&self) -> f64 {
        unit_ball_volume(self.radii.len()) * self.radii.iter().product::<f64>()
    }
}

/// ω_d, the volume of the unit ball in d dimensions.
fn unit_ball_volume(dimension: usize) -> f64 {
    let (first, start) = if dimension.is_multiple_of(2) { (1.0, 2) } else { (2.0, 3) };
    (start..=dimension).step_by(2).fold(first, |volume, d| volume * 2.0 * PI / float(d))
}
