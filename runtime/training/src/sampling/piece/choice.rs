//! Which pieces make a region of space, and what has to be rejected.

use super::Map;
use super::ball::{Ball, Radius};
use super::edge::Edge;
use super::embedded::Embedded;
use super::slab::{Slab, at_end, faces};
use super::sphere::Sphere;
use super::triangle::Triangle;
use crate::domain::{Ellipsoid, Shape};
use crate::sampling::error::SamplingError;
use crate::sampling::filter::Filter;
use crate::sampling::region::Extent;
use crate::sampling::scheme::Scheme;

/// Pieces with the leaf of a combination that each bounds, and what rejects.
pub(in crate::sampling) type Pieces<'a> = (Vec<(Box<dyn Map>, usize)>, Filter<'a>);

/// The inside of a shape.
pub(in crate::sampling) fn interior(shape: &Shape, scheme: Scheme) -> Pieces<'_> {
    let (maps, exact) = cover(shape, scheme);
    (with_leaf(maps, 0), if exact { Filter::Nothing } else { Filter::Inside(shape) })
}

/// Pieces that cover the inside of a shape, and whether they are no larger.
fn cover(shape: &Shape, scheme: Scheme) -> (Vec<Box<dyn Map>>, bool) {
    let ball = |ellipsoid: &Ellipsoid, radius| -> Vec<Box<dyn Map>> {
        vec![Box::new(Ball { ellipsoid: ellipsoid.clone(), radius })]
    };
    match shape {
        Shape::Ellipsoid(ellipsoid) if !scheme.is_product() => (ball(ellipsoid, Radius::Even), true),
        Shape::Ellipsoid(ellipsoid) if scheme == Scheme::Gauss && shape.dimension() <= 3 => {
            (ball(ellipsoid, Radius::Polar), true)
        }
        Shape::Polygon(polygon) if scheme == Scheme::Gauss => {
            let triangles = polygon.triangles().into_iter();
            (triangles.map(|corners| Box::new(Triangle(corners)) as Box<dyn Map>).collect(), true)
        }
        _ => (vec![Box::new(Slab::new(shape.bounds(), vec![]))], matches!(shape, Shape::Box(_))),
    }
}

/// The points of the closed shape with some coordinates fixed.
pub(in crate::sampling) fn section(
    shape: &Shape,
    fixed: Vec<(usize, f64)>,
    scheme: Scheme,
) -> Result<Pieces<'_>, SamplingError> {
    match shape {
        Shape::Box(cuboid) => Ok((vec![(Box::new(Slab::face(cuboid, fixed)), 0)], Filter::Nothing)),
        Shape::Ellipsoid(ellipsoid) => {
            let (maps, exact) = ellipsoid_section(ellipsoid, &fixed, scheme)?;
            Ok((with_leaf(maps, 0), if exact { Filter::Nothing } else { Filter::Inside(shape) }))
        }
        _ => {
            let filter = match fixed[..] {
                [(axis, _)] => Filter::Section { shape, axis, boundary: false },
                _ => Filter::Inside(shape),
            };
            Ok((vec![(Box::new(Slab::new(shape.bounds(), fixed)), 0)], filter))
        }
    }
}

/// The section of an ellipsoid: with Σ ((x − c)/r)² = q over the fixed coordinates, the ellipsoid of radii √(1 − q) r in
/// the others; the center of it where q = 1 up to rounding.
fn ellipsoid_section(
    ellipsoid: &Ellipsoid,
    fixed: &[(usize, f64)],
    scheme: Scheme,
) -> Result<(Vec<Box<dyn Map>>, bool), SamplingError> {
    const ROUNDING: f64 = 1e-12;
    let (center, radii) = (ellipsoid.center(), ellipsoid.radii());
    let rest = 1.0 - fixed.iter().map(|&(axis, x)| ((x - center[axis]) / radii[axis]).powi(2)).sum::<f64>();
    if rest < -ROUNDING {
        return Err(SamplingError::Empty);
    }
    let free: Vec<usize> =
        (0..center.len()).filter(|axis| fixed.iter().all(|(other, _)| other != axis)).collect();
    let scaled = free.iter().map(|&axis| radii[axis] * rest.max(0.0).sqrt()).collect();
    let section = Shape::ellipsoid(free.iter().map(|&axis| center[axis]).collect(), scaled);
    let (Ok(section), true) = (section, rest > ROUNDING) else {
        let value =
            |axis: usize| fixed.iter().find(|(other, _)| *other == axis).map_or(center[axis], |&(_, x)| x);
        let all = (0..center.len()).map(|axis| (axis, value(axis))).collect();
        return Ok((vec![Box::new(Slab::new(ellipsoid.bounds(), all))], true));
    };
    let (maps, exact) = cover(&section, scheme);
    let embed =
        |inner| Box::new(Embedded { inner, free: free.clone(), fixed: fixed.to_vec() }) as Box<dyn Map>;
    Ok((maps.into_iter().map(embed).collect(), exact))
}

