//! Domains: space × time × parameters.

use std::fmt;

use super::cloud::Cloud;
use super::error::{self, DomainError};
use super::shape::Shape;

/// What a column of points holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// The coordinate of space with this index.
    Space(usize),
    /// Time.
    Time,
    /// The parameter with this index.
    Parameter(usize),
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Space(axis) => write!(f, "space coordinate {axis}"),
            Self::Time => f.write_str("time"),
            Self::Parameter(index) => write!(f, "parameter {index}"),
        }
    }
}

/// Space × time × parameters, each of which may be absent, and the order of their coordinates in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Domain {
    space: Option<Shape>,
    time: Option<[f64; 2]>,
    parameters: Vec<[f64; 2]>,
    columns: Vec<Column>,
    space_columns: Vec<usize>,
    cloud: Option<Cloud>,
}

impl Domain {
    /// The domain with points in the order `columns`, which lists each coordinate once.
    ///
    /// # Errors
    /// Intervals that are not finite or not in order; a coordinate listed never or twice; a column the domain lacks.
    pub fn new(
        space: Option<Shape>,
        time: Option<[f64; 2]>,
        parameters: Vec<[f64; 2]>,
        columns: Vec<Column>,
    ) -> Result<Self, DomainError> {
        if let Some(time) = time {
            error::interval("time interval", 0, time)?;
        }
        for (index, &interval) in parameters.iter().enumerate() {
            error::interval("parameter interval", index, interval)?;
        }
        let dimension = space.as_ref().map_or(0, Shape::dimension);
        let space_columns = places(dimension, usize::from(time.is_some()), parameters.len(), &columns)?;
        Ok(Self { space, time, parameters, columns, space_columns, cloud: None })
    }

    /// The same of these points alone: shapes and intervals of their columns are bounds.
    #[must_use]
    pub fn with_cloud(mut self, cloud: Cloud) -> Self {
        self.cloud = Some(cloud);
        self
    }

    /// The points that it is given by, if it is.
    pub fn cloud(&self) -> Option<&Cloud> {
        self.cloud.as_ref()
    }

    /// The shape of space.
    pub fn space(&self) -> Option<&Shape> {
        self.space.as_ref()
    }

    /// Start and end of time.
    pub fn time(&self) -> Option<[f64; 2]> {
        self.time
    }

    /// The intervals of the parameters.
    pub fn parameters(&self) -> &[[f64; 2]] {
        &self.parameters
    }

    /// What the columns of points hold, \[n\].
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// How many coordinates space has, d.
    pub fn space_dimension(&self) -> usize {
        self.space_columns.len()
    }

    /// The column of each coordinate of space, \[d\].
    pub fn space_columns(&self) -> &[usize] {
        &self.space_columns
    }

    /// Whether the closed domain has this point, \[n\].
    pub fn contains(&self, point: &[f64]) -> bool {
        let within = |[lower, upper]: [f64; 2], x: f64| lower <= x && x <= upper;
        point.len() == self.columns.len()
            && self.columns.iter().zip(point).all(|(column, &x)| match *column {
                Column::Space(_) => true,
                Column::Time => self.time.is_some_and(|time| within(time, x)),
                Column::Parameter(index) => within(self.parameters[index], x),
            })
            && self.space.as_ref().is_none_or(|shape| {
                let position: Vec<f64> = self.space_columns.iter().map(|&column| point[column]).collect();
                shape.contains(&position)
            })
            && self.cloud.as_ref().is_none_or(|cloud| cloud.is_near(point))
    }

    /// A box that the values of each column stay in, \[n\].
    pub fn ranges(&self) -> Vec<[f64; 2]> {
        let bounds = self.space.as_ref().map(Shape::bounds);
        let range = |column: &Column| match *column {
            Column::Space(axis) => bounds.map(|bounds| [bounds.lower()[axis], bounds.upper()[axis]]),
            Column::Time => self.time,
            Column::Parameter(index) => Some(self.parameters[index]),
        };
        self.columns
            .iter()
            .map(|column| range(column).expect("columns are checked by the constructor"))
            .collect()
    }
}

/// Checks that each coordinate has one column; the columns of space.
fn places(
    space: usize,
    time: usize,
    parameters: usize,
    columns: &[Column],
) -> Result<Vec<usize>, DomainError> {
    let mut found = [vec![Vec::new(); space], vec![Vec::new(); time], vec![Vec::new(); parameters]];
    for (place, &column) in columns.iter().enumerate() {
        let (kind, index) = match column {
            Column::Space(axis) => (0, axis),
            Column::Time => (1, 0),
            Column::Parameter(index) => (2, index),
        };
        let unknown = || DomainError::UnknownColumn { column: place, coordinate: column.to_string() };
        found[kind].get_mut(index).ok_or_else(unknown)?.push(place);
    }
    let name: [fn(usize) -> Column; 3] = [Column::Space, |_| Column::Time, Column::Parameter];
    for (places, name) in found.iter().zip(name) {
        if let Some(index) = places.iter().position(|places| places.len() != 1) {
            return Err(DomainError::Columns {
                coordinate: name(index).to_string(),
                found: places[index].len(),
            });
        }
    }
    Ok(found[0].iter().map(|places| places[0]).collect())
}
