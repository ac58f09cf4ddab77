//! A file that appears in its place when it is complete.

use std::fs;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::FileError;

/// A temporary file in the folder of its destination; dropped, it is removed.
pub(super) struct Temporary {
    file: NamedTempFile,
    destination: PathBuf,
}

impl Temporary {
    /// Starts a file that will be `path`, or what the link `path` points to.
    pub(super) fn beside(path: &Path) -> Result<Self, FileError> {
        let destination = destination(path)?;
        let folder = folder(&destination);
        let mut builder = tempfile::Builder::new();
        builder.prefix(".jetc-").suffix(".partial");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder);
        let file = file.map_err(|source| FileError::Open { path: path.to_owned(), source })?;
        Ok(Self { file, destination })
    }

    /// The folder of the destination.
    pub(super) fn folder(&self) -> &Path {
        self.file.path().parent().unwrap_or(Path::new("."))
    }

    /// Writes out what is buffered and renames the file.
    pub(super) fn persist(buffered: BufWriter<Self>) -> io::Result<()> {
        let this = buffered.into_inner().map_err(io::IntoInnerError::into_error)?;
        this.file.persist(this.destination).map_err(|error| error.error)?;
        Ok(())
    }
}

/// Where a file called `path` is written: a regular file, or nothing yet, in a folder that exists.
pub(super) fn destination(path: &Path) -> Result<PathBuf, FileError> {
    let destination = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&destination).is_ok_and(|metadata| !metadata.is_file()) {
        return Err(FileError::NotAFile { path: path.to_owned() });
    }
    let folder = folder(&destination);
    if !folder.is_dir() {
        return Err(FileError::MissingFolder { path: path.to_owned(), folder: folder.to_owned() });
    }
    Ok(destination)
}

fn folder(destination: &Path) -> &Path {
    let folder = destination.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

impl Write for Temporary {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for Temporary {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}
