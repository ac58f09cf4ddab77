//! Results as an npz archive: one array for each output.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use super::super::npy::header_bytes;
use super::super::zip::ZipWriter;
use super::{ResultFloat, ResultPrecision, Temporary};

/// Bytes buffered for all outputs together, and at least for each.
const BUFFERED: usize = 1 << 22;
const LEAST: usize = 1 << 12;

/// Rows of all outputs go to one spool file, in segments that belong to one output each.
///
/// The archive is written from the segments at the end: it holds one array behind the other, and the number of
/// rows is not known before.
pub(in super::super) struct ArchiveWriter {
    destination: Temporary,
    spool: File,
    spooled: u64,
    precision: ResultPrecision,
    columns: usize,
    outputs: Vec<Output>,
    segment: usize,
}

struct Output {
    name: String,
    columns: usize,
    buffer: Vec<u8>,
    /// Offset and length in the spool.
    segments: Vec<(u64, u64)>,
}

impl ArchiveWriter {
    /// An archive of arrays with these names and numbers of columns.
    pub(in super::super) fn new<'a>(
        destination: Temporary,
        precision: ResultPrecision,
        arrays: impl IntoIterator<Item = (&'a str, usize)>,
    ) -> io::Result<Self> {
        let output = |(name, columns)| Output {
            name: format!("{name}.npy"),
            columns,
            buffer: Vec::new(),
            segments: Vec::new(),
        };
        let outputs: Vec<Output> = arrays.into_iter().map(output).collect();
        let spool = tempfile::tempfile_in(destination.folder())?;
        let segment = (BUFFERED / outputs.len().max(1)).max(LEAST);
        let columns = outputs.iter().map(|output| output.columns).sum();
        Ok(Self { destination, spool, spooled: 0, precision, columns, outputs, segment })
    }

    /// Appends rows.
    pub(in super::super) fn append<T: ResultFloat>(&mut self, block: &[T]) -> io::Result<()> {
        for row in block.chunks_exact(self.columns) {
            let mut rest = row;
            for output in &mut self.outputs {
                let (values, others) = rest.split_at(output.columns);
                rest = others;
                self.precision.encode(values, &mut output.buffer);
                if output.buffer.len() >= self.segment {
                    self.spooled += output.spool(&mut self.spool, self.spooled)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the archive.
    pub(in super::super) fn finish(mut self, rows: u64) -> io::Result<BufWriter<Temporary>> {
        for output in &mut self.outputs {
            self.spooled += output.spool(&mut self.spool, self.spooled)?;
        }
        let mut archive = ZipWriter::new(BufWriter::new(self.destination));
        for output in &self.outputs {
            let header = header_bytes(self.precision, rows, output.columns);
            let size = rows * (output.columns * self.precision.size()) as u64;
            let data = Segments { spool: &mut self.spool, rest: output.segments.iter(), left: 0 };
            archive.member(&output.name, header.len() as u64 + size, header.chain(data))?;
        }
        archive.finish()
    }
}

impl Output {
    /// Moves the buffer to the end of the spool, at `offset`, and returns its length.
    fn spool(&mut self, spool: &mut File, offset: u64) -> io::Result<u64> {
        spool.write_all(&self.buffer)?;
        let length = self.buffer.len() as u64;
        self.segments.push((offset, length));
        self.buffer.clear();
        Ok(length)
    }
}

/// The segments of one output, one behind the other.
struct Segments<'a> {
    spool: &'a mut File,
    rest: std::slice::Iter<'a, (u64, u64)>,
    left: u64,
}

impl Read for Segments<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 {
            let Some(&(offset, length)) = self.rest.next() else { return Ok(0) };
            self.spool.seek(SeekFrom::Start(offset))?;
            self.left = length;
        }
        let read = (&mut *self.spool).take(self.left).read(buffer)?;
        if read == 0 && !buffer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}
