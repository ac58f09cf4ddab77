//! Matrices, from rows of expressions or from files.

use super::value::Shape;
use super::{Checked, Elaborator, Reported, Value};
use crate::counted;
use crate::diagnostic::{Code, Span};
use crate::document::decode::{Spanned, Text};
use crate::document::number;
use crate::spec::file::{MatrixSource, Rows};
use crate::spec::{Entry, Matrix};
use crate::symbolic::NodeId;

impl Elaborator<'_> {
    /// The value of a matrix.
    pub(super) fn matrix(&mut self, source: &MatrixSource) -> Checked<Value> {
        match source {
            MatrixSource::Rows(rows) => self.matrix_of_rows(rows),
            MatrixSource::File(file) => {
                let matrix = self.matrix_file(&file.file, file.transpose == Some(true))?;
                let (rows, columns) = (matrix.len(), matrix.first().map_or(0, Vec::len));
                let mut items = Vec::with_capacity(rows * columns);
                for entry in matrix.into_iter().flatten() {
                    let node = self.graph.constant(Entry::Double(entry).to_rational());
                    items.push(self.check(node, file.file.span)?);
                }
                Ok(Value { shape: Shape::Matrix(rows, columns), items })
            }
        }
    }

    fn matrix_of_rows(&mut self, rows: &Rows) -> Checked<Value> {
        let columns = rows.value.first().map_or(0, |row| row.value.len());
        if columns == 0 {
            self.report(Code::InvalidValue, rows.span, "the matrix is empty");
            return Err(Reported);
        }
        let mut items = Vec::new();
        let mut complete = true;
        for row in &rows.value {
            if row.value.len() != columns {
                let message =
                    format!("this row has {}, the first {columns}", counted(row.value.len(), "entry"));
                self.report(Code::ShapeMismatch, row.span, message);
                complete = false;
            }
            for entry in &row.value {
                match self.entry(entry) {
                    Ok(node) => items.push(node),
                    Err(Reported) => complete = false,
                }
            }
        }
        let shape = Shape::Matrix(rows.value.len(), columns);
        if complete { Ok(Value { shape, items }) } else { Err(Reported) }
    }

    /// An entry of a matrix: an expression that is a number at each point.
    fn entry(&mut self, text: &Text) -> Checked<NodeId> {
        if let Ok(value) = number::parse(&text.text) {
            let node = self.graph.constant(value);
            return self.check(node, text.span);
        }
        let value = self.expression(text)?;
        value.as_scalar().ok_or_else(|| {
            self.mismatch(
                text.span,
                format!("expected a number, this is {}", value.shape),
                "entries are numbers",
            )
        })
    }

    /// The rows of the matrix in a file.
    pub(super) fn matrix_file(&mut self, file: &Spanned<String>, transpose: bool) -> Checked<Vec<Vec<f64>>> {
        let read = match self.options.matrices {
            Some(reader) => reader.read(&file.value),
            None => Err("matrix files cannot be read here".to_owned()),
        };
        let matrix = read.and_then(|matrix| finite_rows(&matrix, transpose));
        matrix.map_err(|message| {
            self.report(Code::MatrixFile, file.span, format!("`{}`: {message}", file.value));
            Reported
        })
    }

    /// Reports a key that only makes sense beside another one.
    pub(super) fn refuse<T>(&mut self, value: Option<&Spanned<T>>, message: &str) {
        if let Some(Spanned { span, .. }) = value {
            self.report(Code::UnknownKey, Span::new(span.start, span.end), message);
        }
    }
}

/// The rows of a matrix of finite doubles.
fn finite_rows(matrix: &Matrix, transpose: bool) -> Result<Vec<Vec<f64>>, String> {
    let Matrix { rows, columns, entries } = matrix;
    if rows.checked_mul(*columns) != Some(entries.len()) || entries.is_empty() {
        return Err(format!(
            "{} and {} with {} are no matrix",
            counted(rows, "row"),
            counted(columns, "column"),
            counted(entries.len(), "entry")
        ));
    }
    let entry = |row: usize, column: usize| {
        let entry = entries[row * columns + column];
        let place = || format!("the entry in row {}, column {} is {entry}", row + 1, column + 1);
        if entry.is_finite() { Ok(entry) } else { Err(place()) }
    };
    if transpose {
        (0..*columns).map(|column| (0..*rows).map(|row| entry(row, column)).collect()).collect()
    } else {
        (0..*rows).map(|row| (0..*columns).map(|column| entry(row, column)).collect()).collect()
    }
}
