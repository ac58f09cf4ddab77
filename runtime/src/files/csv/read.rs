//! Points as comma-separated numbers.

use std::io::Read;

use super::super::describe::shorten;
use super::super::{FileError, Origin};
use super::lines::{Lines, cells, unquoted};

/// A csv file of numbers, with or without a header.
///
/// The first line is a header if none of its cells is a number; a line that mixes numbers and words is an error,
/// so that a slip of the pen in the first point does not make the point vanish.
pub(in super::super) struct CsvReader<R> {
    origin: Origin,
    lines: Lines<R>,
    names: Option<Vec<String>>,
    columns: usize,
    /// The first row, where there is no header.
    first: Option<Vec<f64>>,
}

impl<R: Read> CsvReader<R> {
    pub(in super::super) fn new(reader: R, origin: &Origin) -> Result<Self, FileError> {
        let mut lines = Lines::new(reader, origin);
        let Some((number, line)) = lines.next()? else {
            return Err(FileError::CsvEmpty { origin: origin.clone() });
        };
        let columns = cells(line).count();
        let (mut names, mut first) = (None, None);
        if is_header(line) {
            names = Some(cells(line).map(|cell| unquoted(cell).into_owned()).collect());
        } else {
            parse(line, number, origin, first.insert(Vec::new()))?;
        }
        Ok(Self { origin: origin.clone(), lines, names, columns, first })
    }

    pub(in super::super) fn columns(&self) -> usize {
        self.columns
    }

    pub(in super::super) fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// Replaces `block` by at most `max_rows` rows and returns their number; 0 at the end.
    pub(in super::super) fn read_block(
        &mut self,
        max_rows: usize,
        block: &mut Vec<f64>,
    ) -> Result<usize, FileError> {
        block.clear();
        let mut rows = 0;
        while rows < max_rows && self.read_row(block)? {
            rows += 1;
        }
        Ok(rows)
    }

    fn read_row(&mut self, block: &mut Vec<f64>) -> Result<bool, FileError> {
        if let Some(first) = self.first.take() {
            block.extend(first);
            return Ok(true);
        }
        let Some((number, line)) = self.lines.next()? else { return Ok(false) };
        let found = parse(line, number, &self.origin, block)?;
        if found == self.columns {
            return Ok(true);
        }
        Err(FileError::CsvRagged { origin: self.origin.clone(), line: number, expected: self.columns, found })
    }
}

/// Whether no cell is a number, or several numbers between other separators.
fn is_header(line: &str) -> bool {
    cells(line).all(|cell| {
        let cell = unquoted(cell);
        cell.parse::<f64>().is_err() && foreign_separator(&cell).is_none()
    })
}

/// Appends the numbers of `line` to `row` and returns how many there are.
fn parse(line: &str, number: u64, origin: &Origin, row: &mut Vec<f64>) -> Result<usize, FileError> {
    let before = row.len();
    for (index, cell) in cells(line).enumerate() {
        let cell = unquoted(cell);
        let value = cell.trim().parse::<f64>().ok().filter(|value| !overflowed(*value, &cell));
        let value = value.ok_or_else(|| FileError::CsvNumber {
            origin: origin.clone(),
            line: number,
            column: index + 1,
            text: shorten(&cell),
            hint: hint(&cell),
        })?;
        row.push(value);
    }
    Ok(row.len() - before)
}

/// Whether digits became infinite.
fn overflowed(value: f64, text: &str) -> bool {
    value.is_infinite() && text.contains(|c: char| c.is_ascii_digit())
}

fn hint(cell: &str) -> Option<&'static str> {
    match foreign_separator(cell) {
        Some(';') => {
            Some("cells are separated by commas, not by semicolons, and decimals begin with a point")
        }
        Some('\t') => Some("cells are separated by commas, not by tabs"),
        Some(_) => Some("cells are separated by commas, not by spaces"),
        None if cell.is_empty() => Some("the cell is empty"),
        None if cell.parse::<f64>().is_ok() => Some("it is beyond the range of a 64-bit number"),
        None => None,
    }
}

