//! Points: a matrix `[N, n]` that streams from disk.

use std::fmt;
use std::io::{self, Read};
use std::path::Path;

use super::csv::CsvReader;
use super::npy::{MatrixReader, NpyHeader};
use super::npz::{Npz, NpzArray};
use super::open::{ending, open, open_measured, unknown_ending};
use super::{FileError, Origin, PointNote, suggest};
use crate::names::{NameConflict, NameMatch, NameNote, Named, all_places, match_names};

/// The array that is taken when an archive holds several.
const PREFERRED: &str = "points";

/// A reader of points, one row per point, in blocks of rows.
///
/// | ending | what it holds |
/// |---|---|
/// | `.npy` | an array `[N, n]`, or `[N]`, which is `[N, 1]` |
/// | `.npz` | such an array, alone or called `points`; or an array for each coordinate, by name |
/// | `.csv` | rows of numbers between commas, semicolons, tabs or spaces, with or without a header; `#` and `%` start comment lines |
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
    notes: Vec<PointNote>,
    /// What its columns are.
    what: Named,
}

enum Source {
    Matrix(MatrixReader),
    /// Columns one behind the other in an archive, unpacked when the first row is asked for.
    Packed {
        array: Box<NpzArray>,
        columns: usize,
    },
    /// One array for each column.
    Arrays(Vec<MatrixReader>),
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
        let reader = CsvReader::new(reader, &origin)?;
        let notes = reader.notes().to_vec();
        Ok(Self { origin, rows: None, source: Source::Csv(reader), notes, what: Named::Columns })
    }

    fn npy(origin: Origin) -> Result<Self, FileError> {
        let (mut file, length) = open_measured(origin.path())?;
        let header = NpyHeader::read(&mut file, &origin)?;
        header.check_length(length, &origin)?;
        let (rows, _) = header.matrix(&origin)?;
        let matrix = MatrixReader::in_file(&header, file, header.length, &origin)?;
        Ok(Self {
            origin,
            rows: Some(rows),
            source: Source::Matrix(matrix),
            notes: Vec::new(),
            what: Named::Columns,
        })
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
        Ok(Self { origin, rows: Some(rows), source, notes: Vec::new(), what: Named::Columns })
    }

    /// One array `[N]` or `[N, 1]` for each coordinate; nothing unless there is one called like each.
    fn arrays(
        archive: &Npz,
        coordinates: &[String],
        origin: &Origin,
        what: Named,
    ) -> Result<Option<Self>, FileError> {
        let available: Vec<String> = archive.names().map(str::to_owned).collect();
        let Some(places) = all_places(coordinates, &available) else { return Ok(None) };
        let (mut rows, mut matrices) = (None, Vec::new());
        for &place in &places {
            let array = archive.array(place)?;
            array.check_length()?;
            let (length, columns) = array.header.matrix(&array.origin)?;
            if columns != 1 || *rows.get_or_insert(length) != length {
                let (first, found) = (available[places[0]].clone(), array.header.shape.clone());
                return Err(FileError::CoordinateShape { origin: array.origin, found, first });
            }
            matrices.push(MatrixReader::rows(&array.header, Box::new(array.data), &array.origin)?);
        }
        let names = places.iter().map(|&place| available[place].clone()).collect();
        let mut notes = vec![PointNote::Arrays { what, names }];
        notes.extend(left_out(&available, &places));
        Ok(Some(Self { origin: origin.clone(), rows, source: Source::Arrays(matrices), notes, what }))
    }

    /// Opens points for an operator: as [`open`](Self::open), and then the columns are those of the `coordinates`, by name
    /// where the file names them. [`notes`](Self::notes) says how the file was understood.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open) and [`match_columns`](Self::match_columns); [`FileError::CoordinateShape`] where the arrays
    /// of an archive are not one list of numbers for each coordinate.
    pub fn open_for(path: impl AsRef<Path>, coordinates: &[String]) -> Result<Self, FileError> {
        Self::open_as(path.as_ref(), coordinates, Named::Columns)
    }

    /// Opens targets for the results of an operator: as [`open_for`](Self::open_for), with the names of the `columns` of the
    /// results in place of coordinates.
    ///
    /// # Errors
    ///
    /// As [`open_for`](Self::open_for).
    pub fn open_targets(path: impl AsRef<Path>, columns: &[String]) -> Result<Self, FileError> {
        Self::open_as(path.as_ref(), columns, Named::Targets)
    }

    fn open_as(path: &Path, names: &[String], what: Named) -> Result<Self, FileError> {
        let origin = Origin::new(path);
        if ending(path).as_deref() == Some("npz") {
            let archive = Npz::open(&origin)?;
            if only_array(&archive, &origin).is_err()
                && let Some(points) = Self::arrays(&archive, names, &origin, what)?
            {
                return Ok(points);
            }
        }
        let mut points = Self { what, ..Self::open(path)? };
        points.match_columns(names)?;
        Ok(points)
    }

    /// How the file was understood, where that is not obvious.
    pub fn notes(&self) -> &[PointNote] {
        &self.notes
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
            Source::Arrays(arrays) => arrays.len(),
            Source::Csv(csv) => csv.columns(),
        }
    }

    /// The header of a csv file, if it has one: the names of all its columns, without an index.
    pub fn column_names(&self) -> Option<&[String]> {
        match &self.source {
            Source::Matrix(_) | Source::Packed { .. } | Source::Arrays(_) => None,
            Source::Csv(csv) => csv.names(),
        }
    }

    /// Takes one column for each coordinate: by name where the header of a csv file, or the comment before its first row,
    /// has all of them in whatever order and among whatever others; otherwise as they stand, if there are as many.
    ///
    /// # Errors
    ///
    /// [`FileError::ColumnMismatch`] for another number of columns; [`FileError::ColumnNames`] if some of the names in the
    /// header are those of coordinates, and others are not.
    pub fn match_columns(&mut self, coordinates: &[String]) -> Result<(), FileError> {
        if let Source::Csv(csv) = &mut self.source {
            let (names, comment) = match (csv.names(), csv.commented()) {
                (Some(names), _) => (Some(names.to_vec()), None),
                (None, Some((names, text))) => (Some(names.to_vec()), Some(text.to_owned())),
                (None, None) => (None, None),
            };
            if let Some(found) = names
                && let Some(order) = all_places(coordinates, &found)
            {
                let changes = order.len() < found.len() || !order.is_sorted();
                if changes {
                    csv.select(&order);
                    self.notes.extend(comment.map(|text| PointNote::Comment { text }));
                }
                if !order.is_sorted() {
                    self.notes.push(PointNote::Names(columns_note(self.what, coordinates, &found, true)));
                }
                self.notes.extend(left_out(&found, &order));
                return Ok(());
            }
        }
        self.check_columns(coordinates)
    }

    /// Checks columns that are taken as they stand.
    fn check_columns(&mut self, coordinates: &[String]) -> Result<(), FileError> {
        let (found, expected) = (self.columns(), coordinates.to_vec());
        if found != expected.len() {
            return Err(FileError::ColumnMismatch { origin: self.origin.clone(), expected, found });
        }
        let Some(names) = self.column_names() else { return Ok(()) };
        let conflict = |conflict: NameConflict| {
            let (origin, conflict) = (self.origin.clone(), Box::new(conflict));
            FileError::ColumnNames { origin, conflict }
        };
        if match_names(self.what, coordinates, names).map_err(conflict)? == NameMatch::Unlike {
            let note = columns_note(self.what, coordinates, names, false);
            self.notes.push(PointNote::Names(note));
        }
        Ok(())
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
            Source::Arrays(arrays) => read_side_by_side(arrays, max_rows, block),
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

fn columns_note(what: Named, expected: &[String], found: &[String], by_name: bool) -> NameNote {
    NameNote { what, expected: expected.to_vec(), found: found.to_vec(), by_name }
}

/// The names that are not at one of the places.
fn left_out(names: &[String], places: &[usize]) -> Option<PointNote> {
    let rest = names.iter().enumerate().filter(|(place, _)| !places.contains(place));
    let names: Vec<String> = rest.map(|(_, name)| name.clone()).collect();
    (!names.is_empty()).then_some(PointNote::LeftOut { names })
}

/// Reads as many numbers of each array, and puts them side by side.
fn read_side_by_side(
    arrays: &mut [MatrixReader],
    max_rows: usize,
    block: &mut Vec<f64>,
) -> Result<usize, FileError> {
    let (width, mut rows, mut column) = (arrays.len(), 0, Vec::new());
    for (place, array) in arrays.iter_mut().enumerate() {
        let read = array.read_block(max_rows, &mut column)?;
        if place == 0 {
            rows = read;
            block.clear();
            block.resize(rows * width, 0.0);
        }
        for (row, &value) in block.chunks_exact_mut(width).zip(&column) {
            row[place] = value;
        }
    }
    Ok(rows)
}
