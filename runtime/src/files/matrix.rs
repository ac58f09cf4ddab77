//! A matrix whose columns have no names: it streams to disk and appears there when it is complete.

use std::fmt;
use std::io::BufWriter;
use std::path::Path;

use super::npy::NpyWriter;
use super::open::{check_output_ending, ending};
use super::results::ArchiveWriter;
use super::temporary::Temporary;
use super::{Destination, FileError, Origin, ResultFloat, ResultPrecision};

/// A writer of a matrix `[rows, columns]` in blocks of rows, whose number need not be known.
///
/// | ending | what is written |
/// |---|---|
/// | `.npy` | the array |
/// | `.npz` | the array under its name, uncompressed; until it is complete it takes its place on the disk twice |
///
/// The file appears, or is replaced, when [`finish`](Self::finish) succeeds; a writer that is dropped before leaves nothing
/// behind.
///
/// # Example: three rows of two numbers
///
/// ```
/// use jetc_runtime::files::{Destination, MatrixWriter, PointReader, ResultPrecision};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("jacobian.npz");
/// let mut writer = MatrixWriter::create_at(&Destination::new(&path)?, "jacobian", 2, ResultPrecision::F64)?;
/// writer.write_block(&[0.0, 1.0])?;
/// writer.write_block(&[2.0, 3.0, 4.0, 5.0])?;
/// assert_eq!(writer.finish()?, 3);
/// let mut block = Vec::new();
/// PointReader::open_array(&path, "jacobian")?.read_block(10, &mut block)?;
/// assert_eq!(block, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MatrixWriter {
    origin: Origin,
    precision: ResultPrecision,
    columns: usize,
    rows: u64,
    bytes: Vec<u8>,
    sink: Sink,
}

enum Sink {
    Npy(NpyWriter<BufWriter<Temporary>>),
    Npz(ArchiveWriter),
}

/// Values encoded at a time.
const CHUNK: usize = 1 << 13;

impl MatrixWriter {
    /// The endings that [`create_at`](Self::create_at) knows.
    pub const ENDINGS: &'static [&'static str] = &[".npy", ".npz"];

    /// Checks that the name `path` ends as one of the formats does.
    ///
    /// # Errors
    ///
    /// [`FileError::OutputEnding`].
    pub fn check_ending(path: impl AsRef<Path>) -> Result<(), FileError> {
        check_output_ending(path.as_ref(), Self::ENDINGS)
    }

    /// Starts a matrix of so many columns, in the format that the ending names; `name` is that of the array in an archive.
    ///
    /// # Errors
    ///
    /// [`FileError::OutputEnding`] for other endings, [`FileError::NoColumns`], and the reasons of the operating system.
    pub fn create_at(
        destination: &Destination,
        name: &str,
        columns: usize,
        precision: ResultPrecision,
    ) -> Result<Self, FileError> {
        let path = destination.path();
        Self::check_ending(path)?;
        let origin = Origin::new(path);
        if columns == 0 {
            return Err(FileError::NoColumns { origin });
        }
        let temporary = destination.begin()?;
        let sink = match ending(path).as_deref() {
            Some("npz") => ArchiveWriter::new(temporary, precision, [(name, columns)]).map(Sink::Npz),
            _ => NpyWriter::new(BufWriter::new(temporary), precision, columns).map(Sink::Npy),
        };
        let sink = sink.map_err(|error| FileError::writing(&origin, error))?;
        Ok(Self { origin, precision, columns, rows: 0, bytes: Vec::new(), sink })
    }

    /// Appends rows, row-major: `[rows, columns]`.
    ///
    /// # Errors
    ///
    /// [`FileError::BlockLength`] for a part of a row, of which nothing is written; [`FileError::Write`] if the system fails.
    pub fn write_block<T: ResultFloat>(&mut self, block: &[T]) -> Result<(), FileError> {
        if !block.len().is_multiple_of(self.columns) {
            let (columns, found) = (self.columns, block.len());
            return Err(FileError::BlockLength { origin: self.origin.clone(), columns, found });
        }
        let written = match &mut self.sink {
            Sink::Npz(archive) => archive.append(block),
            Sink::Npy(npy) => block.chunks(CHUNK).try_for_each(|values| {
                self.bytes.clear();
                self.precision.encode(values, &mut self.bytes);
                npy.append(&self.bytes)
            }),
        };
        written.map_err(|error| FileError::writing(&self.origin, error))?;
        self.rows += (block.len() / self.columns) as u64;
        Ok(())
    }

    /// Completes the file and puts it in its place; the number of rows is returned.
    ///
    /// # Errors
    ///
    /// [`FileError::Write`] if the system fails; then there is no file, or the former one.
    pub fn finish(self) -> Result<u64, FileError> {
        let Self { origin, rows, sink, .. } = self;
        let done = match sink {
            Sink::Npy(npy) => npy.finish(rows).and_then(Temporary::persist_buffered),
            Sink::Npz(archive) => archive.finish(rows).and_then(Temporary::persist_buffered),
        };
        done.map_err(|error| FileError::writing(&origin, error))?;
        Ok(rows)
    }
}

impl fmt::Debug for MatrixWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MatrixWriter")
            .field("origin", &self.origin)
            .field("columns", &self.columns)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}