/// The separator other than a comma that has numbers on both sides.
fn foreign_separator(cell: &str) -> Option<char> {
    [';', '\t', ' '].into_iter().find(|&separator| {
        let mut parts = cell.split(separator).filter(|part| !part.trim().is_empty()).peekable();
        let is_number = |part: &str| part.trim().parse::<f64>().is_ok();
        parts.next().is_some_and(is_number) && parts.next().is_some_and(is_number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(text: &str) -> Result<CsvReader<&[u8]>, FileError> {
        CsvReader::new(text.as_bytes(), &Origin::new("a.csv"))
    }

    type Contents = (Option<Vec<String>>, usize, Vec<f64>);

    fn all(text: &str) -> Result<Contents, FileError> {
        let mut reader = open(text)?;
        let mut block = Vec::new();
        reader.read_block(1000, &mut block)?;
        Ok((reader.names().map(<[String]>::to_vec), reader.columns(), block))
    }

    #[test]
    fn a_header_is_recognised_by_its_words() {
        let (names, columns, values) = all("# a comment\nx, \"y\"\n1,2\n\n3,4\n").unwrap();
        assert_eq!(names.unwrap(), ["x", "y"]);
        assert_eq!((columns, values), (2, vec![1.0, 2.0, 3.0, 4.0]));
    }

    #[test]
    fn numbers_alone_have_no_header() {
        let (names, columns, values) = all("1,+2e-3\r\n \"3\" ,.5").unwrap();
        assert_eq!(names, None);
        assert_eq!((columns, values), (2, vec![1.0, 2e-3, 3.0, 0.5]));
    }

    #[test]
    fn nan_and_infinity_are_numbers() {
        let (names, _, values) = all("nan,inf,-Infinity\nNaN,-inf,1").unwrap();
        assert_eq!(names, None);
        assert!(values[0].is_nan() && values[3].is_nan());
        assert_eq!(values[1..3], [f64::INFINITY, f64::NEG_INFINITY]);
    }

    #[test]
    fn blocks_end_where_they_are_asked_to() {
        let mut reader = open("1\n2\n3\n").unwrap();
        let mut block = vec![9.0; 9];
        for (rows, values) in [(2, &[1.0, 2.0][..]), (1, &[3.0]), (0, &[])] {
            assert_eq!(reader.read_block(2, &mut block).unwrap(), rows);
            assert_eq!(block, values);
        }
    }

    #[test]
    fn a_bad_number_is_named_with_its_place() {
        for (text, place, cell, hinted) in [
            ("x,y\n1,2\n3,4o\n", (3, 2), "4o", false),
            ("1,2o\n", (1, 2), "2o", false),
            ("x,y\n1,\n", (2, 2), "", true),
            ("1;2\n3;4\n", (1, 1), "1;2", true),
            ("x;y\n3;4\n", (2, 1), "3;4", true),
            ("1 2\n", (1, 1), "1 2", true),
            ("1\t2\n", (1, 1), "1\t2", true),
            ("1\n1e999\n", (2, 1), "1e999", true),
            ("0,1\nx\u{1b}[0m,1\n", (2, 1), r"x\u{1b}[0m", false),
        ] {
            match all(text) {
                Err(FileError::CsvNumber { line, column, text: found, hint, .. }) => {
                    assert_eq!((line, column), place, "{text:?}");
                    assert_eq!(found, cell.replace('\t', r"\t"), "{text:?}");
                    assert_eq!(hint.is_some(), hinted, "{text:?}");
                }
                other => panic!("{text:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_ragged_row_is_named_with_its_line() {
        for (text, wrong, cells) in [("1,2\n3\n", 2, 1), ("x,y\n1,2\n\n1,2,3\n", 4, 3)] {
            match all(text) {
                Err(FileError::CsvRagged { line, expected: 2, found, .. }) => {
                    assert_eq!((line, found), (wrong, cells));
                }
                other => panic!("{text:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_header_alone_holds_no_rows_and_nothing_is_an_error() {
        assert!(all("x,y\n").unwrap().2.is_empty());
        assert!(matches!(open("# nothing\n\n"), Err(FileError::CsvEmpty { .. })));
    }
}
