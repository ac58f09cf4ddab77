//! What a user chooses apart from the file.

use std::fmt;

use jetc_combinatorics::Rational;

/// Choices that an operator file leaves open.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// The number of coordinates of space, for files that count them: `{space: {x: 3}}`.
    pub dimension: Option<u64>,
    /// Values for parameters of the file, instead of those it gives.
    pub parameters: Vec<(String, Rational)>,
    /// Reads the matrix files that the operator file names.
    pub matrices: Option<&'a dyn ReadMatrix>,
}

/// Reads matrix files. Names are as in the operator file; where relative names start is the reader's affair.
pub trait ReadMatrix: fmt::Debug {
    /// The matrix in the file of this name.
    ///
    /// # Errors
    /// A message for the user: why there is no matrix.
    fn read(&self, file: &str) -> Result<Matrix, String>;
}

/// A matrix of doubles. Every double is an exact fraction, and taken for that.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Number of rows; an array with one index is one row.
    pub rows: usize,
    /// Number of columns.
    pub columns: usize,
    /// The entries, row by row.
    pub entries: Vec<f64>,
}
