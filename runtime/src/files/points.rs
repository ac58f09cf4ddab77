//! Points: a matrix `[N, n]` that streams from disk.

use std::fmt;
use std::io::{self, Read};
use std::path::Path;

use super::csv::CsvReader;
use super::npy::{MatrixReader, NpyHeader};
use super::npz::{Npz, NpzArray};
use super::open::{ending, open, open_measured, unknown_ending};
use super::{FileError, Origin, suggest};

/// The array that is taken when an archive holds several.
const PREFERRED: &str = "points";

/// A reader of points, one row per point, in blocks of rows.
///
/// | ending | what it holds |
/// |---|---|
/// | `.npy` | an array `[N, n]`, or `[N]`, which is `[N, 1]` |
/// | `.npz` | such an array, alone or called `points` |
/// | `.csv` | rows of numbers, with or without a header; `#` starts a comment line |
///
/// Arrays may be of any real type and byte order, in C or Fortran order; values arrive as `f64`, integers beyond
/// 2⁵³ rounded. Memory does not grow with N. An array of an `.npz` in Fortran order is unpacked into a temporary file of at
/// most a gigabyte, or 16 times the size of the archive; one in C order streams.
///
/// # Example: all points of a csv file, a thousand at a time
///
/// ```
/// use jetc_runtime::files::PointReader;
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("points.csv");
/// std::fs::write(&path, "x,y\n0,1\n2,3\n")?;
/// let mut reader = PointReader::open(&path)?;
/// assert_eq!((reader.rows(), reader.columns()), (None, 2));
/// let mut block = Vec::new();
/// while reader.read_block(1000, &mut block)? > 0 {
///     assert_eq!(block, [0.0, 1.0, 2.0, 3.0]);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PointReader {
    origin: Origin,
    rows: Option<u64>,
    source: Source,
}

enum Source {
    Matrix(MatrixReader),
    /// Columns one behind the other in an archive, unpacked when the first row is asked for.
    Packed {
        array: Box<NpzArray>,
        columns: usize,
    },
    Csv(CsvReader<Box<dyn Read + Send>>),
}

impl PointReader {
    /// The endings that [`open`](Self::open) knows.
    pub const ENDINGS: &'static [&'static str] = &[".npy", ".npz", ".csv"];

    /// Opens the points in the file at `path`, in the format that its ending names.
    ///
    /// # Errors
    ///
    /// [`FileError::Ending`] for other endings; the reasons of the operating system; everything that can be wrong
    /// with a header, and a length that does not agree with it. An archive of several arrays without one called
    /// `points` is [`FileError::SeveralArrays`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let origin = Origin::new(path);
        match ending(path).as_deref() {
            Some("npy") => Self::npy(origin),
            Some("npz") => {
                let archive = Npz::open(&origin)?;
                let name = only_array(&archive, &origin)?;
                Self::npz(&archive, &name, &origin)
            }
            Some("csv") => Self::from_csv(open(path)?, origin),
            _ => Err(unknown_ending(path, Self::ENDINGS)),
        }
    }

    /// Opens the array `name` of the archive at `path`.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and [`FileError::TensorMissing`] if there is no such array.
    pub fn open_array(path: impl AsRef<Path>, name: &str) -> Result<Self, FileError> {
        let origin = Origin::new(path.as_ref());
        Self::npz(&Npz::open(&origin)?, name, &origin)
    }

    /// Reads comma-separated numbers from any stream; `origin` names it in errors.
    ///
    /// # Errors
    ///
    /// If the first line is neither a header nor a row of numbers, or there is none.
    pub fn from_csv(reader: impl Read + Send + 'static, origin: Origin) -> Result<Self, FileError> {
        let reader: Box<dyn Read + Send> = Box::new(reader);
        let source = Source::Csv(CsvReader::new(reader, &origin)?);
        Ok(Self { origin, rows: None, source })
    }

    fn npy(origin: Origin) -> Result<Self, FileError> {
        let (mut file, length) = open_measured(origin.path())?;
        let header = NpyHeader::read(&mut file, &origin)?;
        header.check_length(length, &origin)?;
        let (rows, _) = header.matrix(&origin)?;
        let matrix = MatrixReader::in_file(&header, file, header.length, &origin)?;
        Ok(Self { origin, rows: Some(rows), source: Source::Matrix(matrix) })
    }

    fn npz(archive: &Npz, name: &str, origin: &Origin) -> Result<Self, FileError> {
        let position = archive.position(name).ok_or_else(|| missing(archive, name, origin))?;
        let array = archive.array(position)?;
        array.check_length()?;
        let (rows, columns) = array.header.matrix(&array.origin)?;
        let origin = array.origin.clone();
        let source = if array.header.fortran && columns > 1 {
            check_unpacked(&array, archive.length())?;
            Source::Packed { array: Box::new(array), columns }
        } else {
            Source::Matrix(MatrixReader::rows(&array.header, Box::new(array.data), &array.origin)?)
        };
        Ok(Self { origin, rows: Some(rows), source })
    }

    /// Where the points come from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The number N of points, where it is known before the end: always but for csv.
    pub fn rows(&self) -> Option<u64> {
        self.rows
    }

    /// The number n of columns, at least 1.
    pub fn columns(&self) -> usize {
        match &self.source {
            Source::Matrix(matrix) => matrix.columns(),
            Source::Packed { columns, .. } => *columns,
            Source::Csv(csv) => csv.columns(),
        }
    }

    /// The header of a csv file, if it has one.
    pub fn column_names(&self) -> Option<&[String]> {
        match &self.source {
            Source::Matrix(_) | Source::Packed { .. } => None,
            Source::Csv(csv) => csv.names(),
        }
    }

    /// Checks that there is one column for each coordinate, in this order as far as the names tell.
    ///
    /// # Errors
    ///
    /// [`FileError::ColumnMismatch`] for another number of columns; [`FileError::ColumnOrder`] if the header has
    /// exactly the coordinates' names in another order. Other names are taken as they come.
    pub fn check_columns<S: AsRef<str>>(&self, coordinates: &[S]) -> Result<(), FileError> {
        let expected: Vec<String> = coordinates.iter().map(|name| name.as_ref().to_owned()).collect();
        let origin = self.origin.clone();
        if self.columns() != expected.len() {
            return Err(FileError::ColumnMismatch { origin, expected, found: self.columns() });
        }
        let Some(found) = self.column_names() else { return Ok(()) };
        if found == expected || sorted(found) != sorted(&expected) {
            return Ok(());
        }
        Err(FileError::ColumnOrder { origin, expected, found: found.to_vec() })
    }

    /// Replaces `block` by the next rows, at most `max_rows`, row-major: `[rows, columns]`.
    ///
    /// Returns the number of rows; fewer than `max_rows` only before the end, 0 at the end. After an error the
    /// contents of `block` and the position are unspecified.
    ///
    /// # Errors
    ///
    /// [`FileError::CsvNumber`] and [`FileError::CsvRagged`] with the place; [`FileError::Corrupt`] for damaged
    /// data; [`FileError::Read`] if the system fails.
    pub fn read_block(&mut self, max_rows: usize, block: &mut Vec<f64>) -> Result<usize, FileError> {
        match &mut self.source {
            Source::Matrix(matrix) => matrix.read_block(max_rows, block),
            Source::Csv(csv) => csv.read_block(max_rows, block),
            Source::Packed { array, .. } => {
                self.source = Source::Matrix(unpacked(array)?);
                self.read_block(max_rows, block)
            }
        }
    }
}

