//! A file that is written in one go, whole or not at all. Checked by `a_file_is_replaced_whole`.

use std::io::{BufWriter, Write};
use std::path::Path;

use super::temporary::{Temporary, destination};
use super::{FileError, Origin};

/// Writes the file at `path`, or replaces it: it appears there complete, or stays what it was.
///
/// # Errors
///
/// [`FileError::MissingFolder`], [`FileError::NotAFile`], and the reasons of the operating system.
pub fn write_whole(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), FileError> {
    let path = path.as_ref();
    let mut file = BufWriter::new(Temporary::beside(path)?);
    let written = file.write_all(bytes).and_then(|()| Temporary::persist(file));
    written.map_err(|source| FileError::writing(&Origin::new(path), source))
}

/// Whether a file could be written at `path`, for those who have much to do before they write it.
///
/// # Errors
///
/// [`FileError::MissingFolder`], [`FileError::NotAFile`].
pub fn check_destination(path: impl AsRef<Path>) -> Result<(), FileError> {
    destination(path.as_ref()).map(|_| ())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.svg");
        write_whole(&path, b"a long first version").unwrap();
        write_whole(&path, b"short").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"short");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("none/plan.svg");
        for error in [write_whole(&path, b"").unwrap_err(), check_destination(&path).unwrap_err()] {
            assert!(matches!(error, FileError::MissingFolder { .. }), "{error}");
        }
        check_destination(folder.path().join("plan.svg")).unwrap();
    }
}
