//! Edges of polygons.

use super::Map;

/// A segment with the inside on its left.
#[derive(Debug)]
pub(super) struct Edge {
    ends: [[f64; 2]; 2],
    length: f64,
}

impl Edge {
    pub(super) fn new(ends: [[f64; 2]; 2]) -> Self {
        let [a, b] = ends;
        Self { ends, length: libm::hypot(b[0] - a[0], b[1] - a[1]) }
    }
}

impl Map for Edge {
    fn axes(&self) -> usize {
        1
    }

    fn log_measure(&self) -> f64 {
        libm::log(self.length)
    }

    fn place(&self, cube: &[f64], point: &mut [f64], normal: &mut [f64]) -> f64 {
        let ([a, b], u) = (self.ends, cube[0]);
        for axis in 0..2 {
            point[axis] = a[axis] * (1.0 - u) + b[axis] * u;
        }
        normal.copy_from_slice(&[(b[1] - a[1]) / self.length, (a[0] - b[0]) / self.length]);
        1.0
    }
}
