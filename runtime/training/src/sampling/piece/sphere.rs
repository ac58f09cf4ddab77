//! The boundary of ellipsoids.
//!
//! | notation | here |
//! |---|---|
//! | s, direction, uniform on the unit sphere | the point before it is moved |
//! | R = diag(r), radii | `ellipsoid.radii()` |
//! | x = c + R s, the point; n = R⁻¹s / \|R⁻¹s\|, its normal | `point`, `normal` |
//! | det R · \|R⁻¹s\|, area at x for area at s | `density`, divided by that at √(mean of \|R⁻¹s\|²) |
//!
//! The area of the map of the sphere by R is scaled by |det R R⁻ᵀ s| (Nanson's relation of areas under a linear map).
//! For balls it is constant. Checked by `boundaries_of_ellipsoids_obey_the_divergence_theorem` and
//! `the_length_of_an_ellipse_is_that_of_its_chords`.

use std::f64::consts::TAU;

use super::{Map, direction};
use crate::domain::Ellipsoid;
use crate::sampling::number::float;
use crate::sampling::tensor::Rule;

/// The boundary of an ellipsoid.
#[derive(Debug)]
pub(super) struct Sphere {
    ellipsoid: Ellipsoid,
    /// √(Σᵢ rᵢ⁻² / d): the root mean square of |R⁻¹s|.
    mean: f64,
}

impl Sphere {
    pub(super) fn new(ellipsoid: &Ellipsoid) -> Self {
        let radii = ellipsoid.radii();
        let squares: f64 = radii.iter().map(|r| (1.0 / r).powi(2)).sum();
        Self { ellipsoid: ellipsoid.clone(), mean: (squares / float(radii.len())).sqrt() }
    }

    fn dimension(&self) -> usize {
        self.ellipsoid.radii().len()
    }
}

impl Map for Sphere {
    fn axes(&self) -> usize {
        direction::axes(self.dimension())
    }

    /// The measure that goes with a density of one, that of balls.
    fn log_measure(&self) -> f64 {
        let radii: f64 = self.ellipsoid.radii().iter().map(|&r| libm::log(r)).sum();
        log_unit_area(self.dimension()) + radii + libm::log(self.mean)
    }

    fn rules(&self) -> Option<Vec<Rule>> {
        direction::rules(self.dimension())
    }

    fn place(&self, cube: &[f64], point: &mut [f64], normal: &mut [f64]) -> f64 {
        direction::write(cube, point);
        for (((x, n), c), r) in
            point.iter_mut().zip(&mut *normal).zip(self.ellipsoid.center()).zip(self.ellipsoid.radii())
        {
            (*x, *n) = (c + r * *x, *x / r);
        }
        let stretch = normal.iter().map(|n| n * n).sum::<f64>().sqrt();
        direction::normalise(normal);
        stretch / self.mean
    }
}

/// ln of the area of the unit sphere in d dimensions: 2π, 4π, and 2π/(d − 2) times that of d − 2.
fn log_unit_area(dimension: usize) -> f64 {
    let (first, start) =
        if dimension.is_multiple_of(2) { (libm::log(TAU), 4) } else { (libm::log(2.0 * TAU), 5) };
    (start..=dimension).step_by(2).fold(first, |sum, d| sum + libm::log(TAU / (float(d) - 2.0)))
}

#[cfg(test)]
mod tests {
    use std::f64::consts::PI;

    use super::*;

    #[test]
    fn areas_of_unit_spheres_are_those_of_the_books() {
        let areas = [2.0 * PI, 4.0 * PI, 2.0 * PI * PI, 8.0 / 3.0 * PI * PI, PI.powi(3)];
        for (d, area) in (2..).zip(areas) {
            assert!((log_unit_area(d).exp() / area - 1.0).abs() < 1e-14, "d = {d}");
        }
    }
}
