//! Opening files, and saying what a file is that is not what its ending promises.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::{FileError, suggest};

/// Entries of a folder that are looked at for a similar name.
const ENTRIES: usize = 2000;

/// The ending of `path` in lower case, without its dot.
pub(super) fn ending(path: &Path) -> Option<String> {
    path.extension().map(|ending| ending.to_string_lossy().to_lowercase())
}

/// The error for a file whose ending is none of `expected`.
pub(super) fn unknown_ending(path: &Path, expected: &'static [&'static str]) -> FileError {
    FileError::Ending { path: path.to_owned(), found: ending(path), expected }
}

/// Checks that the name of a result ends as one of `expected`.
pub(super) fn check_output_ending(path: &Path, expected: &'static [&'static str]) -> Result<(), FileError> {
    let found = ending(path);
    let known = |found: &String| expected.iter().any(|known| known[1..] == **found);
    if found.as_ref().is_some_and(known) {
        return Ok(());
    }
    Err(FileError::OutputEnding { path: path.to_owned(), found, expected })
}

/// Opens a file of any kind that can be read from start to end; folders are refused.
pub(super) fn open(path: &Path) -> Result<File, FileError> {
    let failed = |reason: io::Error| match reason.kind() {
        io::ErrorKind::NotFound => FileError::Missing { path: path.to_owned(), suggestion: similar(path) },
        _ => FileError::Open { path: path.to_owned(), reason },
    };
    if fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(FileError::NotAFile { path: path.to_owned() });
    }
    File::open(path).map_err(failed)
}

/// Opens a regular file and measures it.
pub(crate) fn open_measured(path: &Path) -> Result<(File, u64), FileError> {
    let known = fs::metadata(path).is_ok_and(|metadata| !metadata.is_file());
    if known {
        return Err(FileError::NotAFile { path: path.to_owned() });
    }
    let file = open(path)?;
    let length = file.metadata().map_err(|reason| FileError::Open { path: path.to_owned(), reason })?.len();
    Ok((file, length))
}

/// A file beside `path` with a similar name.
fn similar(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let names: Vec<String> = fs::read_dir(folder)
        .ok()?
        .take(ENTRIES)
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    suggest::nearest(&wanted, names.iter().map(String::as_str))
}

/// Reads at most `length` bytes; fewer only at the end.
pub(super) fn read_up_to(reader: &mut impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What a file that begins with `start` looks like.
pub(crate) fn looks_like(start: &[u8]) -> String {
    const KNOWN: [(&[u8], &str); 12] = [
        (b"\x93NUMPY", "an npy array"),
        (b"PK\x03\x04", "a zip archive (an .npz, or a PyTorch .pt checkpoint)"),
        (b"\x89HDF", "an HDF5 file"),
        (b"MATLAB", "a MATLAB file"),
        (b"\x1f\x8b", "a gzip file; unpack it first"),
        (b"\x28\xb5\x2f\xfd", "a zstd file; unpack it first"),
        (b"\x80", "a Python pickle"),
        (b"\xff\xfe", "UTF-16 text; save it as UTF-8"),
        (b"\xfe\xff", "UTF-16 text; save it as UTF-8"),
        (b"version https://git-lfs", "a git-lfs pointer; run `git lfs pull`"),
        (b"<!DOCTYPE", "a web page"),
        (b"<html", "a web page"),
    ];
    if start.is_empty() {
        return "an empty file".into();
    }
    if let Some((_, name)) = KNOWN.iter().find(|(magic, _)| start.starts_with(magic)) {
        return (*name).into();
    }
    if start.get(8) == Some(&b'{') && start[4..8] == [0; 4] {
        return "a safetensors file".into();
    }
    let shown = &start[..start.len().min(16)];
    if shown.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()) {
        return format!("text that begins with {:?}", String::from_utf8_lossy(shown));
    }
    format!("bytes that begin with {shown:02x?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_suggests_its_neighbour() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("points.npy"), b"").unwrap();
        let FileError::Missing { suggestion, .. } = open(&folder.path().join("ponts.npy")).unwrap_err()
        else {
            panic!("expected Missing")
        };
        assert_eq!(suggestion.as_deref(), Some("points.npy"));
    }

    #[test]
    fn a_folder_is_not_a_file() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(open(folder.path()), Err(FileError::NotAFile { .. })));
        assert!(matches!(open_measured(folder.path()), Err(FileError::NotAFile { .. })));
    }

    #[test]
    fn files_are_known_by_their_first_bytes() {
        assert_eq!(looks_like(b""), "an empty file");
        assert_eq!(looks_like(b"PK\x03\x04rest"), "a zip archive (an .npz, or a PyTorch .pt checkpoint)");
        assert_eq!(looks_like(b"\x40\0\0\0\0\0\0\0{\"a\""), "a safetensors file");
        assert_eq!(looks_like(b"x,y\n1,2\n"), "text that begins with \"x,y\\n1,2\\n\"");
        assert_eq!(looks_like(&[0, 1]), "bytes that begin with [00, 01]");
    }
}
