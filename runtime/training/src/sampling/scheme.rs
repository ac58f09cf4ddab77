//! Schemes, and how points of a region are made by them.

use super::cube::Sequence;
use super::error::SamplingError;
use super::number::{float, nearest};
use super::points::{Collector, Points};
use super::target::Target;
use super::tensor::{self, Rule};
use crate::domain::{Domain, Region};

/// How points are chosen.
///
/// Grids and Gauss rules are products, of [`Scheme::MOST_AXES`] axes at most; they take `count` as a hint and give the
/// nearest number that a product has. The others give exactly `count` points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scheme {
    /// Midpoints of equal cells; equidistant on curves. Shapes other than boxes keep the points of the grid of their
    /// bounds that are inside.
    Grid,
    /// Independent random points.
    Uniform,
    /// The Sobol sequence with random linear scrambling and a digital shift; Latin hypercubes above 21 201 coordinates
    /// of the unit cube (those of the points, one that chooses among faces, up to two more in balls).
    Sobol,
    /// One point in each of `count` slices along every coordinate; shapes that reject points keep that only nearly.
    LatinHypercube,
    /// Gauss–Legendre nodes with their weights; equidistant in angles. Balls up to three dimensions in spherical
    /// coordinates, polygons by triangles; combinations keep the points of their bounds that are inside.
    Gauss,
}

impl Scheme {
    /// The most axes that a product of rules can have.
    pub const MOST_AXES: usize = 6;

    /// Its name in messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::Uniform => "uniform sample",
            Self::Sobol => "Sobol sequence",
            Self::LatinHypercube => "Latin hypercube",
            Self::Gauss => "Gauss rule",
        }
    }

    /// Whether its points are a product of rules.
    pub(super) fn is_product(self) -> bool {
        matches!(self, Self::Grid | Self::Gauss)
    }
}

/// Points of a region of a domain, with weights of a mean over it, and normals where it is a boundary or a face.
///
/// Another `stream` gives other random points. A region of finitely many points gives each of them once. A domain that is given
/// by points gives some of them, or all.
///
/// # Errors
/// A count of zero, regions that the domain does not have, products of too many axes, regions too thin to be hit.
pub fn sample(
    domain: &Domain,
    region: &Region,
    count: usize,
    scheme: Scheme,
    seed: u64,
    stream: u64,
) -> Result<Points, SamplingError> {
    if count == 0 {
        return Err(SamplingError::NoCount);
    }
    if let Some(cloud) = domain.cloud() {
        return super::cloud::sample(domain, cloud, region, count, scheme, (seed, stream));
    }
    let target = Target::new(domain, region, scheme)?;
    if target.axes() == 0 {
        return product_of_rules(&target, Scheme::Grid, 1)?.finish(target.pieces().len());
    }
    if scheme.is_product() {
        return nearest_product(&target, scheme, count);
    }
    sequence(&target, Sequence::new(scheme, target.cube(), count, seed, stream), count)
}

/// How many candidates are tried for `count` points before a region is called too thin.
fn most_candidates(count: usize) -> usize {
    count.saturating_mul(1000).saturating_add(10_000)
}

/// The first `count` points of a sequence that are in the region.
fn sequence(target: &Target, mut sequence: Sequence, count: usize) -> Result<Points, SamplingError> {
    let most = if target.rejects() { most_candidates(count) } else { count };
    let mut cube = vec![0.0; target.cube()];
    let mut collector = Collector::new(target, count);
    let mut tried = 0;
    while collector.len() < count {
        if tried == most {
            return Err(SamplingError::TooThin { found: collector.len(), tried });
        }
        sequence.next(&mut cube);
        tried += 1;
        let (piece, position, ranges) = target.split(&cube);
        target.place(piece, position, ranges, 1.0, &mut collector);
    }
    collector.finish(tried)
}

/// The product whose number of points in the region is nearest to `count`, among those tried while the aim is corrected
/// by what was rejected.
fn nearest_product(target: &Target, scheme: Scheme, count: usize) -> Result<Points, SamplingError> {
    let mut aim = count;
    let mut best = product_of_rules(target, scheme, aim)?;
    if target.rejects() {
        let mut found = best.len();
        for _ in 0..8 {
            if found == count {
                break;
            }
            let correction = float(count) / float(found.max(1)).max(float(count) / 8.0);
            aim = nearest(float(aim) * correction).clamp(1, most_candidates(count));
            let next = product_of_rules(target, scheme, aim)?;
            found = next.len();
            if found.abs_diff(count) < best.len().abs_diff(count) || best.len() == 0 {
                best = next;
            }
        }
    }
    best.finish(aim)
}

/// The points of the region in a product of about `aim` points, shared among the pieces by their measures.
fn product_of_rules(target: &Target, scheme: Scheme, aim: usize) -> Result<Collector, SamplingError> {
    let mut collector = Collector::new(target, aim);
    for (index, piece) in target.pieces().iter().enumerate() {
        let no_rule = SamplingError::NoRule { scheme: scheme.name(), dimension: target.space_dimension() };
        let mut rules = piece.map.rules().ok_or(no_rule)?;
        let space = rules.len();
        rules.resize(space + target.ranges(), Rule::Legendre);
        if rules.len() > Scheme::MOST_AXES {
            let (axes, limit) = (rules.len(), Scheme::MOST_AXES);
            return Err(SamplingError::TooManyAxes { scheme: scheme.name(), axes, limit });
        }
        if scheme == Scheme::Grid {
            rules.fill(Rule::Even);
        }
        let resolution = tensor::resolution(rules.len(), nearest(float(aim) * piece.share).max(1));
        tensor::product(&rules, &resolution, |cube, weight| {
            let (position, ranges) = cube.split_at(space);
            target.place(index, position, ranges, piece.share * weight, &mut collector);
        });
    }
    Ok(collector)
}
