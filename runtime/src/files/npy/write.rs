//! Writing an npy matrix whose number of rows is known at the end.

use std::io::{self, Seek, SeekFrom, Write};

use super::super::results::ResultPrecision;

/// Bytes of every header written here: data stay aligned, and any number of rows fits.
const LENGTH: usize = 128;

/// The header of a C-ordered matrix `[rows, columns]`, 128 bytes whatever the numbers are.
pub(in super::super) fn header_bytes(precision: ResultPrecision, rows: u64, columns: usize) -> [u8; LENGTH] {
    let text = dictionary(precision, &format!("{rows}, {columns}"));
    let mut bytes = [b' '; LENGTH];
    bytes[..10].copy_from_slice(b"\x93NUMPY\x01\0\x76\0");
    bytes[10..10 + text.len()].copy_from_slice(text.as_bytes());
    bytes[LENGTH - 1] = b'\n';
    bytes
}

/// The header of a C-ordered array of any shape; a multiple of 64 bytes.
///
/// The dictionary of 16 axes, more than anything read here has, is far from the 64 KiB that a length of two bytes allows.
pub(in super::super) fn header_of(precision: ResultPrecision, shape: &[usize]) -> Vec<u8> {
    let sizes: Vec<String> = shape.iter().map(ToString::to_string).collect();
    // The comma makes a tuple of one size.
    let sizes = if shape.len() == 1 { format!("{},", sizes[0]) } else { sizes.join(", ") };
    let mut text = dictionary(precision, &sizes);
    let length = (10 + text.len() + 1).next_multiple_of(64);
    text.extend(std::iter::repeat_n(' ', length - 10 - text.len() - 1));
    text.push('\n');
    let counted = u16::try_from(text.len()).expect("a header of at most 16 axes is short");
    [b"\x93NUMPY\x01\0", &counted.to_le_bytes()[..], text.as_bytes()].concat()
}

/// The text of a header, without the blanks at its end.
fn dictionary(precision: ResultPrecision, shape: &str) -> String {
    let descr = match precision {
        ResultPrecision::F32 => "<f4",
        ResultPrecision::F64 => "<f8",
    };
    format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}")
}

/// A matrix that grows row by row; its header is put right at the end.
pub(in super::super) struct NpyWriter<W> {
    writer: W,
    precision: ResultPrecision,
    columns: usize,
}

impl<W: Write + Seek> NpyWriter<W> {
    pub(in super::super) fn new(
        mut writer: W,
        precision: ResultPrecision,
        columns: usize,
    ) -> io::Result<Self> {
        writer.write_all(&header_bytes(precision, 0, columns))?;
        Ok(Self { writer, precision, columns })
    }

    /// Appends encoded rows.
    pub(in super::super) fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.writer.write_all(bytes)
    }

    /// Writes the true number of rows into the header.
    pub(in super::super) fn finish(mut self, rows: u64) -> io::Result<W> {
        self.writer.seek(SeekFrom::Start(0))?;
        self.writer.write_all(&header_bytes(self.precision, rows, self.columns))?;
        Ok(self.writer)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::Origin;
    use super::super::NpyHeader;
    use super::*;

    #[test]
    fn the_header_has_the_bytes_numpy_writes() {
        let bytes = header_bytes(ResultPrecision::F64, 3, 2);
        assert_eq!(&bytes[..8], b"\x93NUMPY\x01\0");
        assert_eq!(u16::from_le_bytes([bytes[8], bytes[9]]), 118);
        assert!(bytes[10..].starts_with(b"{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }  "));
        assert_eq!(bytes[127], b'\n');
    }

    #[test]
    fn the_largest_numbers_fit_into_the_header() {
        let bytes = header_bytes(ResultPrecision::F32, u64::MAX, usize::MAX);
        let header = NpyHeader::read(&mut &bytes[..], &Origin::new("a.npy")).unwrap();
        assert_eq!(header.shape, [u64::MAX, usize::MAX as u64]);
        assert_eq!(header.length, 128);
    }

    #[test]
    fn headers_of_any_shape_read_back() {
        for shape in [&[][..], &[7], &[2, 3], &[1, 2, 3, 4], &[usize::MAX; 16]] {
            let bytes = header_of(ResultPrecision::F64, shape);
            let header = NpyHeader::read(&mut &bytes[..], &Origin::new("a.npy")).unwrap();
            assert_eq!(header.shape, shape.iter().map(|&size| size as u64).collect::<Vec<_>>());
            assert_eq!((header.length, bytes.len() % 64), (bytes.len() as u64, 0));
        }
    }
}
