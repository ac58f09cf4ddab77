//! Streaming the rows of an npy matrix.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::super::element::{Element, ElementStream};
use super::super::{FileError, Origin};
use super::NpyHeader;

/// A matrix `[N, n]` that is read in blocks of rows.
pub(in super::super) enum MatrixReader {
    /// Rows lie one behind the other.
    Rows(RowReader),
    /// Columns lie one behind the other: each block seeks once per column.
    Columns(ColumnReader),
}

impl MatrixReader {
    /// The matrix behind `header` in a stream that stands at its first element.
    ///
    /// The stream must hold the rows one behind the other, as it does unless `header.fortran`.
    pub(in super::super) fn rows(
        header: &NpyHeader,
        data: Box<dyn Read + Send>,
        origin: &Origin,
    ) -> Result<Self, FileError> {
        let (left, columns) = header.matrix(origin)?;
        let stream = ElementStream::new(data, header.element(origin)?);
        Ok(Self::Rows(RowReader { origin: origin.clone(), stream, columns, left }))
    }

    /// The matrix behind `header` in a file whose first element is at `offset`.
    pub(in super::super) fn in_file(
        header: &NpyHeader,
        mut file: File,
        offset: u64,
        origin: &Origin,
    ) -> Result<Self, FileError> {
        let (rows, columns) = header.matrix(origin)?;
        if header.fortran && columns > 1 {
            let element = header.element(origin)?;
            let stream = ElementStream::new(file, element);
            let (origin, scratch) = (origin.clone(), Vec::new());
            let reader = ColumnReader { origin, stream, element, offset, rows, columns, next: 0, scratch };
            return Ok(Self::Columns(reader));
        }
        file.seek(SeekFrom::Start(offset)).map_err(|error| FileError::reading(origin, error))?;
        Self::rows(header, Box::new(file), origin)
    }

    pub(in super::super) fn columns(&self) -> usize {
        match self {
            Self::Rows(reader) => reader.columns,
            Self::Columns(reader) => reader.columns,
        }
    }

    /// Replaces `block` by at most `max_rows` rows and returns their number; 0 at the end.
    pub(in super::super) fn read_block(
        &mut self,
        max_rows: usize,
        block: &mut Vec<f64>,
    ) -> Result<usize, FileError> {
        block.clear();
        match self {
            Self::Rows(reader) => reader.read_block(max_rows, block),
            Self::Columns(reader) => reader.read_block(max_rows, block),
        }
    }
}

/// Rows one behind the other.
pub(in super::super) struct RowReader {
    origin: Origin,
    stream: ElementStream<Box<dyn Read + Send>>,
    columns: usize,
    left: u64,
}

impl RowReader {
    fn read_block(&mut self, max_rows: usize, block: &mut Vec<f64>) -> Result<usize, FileError> {
        let rows = clamped(max_rows, self.left);
        let count = rows as u64 * self.columns as u64;
        self.stream.read(count, block).map_err(|error| FileError::reading(&self.origin, error))?;
        self.left -= rows as u64;
        Ok(rows)
    }
}

/// Columns one behind the other, in a file whose length was checked.
pub(in super::super) struct ColumnReader {
    origin: Origin,
    stream: ElementStream<File>,
    element: Element,
    offset: u64,
    rows: u64,
    columns: usize,
    next: u64,
    scratch: Vec<f64>,
}

impl ColumnReader {
    fn read_block(&mut self, max_rows: usize, block: &mut Vec<f64>) -> Result<usize, FileError> {
        let rows = clamped(max_rows, self.rows - self.next);
        block.resize(rows * self.columns, 0.0);
        for column in 0..self.columns {
            let first = column as u64 * self.rows + self.next;
            let at = self.offset + first * self.element.size() as u64;
            self.scratch.clear();
            let file = self.stream.reader_mut();
            file.seek(SeekFrom::Start(at))
                .and_then(|_| self.stream.read(rows as u64, &mut self.scratch))
                .map_err(|error| FileError::reading(&self.origin, error))?;
            for (row, &value) in self.scratch.iter().enumerate() {
                block[row * self.columns + column] = value;
            }
        }
        self.next += rows as u64;
        Ok(rows)
    }
}

fn clamped(max_rows: usize, left: u64) -> usize {
    usize::try_from(left).unwrap_or(usize::MAX).min(max_rows)
}
