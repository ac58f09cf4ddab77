//! Simple polygons of the plane.
//!
//! Vertices are kept counterclockwise, so that the inside is on the left of each edge and the outward normal of the edge
//! (a, b) is (b₂ − a₂, a₁ − b₁) / |b − a|. Edge i goes from vertex i to the next *in the order given*; a polygon given
//! clockwise keeps the numbers of its edges. Checked by `edges_keep_their_numbers_in_either_orientation`.

use super::cuboid::Cuboid;
use super::error::{self, DomainError};

/// A polygon whose boundary does not touch itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Polygon {
    vertices: Vec<[f64; 2]>,
    clockwise: bool,
    bounds: Cuboid,
}

impl Polygon {
    /// How far from an edge a point still counts as on it, relative to the greatest coordinate.
    const ROUNDING: f64 = 1e-13;

    /// The polygon of these vertices, along its boundary in either direction.
    ///
    /// # Errors
    /// Fewer than three vertices, coordinates that are not finite, edges that touch or cross.
    pub fn new(vertices: Vec<[f64; 2]>) -> Result<Self, DomainError> {
        if vertices.len() < 3 {
            return Err(DomainError::FewVertices(vertices.len()));
        }
        for vertex in &vertices {
            error::finite("coordinate of a vertex", vertex)?;
        }
        simple(&vertices)?;
        let end = |choose: fn(f64, f64) -> f64, axis: usize| {
            vertices.iter().map(|v| v[axis]).reduce(choose).expect("three vertices at least")
        };
        let bounds =
            Cuboid::new(vec![end(f64::min, 0), end(f64::min, 1)], vec![end(f64::max, 0), end(f64::max, 1)])?;
        let clockwise = twice_area(&vertices) < 0.0;
        Ok(Self { vertices, clockwise, bounds })
    }

    /// The vertices in the order given.
    pub fn vertices(&self) -> &[[f64; 2]] {
        &self.vertices
    }

    /// The least box around it.
    pub fn bounds(&self) -> &Cuboid {
        &self.bounds
    }

    /// The edges, by number, each with the inside on its left.
    pub fn edges(&self) -> impl Iterator<Item = [[f64; 2]; 2]> + '_ {
        let n = self.vertices.len();
        (0..n).map(move |i| {
            let (a, b) = (self.vertices[i], self.vertices[(i + 1) % n]);
            if self.clockwise { [b, a] } else { [a, b] }
        })
    }

    /// The vertices counterclockwise.
    pub(super) fn counterclockwise(&self) -> Vec<[f64; 2]> {
        let mut vertices = self.vertices.clone();
        if self.clockwise {
            vertices.reverse();
        }
        vertices
    }

    /// Whether the closed polygon has this point, up to rounding.
    pub fn contains(&self, point: &[f64]) -> bool {
        match *point {
            [x, y] => self.touches([x, y]) || self.winds_around([x, y]),
            _ => false,
        }
    }

    /// Whether the point is inside, not on the boundary.
    pub(crate) fn encloses(&self, point: &[f64]) -> bool {
        match *point {
            [x, y] => !self.touches([x, y]) && self.winds_around([x, y]),
            _ => false,
        }
    }

    /// Its area, by the shoelace formula.
    pub fn measure(&self) -> f64 {
        twice_area(&self.vertices).abs() / 2.0
    }

    /// Whether the point is on an edge, up to rounding.
    fn touches(&self, point: [f64; 2]) -> bool {
        let tolerance = Self::ROUNDING * self.bounds.magnitude();
        self.edges().any(|edge| squared_distance(point, edge) <= tolerance * tolerance)
    }

    /// Whether a ray to the right from the point crosses the boundary an odd number of times.
    fn winds_around(&self, [x, y]: [f64; 2]) -> bool {
        let crossings = self.edges().filter(|[a, b]| {
            (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        });
        crossings.count() % 2 == 1
    }
}

/// Twice the signed area of the triangle a, b, c: positive where c is on the left of a → b.
pub(super) fn turn(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> f64 {
    (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

/// Twice the area, positive where the vertices go counterclockwise; by triangles from the first, which keeps digits of
/// polygons far from the origin.
fn twice_area(vertices: &[[f64; 2]]) -> f64 {
    vertices.windows(2).map(|pair| turn(vertices[0], pair[0], pair[1])).sum()
}

/// |p − q|² of the point q of the segment that is nearest to p.
fn squared_distance(p: [f64; 2], [a, b]: [[f64; 2]; 2]) -> f64 {
    let (along, from) = ([b[0] - a[0], b[1] - a[1]], [p[0] - a[0], p[1] - a[1]]);
    let position = (from[0] * along[0] + from[1] * along[1]) / (along[0] * along[0] + along[1] * along[1]);
    let position = position.clamp(0.0, 1.0);
    (from[0] - position * along[0]).powi(2) + (from[1] - position * along[1]).powi(2)
}

/// Checks that no two edges meet, except neighbours in their common vertex.
fn simple(vertices: &[[f64; 2]]) -> Result<(), DomainError> {
    let n = vertices.len();
    let edge = |i: usize| [vertices[i], vertices[(i + 1) % n]];
    for first in 0..n {
        for second in first + 1..n {
            let meet = if second == first + 1 {
                folds(edge(first)[0], edge(first)[1], edge(second)[1])
            } else if first == 0 && second == n - 1 {
                folds(edge(second)[0], edge(second)[1], edge(first)[1])
            } else {
                segments_meet(edge(first), edge(second))
            };
            if meet {
                return Err(DomainError::NotSimple { first, second });
            }
        }
    }
    Ok(())
}

/// Whether the path a → b → c turns back on itself at b, or stands still.
fn folds(a: [f64; 2], b: [f64; 2], c: [f64; 2]) -> bool {
    let ahead = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]);
    // A step of no length has a turn and an advance of zero, too.
    turn(a, b, c) == 0.0 && ahead <= 0.0
}

/// Whether two closed segments have a common point.
fn segments_meet([a, b]: [[f64; 2]; 2], [c, d]: [[f64; 2]; 2]) -> bool {
    let apart = |axis: usize| {
        a[axis].max(b[axis]) < c[axis].min(d[axis]) || c[axis].max(d[axis]) < a[axis].min(b[axis])
    };
    let one_side = |p, q, r, s| {
        let (left, right) = (turn(p, q, r), turn(p, q, s));
        (left > 0.0 && right > 0.0) || (left < 0.0 && right < 0.0)
    };
    !(apart(0) || apart(1) || one_side(a, b, c, d) || one_side(c, d, a, b))
}
