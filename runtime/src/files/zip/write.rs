//! Writing an archive of stored members whose sizes are known.

use std::io::{self, Read, Seek, SeekFrom, Write};

use flate2::Crc;

use super::{END, END64, END64_LOCATOR, ENTRY, LOCAL, ZIP64};

/// Sizes and offsets from here on are written into zip64 fields.
const WIDE: u64 = 0xffff_ffff;
/// 1 January 1980, the first day there is: archives of equal contents are equal.
const DATE: u16 = 1 << 5 | 1;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;

/// An archive that is written member by member, uncompressed.
pub(in super::super) struct ZipWriter<W> {
    writer: W,
    offset: u64,
    written: Vec<Written>,
    wide: u64,
}

struct Written {
    name: String,
    crc: u32,
    size: u64,
    offset: u64,
}

impl<W: Write + Seek> ZipWriter<W> {
    pub(in super::super) fn new(writer: W) -> Self {
        Self { writer, offset: 0, written: Vec::new(), wide: WIDE }
    }

    /// Appends a member of exactly `size` bytes from `data`.
    pub(in super::super) fn member(&mut self, name: &str, size: u64, data: impl Read) -> io::Result<()> {
        let offset = self.offset;
        let mut member = Written { name: name.to_owned(), crc: 0, size, offset };
        let header = self.local(&member)?;
        self.writer.write_all(&header)?;
        let mut counted = Summed { writer: &mut self.writer, crc: Crc::new() };
        let copied = io::copy(&mut data.take(size), &mut counted)?;
        if copied != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        member.crc = counted.crc.sum();
        self.offset += header.len() as u64 + size;
        self.writer.seek(SeekFrom::Start(offset + 14))?;
        self.writer.write_all(&member.crc.to_le_bytes())?;
        self.writer.seek(SeekFrom::Start(self.offset))?;
        self.written.push(member);
        Ok(())
    }

    /// Writes the directory.
    pub(in super::super) fn finish(mut self) -> io::Result<W> {
        let mut directory = Vec::new();
        for member in &self.written {
            self.entry(member, &mut directory)?;
        }
        let (count, size, offset) = (self.written.len() as u64, directory.len() as u64, self.offset);
        let short_count = u16::try_from(count).unwrap_or(u16::MAX);
        if self.is_wide(size) || self.is_wide(offset) || short_count == u16::MAX {
            directory.extend(END64.to_le_bytes());
            directory.extend(44u64.to_le_bytes());
            directory.extend([45, 0, 45, 0]);
            directory.extend([0; 8]);
            for value in [count, count, size, offset] {
                directory.extend(value.to_le_bytes());
            }
            directory.extend(END64_LOCATOR.to_le_bytes());
            directory.extend(0u32.to_le_bytes());
            directory.extend((offset + size).to_le_bytes());
            directory.extend(1u32.to_le_bytes());
        }
        directory.extend(END.to_le_bytes());
        directory.extend([0; 4]);
        directory.extend(short_count.to_le_bytes());
        directory.extend(short_count.to_le_bytes());
        directory.extend(self.narrow(size).to_le_bytes());
        directory.extend(self.narrow(offset).to_le_bytes());
        directory.extend([0; 2]);
        self.writer.write_all(&directory)?;
        Ok(self.writer)
    }

    /// The header in front of a member.
    fn local(&self, member: &Written) -> io::Result<Vec<u8>> {
        let mut header = Vec::from(LOCAL.to_le_bytes());
        let mut extra = Vec::new();
        if self.is_wide(member.size) {
            extra.extend([member.size.to_le_bytes(), member.size.to_le_bytes()].concat());
        }
        self.common(member, &extra, &mut header)?;
        header.extend(member.name.as_bytes());
        zip64(&extra, &mut header);
        Ok(header)
    }

    /// A member's entry in the directory.
    fn entry(&self, member: &Written, directory: &mut Vec<u8>) -> io::Result<()> {
        let mut extra = Vec::new();
        if self.is_wide(member.size) {
            extra.extend([member.size.to_le_bytes(), member.size.to_le_bytes()].concat());
        }
        if self.is_wide(member.offset) {
            extra.extend(member.offset.to_le_bytes());
        }
        directory.extend(ENTRY.to_le_bytes());
        directory.extend(45u16.to_le_bytes());
        self.common(member, &extra, directory)?;
        directory.extend([0; 10]);
        directory.extend(self.narrow(member.offset).to_le_bytes());
        directory.extend(member.name.as_bytes());
        zip64(&extra, directory);
        Ok(())
    }

    /// The part that both headers share: version … length of the extra fields.
    fn common(&self, member: &Written, extra: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        let name = u16::try_from(member.name.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        let version = if extra.is_empty() { 20u16 } else { 45 };
        for value in [version, UTF8, 0, 0, DATE] {
            out.extend(value.to_le_bytes());
        }
        let size = self.narrow(member.size);
        for value in [member.crc, size, size] {
            out.extend(value.to_le_bytes());
        }
        let field = if extra.is_empty() { 0 } else { 4 + extra.len() };
        out.extend(name.to_le_bytes());
        out.extend([u8::try_from(field).expect("at most 28 bytes"), 0]);
        Ok(())
    }

    fn is_wide(&self, value: u64) -> bool {
        value >= self.wide
    }

    fn narrow(&self, value: u64) -> u32 {
        if self.is_wide(value) { u32::MAX } else { u32::try_from(value).unwrap_or(u32::MAX) }
    }
}

/// Appends the zip64 field, if there is one.
fn zip64(extra: &[u8], out: &mut Vec<u8>) {
    if !extra.is_empty() {
        out.extend(ZIP64.to_le_bytes());
        out.extend([u8::try_from(extra.len()).expect("at most 24 bytes"), 0]);
        out.extend(extra);
    }
}

/// A writer that sums up what goes through it.
struct Summed<'a, W> {
    writer: &'a mut W,
    crc: Crc,
}

impl<W: Write> Write for Summed<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer.write(bytes)?;
        self.crc.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::BufWriter;

    use super::super::super::Origin;
    use super::super::{Directory, MemberReader};
    use super::*;

    fn round_trip(wide: u64) {
        let members = [("a.npy", b"one".to_vec()), ("é.npy", vec![7; 100_000]), ("empty.npy", Vec::new())];
        let mut writer = ZipWriter::new(BufWriter::new(tempfile::tempfile().unwrap()));
        writer.wide = wide;
        for (name, data) in &members {
            writer.member(name, data.len() as u64, &data[..]).unwrap();
        }
        let mut file = writer.finish().unwrap().into_inner().unwrap();
        let (origin, length) = (Origin::new("a.npz"), file.metadata().unwrap().len());
        let directory = Directory::read(&mut file, length, &origin).unwrap();
        assert_eq!(directory.entries.len(), members.len());
        for (entry, (name, data)) in directory.entries.iter().zip(&members) {
            let mut read = Vec::new();
            let file: File = file.try_clone().unwrap();
            MemberReader::new(file, length, entry, &origin).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!((entry.name.as_str(), &read), (*name, data));
        }
    }

    #[test]
    fn members_come_back_as_they_were_written() {
        round_trip(WIDE);
    }

    #[test]
    fn members_come_back_from_a_wide_archive() {
        round_trip(0);
        round_trip(1000);
    }

    #[test]
    fn a_member_shorter_than_announced_is_an_error() {
        let mut writer = ZipWriter::new(tempfile::tempfile().unwrap());
        assert!(writer.member("a.npy", 4, &b"one"[..]).is_err());
    }
}
