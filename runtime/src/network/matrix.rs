//! A dense row-major matrix, for weights and points.

use super::NumberList;

/// A matrix whose entry (i, j) stands at `i · columns + j`.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix<S> {
    rows: usize,
    columns: usize,
    pub(super) entries: NumberList<S>,
}

impl<S> Matrix<S> {
    /// A matrix from its entries in row-major order, or nothing if there are not rows · columns of them.
    pub fn from_row_major(rows: usize, columns: usize, entries: Vec<S>) -> Option<Self> {
        Self::from_numbers(rows, columns, entries.into())
    }

    /// The same for entries that may be derived from parameters.
    pub fn from_numbers(rows: usize, columns: usize, entries: NumberList<S>) -> Option<Self> {
        (rows.checked_mul(columns) == Some(entries.len())).then_some(Self { rows, columns, entries })
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// One row.
    pub fn row(&self, row: usize) -> &[S] {
        &self.entries[row * self.columns..(row + 1) * self.columns]
    }

    /// All entries, row by row.
    pub fn entries(&self) -> &[S] {
        &self.entries
    }

    /// All entries with where they come from.
    pub fn numbers(&self) -> &NumberList<S> {
        &self.entries
    }

    /// Says where among the derived numbers the entries stand.
    pub(super) fn derive_from(&mut self, origin: usize)
    where
        S: Clone,
    {
        self.entries = NumberList::derived(self.entries.to_vec(), origin);
    }

    /// The same numbers as constants.
    #[must_use]
    pub(crate) fn constant(self) -> Self {
        Self { entries: self.entries.with_origin(None), ..self }
    }

    /// Rows as columns.
    #[must_use]
    pub fn transposed(&self) -> Self
    where
        S: Clone,
    {
        let entry = |index: usize| self.entries[index % self.rows * self.columns + index / self.rows].clone();
        let entries = (0..self.entries.len()).map(entry).collect();
        Self { rows: self.columns, columns: self.rows, entries }
    }

    /// The same matrix with every entry converted.
    pub fn map<T>(&self, convert: impl Fn(&S) -> T) -> Matrix<T> {
        Matrix { rows: self.rows, columns: self.columns, entries: self.entries.map(convert) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transposed_matrix_has_its_rows_as_columns() {
        let matrix = Matrix::from_row_major(2, 3, vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(matrix.transposed().entries(), [1, 4, 2, 5, 3, 6]);
        assert_eq!(matrix.transposed().transposed(), matrix);
        assert_eq!(Matrix::from_row_major(2, 2, vec![0; 5]), None);
    }
}
