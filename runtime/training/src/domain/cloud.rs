//! Domains that are known by points alone.
//!
//! Coordinates that the points do not have range over intervals of their own, independently. Whether a place belongs to such a
//! domain is a matter of judgement: here, if its cell of a grid over the bounds, with about [`PER_CELL`] points in each cell,
//! has a point or touches one that has. That is for pictures; no point that is not given is ever trained at.

use std::collections::BTreeSet;

use super::error::{self, DomainError};

/// Points to a cell, on average, of a cloud that fills its bounds.
const PER_CELL: f64 = 4.0;

/// Given points.
#[derive(Debug, Clone, PartialEq)]
pub struct Cloud {
    /// Which columns of the domain's points are given, in rising order, \[k\].
    columns: Vec<usize>,
    /// Their values, \[N, k\].
    rows: Vec<f64>,
    /// The least and the largest of each column, \[k\].
    bounds: Vec<[f64; 2]>,
    /// Cells along each axis.
    cells: u32,
    occupied: BTreeSet<Vec<u32>>,
}

impl Cloud {
    /// The points `rows`, \[N, k\], of these columns of a domain.
    ///
    /// # Errors
    /// No points or columns, numbers that are not finite, a column whose values are all the same.
    pub fn new(columns: Vec<usize>, rows: Vec<f64>) -> Result<Self, DomainError> {
        if columns.is_empty() || rows.is_empty() {
            return Err(DomainError::NoCoordinates);
        }
        error::finite("number of the points", &rows)?;
        let width = columns.len();
        error::length("the list of points", rows.len() / width * width, rows.len())?;
        let mut bounds = vec![[f64::INFINITY, f64::NEG_INFINITY]; width];
        for row in rows.chunks_exact(width) {
            for ([least, most], &x) in bounds.iter_mut().zip(row) {
                (*least, *most) = (least.min(x), most.max(x));
            }
        }
        for (index, &range) in bounds.iter().enumerate() {
            error::interval("range of column", columns[index], range)?;
        }
        #[allow(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of cells"
        )]
        let cells = ((rows.len() / width) as f64 / PER_CELL).powf(1.0 / width as f64).floor().max(1.0) as u32;
        let mut cloud = Self { columns, rows: Vec::new(), bounds, cells, occupied: BTreeSet::new() };
        cloud.occupied = rows.chunks_exact(width).map(|row| cloud.cell(row)).collect();
        cloud.rows = rows;
        Ok(cloud)
    }

    /// Which columns are given, in rising order, \[k\].
    pub fn columns(&self) -> &[usize] {
        &self.columns
    }

    /// N.
    pub fn len(&self) -> usize {
        self.rows.len() / self.columns.len()
    }

    /// Never.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The values of a point, \[k\].
    pub fn row(&self, row: usize) -> &[f64] {
        &self.rows[row * self.columns.len()..][..self.columns.len()]
    }

    /// The least and the largest value of each column, \[k\].
    pub fn bounds(&self) -> &[[f64; 2]] {
        &self.bounds
    }

    /// The cell of a place within the bounds.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts of floats saturate")]
    fn cell(&self, place: &[f64]) -> Vec<u32> {
        let index = |(&[least, most], x): (&[f64; 2], &f64)| {
            let part = (x - least) / (most - least) * f64::from(self.cells);
            (part as u32).min(self.cells - 1)
        };
        self.bounds.iter().zip(place).map(index).collect()
    }

    /// Whether there is a point near this one, of all columns of the domain.
    pub(super) fn is_near(&self, point: &[f64]) -> bool {
        let place: Vec<f64> = self.columns.iter().map(|&column| point[column]).collect();
        let is_within = self.bounds.iter().zip(&place).all(|([least, most], x)| least <= x && x <= most);
        if !is_within {
            return false;
        }
        let cell = self.cell(&place);
        // One step along each axis.
        self.occupied.contains(&cell)
            || (0..cell.len()).any(|axis| {
                [cell[axis].wrapping_sub(1), cell[axis] + 1].into_iter().any(|moved| {
                    let mut beside = cell.clone();
                    beside[axis] = moved;
                    self.occupied.contains(&beside)
                })
            })
    }
}
