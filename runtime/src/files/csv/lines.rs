//! The lines of a csv file that carry something, and their cells.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use super::super::open::looks_like;
use super::super::{FileError, Origin};

/// A row of a million coordinates is shorter; a file without line breaks must not fill the memory.
const LONGEST: u64 = 64 << 20;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A reader of lines that skips comments (`#`) and blank lines.
pub(super) struct Lines<R> {
    origin: Origin,
    reader: BufReader<R>,
    buffer: Vec<u8>,
    number: u64,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R, origin: &Origin) -> Self {
        Self { origin: origin.clone(), reader: BufReader::new(reader), buffer: Vec::new(), number: 0 }
    }

    /// The next line that is neither blank nor a comment, without its end, and its number from 1.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &str)>, FileError> {
        loop {
            if !self.fetch()? {
                return Ok(None);
            }
            let content = self.buffer.trim_ascii();
            if !content.is_empty() && content[0] != b'#' {
                break;
            }
        }
        let (origin, line) = (&self.origin, self.number);
        match std::str::from_utf8(&self.buffer) {
            Ok(text) if !text.contains('\0') => Ok(Some((line, text.trim_end_matches(['\n', '\r'])))),
            _ => Err(FileError::CsvEncoding { origin: origin.clone(), line }),
        }
    }

    /// Reads one line into the buffer; `false` at the end.
    fn fetch(&mut self) -> Result<bool, FileError> {
        self.buffer.clear();
        let mut limited = self.reader.by_ref().take(LONGEST + 1);
        let read = limited.read_until(b'\n', &mut self.buffer);
        let found = read.map_err(|error| FileError::reading(&self.origin, error))? as u64;
        if found > LONGEST {
            let what = "a line";
            return Err(FileError::TooLarge { origin: self.origin.clone(), what, found, limit: LONGEST });
        }
        self.number += 1;
        if self.number == 1 {
            self.check_start()?;
        }
        Ok(found > 0)
    }

    /// Removes a byte order mark, and refuses files of other formats by name.
    fn check_start(&mut self) -> Result<(), FileError> {
        if self.buffer.starts_with(BOM) {
            self.buffer.drain(..BOM.len());
        }
        let start = &self.buffer[..self.buffer.len().min(32)];
        let binary =
            !start.is_empty() && (std::str::from_utf8(start).is_err_and(|e| e.error_len().is_some()));
        if binary || start.starts_with(b"PK\x03\x04") || start.starts_with(b"<") {
            let found = looks_like(start);
            let (origin, expected) = (self.origin.clone(), "comma-separated text");
            return Err(FileError::BadMagic { origin, expected, found });
        }
        Ok(())
    }
}

/// The cells of a line: split at commas outside quotes, without space around them.
pub(super) fn cells(line: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    line.split(move |c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    })
    .map(str::trim)
}

/// A cell without the quotes around it; `""` inside is one quote.
pub(super) fn unquoted(cell: &str) -> Cow<'_, str> {
    match cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if inner.contains('"') => Cow::Owned(inner.replace("\"\"", "\"")),
        Some(inner) => Cow::Borrowed(inner),
        None => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(u64, String)> {
        let mut lines = Lines::new(bytes, &Origin::new("a.csv"));
        let mut found = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            found.push((number, line.to_owned()));
        }
        found
    }

    #[test]
    fn lines_keep_their_numbers_past_comments_and_blank_lines() {
        let text = b"\xef\xbb\xbf# made by hand\r\n\r\nx,y\r\n  \n # more\n1,2";
        assert_eq!(lines(text), [(3, "x,y".to_owned()), (6, "1,2".to_owned())]);
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn cells_are_split_outside_quotes() {
        assert_eq!(cells(r#" x , "d(u, x)",,"#).collect::<Vec<_>>(), ["x", "\"d(u, x)\"", "", ""]);
        assert_eq!(unquoted("\"d(u, x)\""), "d(u, x)");
        assert_eq!(unquoted("\"say \"\"u\"\"\""), "say \"u\"");
        assert_eq!(unquoted("plain"), "plain");
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let endless = std::io::repeat(b'1');
        let mut lines = Lines::new(endless, &Origin::new("a.csv"));
        assert!(matches!(lines.next(), Err(FileError::TooLarge { .. })));
    }

    #[test]
    fn text_in_another_encoding_is_refused() {
        let mut latin = Lines::new(&b"x,y\n1,2\n\xe9,3\n"[..], &Origin::new("a.csv"));
        latin.next().unwrap();
        latin.next().unwrap();
        assert!(matches!(latin.next(), Err(FileError::CsvEncoding { line: 3, .. })));
    }
}