impl fmt::Debug for PointReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PointReader")
            .field("origin", &self.origin)
            .field("rows", &self.rows)
            .field("columns", &self.columns())
            .finish_non_exhaustive()
    }
}

/// What the columns of an archive may unpack to: this many bytes, or this many times the size of the archive.
const UNPACKED: u64 = 1 << 30;
const RATIO: u64 = 16;

/// Checks that an array in Fortran order can be unpacked without filling the disk.
fn check_unpacked(array: &NpzArray, archive: u64) -> Result<(), FileError> {
    let limit = UNPACKED.max(archive.saturating_mul(RATIO));
    if array.size <= limit {
        return Ok(());
    }
    let (origin, what) = (array.origin.clone(), "the array in Fortran order, which must be unpacked first,");
    Err(FileError::TooLarge { origin, what, found: array.size, limit })
}

/// The matrix of an array in Fortran order: a compressed stream cannot go back from column to column, so it is unpacked
/// into a temporary file without a name.
fn unpacked(array: &mut NpzArray) -> Result<MatrixReader, FileError> {
    let folder = Origin::new(std::env::temp_dir());
    let mut file = tempfile::tempfile().map_err(|error| FileError::writing(&folder, error))?;
    io::copy(&mut array.data, &mut file).map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => FileError::writing(&folder, error),
        _ => FileError::reading(&array.origin, error),
    })?;
    MatrixReader::in_file(&array.header, file, 0, &array.origin)
}

/// The array of an archive that holds the points.
fn only_array(archive: &Npz, origin: &Origin) -> Result<String, FileError> {
    let names: Vec<&str> = archive.names().collect();
    match names[..] {
        [one] => Ok(one.to_owned()),
        _ if names.contains(&PREFERRED) => Ok(PREFERRED.to_owned()),
        _ => Err(FileError::SeveralArrays { origin: origin.clone(), available: owned(&names) }),
    }
}

/// The error for an array that is not there.
fn missing(archive: &Npz, name: &str, origin: &Origin) -> FileError {
    let names: Vec<&str> = archive.names().collect();
    let suggestion = suggest::nearest(name, names.iter().copied());
    FileError::TensorMissing {
        origin: origin.clone(),
        name: name.to_owned(),
        available: owned(&names),
        suggestion,
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn sorted(names: &[String]) -> Vec<&String> {
    let mut names: Vec<&String> = names.iter().collect();
    names.sort();
    names
}
