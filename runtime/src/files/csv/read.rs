//! Points as numbers in text.

use std::io::Read;

use super::super::describe::shorten;
use super::super::note::PointNote;
use super::super::{FileError, Origin};
use super::dialect::{Decimals, Separator, has_decimal_comma, unquoted};
use super::header::{FirstLine, first_line, in_comment};
use super::lines::Lines;

/// A csv file of numbers, with or without a header.
///
/// A first line that mixes numbers and words is an error, so that a slip of the pen in the first point does not make the
/// point vanish.
pub(in super::super) struct CsvReader<R> {
    origin: Origin,
    lines: Lines<R>,
    separator: Separator,
    decimals: Decimals,
    names: Option<Vec<String>>,
    commented: Option<Vec<String>>,
    /// Cells of a row before the first column: 1 if there is an index.
    index: usize,
    /// Columns of the file, without the index.
    columns: usize,
    /// Where each column goes in a point, unless all go where they stand.
    places: Option<Vec<Option<usize>>>,
    /// Rows that were read to see what the file is, the next one last.
    ahead: Vec<(u64, String)>,
    notes: Vec<PointNote>,
}

impl<R: Read> CsvReader<R> {
    pub(in super::super) fn new(reader: R, origin: &Origin) -> Result<Self, FileError> {
        let mut lines = Lines::new(reader, origin);
        let Some(first) = owned(lines.next()?) else {
            return Err(FileError::CsvEmpty { origin: origin.clone() });
        };
        let second = owned(lines.next()?);
        let next = second.as_ref().map(|(_, line)| line.as_str());
        let mut separator = Separator::of(next.unwrap_or(&first.1));
        let kind = first_line(&first.1, next, separator);
        if matches!(kind, FirstLine::Row { .. }) {
            separator = Separator::of(&first.1);
        }
        let mut reader = Self {
            origin: origin.clone(),
            lines,
            separator,
            decimals: Decimals::default(),
            names: None,
            commented: None,
            index: 0,
            columns: 0,
            places: None,
            ahead: second.into_iter().collect(),
            notes: Vec::new(),
        };
        reader.begin(kind, first);
        Ok(reader)
    }

    fn begin(&mut self, kind: FirstLine, first: (u64, String)) {
        match kind {
            FirstLine::Header { names, index, counts } => {
                self.columns = names.len();
                self.names = Some(names);
                self.index = usize::from(index);
                self.notes.extend(index.then_some(PointNote::Index));
                self.notes.extend(counts.then_some(PointNote::CountingHeader));
            }
            FirstLine::Row { counts } => {
                self.columns = self.separator.cells(&first.1).count();
                let comment = self.lines.comment();
                self.commented =
                    comment.and_then(|comment| in_comment(comment, self.columns, self.separator));
                self.notes.extend(counts.then_some(PointNote::CountingPoint));
                self.ahead.push(first);
            }
        }
        if let Some((_, row)) = self.ahead.last().filter(|_| self.separator != Separator::Comma) {
            let comma = self.separator.cells(row).any(has_decimal_comma);
            self.notes.insert(0, PointNote::cells(self.separator, comma));
        }
    }

    /// Columns of a point.
    pub(in super::super) fn columns(&self) -> usize {
        self.places.as_ref().map_or(self.columns, |places| places.iter().flatten().count())
    }

    pub(in super::super) fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// The names of the columns in the comment before the first row, and the comment.
    pub(in super::super) fn commented(&self) -> Option<(&[String], &str)> {
        self.commented.as_deref().zip(self.lines.comment())
    }

    /// How the file was understood.
    pub(in super::super) fn notes(&self) -> &[PointNote] {
        &self.notes
    }

    /// Takes the columns at these places alone, in this order.
    pub(in super::super) fn select(&mut self, order: &[usize]) {
        let mut places = vec![None; self.columns];
        for (place, &column) in order.iter().enumerate() {
            places[column] = Some(place);
        }
        self.places = Some(places);
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
        let shape = Shape { index: self.index, columns: self.columns, width: self.columns() };
        let places = self.places.as_deref();
        let mut parse = |number, line: &str| {
            shape.parse(line, number, self.separator, places, &mut self.decimals, &self.origin, block)
        };
        if let Some((number, line)) = self.ahead.pop() {
            return parse(number, &line).map(|()| true);
        }
        let Some((number, line)) = self.lines.next()? else { return Ok(false) };
        parse(number, line).map(|()| true)
    }
}

