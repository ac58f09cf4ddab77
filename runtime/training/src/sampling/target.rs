//! A region ready for points: pieces of space, ranges of the other columns, and what is fixed.

use super::error::SamplingError;
use super::filter::Filter;
use super::number::between;
use super::piece::{self, Map, Nothing, Pieces};
use super::points::Collector;
use super::region::{Conditions, Extent};
use super::scheme::Scheme;
use crate::domain::Region;
use crate::domain::{Column, Domain};

/// A piece of the region with its share of the points.
#[derive(Debug)]
pub(super) struct Piece {
    /// From a unit cube onto the piece.
    pub(super) map: Box<dyn Map>,
    /// Which of the shapes of a combination it bounds.
    leaf: usize,
    /// Its part of the measure of all pieces.
    pub(super) share: f64,
}

/// A region ready for points.
#[derive(Debug)]
pub(super) struct Target<'a> {
    pieces: Vec<Piece>,
    /// The sums of the shares up to each piece.
    cumulative: Vec<f64>,
    /// Cube coordinates that the largest piece has.
    space_axes: usize,
    filter: Filter<'a>,
    space_columns: &'a [usize],
    columns: usize,
    /// Columns outside of space that range over an interval.
    ranges: Vec<(usize, [f64; 2])>,
    /// Columns outside of space that are fixed.
    fixed: Vec<(usize, f64)>,
}

impl<'a> Target<'a> {
    pub(super) fn new(domain: &'a Domain, region: &Region, scheme: Scheme) -> Result<Self, SamplingError> {
        let conditions = Conditions::new(domain, region)?;
        let (maps, filter) = space(domain, &conditions, scheme)?;
        let (mut ranges, mut fixed) = (Vec::new(), Vec::new());
        for (column, (&kind, range)) in domain.columns().iter().zip(domain.ranges()).enumerate() {
            match (kind, conditions.fixed[column]) {
                (Column::Space(_), _) => {}
                (_, Some(value)) => fixed.push((column, value)),
                (_, None) => ranges.push((column, range)),
            }
        }
        let pieces = shared(maps);
        let cumulative = pieces.iter().scan(0.0, |sum, piece| {
            *sum += piece.share;
            Some(*sum)
        });
        Ok(Self {
            cumulative: cumulative.collect(),
            space_axes: pieces.iter().map(|piece| piece.map.axes()).max().unwrap_or(0),
            pieces,
            filter,
            space_columns: domain.space_columns(),
            columns: domain.columns().len(),
            ranges,
            fixed,
        })
    }

    pub(super) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// n.
    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    /// d.
    pub(super) fn space_dimension(&self) -> usize {
        self.space_columns.len()
    }

    /// How many columns outside of space range over an interval.
    pub(super) fn ranges(&self) -> usize {
        self.ranges.len()
    }

    /// How many coordinates a point of a piece is made of: none where the region is finitely many points.
    pub(super) fn axes(&self) -> usize {
        self.space_axes + self.ranges.len()
    }

    /// How many coordinates of a unit cube a point is made of: one more where it chooses among pieces.
    pub(super) fn cube(&self) -> usize {
        self.axes() + usize::from(self.pieces.len() > 1)
    }

    /// Whether pieces are larger than the region.
    pub(super) fn rejects(&self) -> bool {
        !matches!(self.filter, Filter::Nothing)
    }

    /// A point of the cube, \[`cube()`\], as a piece, the coordinates of space in it, and those of ranges.
    pub(super) fn split<'c>(&self, cube: &'c [f64]) -> (usize, &'c [f64], &'c [f64]) {
        let (piece, cube) = match cube {
            [choice, rest @ ..] if self.pieces.len() > 1 => {
                let piece = self.cumulative.partition_point(|sum| sum <= choice);
                (piece.min(self.pieces.len() - 1), rest)
            }
            _ => (0, cube),
        };
        let (space, ranges) = cube.split_at(self.space_axes);
        (piece, &space[..self.pieces[piece].map.axes()], ranges)
    }

    /// Adds the image of a point of the cube, where it is in the region.
    pub(super) fn place(
        &self,
        piece: usize,
        space: &[f64],
        ranges: &[f64],
        weight: f64,
        into: &mut Collector,
    ) {
        let piece = &self.pieces[piece];
        let (mut position, mut normal) =
            (vec![0.0; self.space_columns.len()], vec![0.0; self.space_columns.len()]);
        let density = piece.map.place(space, &mut position, &mut normal);
        if !self.filter.accepts(piece.leaf, &position, &mut normal) {
            return;
        }
        into.add(&normal, weight * density, |row| {
            for (&column, &x) in self.space_columns.iter().zip(&position) {
                row[column] = x;
            }
            for (&(column, [lower, upper]), &x) in self.ranges.iter().zip(ranges) {
                row[column] = between(lower, upper, x);
            }
            for &(column, value) in &self.fixed {
                row[column] = value;
            }
        });
    }
}

/// The pieces of space that the conditions leave.
fn space<'a>(
    domain: &'a Domain,
    conditions: &Conditions,
    scheme: Scheme,
) -> Result<Pieces<'a>, SamplingError> {
    let Some(shape) = domain.space() else {
        return Ok((vec![(Box::new(Nothing), 0)], Filter::Nothing));
    };
    let fixed = conditions.fixed_space();
    match (&conditions.extent, fixed.is_empty()) {
        (Extent::Whole, true) => Ok(piece::interior(shape, scheme)),
        (Extent::Whole, false) => piece::section(shape, fixed, scheme),
        (extent, true) => piece::boundary(shape, extent),
        (extent, false) => piece::boundary_section(shape, fixed, extent),
    }
}

/// The pieces with their shares of the measure.
fn shared(maps: Vec<(Box<dyn Map>, usize)>) -> Vec<Piece> {
    let most = maps.iter().map(|(map, _)| map.log_measure()).fold(f64::NEG_INFINITY, f64::max);
    let relative = |map: &dyn Map| libm::exp(map.log_measure() - most);
    let sum: f64 = maps.iter().map(|(map, _)| relative(map.as_ref())).sum();
    maps.into_iter().map(|(map, leaf)| Piece { share: relative(map.as_ref()) / sum, map, leaf }).collect()
}
