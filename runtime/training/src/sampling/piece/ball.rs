//! The inside of ellipsoids: affine images of balls.
//!
//! A point is c + ρ R s with the radii R = diag(r), a direction s and a fraction ρ. Two maps of the cube coordinate u of
//! ρ: `Even` has ρ = u^(1/d), which keeps volumes; `Polar` has ρ = u, of density d uᵈ⁻¹, where Gauss–Legendre rules
//! integrate polynomials of the coordinates. Checked by `moments_of_balls_are_those_of_integrals` and
//! `gauss_points_of_balls_integrate_polynomials`.

use super::{Map, direction};
use crate::domain::Ellipsoid;
use crate::sampling::number::float;
use crate::sampling::tensor::Rule;

/// How radii are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Radius {
    /// Equal volumes for equal parts of the cube.
    Even,
    /// Equal lengths of radii, with a density.
    Polar,
}

/// The inside of an ellipsoid.
#[derive(Debug)]
pub(super) struct Ball {
    pub(super) ellipsoid: Ellipsoid,
    pub(super) radius: Radius,
}

impl Ball {
    fn dimension(&self) -> usize {
        self.ellipsoid.radii().len()
    }
}

impl Map for Ball {
    fn axes(&self) -> usize {
        1 + direction::axes(self.dimension())
    }

    /// It is the only piece of its region, so that its measure does not matter.
    fn log_measure(&self) -> f64 {
        0.0
    }

    fn rules(&self) -> Option<Vec<Rule>> {
        direction::rules(self.dimension()).map(|rules| std::iter::once(Rule::Legendre).chain(rules).collect())
    }

    fn place(&self, cube: &[f64], point: &mut [f64], _: &mut [f64]) -> f64 {
        let d = float(self.dimension());
        let (fraction, density) = match self.radius {
            Radius::Even => (libm::pow(cube[0], 1.0 / d), 1.0),
            Radius::Polar => (cube[0], d * libm::pow(cube[0], d - 1.0)),
        };
        direction::write(&cube[1..], point);
        for ((x, c), r) in point.iter_mut().zip(self.ellipsoid.center()).zip(self.ellipsoid.radii()) {
            *x = c + fraction * r * *x;
        }
        density
    }
}