fn owned(line: Option<(u64, &str)>) -> Option<(u64, String)> {
    line.map(|(number, line)| (number, line.to_owned()))
}

/// What a row is made of.
struct Shape {
    index: usize,
    columns: usize,
    width: usize,
}

impl Shape {
    /// Appends the point in `line` to `block`.
    #[allow(clippy::too_many_arguments, reason = "the parts of a reader whose lines are borrowed")]
    fn parse(
        &self,
        line: &str,
        number: u64,
        separator: Separator,
        places: Option<&[Option<usize>]>,
        decimals: &mut Decimals,
        origin: &Origin,
        block: &mut Vec<f64>,
    ) -> Result<(), FileError> {
        let start = block.len();
        block.resize(start + self.width, 0.0);
        let mut found = 0;
        for (at, cell) in separator.cells(line).enumerate() {
            found += 1;
            let Some(column) = at.checked_sub(self.index).filter(|&column| column < self.columns) else {
                continue;
            };
            let Some(place) = places.map_or(Some(column), |places| places[column]) else { continue };
            let cell = unquoted(cell);
            block[start + place] = decimals.number(&cell).map_err(|hint| FileError::CsvNumber {
                origin: origin.clone(),
                line: number,
                column: at + 1,
                text: shorten(&cell),
                hint: hint.or_else(|| foreign_separator(&cell)),
            })?;
        }
        let expected = self.columns + self.index;
        if found == expected {
            return Ok(());
        }
        Err(FileError::CsvRagged { origin: origin.clone(), line: number, expected, found })
    }
}

/// What to say of several numbers in one cell.
fn foreign_separator(cell: &str) -> Option<&'static str> {
    let separator = Separator::of(cell);
    let mut parts = separator.cells(cell).map(|part| part.parse::<f64>().is_ok() || has_decimal_comma(part));
    (parts.next() == Some(true) && parts.next() == Some(true))
        .then_some("separate the cells of all lines alike: by commas, semicolons, tabs or spaces")
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
            ("1,2\n3;4,5\n", (2, 1), "3;4", true),
            ("1;2\n3,5;4\n5.5;6\n", (3, 1), "5.5", true),
            ("\u{661},\u{662}\n", (1, 1), "\u{661}", true),
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

    #[test]
    fn other_separators_and_decimal_commas_are_recognised() {
        for text in [
            "x;y\n0.5;1\n-2;3.25\n",
            "x;y\n0,5;1\n-2;3,25\n",
            "x\ty\n0.5\t1\n-2\t3.25\n",
            "0,5\t1,0\n-2\t3,25\n",
            "# x y\n0.5   1\n -2 3.25\n",
            "5.000e-01 1.000e+00\n-2.0e0 3.25e0\n",
            "\u{feff}\"x\";\"y\"\r\n\"0,5\";\"1\"\r\n-2;3,25\r\n",
            "x,y\r0.5,1\r-2,3.25\r",
            "\"x\",\"y\"\n\"0,5\",1\n-2,\"3,25\"\n",
            ",x,y\na,0.5,1\nb,-2,3.25\n",
        ] {
            let (_, columns, values) = all(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            assert_eq!((columns, values), (2, vec![0.5, 1.0, -2.0, 3.25]), "{text:?}");
        }
    }

    #[test]
    fn a_comma_alone_separates() {
        assert_eq!(all("1,5\n").unwrap().1, 2);
        assert!(matches!(all("x\n1,5\n"), Err(FileError::CsvRagged { expected: 1, found: 2, .. })));
    }

    #[test]
    fn columns_that_are_not_taken_need_no_numbers() {
        let mut reader = open("y,name,x\n1,left,2\n3,right,4\n").unwrap();
        reader.select(&[2, 0]);
        let mut block = Vec::new();
        assert_eq!((reader.read_block(9, &mut block).unwrap(), reader.columns()), (2, 2));
        assert_eq!(block, [2.0, 1.0, 4.0, 3.0]);
    }
}
