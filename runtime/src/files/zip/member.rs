//! The bytes of one member.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;

use super::super::{FileError, Origin, ZipFault};
use super::directory::{fault, window};
use super::{DEFLATED, Entry, LOCAL, STORED, take, take_u16, take_u32};

const LOCAL_SIZE: u64 = 30;

/// The unpacked bytes of one member: exactly as many as the directory says, with the checksum it says.
///
/// Both are checked when the last byte is read; a mismatch is an error of kind `InvalidData`.
pub(in super::super) struct MemberReader {
    data: Data,
    crc: Crc,
    expected: u32,
    left: u64,
}

enum Data {
    Stored(Take<File>),
    Deflated(DeflateDecoder<BufReader<Take<File>>>),
}

impl MemberReader {
    /// Opens `entry` of the archive `file` of `length` bytes.
    pub(in super::super) fn new(
        mut file: File,
        length: u64,
        entry: &Entry,
        origin: &Origin,
    ) -> Result<Self, FileError> {
        if entry.encrypted {
            return Err(fault(origin, ZipFault::Encrypted));
        }
        let header = window(&mut file, entry.offset, LOCAL_SIZE, origin)?;
        let behind = local(&header).ok_or_else(|| fault(origin, ZipFault::LocalHeader))?;
        let start = entry.offset.saturating_add(LOCAL_SIZE + behind);
        let end = start.saturating_add(entry.packed);
        if end > length {
            return Err(FileError::Truncated { origin: origin.clone(), expected: end, found: length });
        }
        file.seek(SeekFrom::Start(start)).map_err(|error| FileError::reading(origin, error))?;
        let packed = file.take(entry.packed);
        let data = match entry.method {
            STORED if entry.size == entry.packed => Data::Stored(packed),
            STORED => return Err(fault(origin, ZipFault::Directory)),
            DEFLATED => Data::Deflated(DeflateDecoder::new(BufReader::new(packed))),
            method => return Err(fault(origin, ZipFault::Method(method))),
        };
        Ok(Self { data, crc: Crc::new(), expected: entry.crc, left: entry.size })
    }
}

/// Bytes of name and extra fields behind the fixed part of a member's header.
fn local(mut header: &[u8]) -> Option<u64> {
    (take_u32(&mut header)? == LOCAL).then_some(())?;
    take::<22>(&mut header)?;
    Some(u64::from(take_u16(&mut header)?) + u64::from(take_u16(&mut header)?))
}

impl Read for MemberReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let limit = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        if limit == 0 {
            return Ok(0);
        }
        let buffer = &mut buffer[..limit];
        let read = match &mut self.data {
            Data::Stored(data) => data.read(buffer)?,
            Data::Deflated(data) => data.read(buffer)?,
        };
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.crc.update(&buffer[..read]);
        self.left -= read as u64;
        if self.left == 0 && self.crc.sum() != self.expected {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the checksum does not match"));
        }
        Ok(read)
    }
}
