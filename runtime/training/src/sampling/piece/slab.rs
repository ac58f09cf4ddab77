//! Boxes, their faces, edges and sections: some coordinates fixed, the others uniform in their intervals.

use std::rc::Rc;

use super::Map;
use crate::domain::Cuboid;
use crate::sampling::number::between;

/// The points of a box with some coordinates fixed.
#[derive(Debug, Clone)]
pub(super) struct Slab {
    bounds: Rc<Cuboid>,
    /// Axes in rising order, with their values.
    fixed: Vec<(usize, f64)>,
    /// The axis along which a normal points, and 1 or −1.
    normal: Option<(usize, f64)>,
    log_measure: f64,
}

impl Slab {
    /// The points with these coordinates fixed, axes in rising order, without normals.
    pub(super) fn new(bounds: &Cuboid, fixed: Vec<(usize, f64)>) -> Self {
        let mut slab = Self { bounds: Rc::new(bounds.clone()), fixed, normal: None, log_measure: 0.0 };
        slab.log_measure = slab.free().map(|(_, [lower, upper])| libm::log(upper - lower)).sum();
        slab
    }

    /// The same, with a normal where one coordinate is fixed, at an end of the box.
    pub(super) fn face(bounds: &Cuboid, fixed: Vec<(usize, f64)>) -> Self {
        let normal = match fixed[..] {
            [(axis, value)] => at_end(bounds, axis, value).map(|sign| (axis, sign)),
            _ => None,
        };
        Self { normal, ..Self::new(bounds, fixed) }
    }

    /// Its face at an end of a coordinate that is free, with the outward normal.
    pub(super) fn side(&self, axis: usize, sign: f64) -> Self {
        let (lower, upper) = (self.bounds.lower()[axis], self.bounds.upper()[axis]);
        let mut fixed = self.fixed.clone();
        let place = fixed.partition_point(|&(other, _)| other < axis);
        fixed.insert(place, (axis, if sign < 0.0 { lower } else { upper }));
        let log_measure = self.log_measure - libm::log(upper - lower);
        Self { bounds: Rc::clone(&self.bounds), fixed, normal: Some((axis, sign)), log_measure }
    }

    /// The axes that are free, with their intervals.
    fn free(&self) -> impl Iterator<Item = (usize, [f64; 2])> + '_ {
        let mut fixed = self.fixed.iter().map(|&(axis, _)| axis).peekable();
        (0..self.bounds.dimension())
            .filter(move |axis| fixed.next_if_eq(axis).is_none())
            .map(|axis| (axis, [self.bounds.lower()[axis], self.bounds.upper()[axis]]))
    }
}

impl Map for Slab {
    fn axes(&self) -> usize {
        self.bounds.dimension() - self.fixed.len()
    }

    fn log_measure(&self) -> f64 {
        if self.axes() == 0 { 0.0 } else { self.log_measure }
    }

    fn place(&self, cube: &[f64], point: &mut [f64], normal: &mut [f64]) -> f64 {
        for ((axis, [lower, upper]), &x) in self.free().zip(cube) {
            point[axis] = between(lower, upper, x);
        }
        for &(axis, value) in &self.fixed {
            point[axis] = value;
        }
        if let Some((axis, sign)) = self.normal {
            normal[axis] = sign;
        }
        1.0
    }
}

/// −1 or 1 where a coordinate is at the lower or upper end of a box.
#[expect(clippy::float_cmp, reason = "ends are given, not computed")]
pub(super) fn at_end(cuboid: &Cuboid, axis: usize, value: f64) -> Option<f64> {
    if value == cuboid.lower()[axis] {
        Some(-1.0)
    } else if value == cuboid.upper()[axis] {
        Some(1.0)
    } else {
        None
    }
}

/// The two faces of a box along each coordinate that is not fixed.
pub(super) fn faces(cuboid: &Cuboid, fixed: &[(usize, f64)]) -> Vec<Box<dyn Map>> {
    let section = Slab::new(cuboid, fixed.to_vec());
    let free = (0..cuboid.dimension()).filter(|axis| fixed.iter().all(|(other, _)| other != axis));
    free.flat_map(|axis| [section.side(axis, -1.0), section.side(axis, 1.0)])
        .map(|slab| Box::new(slab) as Box<dyn Map>)
        .collect()
}
