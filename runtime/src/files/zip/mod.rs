//! Zip archives as far as npz needs them: a directory, members that are stored or deflated.
//!
//! PKWARE's APPNOTE 6.3: §4.3.7 (header of a member), §4.3.12 (directory), §4.3.14–16 (end of directory), §4.5.3
//! (zip64). The directory is sought in the last 65 557 bytes alone and every offset is checked, so that a hostile
//! archive costs no more than its own length.

mod directory;
mod member;
mod write;

use thiserror::Error;

pub(super) use directory::{Directory, Entry};
pub(super) use member::MemberReader;
pub(super) use write::ZipWriter;

/// What is wrong with an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ZipFault {
    /// No end-of-directory record: cut short, or no archive at all.
    #[error("the archive has no directory at its end; it was cut short")]
    NoDirectory,
    /// A record of the directory that contradicts the file.
    #[error("the archive's directory is damaged")]
    Directory,
    /// The header in front of a member contradicts the directory.
    #[error("the header in front of the array is damaged")]
    LocalHeader,
    /// A member that needs a password.
    #[error("the array is encrypted")]
    Encrypted,
    /// A compression method other than deflate.
    #[error("compression method {0} is not supported; use numpy's savez or savez_compressed")]
    Method(u16),
}

const END: u32 = 0x0605_4b50;
const END64: u32 = 0x0606_4b50;
const END64_LOCATOR: u32 = 0x0706_4b50;
const ENTRY: u32 = 0x0201_4b50;
const LOCAL: u32 = 0x0403_4b50;
/// The extra field that holds the sizes that do not fit into 32 bits.
const ZIP64: u16 = 0x0001;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// The next `N` bytes of `bytes`, which is moved on.
fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*head)
}

fn take_u16(bytes: &mut &[u8]) -> Option<u16> {
    take(bytes).map(u16::from_le_bytes)
}

fn take_u32(bytes: &mut &[u8]) -> Option<u32> {
    take(bytes).map(u32::from_le_bytes)
}

fn take_u64(bytes: &mut &[u8]) -> Option<u64> {
    take(bytes).map(u64::from_le_bytes)
}
