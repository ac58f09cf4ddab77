//! Results: a matrix `[N, m]` that streams to disk and appears there when it is complete.

mod archive;
mod layout;

use std::fmt;
use std::io::{BufWriter, Write};
use std::path::Path;

pub(super) use archive::ArchiveWriter;
pub use layout::{ResultFloat, ResultGroup, ResultLayout, ResultPrecision};

use super::csv::CsvWriter;
use super::npy::NpyWriter;
use super::open::{ending, unknown_ending};
use super::temporary::Temporary;
use super::{Destination, FileError, Origin};

/// A writer of results, one row per point, in blocks of rows.
///
/// | ending | what is written |
/// |---|---|
/// | `.npy` | one array `[N, m]`, the columns of all groups side by side |
/// | `.npz` | one array `[N, columns]` for each group, uncompressed |
/// | `.csv` | a header and N rows of m numbers that read back exactly |
///
/// The file appears, or is replaced, when [`finish`](Self::finish) succeeds; a writer that is dropped before leaves
/// nothing behind.
///
/// # Example: two outputs, one of them with two columns
///
/// ```
/// use jetc_runtime::files::{ResultLayout, ResultPrecision, ResultWriter};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("values.csv");
/// let layout = ResultLayout::new(ResultPrecision::F64).group("lap", ["lap"]).group("grad", ["u_x", "u_y"]);
/// let mut writer = ResultWriter::create(&path, &layout)?;
/// writer.write_block(&[0.5, 1.0, 2.0])?;
/// writer.finish()?;
/// assert_eq!(std::fs::read_to_string(&path)?, "lap,u_x,u_y\n0.5,1.0,2.0\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ResultWriter {
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
    Csv(CsvWriter<BufWriter<Temporary>>),
    Stream(CsvWriter<BufWriter<Box<dyn Write + Send>>>),
}

/// Values encoded at a time.
const CHUNK: usize = 1 << 13;

impl ResultWriter {
    /// The endings that [`create`](Self::create) knows.
    pub const ENDINGS: &'static [&'static str] = &[".npy", ".npz", ".csv"];

    /// Starts the file at `path`, in the format that its ending names.
    ///
    /// # Errors
    ///
    /// [`FileError::Ending`] for other endings, [`FileError::NoColumns`] and [`FileError::DuplicateName`] for a
    /// layout that cannot be written, and everything that is wrong with a [`Destination`].
    pub fn create(path: impl AsRef<Path>, layout: &ResultLayout) -> Result<Self, FileError> {
        Self::check_ending(&path)?;
        Self::create_at(&Destination::new(path)?, layout)
    }

    /// Starts the file at a place that was looked at before.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn create_at(destination: &Destination, layout: &ResultLayout) -> Result<Self, FileError> {
        let path = destination.path();
        let origin = Origin::new(path);
        layout.check(&origin)?;
        Self::check_ending(path)?;
        let format = ending(path);
        let temporary = destination.begin()?;
        let precision = layout.precision();
        let sink = match format.as_deref() {
            Some("npz") => {
                let arrays = layout.groups().iter().map(|group| (group.name.as_str(), group.columns.len()));
                ArchiveWriter::new(temporary, precision, arrays).map(Sink::Npz)
            }
            Some("npy") => {
                NpyWriter::new(BufWriter::new(temporary), precision, layout.columns()).map(Sink::Npy)
            }
            _ => CsvWriter::new(BufWriter::new(temporary), layout.column_names(), precision).map(Sink::Csv),
        };
        let sink = sink.map_err(|error| FileError::writing(&origin, error))?;
        Ok(Self::new(origin, layout, sink))
    }

    /// Checks that the name `path` ends as one of the formats does.
    ///
    /// # Errors
    ///
    /// [`FileError::Ending`].
    pub fn check_ending(path: impl AsRef<Path>) -> Result<(), FileError> {
        let path = path.as_ref();
        match ending(path).as_deref() {
            Some("npy" | "npz" | "csv") => Ok(()),
            _ => Err(unknown_ending(path, Self::ENDINGS)),
        }
    }

    /// Writes csv to any stream (standard output); `origin` names it in errors.
    ///
    /// What was written before a failure stays written.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create), and [`FileError::Write`] if the header cannot be written.
    pub fn to_stream(
        writer: impl Write + Send + 'static,
        origin: Origin,
        layout: &ResultLayout,
    ) -> Result<Self, FileError> {
        layout.check(&origin)?;
        let writer: BufWriter<Box<dyn Write + Send>> = BufWriter::new(Box::new(writer));
        let csv = CsvWriter::new(writer, layout.column_names(), layout.precision());
        let sink = Sink::Stream(csv.map_err(|error| FileError::writing(&origin, error))?);
        Ok(Self::new(origin, layout, sink))
    }

    fn new(origin: Origin, layout: &ResultLayout, sink: Sink) -> Self {
        let (precision, columns) = (layout.precision(), layout.columns());
        Self { origin, precision, columns, rows: 0, bytes: Vec::new(), sink }
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Appends rows, row-major: `[rows, m]`. Values are converted to the layout's precision.
    ///
    /// # Errors
    ///
    /// [`FileError::BlockLength`] for a part of a row, of which nothing is written; [`FileError::Write`] if the
    /// system fails.
    pub fn write_block<T: ResultFloat>(&mut self, block: &[T]) -> Result<(), FileError> {
        if !block.len().is_multiple_of(self.columns) {
            let (columns, found) = (self.columns, block.len());
            return Err(FileError::BlockLength { origin: self.origin.clone(), columns, found });
        }
        self.append(block).map_err(|error| FileError::writing(&self.origin, error))?;
        self.rows += (block.len() / self.columns) as u64;
        Ok(())
    }

    fn append<T: ResultFloat>(&mut self, block: &[T]) -> std::io::Result<()> {
        match &mut self.sink {
            Sink::Csv(csv) => csv.append(block),
            Sink::Stream(csv) => csv.append(block),
            Sink::Npz(archive) => archive.append(block),
            Sink::Npy(npy) => block.chunks(CHUNK).try_for_each(|values| {
                self.bytes.clear();
                self.precision.encode(values, &mut self.bytes);
                npy.append(&self.bytes)
            }),
        }
    }

    /// Completes the file and puts it in its place; the number of rows is returned.
    ///
    /// # Errors
    ///
    /// [`FileError::Write`] if the system fails; then there is no file, or the former one.
    pub fn finish(self) -> Result<u64, FileError> {
        let Self { origin, rows, sink, .. } = self;
        let done = match sink {
            Sink::Csv(csv) => Temporary::persist_buffered(csv.into_inner()),
            Sink::Npy(npy) => npy.finish(rows).and_then(Temporary::persist_buffered),
            Sink::Npz(archive) => archive.finish(rows).and_then(Temporary::persist_buffered),
            Sink::Stream(csv) => csv.into_inner().flush(),
        };
        done.map_err(|error| FileError::writing(&origin, error))?;
        Ok(rows)
    }
}

impl fmt::Debug for ResultWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResultWriter")
            .field("origin", &self.origin)
            .field("columns", &self.columns)
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}
