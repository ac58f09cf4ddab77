//! Everything that can be wrong with a file.

use std::io;
use std::path::PathBuf;

use jetc_operators::{counted, printable_path};
use thiserror::Error;

use super::describe::{alternatives, listed, meant, puzzles, shape, shorten, sizes};
use super::{Origin, UnknownTensor, ZipFault, remedy};
use crate::names::NameConflict;

/// Why a file could not be read or written.
///
/// The message says what was found, what was expected and, where it can be known, what to do.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileError {
    /// There is no such file.
    #[error("{}: no such file{}", printable_path(path), meant(.suggestion.as_deref()))]
    Missing {
        /// What was asked for.
        path: PathBuf,
        /// A file in the same folder with a similar name.
        suggestion: Option<String>,
    },
    /// The folder a result should be written to does not exist.
    #[error(
        "{}: the folder {} does not exist; create it first",
        printable_path(path),
        printable_path(folder)
    )]
    MissingFolder {
        /// The result.
        path: PathBuf,
        /// Its folder.
        folder: PathBuf,
    },
    /// A folder or a device where a file was expected.
    #[error("{}: this is not a regular file", printable_path(path))]
    NotAFile {
        /// What was asked for.
        path: PathBuf,
    },
    /// A file that nobody may write to, where a result should be.
    #[error("{}: the file is read-only; allow writing, or choose another name", printable_path(path))]
    ReadOnly {
        /// What was asked for.
        path: PathBuf,
    },
    /// A result that would replace what it is computed from.
    #[error(
        "{}: results would replace the input {}; choose another name",
        printable_path(path),
        printable_path(input)
    )]
    OutputIsInput {
        /// Where the result should go.
        path: PathBuf,
        /// The input, perhaps under another name.
        input: PathBuf,
    },
    /// The operating system refused to open or create the file.
    #[error("{}: cannot be opened: {reason}", printable_path(path))]
    Open {
        /// What was asked for.
        path: PathBuf,
        /// The system's reason.
        reason: io::Error,
    },
    /// Reading failed midway.
    #[error("{origin}: cannot be read: {reason}")]
    Read {
        /// The file.
        origin: Origin,
        /// The system's reason.
        reason: io::Error,
    },
    /// Writing failed midway.
    #[error("{origin}: cannot be written: {reason}")]
    Write {
        /// The file.
        origin: Origin,
        /// The system's reason.
        reason: io::Error,
    },
    /// The name's ending names no format that serves here.
    #[error(
        "{}: {}; expected a name that ends in {}{}",
        printable_path(path),
        .found.as_ref().map_or("the name has no ending".to_owned(), |e| format!("`.{}` is not a format known here", shorten(e))),
        alternatives(.expected),
        remedy::of_ending(.found.as_deref(), .expected)
    )]
    Ending {
        /// The file.
        path: PathBuf,
        /// The ending, without its dot.
        found: Option<String>,
        /// The endings that would do, with their dots.
        expected: &'static [&'static str],
    },
    /// The name of a result ends as no format that results are written in.
    #[error(
        "{}: {}; give the result a name that ends in {}",
        printable_path(path),
        .found.as_ref().map_or("the name has no ending".to_owned(), |e| format!("`.{}` is not a format that is written here", shorten(e))),
        alternatives(.expected)
    )]
    OutputEnding {
        /// The file.
        path: PathBuf,
        /// The ending, without its dot.
        found: Option<String>,
        /// The endings that would do, with their dots.
        expected: &'static [&'static str],
    },
    /// The first bytes are not those of the format that the ending names.
    #[error("{origin}: expected {expected}, found {found}")]
    BadMagic {
        /// The file.
        origin: Origin,
        /// The format that the ending names.
        expected: &'static str,
        /// What the bytes look like.
        found: String,
    },
    /// The file is shorter than its own header says.
    #[error(
        "{origin}: cut short: {} expected, {found} found; copy or write it again",
        counted(expected, "byte")
    )]
    Truncated {
        /// The file.
        origin: Origin,
        /// Bytes that there should be.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// The file is longer than its own header says.
    #[error("{origin}: {} expected, {found} found: bytes follow the data", counted(expected, "byte"))]
    TrailingBytes {
        /// The file.
        origin: Origin,
        /// Bytes that there should be.
        expected: u64,
        /// Bytes that there are.
        found: u64,
    },
    /// Something is larger than anything sound would be.
    #[error("{origin}: {what} has {}, more than the limit of {limit}", counted(found, "byte"))]
    TooLarge {
        /// The file.
        origin: Origin,
        /// What is too large.
        what: &'static str,
        /// Its size in bytes (a lower bound where the end was not sought).
        found: u64,
        /// The largest size that is read.
        limit: u64,
    },
    /// Compressed data are damaged, or a checksum does not match.
    #[error("{origin}: damaged: {reason}; copy or write it again")]
    Corrupt {
        /// The file.
        origin: Origin,
        /// What did not fit.
        reason: String,
    },
    /// An npy format version later than 3.
    #[error("{origin}: npy version {major}.{minor} is not known (1.0, 2.0 and 3.0 are)")]
    NpyVersion {
        /// The file.
        origin: Origin,
        /// Major version found.
        major: u8,
        /// Minor version found.
        minor: u8,
    },
    /// An npy header that is not the dictionary numpy writes.
    #[error("{origin}: the npy header is not valid at its byte {at}: expected {expected}")]
    NpyHeader {
        /// The file.
        origin: Origin,
        /// Offset into the header's text.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// A safetensors header that is not valid.
    #[error("{origin}: the safetensors header is not valid: {reason}")]
    SafetensorsHeader {
        /// The file.
        origin: Origin,
        /// The parser's reason.
        reason: String,
    },
    /// An archive whose structure is not valid or not supported.
    #[error("{origin}: {fault}")]
    Zip {
        /// The archive, or a member of it.
        origin: Origin,
        /// What is wrong.
        fault: ZipFault,
    },
    /// Elements of a type that does not serve here.
    #[error(
        "{origin}: the elements are of type `{}`; expected {expected}: {}",
        shorten(.found), remedy::of_elements(.found)
    )]
    Dtype {
        /// The file.
        origin: Origin,
        /// The type as the file names it.
        found: String,
        /// The types that would do.
        expected: &'static str,
    },
    /// An array of a shape that does not serve here.
    #[error("{origin}: the shape is {}; expected {expected}", shape(.found))]
    Shape {
        /// The file.
        origin: Origin,
        /// The shape found.
        found: Vec<u64>,
        /// In words.
        expected: &'static str,
    },
    /// A shape whose number of bytes exceeds any memory.
    #[error("{origin}: the shape {} is beyond any memory; the header is damaged", shape(.found))]
    ShapeOverflow {
        /// The file.
        origin: Origin,
        /// The shape found.
        found: Vec<u64>,
    },
    /// A weight that is no number.
    #[error("{origin}: entry {} is {value}; weights must be finite, so the network was not trained soundly", shape(.position))]
    NotFinite {
        /// The file and the tensor.
        origin: Origin,
        /// The entry, counted from 0 along each axis.
        position: Vec<u64>,
        /// NaN or an infinity.
        value: f64,
    },
    /// No tensor or array of that name.
    #[error("{origin}: no tensor `{}`{}; there are {}", shorten(.name), meant(.suggestion.as_deref()), listed(.available))]
    TensorMissing {
        /// The file.
        origin: Origin,
        /// What was asked for.
        name: String,
        /// What there is.
        available: Vec<String>,
        /// What was probably meant.
        suggestion: Option<String>,
    },
    /// An archive of several arrays, none of them called `points`.
    #[error("{origin}: which array holds the points? There are {}; save one alone, or call it `points`", listed(.available))]
    SeveralArrays {
        /// The file.
        origin: Origin,
        /// What there is.
        available: Vec<String>,
    },
    /// Two arrays, or two outputs, have the same name.
    #[error("{origin}: the name `{}` occurs twice", shorten(.name))]
    DuplicateName {
        /// The file.
        origin: Origin,
        /// The name.
        name: String,
    },
    /// A tensor with a name that means something else to the format.
    #[error("{origin}: no tensor of a safetensors file can be called `{}`; write an .npz", shorten(.name))]
    ReservedName {
        /// The file.
        origin: Origin,
        /// The name.
        name: String,
    },
    /// A line of a csv file that is not UTF-8 text.
    #[error("{origin}, line {line}: this is not UTF-8 text; save the file as comma-separated UTF-8")]
    CsvEncoding {
        /// The file.
        origin: Origin,
        /// From 1.
        line: u64,
    },
    /// A cell that is not a number.
    #[error("{origin}, line {line}, column {column}: `{text}` is not a number{}", .hint.map(|h| format!(": {h}")).unwrap_or_default())]
    CsvNumber {
        /// The file.
        origin: Origin,
        /// From 1.
        line: u64,
        /// From 1, counted in cells.
        column: usize,
        /// The cell, shortened.
        text: String,
        /// What is probably wrong.
        hint: Option<&'static str>,
    },
    /// A row with more or fewer cells than the rows before.
    #[error(
        "{origin}, line {line}: {}, but {expected} in the lines before{}",
        counted(found, "cell"),
        if *found == 2 * *expected { " (a comma separates cells, unless semicolons, tabs or spaces do: write decimals with a point)" } else { "" }
    )]
    CsvRagged {
        /// The file.
        origin: Origin,
        /// From 1.
        line: u64,
        /// Cells of the rows before.
        expected: usize,
        /// Cells of this row.
        found: usize,
    },
    /// A csv file without a header and without a row.
    #[error("{origin}: there are no points in it")]
    CsvEmpty {
        /// The file.
        origin: Origin,
    },
    /// The number of columns is not the number of coordinates.
    #[error("{origin}: {}, but {} ({}); one column for each, in this order", counted(found, "column"), counted(.expected.len(), "coordinate"), listed(.expected))]
    ColumnMismatch {
        /// The file.
        origin: Origin,
        /// The coordinates.
        expected: Vec<String>,
        /// Columns found.
        found: usize,
    },
    /// Some of the names in the header are those of coordinates, and others are not.
    #[error("{origin}: {conflict}")]
    ColumnNames {
        /// The file.
        origin: Origin,
        /// The names of both.
        conflict: Box<NameConflict>,
    },
    /// The arrays of an archive that are called like coordinates are not one number for each point.
    #[error(
        "{origin}: the shape is {}; an array for each coordinate has shape [N], as long as `{}` (a grid: x.ravel())",
        shape(.found), shorten(.first)
    )]
    CoordinateShape {
        /// The array.
        origin: Origin,
        /// Its shape.
        found: Vec<u64>,
        /// The array of the first coordinate.
        first: String,
    },
    /// Results without a column.
    #[error("{origin}: there is no column to write")]
    NoColumns {
        /// The file.
        origin: Origin,
    },
    /// A block of results that is not a whole number of rows.
    #[error("{origin}: a block of {} is not a whole number of rows of {columns}", counted(found, "value"))]
    BlockLength {
        /// The file.
        origin: Origin,
        /// Values in a row.
        columns: usize,
        /// Values in the block.
        found: usize,
    },
    /// A state dict that is not a plain sequence of linear layers.
    #[error(
        "{origin}: not the state dict of a sequence of linear layers (tensors `0.weight`, `0.bias`, `2.weight`, …, or as \
         Flax, Haiku, Equinox and Keras call them): {}; name the layers in a YAML file: `jetc model FILE --activation NAME \
         --as-yaml -o net.yaml` writes a draft",
        puzzles(.tensors)
    )]
    NotSequential {
        /// The file.
        origin: Origin,
        /// Every tensor that has no place in such a sequence; empty if the file has no tensor at all.
        tensors: Vec<UnknownTensor>,
    },
    /// Two consecutive layers that do not fit together.
    #[error(
        "{origin}: {} is {}, {} is {}: expected {}{}",
        shorten(.before), sizes(.before_shape), shorten(.after), sizes(.after_shape),
        counted(.before_shape[0], "column"),
        if before_shape[1] == after_shape[0] {
            " (transposed they fit: if they are [in, out], name the layers in a YAML file with `transpose: true`; \
             `jetc model FILE --activation NAME --as-yaml` writes it)"
        } else { "" }
    )]
    WidthMismatch {
        /// The file.
        origin: Origin,
        /// The first weight.
        before: String,
        /// Its shape, `[out, in]`.
        before_shape: [usize; 2],
        /// The next weight.
        after: String,
        /// Its shape, `[out, in]`.
        after_shape: [usize; 2],
    },
}