/// The boundary of a shape, or a part of it.
pub(in crate::sampling) fn boundary<'a>(
    shape: &'a Shape,
    extent: &Extent,
) -> Result<Pieces<'a>, SamplingError> {
    let part = match extent {
        Extent::Part(part) => part.as_slice(),
        Extent::Whole | Extent::Boundary => &[],
    };
    if !matches!(shape, Shape::Combination(_)) {
        return Ok((with_leaf(surface(shape, part)?, 0), Filter::Nothing));
    }
    let mut leaves = Vec::new();
    add_leaves(shape, &mut Vec::new(), &mut leaves);
    let mut pieces = Vec::new();
    for (leaf, (path, shape)) in leaves.iter().enumerate() {
        // The leaf is in the part, or the part is one of the leaf.
        if path.starts_with(part) {
            pieces.extend(with_leaf(surface(shape, &[])?, leaf));
        } else if part.starts_with(path) {
            pieces.extend(with_leaf(surface(shape, &part[path.len()..])?, leaf));
        }
    }
    if pieces.is_empty() {
        return Err(no_operand(shape, part));
    }
    let leaves = leaves.into_iter().map(|(_, leaf)| leaf).collect();
    Ok((pieces, Filter::Boundary { whole: shape, leaves }))
}

/// The simple shapes that a shape is made of, with the numbers of the operands on the way to them.
fn add_leaves<'a>(shape: &'a Shape, path: &mut Vec<usize>, leaves: &mut Vec<(Vec<usize>, &'a Shape)>) {
    let Shape::Combination(combination) = shape else {
        leaves.push((path.clone(), shape));
        return;
    };
    for (number, operand) in combination.operands().iter().enumerate() {
        path.push(number);
        add_leaves(operand, path, leaves);
        path.pop();
    }
}

/// Why a combination does not have a part: its first number that is none of an operand.
fn no_operand(mut shape: &Shape, part: &[usize]) -> SamplingError {
    for &number in part {
        let Shape::Combination(combination) = shape else { break };
        let count = combination.operands().len();
        match combination.operands().get(number) {
            Some(operand) => shape = operand,
            None => {
                return SamplingError::NoPart { part: number, shape: "the combination", count, hint: "" };
            }
        }
    }
    SamplingError::Unsupported("a part has no boundary")
}

/// The boundary of a simple shape, or the part of it with these numbers.
fn surface(shape: &Shape, part: &[usize]) -> Result<Vec<Box<dyn Map>>, SamplingError> {
    let no_parts = |shape| {
        let hint = "; name a face by its coordinate and value, or take the boundary";
        Err(SamplingError::NoPart { part: part[0], shape, count: 0, hint })
    };
    match (shape, part) {
        (Shape::Box(cuboid), []) => Ok(faces(cuboid, &[])),
        (Shape::Ellipsoid(ellipsoid), []) => Ok(vec![Box::new(Sphere::new(ellipsoid))]),
        (Shape::Box(_), _) => no_parts("a box"),
        (Shape::Ellipsoid(_), _) => no_parts("an ellipsoid"),
        (Shape::Polygon(polygon), _) => {
            let mut edges = polygon.edges().map(|ends| Box::new(Edge::new(ends)) as Box<dyn Map>);
            let count = polygon.vertices().len();
            let &[part, ..] = part else { return Ok(edges.collect()) };
            let missing = SamplingError::NoPart { part, shape: "the polygon", count, hint: "" };
            edges.nth(part).map(|edge| vec![edge]).ok_or(missing)
        }
        (Shape::Combination(_), _) => {
            Err(SamplingError::Unsupported("a combination is taken for a simple shape"))
        }
    }
}

/// The points of the boundary with some coordinates fixed.
pub(in crate::sampling) fn boundary_section<'a>(
    shape: &'a Shape,
    fixed: Vec<(usize, f64)>,
    extent: &Extent,
) -> Result<Pieces<'a>, SamplingError> {
    if let (Shape::Box(_) | Shape::Ellipsoid(_), Extent::Part(_)) = (shape, extent) {
        return boundary(shape, extent);
    }
    match (shape, extent, &fixed[..]) {
        (Shape::Box(cuboid), _, values) => {
            let on_face = values.iter().any(|&(axis, value)| at_end(cuboid, axis, value).is_some());
            let pieces: Vec<Box<dyn Map>> =
                if on_face { vec![Box::new(Slab::face(cuboid, fixed))] } else { faces(cuboid, values) };
            if pieces.is_empty() {
                return Err(SamplingError::Unsupported("a point of the inside is to be on the boundary"));
            }
            Ok((with_leaf(pieces, 0), Filter::Nothing))
        }
        (Shape::Polygon(_) | Shape::Combination(_), Extent::Boundary, &[(axis, _)]) => {
            let filter = Filter::Section { shape, axis, boundary: true };
            Ok((vec![(Box::new(Slab::new(shape.bounds(), fixed)), 0)], filter))
        }
        _ => Err(SamplingError::Unsupported("fixed coordinates meet a curved boundary or a part")),
    }
}

fn with_leaf(maps: Vec<Box<dyn Map>>, leaf: usize) -> Vec<(Box<dyn Map>, usize)> {
    maps.into_iter().map(|map| (map, leaf)).collect()
}
