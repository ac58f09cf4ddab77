//! The lines of a csv file that carry something, and their cells.

use std::io::{BufRead, BufReader, Read};

use super::super::open::looks_like;
use super::super::{FileError, Origin};

/// A row of a million coordinates is shorter; a file without line breaks must not fill the memory.
const LONGEST: u64 = 64 << 20;
/// Longer comments are no names of columns.
const LONGEST_COMMENT: usize = 1 << 16;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A reader of lines that skips comments (`#`, `%`) and blank lines. A line ends in LF, CR LF, CR CR LF or CR.
pub(super) struct Lines<R> {
    origin: Origin,
    reader: BufReader<R>,
    buffer: Vec<u8>,
    number: u64,
    /// Blank lines between the line before and the next one.
    blank: u64,
    comment: Option<String>,
    seen: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(reader: R, origin: &Origin) -> Self {
        Self {
            origin: origin.clone(),
            reader: BufReader::new(reader),
            buffer: Vec::new(),
            number: 0,
            blank: 0,
            comment: None,
            seen: false,
        }
    }

    /// The last comment before the first line that is none.
    pub(super) fn comment(&self) -> Option<&str> {
        self.comment.as_deref()
    }

    /// The next line that is neither blank nor a comment, without its end, and its number from 1.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &str)>, FileError> {
        loop {
            if !self.fetch()? {
                return Ok(None);
            }
            let content = self.buffer.trim_ascii();
            if matches!(content, [b'#' | b'%', ..]) {
                if !self.seen {
                    let comment = &content[..content.len().min(LONGEST_COMMENT)];
                    self.comment = Some(String::from_utf8_lossy(comment).into_owned());
                }
            } else if !content.is_empty() {
                break;
            }
        }
        self.seen = true;
        let (origin, line) = (&self.origin, self.number);
        match std::str::from_utf8(&self.buffer) {
            Ok(text) if !text.contains('\0') => Ok(Some((line, text.trim_end_matches(['\n', '\r'])))),
            _ => Err(FileError::CsvEncoding { origin: origin.clone(), line }),
        }
    }

    /// Reads one line into the buffer; `false` at the end.
    fn fetch(&mut self) -> Result<bool, FileError> {
        self.buffer.clear();
        self.number += std::mem::take(&mut self.blank);
        let ended = self.fetch_line()?;
        if !ended && self.buffer.is_empty() {
            return Ok(false);
        }
        self.number += 1;
        if self.number == 1 {
            self.check_start()?;
        }
        Ok(true)
    }

    /// Appends the bytes up to the end of the line; whether there was an end.
    fn fetch_line(&mut self) -> Result<bool, FileError> {
        loop {
            let bytes = self.reader.fill_buf().map_err(|error| FileError::reading(&self.origin, error))?;
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let taken = end.unwrap_or(bytes.len());
            let found = (self.buffer.len() + taken) as u64;
            if found > LONGEST {
                let what = "a line";
                return Err(FileError::TooLarge { origin: self.origin.clone(), what, found, limit: LONGEST });
            }
            self.buffer.extend_from_slice(&bytes[..taken]);
            match end.map(|end| bytes[end]) {
                None if bytes.is_empty() => return Ok(false),
                None => self.reader.consume(taken),
                Some(byte) => {
                    self.reader.consume(taken + 1);
                    return if byte == b'\r' { self.skip_end() } else { Ok(true) };
                }
            }
        }
    }

    /// After a CR: takes what belongs to the same end, CRs and then LF; CRs without LF are blank lines.
    fn skip_end(&mut self) -> Result<bool, FileError> {
        loop {
            let next =
                self.reader.fill_buf().map_err(|error| FileError::reading(&self.origin, error))?.first();
            match next {
                Some(b'\r') => self.blank += 1,
                Some(b'\n') => {
                    self.blank = 0;
                    self.reader.consume(1);
                    return Ok(true);
                }
                _ => return Ok(true),
            }
            self.reader.consume(1);
        }
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
    fn lines_may_end_in_any_way() {
        let expected = [(1, "x,y".to_owned()), (2, "1,2".to_owned()), (4, "3,4".to_owned())];
        for ends in ["\n", "\r\n", "\r", "\r\r\n"] {
            let text = ["x,y", "1,2", "", "3,4"].join(ends);
            assert_eq!(lines(text.as_bytes()), expected, "{ends:?}");
        }
    }

    #[test]
    fn the_last_comment_before_the_first_line_is_kept() {
        let mut lines = Lines::new(&b"# made by hand\n# x y\n1 2\n# more\n3 4\n"[..], &Origin::new("a.csv"));
        lines.next().unwrap();
        assert_eq!(lines.comment(), Some("# x y"));
        lines.next().unwrap();
        assert_eq!(lines.comment(), Some("# x y"));
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
