//! Arrays as npy files, byte by byte after the format's description, and back.

/// The element type of an array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// `<f8`
    Double,
    /// `<f4`
    Single,
}

/// A double-precision matrix in C order.
pub fn double(rows: usize, columns: usize, data: &[f64]) -> Vec<u8> {
    file(Precision::Double, false, rows, columns, data)
}

/// A matrix whose numbers are given row by row, stored row by row or (Fortran) column by column.
///
/// # Panics
/// If there are not rows · columns numbers.
pub fn file(precision: Precision, fortran: bool, rows: usize, columns: usize, data: &[f64]) -> Vec<u8> {
    assert_eq!(data.len(), rows * columns);
    let stored: Vec<f64> = if fortran {
        (0..columns).flat_map(|j| (0..rows).map(move |i| data[i * columns + j])).collect()
    } else {
        data.to_vec()
    };
    let (descr, order) = (descr(precision), if fortran { "True" } else { "False" });
    let mut header =
        format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({rows}, {columns}), }}");
    // Magic, version and length take 10 bytes; the data begin at a multiple of 64.
    let padding = 63 - (10 + header.len()) % 64;
    header.push_str(&" ".repeat(padding));
    header.push('\n');
    let length = u16::try_from(header.len()).expect("the header is short");
    let mut bytes = [b"\x93NUMPY\x01\x00", &length.to_le_bytes()[..], header.as_bytes()].concat();
    for value in stored {
        match precision {
            Precision::Double => bytes.extend(value.to_le_bytes()),
            #[allow(clippy::cast_possible_truncation, reason = "rounding is what is asked for")]
            Precision::Single => bytes.extend((value as f32).to_le_bytes()),
        }
    }
    bytes
}

fn descr(precision: Precision) -> &'static str {
    match precision {
        Precision::Double => "<f8",
        Precision::Single => "<f4",
    }
}

/// A matrix as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    /// The element type.
    pub precision: Precision,
    /// Rows and columns.
    pub shape: [usize; 2],
    /// The numbers, row by row.
    pub data: Vec<f64>,
}

/// Reads a version 1 file of a matrix in C order.
///
/// # Panics
/// If it is anything else.
pub fn read(bytes: &[u8]) -> Matrix {
    assert_eq!(&bytes[..8], b"\x93NUMPY\x01\x00", "npy, version 1.0");
    let length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let header = std::str::from_utf8(&bytes[10..10 + length]).expect("the header is text");
    assert!(header.contains("'fortran_order': False"), "{header}");
    let precisions = [Precision::Double, Precision::Single];
    let named = |precision: &Precision| header.contains(&format!("'descr': '{}'", descr(*precision)));
    let precision = precisions.into_iter().find(named).expect("the elements are floats");
    let shape =
        header.split_once("'shape': (").and_then(|(_, rest)| rest.split_once(')')).expect("a shape").0;
    let sizes: Vec<usize> = shape.split(',').filter_map(|size| size.trim().parse().ok()).collect();
    let body = &bytes[10 + length..];
    let data: Vec<f64> = match precision {
        Precision::Double => body.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect(),
        Precision::Single => {
            body.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes).into()).collect()
        }
    };
    let shape: [usize; 2] = sizes.try_into().expect("a matrix has two axes");
    assert_eq!(data.len(), shape[0] * shape[1], "{header}");
    Matrix { precision, shape, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_reads_back() {
        let data = [1.0, 2.5, -3.0, 4.0, 5.0, 6.0];
        for precision in [Precision::Double, Precision::Single] {
            let bytes = file(precision, false, 2, 3, &data);
            assert_eq!(read(&bytes), Matrix { precision, shape: [2, 3], data: data.to_vec() });
            let size = if precision == Precision::Double { 8 } else { 4 };
            assert_eq!((bytes.len() - 6 * size) % 64, 0);
        }
    }

    #[test]
    fn fortran_order_goes_down_the_columns() {
        let bytes = file(Precision::Single, true, 2, 2, &[1.0, 2.0, 3.0, 4.0]);
        assert_eq!(bytes[bytes.len() - 12..bytes.len() - 8], 3.0f32.to_le_bytes());
    }
}
