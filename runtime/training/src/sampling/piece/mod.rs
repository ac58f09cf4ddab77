//! Pieces of space: images of unit cubes.

mod slab;

use std::fmt::Debug;

use super::error::SamplingError;
use super::filter::Filter;
use super::region::Extent;
use super::scheme::Scheme;
use super::tensor::Rule;
use crate::domain::{Cuboid, Shape};
pub(super) use slab::Slab;

/// A map from a unit cube onto a piece of space.
pub(super) trait Map: Debug {
    /// Coordinates of the cube.
    fn axes(&self) -> usize;

    /// The logarithm of the length, area or volume of the piece; zero for a point.
    fn log_measure(&self) -> f64;

    /// The rules that go with its coordinates, where products of rules have a use.
    fn rules(&self) -> Option<Vec<Rule>> {
        Some(vec![Rule::Legendre; self.axes()])
    }

    /// Writes the image of a point of the cube and, on boundaries, the outward unit normal, \[d\] each; the density: how
    /// much measure there is at the point for measure of the cube, divided by the measure of the piece.
    fn place(&self, cube: &[f64], point: &mut [f64], normal: &mut [f64]) -> f64;
}

/// The point of a domain without space.
#[derive(Debug)]
pub(super) struct Nothing;

impl Map for Nothing {
    fn axes(&self) -> usize {
        0
    }

    fn log_measure(&self) -> f64 {
        0.0
    }

    fn place(&self, _: &[f64], _: &mut [f64], _: &mut [f64]) -> f64 {
        1.0
    }
}

/// Pieces with the leaf each bounds, and what rejects.
type Pieces<'a> = (Vec<(Box<dyn Map>, usize)>, Filter<'a>);

/// The inside of a shape.
pub(super) fn interior(shape: &Shape, _scheme: Scheme) -> Pieces<'_> {
    let bounds = Box::new(Slab::new(shape.bounds(), vec![]));
    match shape {
        Shape::Box(_) => (vec![(bounds, 0)], Filter::Nothing),
        _ => (vec![(bounds, 0)], Filter::Inside(shape)),
    }
}

/// The points of the closed shape with some coordinates fixed.
pub(super) fn section(
    shape: &Shape,
    fixed: Vec<(usize, f64)>,
    _scheme: Scheme,
) -> Result<Pieces<'_>, SamplingError> {
    match shape {
        Shape::Box(cuboid) => Ok((vec![(Box::new(Slab::face(cuboid, fixed)), 0)], Filter::Nothing)),
        _ => Err(SamplingError::Unsupported("a face cuts such a shape")),
    }
}

/// The boundary of a shape, or a part of it.
pub(super) fn boundary(shape: &Shape, extent: Extent) -> Result<Pieces<'_>, SamplingError> {
    match (shape, extent) {
        (Shape::Box(_), Extent::Part(part)) => Err(no_parts(part, "a box")),
        (Shape::Box(cuboid), _) => Ok((with_leaf(faces(cuboid, &[]), 0), Filter::Nothing)),
        _ => Err(SamplingError::Unsupported("the boundary of such a shape is")),
    }
}

/// The points of the boundary with some coordinates fixed.
pub(super) fn boundary_section(
    shape: &Shape,
    fixed: Vec<(usize, f64)>,
    extent: Extent,
) -> Result<Pieces<'_>, SamplingError> {
    match (shape, extent) {
        (Shape::Box(_), Extent::Part(part)) => Err(no_parts(part, "a box")),
        (Shape::Box(cuboid), _)
            if fixed.iter().any(|&(axis, value)| at_end(cuboid, axis, value).is_some()) =>
        {
            Ok((vec![(Box::new(Slab::face(cuboid, fixed)), 0)], Filter::Nothing))
        }
        (Shape::Box(cuboid), _) => {
            let faces = faces(cuboid, &fixed);
            let no_face = SamplingError::Unsupported("all coordinates are fixed inside of the boundary");
            if faces.is_empty() { Err(no_face) } else { Ok((with_leaf(faces, 0), Filter::Nothing)) }
        }
        _ => Err(SamplingError::Unsupported("a face cuts the boundary of such a shape")),
    }
}

fn no_parts(part: usize, shape: &'static str) -> SamplingError {
    SamplingError::NoPart { part, shape, count: 0, hint: "; name a face by its coordinate and value" }
}

fn with_leaf(maps: Vec<Box<dyn Map>>, leaf: usize) -> Vec<(Box<dyn Map>, usize)> {
    maps.into_iter().map(|map| (map, leaf)).collect()
}

/// −1 or 1 where a coordinate is at the lower or upper end of a box.
#[expect(clippy::float_cmp, reason = "ends are given, not computed")]
fn at_end(cuboid: &Cuboid, axis: usize, value: f64) -> Option<f64> {
    if value == cuboid.lower()[axis] {
        Some(-1.0)
    } else if value == cuboid.upper()[axis] {
        Some(1.0)
    } else {
        None
    }
}

/// The two faces of a box along each coordinate that is not fixed.
fn faces(cuboid: &Cuboid, fixed: &[(usize, f64)]) -> Vec<Box<dyn Map>> {
    let section = Slab::new(cuboid, fixed.to_vec());
    let free = (0..cuboid.dimension()).filter(|axis| fixed.iter().all(|(other, _)| other != axis));
    free.flat_map(|axis| [section.side(axis, -1.0), section.side(axis, 1.0)])
        .map(|slab| Box::new(slab) as Box<dyn Map>)
        .collect()
}
