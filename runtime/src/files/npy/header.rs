//! The npy header: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`.

use std::io::Read;

use super::super::element::Element;
use super::super::open::{looks_like, read_up_to};
use super::super::{FileError, Origin};

/// No sound header comes near: numpy writes 128 bytes and refuses to read more than 10 000.
const LONGEST: u64 = 1 << 14;
/// More axes than numpy allows.
const AXES: usize = 64;
const MAGIC: &[u8] = b"\x93NUMPY";

/// What stands in front of an npy array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct NpyHeader {
    /// The element type as numpy writes it (`<f8`).
    pub(in super::super) descr: String,
    /// Whether the first index runs fastest.
    pub(in super::super) fortran: bool,
    pub(in super::super) shape: Vec<u64>,
    /// Bytes in front of the data.
    pub(in super::super) length: u64,
}

impl NpyHeader {
    /// Reads a header of version 1, 2 or 3 and leaves `reader` at the first element.
    pub(in super::super) fn read(reader: &mut impl Read, origin: &Origin) -> Result<Self, FileError> {
        let prefix = fetch(reader, 8, origin)?;
        if !prefix.starts_with(&MAGIC[..prefix.len().clamp(1, MAGIC.len())]) {
            let found = looks_like(&[prefix, fetch(reader, 24, origin)?].concat());
            return Err(FileError::BadMagic { origin: origin.clone(), expected: "an npy array", found });
        }
        complete(&prefix, 8, 0, origin)?;
        let width = match (prefix[6], prefix[7]) {
            (1, 0) => 2,
            (2 | 3, 0) => 4,
            (major, minor) => {
                return Err(FileError::NpyVersion { origin: origin.clone(), major, minor });
            }
        };
        let size = fetch(reader, width, origin)?;
        complete(&size, width, 8, origin)?;
        let size = size.iter().rev().fold(0, |value, &byte| value << 8 | u64::from(byte));
        if size > LONGEST {
            let what = "the npy header";
            return Err(FileError::TooLarge { origin: origin.clone(), what, found: size, limit: LONGEST });
        }
        let text = fetch(reader, size, origin)?;
        complete(&text, size, 8 + width, origin)?;
        Parser { text: &text, at: 0 }
            .header(8 + width + size)
            .map_err(|Fault { at, expected }| FileError::NpyHeader { origin: origin.clone(), at, expected })
    }

    /// The element type.
    pub(in super::super) fn element(&self, origin: &Origin) -> Result<Element, FileError> {
        Element::from_numpy(&self.descr).ok_or_else(|| FileError::Dtype {
            origin: origin.clone(),
            found: self.descr.clone(),
            expected: "real numbers (float16, float32, float64 or integers)",
        })
    }

    /// The number of elements, checked so that neither it nor its bytes overflow.
    pub(in super::super) fn count(&self, origin: &Origin) -> Result<u64, FileError> {
        const WIDEST: u64 = 8;
        let nonzero = self.shape.iter().filter(|&&n| n > 0).try_fold(WIDEST, |p, &n| p.checked_mul(n));
        let product = nonzero.filter(|&bytes| i64::try_from(bytes).is_ok());
        let Some(bytes) = product else {
            return Err(FileError::ShapeOverflow { origin: origin.clone(), found: self.shape.clone() });
        };
        Ok(if self.shape.contains(&0) { 0 } else { bytes / WIDEST })
    }

    /// Rows and columns of a list of points: `[N, n]`, or `[N]`, which is `[N, 1]`.
    pub(in super::super) fn matrix(&self, origin: &Origin) -> Result<(u64, usize), FileError> {
        self.count(origin)?;
        let columns = |n: u64| usize::try_from(n).ok().filter(|&n| n > 0);
        let found = match self.shape[..] {
            [rows] => Some((rows, 1)),
            [rows, n] => columns(n).map(|n| (rows, n)),
            _ => None,
        };
        found.ok_or_else(|| FileError::Shape {
            origin: origin.clone(),
            found: self.shape.clone(),
            expected: "[N, n]: one row for each point, at least one column",
        })
    }

    /// Checks that `available` bytes are exactly the header and the data.
    pub(in super::super) fn check_length(&self, available: u64, origin: &Origin) -> Result<(), FileError> {
        let data = self.count(origin)? * self.element(origin)?.size() as u64;
        let expected = self.length.saturating_add(data);
        if available < expected {
            return Err(FileError::Truncated { origin: origin.clone(), expected, found: available });
        }
        if available > expected {
            return Err(FileError::TrailingBytes { origin: origin.clone(), expected, found: available });
        }
        Ok(())
    }
}

