//! Triangles, as images of squares with one side drawn into a corner.
//!
//! (u, v) ↦ a + u ((1 − v) (b − a) + v (c − a)) has the density 2u for the measure of the triangle; a polynomial of
//! degree p becomes one of degree p + 1 in u and p in v (M. G. Duffy, 1982, <https://doi.org/10.1137/0719090>). Checked by
//! `gauss_points_of_polygons_integrate_polynomials`.

use super::Map;

/// A triangle.
#[derive(Debug)]
pub(super) struct Triangle(pub(super) [[f64; 2]; 3]);

impl Map for Triangle {
    fn axes(&self) -> usize {
        2
    }

    fn log_measure(&self) -> f64 {
        let [a, b, c] = self.0;
        libm::log(((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])).abs() / 2.0)
    }

    fn place(&self, cube: &[f64], point: &mut [f64], _: &mut [f64]) -> f64 {
        let ([a, b, c], u, v) = (self.0, cube[0], cube[1]);
        for axis in 0..2 {
            point[axis] = a[axis] + u * ((1.0 - v) * (b[axis] - a[axis]) + v * (c[axis] - a[axis]));
        }
        2.0 * u
    }
}
