//! The npz format of numpy: a zip archive of npy arrays, `x.npy` for the array `x`.

use std::fs::File;

use super::npy::NpyHeader;
use super::open::open_measured;
use super::zip::{Directory, Entry, MemberReader};
use super::{FileError, Origin};

/// An archive of arrays.
#[derive(Debug)]
pub(super) struct Npz {
    origin: Origin,
    length: u64,
    /// The arrays by name, in the order of the archive.
    arrays: Vec<(String, Entry)>,
}

impl Npz {
    /// Reads the directory of the archive; members that are no arrays are left out.
    pub(super) fn open(origin: &Origin) -> Result<Self, FileError> {
        let (mut file, length) = open_measured(origin.path())?;
        let directory = Directory::read(&mut file, length, origin)?;
        let arrays = directory
            .entries
            .into_iter()
            .filter_map(|entry| Some((entry.name.strip_suffix(".npy")?.to_owned(), entry)))
            .collect();
        Ok(Self { origin: origin.clone(), length, arrays })
    }

    /// The names of the arrays, in the order of the archive.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.arrays.iter().map(|(name, _)| name.as_str())
    }

    /// Bytes of the archive.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The place of the array `name` in the order of the archive.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.names().position(|array| array == name)
    }

    /// Opens the array at `position`: its header, and the stream of its data.
    ///
    /// Whether their lengths agree is left to [`NpzArray::check_length`].
    pub(super) fn array(&self, position: usize) -> Result<NpzArray, FileError> {
        let (name, entry) = &self.arrays[position];
        let origin = self.origin.member(name.as_str());
        let path = self.origin.path();
        let file = File::open(path).map_err(|reason| FileError::Open { path: path.to_owned(), reason })?;
        let mut data = MemberReader::new(file, self.length, entry, &origin)?;
        let header = NpyHeader::read(&mut data, &origin)?;
        Ok(NpzArray { header, data, size: entry.size, origin })
    }
}

/// One array of an archive, opened at its first element.
pub(super) struct NpzArray {
    pub(super) origin: Origin,
    pub(super) header: NpyHeader,
    pub(super) data: MemberReader,
    /// Bytes of header and data.
    pub(super) size: u64,
}

impl NpzArray {
    /// Checks that header and data are exactly as long as the archive says.
    pub(super) fn check_length(&self) -> Result<(), FileError> {
        self.header.check_length(self.size, &self.origin)
    }
}