impl FileError {
    /// Reading failed with `source`: damaged data are told apart from a failing disk.
    pub(super) fn reading(origin: &Origin, source: io::Error) -> Self {
        use io::ErrorKind::{InvalidData, InvalidInput, UnexpectedEof};
        match source.kind() {
            UnexpectedEof => Self::Corrupt { origin: origin.clone(), reason: "the data end early".into() },
            InvalidData | InvalidInput => {
                Self::Corrupt { origin: origin.clone(), reason: source.to_string() }
            }
            _ => Self::Read { origin: origin.clone(), reason: source },
        }
    }

    pub(super) fn writing(origin: &Origin, reason: io::Error) -> Self {
        Self::Write { origin: origin.clone(), reason }
    }

    /// Whether the reader of our output went away (`jetc eval … | head`), which is no failure of ours.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write { reason, .. } if reason.kind() == io::ErrorKind::BrokenPipe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_small_enough_to_return() {
        assert!(size_of::<FileError>() <= 96, "{}", size_of::<FileError>());
    }

    #[test]
    fn messages_say_what_was_found_and_what_to_do() {
        let error = FileError::WidthMismatch {
            origin: Origin::new("net.safetensors"),
            before: "0.weight".into(),
            before_shape: [32, 2],
            after: "2.weight".into(),
            after_shape: [64, 16],
        };
        assert_eq!(
            error.to_string(),
            "net.safetensors: 0.weight is [32, 2], 2.weight is [64, 16]: expected 32 columns"
        );
        let error = FileError::Ending {
            path: "x.txt".into(),
            found: Some("txt".into()),
            expected: &[".npy", ".npz", ".csv"],
        };
        assert_eq!(
            error.to_string(),
            "x.txt: `.txt` is not a format known here; expected a name that ends in .npy, .npz or .csv; \
             text of numbers has the ending .csv here, whatever separates them"
        );
    }
}