fn fetch(reader: &mut impl Read, length: u64, origin: &Origin) -> Result<Vec<u8>, FileError> {
    read_up_to(reader, length).map_err(|error| FileError::reading(origin, error))
}

fn complete(bytes: &[u8], length: u64, before: u64, origin: &Origin) -> Result<(), FileError> {
    let found = bytes.len() as u64;
    if found == length {
        return Ok(());
    }
    Err(FileError::Truncated { origin: origin.clone(), expected: before + length, found: before + found })
}

struct Fault {
    at: usize,
    expected: &'static str,
}

/// A reader of the few Python literals that occur in a header; no recursion.
struct Parser<'a> {
    text: &'a [u8],
    at: usize,
}

impl Parser<'_> {
    fn header(mut self, length: u64) -> Result<NpyHeader, Fault> {
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        self.expect(b'{', "`{`")?;
        while !self.accept(b'}') {
            let key_at = self.at;
            let key = self.string()?;
            self.expect(b':', "`:`")?;
            match key.as_str() {
                "descr" => descr = Some(self.descr()?),
                "fortran_order" => fortran = Some(self.boolean()?),
                "shape" => shape = Some(self.tuple()?),
                _ => return Err(Fault { at: key_at, expected: "'descr', 'fortran_order' or 'shape'" }),
            }
            if !self.accept(b',') {
                self.expect(b'}', "`,` or `}`")?;
                break;
            }
        }
        self.skip_space();
        if self.at < self.text.len() {
            return Err(self.fault("nothing after `}`"));
        }
        Ok(NpyHeader {
            descr: descr.ok_or_else(|| self.fault("'descr'"))?,
            fortran: fortran.ok_or_else(|| self.fault("'fortran_order'"))?,
            shape: shape.ok_or_else(|| self.fault("'shape'"))?,
            length,
        })
    }

    /// A string; a structured type is a list, of which no more than its kind is kept.
    fn descr(&mut self) -> Result<String, Fault> {
        self.skip_space();
        if self.text.get(self.at) != Some(&b'[') {
            return self.string();
        }
        let mut depth = 0usize;
        while let Some(&byte) = self.text.get(self.at) {
            self.at += 1;
            match byte {
                b'[' => depth += 1,
                b']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok("structured".into());
            }
        }
        Err(self.fault("`]`"))
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.skip_space();
        let Some(&quote @ (b'\'' | b'"')) = self.text.get(self.at) else {
            return Err(self.fault("a string"));
        };
        let start = self.at + 1;
        let length = self.text[start..].iter().position(|&byte| byte == quote);
        let length = length.ok_or_else(|| self.fault("a string that ends"))?;
        self.at = start + length + 1;
        Ok(String::from_utf8_lossy(&self.text[start..start + length]).into_owned())
    }

    fn boolean(&mut self) -> Result<bool, Fault> {
        self.skip_space();
        for (word, value) in [(&b"True"[..], true), (b"False", false)] {
            if self.text[self.at..].starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err(self.fault("True or False"))
    }

    fn tuple(&mut self) -> Result<Vec<u64>, Fault> {
        let mut sizes = Vec::new();
        self.expect(b'(', "`(`")?;
        while !self.accept(b')') {
            if sizes.len() == AXES {
                return Err(self.fault("at most 64 axes"));
            }
            sizes.push(self.size()?);
            if !self.accept(b',') {
                self.expect(b')', "`,` or `)`")?;
                break;
            }
        }
        Ok(sizes)
    }

    /// A size; Python 2 wrote `3L`.
    fn size(&mut self) -> Result<u64, Fault> {
        const EXPECTED: &str = "a size: a whole number that is not negative and below 2^64";
        self.skip_space();
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let size =
            std::str::from_utf8(&self.text[self.at..self.at + digits]).ok().and_then(|d| d.parse().ok());
        let size = size.ok_or_else(|| self.fault(EXPECTED))?;
        self.at += digits;
        self.accept(b'L');
        Ok(size)
    }

    fn skip_space(&mut self) {
        while self.text.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
    }

    fn accept(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.text.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Fault> {
        if self.accept(byte) { Ok(()) } else { Err(self.fault(expected)) }
    }

    fn fault(&self, expected: &'static str) -> Fault {
        Fault { at: self.at, expected }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(major: u8, text: &str) -> Vec<u8> {
        let mut bytes = [MAGIC, &[major, 0]].concat();
        let size = u32::try_from(text.len()).unwrap().to_le_bytes();
        bytes.extend(if major == 1 { &size[..2] } else { &size[..] });
        bytes.extend(text.as_bytes());
        bytes
    }

    fn read(bytes: &[u8]) -> Result<NpyHeader, FileError> {
        NpyHeader::read(&mut &bytes[..], &Origin::new("a.npy"))
    }

    #[test]
    fn headers_of_all_versions_are_read() {
        for major in 1..=3 {
            let bytes = version(major, "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }   \n");
            let header = read(&bytes).unwrap();
            assert_eq!((header.descr.as_str(), header.fortran), ("<f8", false));
            assert_eq!(header.shape, [3, 2]);
            assert_eq!(header.length, bytes.len() as u64);
        }
    }

    #[test]
    fn order_of_keys_quotes_and_old_integers_do_not_matter() {
        let header = read(&version(1, r#"{"shape":(3L,),"fortran_order":True,"descr":">i4"}"#)).unwrap();
        assert_eq!(header.shape, [3]);
        assert!(header.fortran);
        assert_eq!(
            read(&version(1, "{'descr':'<f8','fortran_order':False,'shape':()}")).unwrap().shape.len(),
            0
        );
    }

    #[test]
    fn a_bad_header_names_the_place_and_what_was_expected() {
        let both = "'descr': '<f8', 'fortran_order': False";
        for (text, wanted) in [
            (String::new(), "`{`"),
            (format!("{{{both}}}"), "'shape'"),
            (format!("{{{both}, 'shape': (-3, 2)}}"), "a size"),
            (format!("{{{both}, 'shape': (3.5,)}}"), "`,` or `)`"),
            (format!("{{{both}, 'shape': (99999999999999999999,)}}"), "a size"),
            (format!("{{{both}, 'shape': [3]}}"), "`(`"),
            (format!("{{{both}, 'shape': (3,)}} x"), "nothing after"),
            (format!("{{{both}, 'size': (3,)}}"), "'descr', 'fortran_order' or 'shape'"),
            (format!("{{{both}, 'shape': ({})}}", "1,".repeat(100)), "at most 64 axes"),
            ("{'descr': '<f8".into(), "a string that ends"),
            ("{'descr': [[[".into(), "`]`"),
            ("{'fortran_order': 1}".into(), "True or False"),
        ] {
            match read(&version(1, &text)) {
                Err(FileError::NpyHeader { expected, .. }) => {
                    assert!(expected.starts_with(wanted), "{expected}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn short_foreign_and_future_files_are_told_apart() {
        assert!(matches!(read(b""), Err(FileError::BadMagic { .. })));
        assert!(matches!(read(b"x,y\n1,2\n"), Err(FileError::BadMagic { .. })));
        assert!(matches!(read(b"\x93NUM"), Err(FileError::Truncated { expected: 8, found: 4, .. })));
        assert!(matches!(
            read(b"\x93NUMPY\x01\0\x40"),
            Err(FileError::Truncated { expected: 10, found: 9, .. })
        ));
        assert!(matches!(
            read(b"\x93NUMPY\x01\0\x40\0{"),
            Err(FileError::Truncated { expected: 74, found: 11, .. })
        ));
        assert!(matches!(read(b"\x93NUMPY\x04\0\0\0"), Err(FileError::NpyVersion { major: 4, .. })));
        assert!(matches!(read(b"\x93NUMPY\x02\0\xff\xff\xff\xff"), Err(FileError::TooLarge { .. })));
    }

    #[test]
    fn shapes_beyond_any_memory_are_refused() {
        let origin = Origin::new("a.npy");
        let of =
            |shape: &[u64]| NpyHeader { descr: "<f8".into(), fortran: false, shape: shape.into(), length: 0 };
        for shape in [&[u64::MAX, u64::MAX][..], &[1 << 32, 1 << 32], &[1 << 61], &[0, u64::MAX, 2]] {
            assert!(matches!(of(shape).count(&origin), Err(FileError::ShapeOverflow { .. })), "{shape:?}");
        }
        assert_eq!(of(&[0, 3]).count(&origin).unwrap(), 0);
        assert_eq!(of(&[]).count(&origin).unwrap(), 1);
        for shape in [&[][..], &[3, 0], &[1, 2, 3]] {
            assert!(matches!(of(shape).matrix(&origin), Err(FileError::Shape { .. })), "{shape:?}");
        }
        assert_eq!(of(&[5]).matrix(&origin).unwrap(), (5, 1));
    }
}
