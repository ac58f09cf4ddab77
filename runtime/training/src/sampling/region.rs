//! What a region fixes: values of columns, and the boundary of space or a part of it.

use super::error::SamplingError;
use super::number::float;
use crate::domain::{Column, Domain, Region};

/// Which of space a region takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it.
    Whole,
    /// The boundary.
    Boundary,
    /// A numbered part of the boundary.
    Part(Vec<usize>),
}

/// What a region fixes.
#[derive(Debug)]
pub(super) struct Conditions<'a> {
    domain: &'a Domain,
    ranges: Vec<[f64; 2]>,
    /// The value of each column, where it is fixed, \[n\].
    pub(super) fixed: Vec<Option<f64>>,
    pub(super) extent: Extent,
}

impl<'a> Conditions<'a> {
    /// The conditions of a region; errors where the domain cannot fulfil them.
    pub(super) fn new(domain: &'a Domain, region: &Region) -> Result<Self, SamplingError> {
        let fixed = vec![None; domain.columns().len()];
        let mut conditions = Self { domain, ranges: domain.ranges(), fixed, extent: Extent::Whole };
        conditions.add(region)?;
        Ok(conditions)
    }

    /// The coordinates of space that are fixed, in rising order, and their values.
    pub(super) fn fixed_space(&self) -> Vec<(usize, f64)> {
        let columns = self.domain.space_columns().iter().enumerate();
        columns.filter_map(|(axis, &column)| self.fixed[column].map(|value| (axis, value))).collect()
    }

    fn add(&mut self, region: &Region) -> Result<(), SamplingError> {
        match region {
            Region::Interior => Ok(()),
            Region::Boundary => self.restrict(Extent::Boundary),
            Region::Part(part) => self.restrict(Extent::Part(part.clone())),
            Region::Face { axis, value } => self.fix_axis(*axis, *value),
            Region::Start => self.fix_time(|[start, _]| start),
            Region::End => self.fix_time(|[_, end]| end),
            Region::Instant(time) => self.fix_time(|_| *time),
            Region::Point(coordinates) => self.fix_point(coordinates),
            Region::Intersection(regions) => regions.iter().try_for_each(|region| self.add(region)),
        }
    }

    fn restrict(&mut self, extent: Extent) -> Result<(), SamplingError> {
        if self.domain.space().is_none() {
            return Err(SamplingError::NoSpace("boundary"));
        }
        self.extent = match (std::mem::replace(&mut self.extent, Extent::Whole), extent) {
            (Extent::Part(first), Extent::Part(second)) if first != second => {
                let what = "the part of the boundary".to_owned();
                let number = |part: &[usize]| float(part.last().copied().unwrap_or(0));
                return Err(SamplingError::Contradiction {
                    what,
                    first: number(&first),
                    second: number(&second),
                });
            }
            (part @ Extent::Part(_), Extent::Boundary) => part,
            (_, extent) => extent,
        };
        Ok(())
    }

    fn fix_axis(&mut self, axis: usize, value: f64) -> Result<(), SamplingError> {
        let columns = self.domain.space_columns();
        if columns.is_empty() {
            return Err(SamplingError::NoSpace("faces"));
        }
        let column = columns.get(axis).ok_or(SamplingError::NoAxis { axis, dimension: columns.len() })?;
        self.fix(*column, value)
    }

    fn fix_time(&mut self, choose: impl Fn([f64; 2]) -> f64) -> Result<(), SamplingError> {
        let interval = self.domain.time().ok_or(SamplingError::NoTime)?;
        let column = self.domain.columns().iter().position(|&column| column == Column::Time);
        self.fix(column.ok_or(SamplingError::NoTime)?, choose(interval))
    }

    fn fix_point(&mut self, coordinates: &[Option<f64>]) -> Result<(), SamplingError> {
        if coordinates.len() != self.fixed.len() {
            return Err(SamplingError::PointLength { found: coordinates.len(), expected: self.fixed.len() });
        }
        let mut fixed =
            coordinates.iter().enumerate().filter_map(|(column, value)| value.map(|value| (column, value)));
        fixed.try_for_each(|(column, value)| self.fix(column, value))
    }

    fn fix(&mut self, column: usize, value: f64) -> Result<(), SamplingError> {
        let [lower, upper] = self.ranges[column];
        let name = || self.domain.columns()[column].to_string();
        if !(lower <= value && value <= upper) {
            return Err(SamplingError::Outside { coordinate: name(), value, lower, upper });
        }
        match self.fixed[column].replace(value) {
            #[expect(clippy::float_cmp, reason = "one value twice, or two")]
            Some(first) if first != value => {
                Err(SamplingError::Contradiction { what: name(), first, second: value })
            }
            _ => Ok(()),
        }
    }
}
