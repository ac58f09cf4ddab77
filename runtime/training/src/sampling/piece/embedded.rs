//! Pieces of a space of fewer coordinates, the others fixed.

use super::Map;
use crate::sampling::tensor::Rule;

/// A piece in the free coordinates.
#[derive(Debug)]
pub(super) struct Embedded {
    pub(super) inner: Box<dyn Map>,
    pub(super) free: Vec<usize>,
    pub(super) fixed: Vec<(usize, f64)>,
}

impl Map for Embedded {
    fn axes(&self) -> usize {
        self.inner.axes()
    }

    fn log_measure(&self) -> f64 {
        self.inner.log_measure()
    }

    fn rules(&self) -> Option<Vec<Rule>> {
        self.inner.rules()
    }

    /// Without normals: a section has none in the whole space.
    fn place(&self, cube: &[f64], point: &mut [f64], _: &mut [f64]) -> f64 {
        let (mut position, mut normal) = (vec![0.0; self.free.len()], vec![0.0; self.free.len()]);
        let density = self.inner.place(cube, &mut position, &mut normal);
        for (&axis, &x) in self.free.iter().zip(&position) {
            point[axis] = x;
        }
        for &(axis, value) in &self.fixed {
            point[axis] = value;
        }
        density
    }
}
