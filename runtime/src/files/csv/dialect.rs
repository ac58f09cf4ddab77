//! What stands between the cells of a text file, and in its decimals.
//!
//! | the first row of numbers has | cells are separated by |
//! |---|---|
//! | a semicolon | semicolons |
//! | a tab, and neither a comma beside one nor several numbers between two | tabs |
//! | numbers with decimal commas between spaces, as in `0,5 1,5` | spaces |
//! | a comma | commas, so that `1,5` is two numbers |
//! | spaces | spaces, any number of them |
//!
//! A decimal comma is one where commas do not separate, and then everywhere: a file has points or commas, not both.

use std::borrow::Cow;

/// What stands between cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Separator {
    Comma,
    Semicolon,
    Tab,
    /// Any number of spaces and tabs.
    Spaces,
}

impl Separator {
    /// The separator of a line.
    pub(super) fn of(line: &str) -> Self {
        let several = |separator: Self| separator.cells(line).nth(1).is_some();
        let touches_comma = |cell: &str| cell.starts_with(',') || cell.ends_with(',');
        let holds_numbers = |cell: &str| {
            let numbers = Self::Spaces.cells(cell).all(|part| part.parse::<f64>().is_ok());
            numbers && Self::Spaces.cells(cell).nth(1).is_some()
        };
        if several(Self::Semicolon) {
            Self::Semicolon
        } else if several(Self::Tab)
            && !Self::Tab.cells(line).any(|cell| touches_comma(cell) || holds_numbers(cell))
        {
            Self::Tab
        } else if several(Self::Spaces) && Self::Spaces.cells(line).all(has_decimal_comma) {
            Self::Spaces
        } else if several(Self::Comma) {
            Self::Comma
        } else if several(Self::Spaces) {
            Self::Spaces
        } else {
            Self::Comma
        }
    }

    /// The cells of a line: split outside quotes, without space around them.
    pub(super) fn cells(self, line: &str) -> impl Iterator<Item = &str> {
        let mut quoted = false;
        let separates = move |c: char| match self {
            Self::Comma => c == ',',
            Self::Semicolon => c == ';',
            Self::Tab => c == '\t',
            Self::Spaces => c.is_whitespace(),
        };
        let runs = self == Self::Spaces;
        line.split(move |c| {
            quoted ^= c == '"';
            !quoted && separates(c)
        })
        .map(str::trim)
        .filter(move |cell| !runs || !cell.is_empty())
    }

    /// In words.
    pub(in super::super) fn name(self) -> &'static str {
        match self {
            Self::Comma => "commas",
            Self::Semicolon => "semicolons",
            Self::Tab => "tabs",
            Self::Spaces => "spaces",
        }
    }
}

/// A cell without the quotes around it; `""` inside is one quote.
pub(super) fn unquoted(cell: &str) -> Cow<'_, str> {
    let inner = ['"', '\'']
        .into_iter()
        .find_map(|quote| cell.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)));
    match inner {
        Some(inner) if inner.contains("\"\"") => Cow::Owned(inner.replace("\"\"", "\"")),
        Some(inner) => Cow::Borrowed(inner.trim()),
        None => Cow::Borrowed(cell),
    }
}

/// Whether this is a number with a decimal comma.
pub(super) fn has_decimal_comma(cell: &str) -> bool {
    cell.contains(',')
        && with_point(cell).parse::<f64>().is_ok()
        && !cell.starts_with(',')
        && !cell.ends_with(',')
}

fn with_point(cell: &str) -> String {
    cell.replace(',', ".")
}

/// What a file has in its decimals, as far as it was read.
#[derive(Debug, Default)]
pub(super) struct Decimals {
    comma: Option<bool>,
}

impl Decimals {
    /// The number in a cell.
    pub(super) fn number(&mut self, cell: &str) -> Result<f64, Option<&'static str>> {
        let comma = cell.contains(',');
        if comma || cell.contains('.') {
            if comma && !has_decimal_comma(cell) {
                return Err(cell.contains('.').then_some(THOUSANDS));
            }
            if *self.comma.get_or_insert(comma) != comma {
                return Err(Some(THOUSANDS));
            }
        }
        let value = if comma { with_point(cell).parse() } else { cell.parse::<f64>() };
        match value {
            Ok(value) if value.is_infinite() && cell.contains(|c: char| c.is_ascii_digit()) => {
                Err(Some("it is beyond the range of a 64-bit number"))
            }
            Ok(value) => Ok(value),
            Err(_) if cell.is_empty() => Err(Some("the cell is empty")),
            Err(_) if in_other_digits(cell) => Err(Some("write numbers in the digits 0 to 9")),
            Err(_) => Err(None),
        }
    }
}

const THOUSANDS: &str =
    "decimals have a point or a comma, the same in the whole file, and thousands are not separated";

/// Whether this is meant for a number, in the digits of another script.
pub(super) fn in_other_digits(cell: &str) -> bool {
    !cell.is_ascii() && cell.chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | '-' | '+' | '٫'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_told_by_one_line() {
        for (line, separator, count) in [
            ("1,2", Separator::Comma, 2),
            ("1,5", Separator::Comma, 2),
            ("1", Separator::Comma, 1),
            ("0,5;1,5", Separator::Semicolon, 2),
            ("1;2", Separator::Semicolon, 2),
            ("0,5\t1,5", Separator::Tab, 2),
            ("1,\t2", Separator::Comma, 2),
            ("1, 2, 3", Separator::Comma, 3),
            ("  1   2.5 \t 3", Separator::Spaces, 3),
            ("0,5 1,5", Separator::Spaces, 2),
            ("\"a;b\",c", Separator::Comma, 2),
        ] {
            let found = Separator::of(line);
            assert_eq!((found, found.cells(line).count()), (separator, count), "{line}");
        }
    }

    #[test]
    fn cells_are_split_outside_quotes() {
        let cells: Vec<&str> = Separator::Comma.cells(r#" x , "d(u, x)",,"#).collect();
        assert_eq!(cells, ["x", "\"d(u, x)\"", "", ""]);
        assert_eq!(unquoted("\"d(u, x)\""), "d(u, x)");
        assert_eq!(unquoted("\"say \"\"u\"\"\""), "say \"u\"");
        assert_eq!(unquoted("plain"), "plain");
    }

    #[test]
    fn a_file_has_one_kind_of_decimals() {
        let mut decimals = Decimals::default();
        assert_eq!(decimals.number("3"), Ok(3.0));
        assert_eq!(decimals.number("-0,25"), Ok(-0.25));
        assert_eq!(decimals.number("1.5"), Err(Some(THOUSANDS)));
        assert_eq!(decimals.number("1.234,5"), Err(Some(THOUSANDS)));
        assert_eq!(Decimals::default().number("1,234,567"), Err(None));
    }
}
