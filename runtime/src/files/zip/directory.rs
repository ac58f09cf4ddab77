//! The directory at the end of an archive.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use super::super::open::{looks_like, read_up_to};
use super::super::{FileError, Origin, ZipFault};
use super::{END, END64, END64_LOCATOR, ENTRY, ZIP64, take, take_u16, take_u32, take_u64};

/// The end record, and the longest comment behind it.
const END_SIZE: u64 = 22;
const LONGEST_COMMENT: u64 = 0xffff;
/// Directories beyond this size (some 50 000 arrays) are refused.
const LARGEST: u64 = 4 << 20;

/// One member as the directory describes it; nothing of it has been checked but the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Entry {
    pub(in super::super) name: String,
    /// Bytes of the data as unpacked.
    pub(in super::super) size: u64,
    /// Bytes of the data in the archive.
    pub(in super::super) packed: u64,
    pub(super) method: u16,
    pub(super) encrypted: bool,
    pub(super) crc: u32,
    /// Where the member's own header begins.
    pub(super) offset: u64,
}

/// The members of an archive, in the order of the directory.
#[derive(Clone, Debug)]
pub(in super::super) struct Directory {
    pub(in super::super) entries: Vec<Entry>,
}

impl Directory {
    /// Reads the directory of an archive of `length` bytes.
    pub(in super::super) fn read(file: &mut File, length: u64, origin: &Origin) -> Result<Self, FileError> {
        let start = window(file, 0, 4.min(length), origin)?;
        if !start.starts_with(b"PK") {
            let found = looks_like(&window(file, 0, 32.min(length), origin)?);
            return Err(FileError::BadMagic { origin: origin.clone(), expected: "an npz archive", found });
        }
        let (offset, size) = locate(file, length, origin)?;
        if size > LARGEST {
            let what = "the archive's directory";
            return Err(FileError::TooLarge { origin: origin.clone(), what, found: size, limit: LARGEST });
        }
        if offset.checked_add(size).is_none_or(|end| end > length) {
            return Err(fault(origin, ZipFault::Directory));
        }
        let bytes = window(file, offset, size, origin)?;
        let entries = entries(&bytes).ok_or_else(|| fault(origin, ZipFault::Directory))?;
        let mut names = BTreeSet::new();
        match entries.iter().find(|entry| !names.insert(entry.name.as_str())) {
            Some(twice) => Err(FileError::DuplicateName { origin: origin.clone(), name: twice.name.clone() }),
            None => Ok(Self { entries }),
        }
    }
}

pub(super) fn fault(origin: &Origin, fault: ZipFault) -> FileError {
    FileError::Zip { origin: origin.clone(), fault }
}

/// `length` bytes from `offset` on, fewer at the end of the file.
pub(super) fn window(
    file: &mut File,
    offset: u64,
    length: u64,
    origin: &Origin,
) -> Result<Vec<u8>, FileError> {
    file.seek(SeekFrom::Start(offset))
        .and_then(|_| read_up_to(&mut file.by_ref(), length))
        .map_err(|error| FileError::reading(origin, error))
}

/// Offset and size of the directory.
fn locate(file: &mut File, length: u64, origin: &Origin) -> Result<(u64, u64), FileError> {
    let tail_start = length.saturating_sub(END_SIZE + LONGEST_COMMENT);
    let tail = window(file, tail_start, length - tail_start, origin)?;
    let at = (0..tail.len()).rev().find(|&at| is_end(&tail[at..]));
    let at = at.ok_or_else(|| fault(origin, ZipFault::NoDirectory))?;
    let (size, offset) = end(&tail[at..]).ok_or_else(|| fault(origin, ZipFault::Directory))?;
    if size != u32::MAX && offset != u32::MAX {
        return Ok((u64::from(offset), u64::from(size)));
    }
    let locator_start = (tail_start + at as u64).checked_sub(20);
    let locator_start = locator_start.ok_or_else(|| fault(origin, ZipFault::Directory))?;
    let locator = window(file, locator_start, 20, origin)?;
    let end64_start = locator64(&locator).ok_or_else(|| fault(origin, ZipFault::Directory))?;
    let record = window(file, end64_start, 56, origin)?;
    end64(&record).ok_or_else(|| fault(origin, ZipFault::Directory))
}

/// Whether `bytes` are an end record whose comment reaches exactly to the end.
fn is_end(bytes: &[u8]) -> bool {
    let comment = bytes.get(20..22).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])));
    bytes.starts_with(&END.to_le_bytes()) && comment.is_some_and(|comment| bytes.len() == 22 + comment)
}

fn end(mut bytes: &[u8]) -> Option<(u32, u32)> {
    take::<12>(&mut bytes)?;
    Some((take_u32(&mut bytes)?, take_u32(&mut bytes)?))
}

fn locator64(mut bytes: &[u8]) -> Option<u64> {
    (take_u32(&mut bytes)? == END64_LOCATOR).then_some(())?;
    take_u32(&mut bytes)?;
    take_u64(&mut bytes)
}

fn end64(mut bytes: &[u8]) -> Option<(u64, u64)> {
    (take_u32(&mut bytes)? == END64).then_some(())?;
    take::<36>(&mut bytes)?;
    let size = take_u64(&mut bytes)?;
    Some((take_u64(&mut bytes)?, size))
}

fn entries(mut bytes: &[u8]) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        entries.push(entry(&mut bytes)?);
    }
    Some(entries)
}

fn entry(bytes: &mut &[u8]) -> Option<Entry> {
    (take_u32(bytes)? == ENTRY).then_some(())?;
    take::<4>(bytes)?;
    let flags = take_u16(bytes)?;
    let method = take_u16(bytes)?;
    take::<4>(bytes)?;
    let crc = take_u32(bytes)?;
    let (packed, size) = (take_u32(bytes)?, take_u32(bytes)?);
    let lengths = [take_u16(bytes)?, take_u16(bytes)?, take_u16(bytes)?];
    take::<8>(bytes)?;
    let offset = take_u32(bytes)?;
    let [name, extra, comment] = lengths.map(usize::from);
    let (name, rest) = bytes.split_at_checked(name)?;
    let (extra, rest) = rest.split_at_checked(extra)?;
    *bytes = rest.get(comment..)?;
    let mut wide = zip64(extra);
    let mut widen = |value: u32| match value {
        u32::MAX => take_u64(&mut wide),
        _ => Some(u64::from(value)),
    };
    let (size, packed, offset) = (widen(size)?, widen(packed)?, widen(offset)?);
    let name = String::from_utf8_lossy(name).into_owned();
    Some(Entry { name, size, packed, method, encrypted: flags & 1 == 1, crc, offset })
}

/// The contents of the zip64 field among the extra fields; empty if there is none.
fn zip64(mut extra: &[u8]) -> &[u8] {
    while let (Some(id), Some(length)) = (take_u16(&mut extra), take_u16(&mut extra)) {
        let Some((field, rest)) = extra.split_at_checked(usize::from(length)) else { break };
        if id == ZIP64 {
            return field;
        }
        extra = rest;
    }
    &[]
}
