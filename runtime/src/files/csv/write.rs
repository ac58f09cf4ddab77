//! Results as comma-separated numbers.

use std::io::{self, Write};

use jetc_operators::printable;

use super::super::results::{ResultFloat, ResultPrecision};

/// A csv file with one header line.
///
/// A number is written with the fewest digits that read back as the same number of its precision.
pub(in super::super) struct CsvWriter<W> {
    writer: W,
    columns: usize,
    precision: ResultPrecision,
}

impl<W: Write> CsvWriter<W> {
    pub(in super::super) fn new<'a>(
        mut writer: W,
        names: impl Iterator<Item = &'a str>,
        precision: ResultPrecision,
    ) -> io::Result<Self> {
        let cells: Vec<String> = names.map(quoted).collect();
        writeln!(writer, "{}", cells.join(","))?;
        Ok(Self { writer, columns: cells.len(), precision })
    }

    /// Appends rows.
    pub(in super::super) fn append<T: ResultFloat>(&mut self, block: &[T]) -> io::Result<()> {
        for row in block.chunks_exact(self.columns) {
            for (column, &value) in row.iter().enumerate() {
                if column > 0 {
                    self.writer.write_all(b",")?;
                }
                match self.precision {
                    ResultPrecision::F32 => write!(self.writer, "{:?}", value.to_f32())?,
                    ResultPrecision::F64 => write!(self.writer, "{:?}", value.to_f64())?,
                }
            }
            self.writer.write_all(b"\n")?;
        }
        Ok(())
    }

    pub(in super::super) fn into_inner(self) -> W {
        self.writer
    }
}

/// A name in one line, in quotes where a comma or a quote needs them.
fn quoted(name: &str) -> String {
    let name = &*printable(name);
    if name.contains([',', '"']) || name.trim() != name || name.starts_with('#') {
        format!("\"{}\"", name.replace('"', "\"\""))
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written<T: ResultFloat>(precision: ResultPrecision, names: &[&str], block: &[T]) -> String {
        let mut writer = CsvWriter::new(Vec::new(), names.iter().copied(), precision).unwrap();
        writer.append(block).unwrap();
        String::from_utf8(writer.into_inner()).unwrap()
    }

    #[test]
    fn numbers_have_the_fewest_digits_of_their_precision() {
        let values = [0.1f64, 1e300, -0.0, f64::NAN, f64::INFINITY, 5e-324];
        assert_eq!(
            written(ResultPrecision::F64, &["a", "b"], &values),
            "a,b\n0.1,1e300\n-0.0,NaN\ninf,5e-324\n"
        );
        assert_eq!(written(ResultPrecision::F32, &["a"], &[0.1f32, 16_777_216.0]), "a\n0.1\n16777216.0\n");
        assert_eq!(written(ResultPrecision::F64, &["a"], &[0.1f32]), "a\n0.10000000149011612\n");
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        assert_eq!(
            written::<f64>(ResultPrecision::F64, &["u", "d(u, x)", "\"", "a\n\u{1b}"], &[]),
            "u,\"d(u, x)\",\"\"\"\",a\\n\\u{1b}\n"
        );
    }
}
