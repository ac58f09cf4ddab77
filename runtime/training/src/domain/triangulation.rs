//! Triangulation of simple polygons by cutting off ears.
//!
//! An ear is a vertex whose neighbours see each other through the inside; every simple polygon of more than three
//! vertices has two (G. H. Meisters, Polygons have ears, 1975, <https://doi.org/10.1080/00029890.1975.11993898>). Vertices
//! on a straight line are dropped. Time grows with the third power of the vertices. Checked by
//! `triangles_of_polygons_have_their_area_and_are_inside`.

use super::polygon::{Polygon, turn};

impl Polygon {
    /// Triangles that cover the polygon and do not overlap.
    pub fn triangles(&self) -> Vec<[[f64; 2]; 3]> {
        let mut rest = self.counterclockwise();
        let mut triangles = Vec::with_capacity(rest.len() - 2);
        while rest.len() >= 3 {
            let corners = |i: usize| {
                let n = rest.len();
                [rest[(i + n - 1) % n], rest[i], rest[(i + 1) % n]]
            };
            let turning = |i: usize| {
                let [a, b, c] = corners(i);
                turn(a, b, c)
            };
            let vertices = 0..rest.len();
            if let Some(straight) = vertices.clone().find(|&i| turning(i) == 0.0) {
                rest.remove(straight);
                continue;
            }
            // Where rounding hides every ear, any convex vertex does.
            let ear = vertices.clone().find(|&i| is_ear(corners(i), &rest));
            let Some(ear) = ear.or_else(|| vertices.clone().find(|&i| turning(i) > 0.0)) else { break };
            triangles.push(corners(ear));
            rest.remove(ear);
        }
        triangles
    }
}

/// Whether a corner is convex and no other vertex is in its triangle.
fn is_ear([a, b, c]: [[f64; 2]; 3], vertices: &[[f64; 2]]) -> bool {
    let inside = |p: &[f64; 2]| turn(a, b, *p) >= 0.0 && turn(b, c, *p) >= 0.0 && turn(c, a, *p) >= 0.0;
    turn(a, b, c) > 0.0 && vertices.iter().filter(|p| ![a, b, c].contains(p)).all(|p| !inside(p))
}
