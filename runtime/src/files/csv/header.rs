//! Which line of a csv file is its header, and what it calls the columns.
//!
//! | first line | what it is |
//! |---|---|
//! | words, none of them a number | a header |
//! | an empty cell or `Unnamed: 0`, then words or 0, 1, 2 … | a header whose first column is an index (pandas, R) |
//! | exactly 0, 1, … n − 1, n ≥ 2, and the next row is not of whole numbers alone | a header that counts (pandas) |
//! | anything else | a point |
//!
//! Where there is none, the comment before the first row may name the columns (`# x y`, as `numpy.savetxt` writes it).

use super::dialect::{Separator, in_other_digits, unquoted};

/// What the first line is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FirstLine {
    /// A header.
    Header {
        names: Vec<String>,
        /// Whether a first column without a name is an index.
        index: bool,
        /// Whether the names count 0, 1, 2 ….
        counts: bool,
    },
    /// A row of numbers.
    Row {
        /// Whether it could have been a header that counts.
        counts: bool,
    },
}

/// What `line` is; `next` is the row after it, and `separator` what separates its cells.
pub(super) fn first_line(line: &str, next: Option<&str>, separator: Separator) -> FirstLine {
    let cells = names(line, next, separator);
    let is_index = |name: &str| name.is_empty() || name == "Unnamed: 0";
    if let Some((first, rest)) =
        cells.split_first().filter(|(first, rest)| is_index(first) && !rest.is_empty())
    {
        let counts = is_counting(rest);
        let words = rest.iter().all(|name| !is_index(name) && is_word(name));
        if counts || words && (first.is_empty() || next.is_some()) {
            return FirstLine::Header { names: rest.to_vec(), index: true, counts };
        }
    }
    if cells.iter().all(|name| is_word(name)) {
        return FirstLine::Header { names: cells, index: false, counts: false };
    }
    let counts = is_counting(&cells);
    let fractions = |next: &str| {
        let mut cells = separator.cells(next).map(|cell| unquoted(cell).into_owned());
        let all: Option<Vec<bool>> =
            cells.by_ref().map(|cell| is_number(&cell).then(|| !is_whole(&cell))).collect();
        all.is_some_and(|fractions| fractions.contains(&true))
    };
    if counts && cells.len() > 1 && next.is_some_and(fractions) {
        return FirstLine::Header { names: cells, index: false, counts };
    }
    FirstLine::Row { counts: counts && next.is_some() && cells.len() > 1 }
}

/// The names in a comment, if it has one for each of the columns.
pub(super) fn in_comment(comment: &str, columns: usize, separator: Separator) -> Option<Vec<String>> {
    let text = comment.trim_start_matches(['#', '%']).trim();
    [Separator::of(text), separator, Separator::Comma, Separator::Spaces]
        .into_iter()
        .map(|separator| split(text, separator))
        .find(|names| names.len() == columns && names.iter().all(|name| is_word(name)))
}

/// The cells of the first line: split as it tells itself, or as the next row is where only that gives as many cells.
fn names(line: &str, next: Option<&str>, separator: Separator) -> Vec<String> {
    let own = split(line, Separator::of(line));
    let expected = next.map_or(own.len(), |next| separator.cells(next).count());
    if own.len() == expected {
        return own;
    }
    let other = split(line, separator);
    if other.len() == expected { other } else { own }
}

/// Cells without their quotes; between spaces, a unit in brackets belongs to the word before it.
fn split(line: &str, separator: Separator) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for cell in separator.cells(line) {
        let cell = unquoted(cell);
        match names.last_mut() {
            Some(last) if separator == Separator::Spaces && cell.starts_with(['[', '(']) => {
                last.push(' ');
                last.push_str(&cell);
            }
            _ => names.push(cell.into_owned()),
        }
    }
    names
}

fn is_counting(names: &[String]) -> bool {
    names.iter().enumerate().all(|(number, name)| *name == number.to_string())
}

fn is_number(cell: &str) -> bool {
    cell.parse::<f64>().is_ok() || super::dialect::has_decimal_comma(cell)
}

fn is_whole(cell: &str) -> bool {
    cell.parse::<i64>().is_ok()
}

fn is_word(cell: &str) -> bool {
    !is_number(cell) && !in_other_digits(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(line: &str, next: &str) -> FirstLine {
        first_line(line, Some(next), Separator::of(next))
    }

    fn header(names: &[&str], index: bool, counts: bool) -> FirstLine {
        FirstLine::Header { names: names.iter().map(|&name| name.to_owned()).collect(), index, counts }
    }

    #[test]
    fn headers_are_told_from_points() {
        assert_eq!(first("x,y", "1,2"), header(&["x", "y"], false, false));
        assert_eq!(first(",x,y", "0,1,2"), header(&["x", "y"], true, false));
        assert_eq!(first("\"\",\"x\",\"y\"", "\"1\",1,2"), header(&["x", "y"], true, false));
        assert_eq!(first("Unnamed: 0,x", "0,1"), header(&["x"], true, false));
        assert_eq!(first(",0,1", "0,0.5,0.25"), header(&["0", "1"], true, true));
        assert_eq!(first("0,1", "0.5,1"), header(&["0", "1"], false, true));
        assert_eq!(first("0;1", "0,5;0,25"), header(&["0", "1"], false, true));
        assert_eq!(first("0,1", "3,4"), FirstLine::Row { counts: true });
        assert_eq!(first("0", "0.5"), FirstLine::Row { counts: false });
        assert_eq!(first("0,2", "0.5,1"), FirstLine::Row { counts: false });
        assert_eq!(first("1,2o", "1,2"), FirstLine::Row { counts: false });
        assert_eq!(first("nan,nan", "1,2"), FirstLine::Row { counts: false });
        assert_eq!(first("\u{661},\u{662}", "1,2"), FirstLine::Row { counts: false });
    }

    #[test]
    fn a_header_may_be_separated_in_another_way_than_the_rows() {
        assert_eq!(first("x [m]  y [m]", "1 2"), header(&["x [m]", "y [m]"], false, false));
        assert_eq!(first("time step", "1.5"), header(&["time step"], false, false));
        assert_eq!(first("x y", "1,2"), header(&["x", "y"], false, false));
        assert_eq!(first("x,y", "0,5;1"), header(&["x", "y"], false, false));
    }

    #[test]
    fn a_comment_may_name_the_columns() {
        let names = |comment: &str| in_comment(comment, 2, Separator::Spaces);
        assert_eq!(names("# y x"), Some(vec!["y".to_owned(), "x".to_owned()]));
        assert_eq!(names("% y [m], x [m]"), Some(vec!["y [m]".to_owned(), "x [m]".to_owned()]));
        assert_eq!(names("# made by hand"), None);
    }
}
