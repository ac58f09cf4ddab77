//! A file that appears in its place when it is complete.
//!
//! | where | until then | at the end | what a killed process leaves |
//! |---|---|---|---|
//! | Linux, file systems with `O_TMPFILE` | the file has no name | it gets one by `linkat`; to replace another file, a hidden one for a moment | nothing |
//! | elsewhere | a hidden name beside its destination, in the list [`Unfinished`] | it is renamed | what is in the list, unless a handler removes it |
//!
//! Checked by `a_file_is_replaced_whole`, `a_file_with_a_name_from_the_start_is_replaced_whole` and
//! `nothing_is_left_by_a_run_that_is_told_to_end`.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

use super::unfinished::ListedName;
use super::{Destination, Unfinished};

/// A temporary file in the folder of its destination; dropped, it is removed.
pub(super) struct Temporary {
    file: File,
    /// Where there are no files without names.
    name: Option<ListedName>,
    destination: Destination,
}

impl Temporary {
    pub(super) fn new(destination: Destination) -> io::Result<Self> {
        let (file, name) = begin(destination.folder(), destination.unfinished())?;
        Ok(Self { file, name, destination })
    }

    /// The folder of the destination.
    pub(super) fn folder(&self) -> &Path {
        self.destination.folder()
    }

    /// Writes out what is buffered and puts the file in its place.
    pub(super) fn persist_buffered(buffered: BufWriter<Self>) -> io::Result<()> {
        buffered.into_inner().map_err(io::IntoInnerError::into_error)?.persist()
    }

    /// Puts the file in its place, with the permissions of the file that it replaces.
    pub(super) fn persist(self) -> io::Result<()> {
        let target = self.destination.target();
        keep_permissions(&self.file, target)?;
        if let Some(name) = self.name {
            return name.rename(target);
        }
        match link(&self.file, target) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let link = |name: &Path| link(&self.file, name);
                let ((), name) = ListedName::create(self.folder(), self.destination.unfinished(), link)?;
                name.rename(target)
            }
            linked => linked,
        }
    }
}

/// A new file in `folder`, without a name if that is possible.
pub(super) fn begin(folder: &Path, list: &Unfinished) -> io::Result<(File, Option<ListedName>)> {
    match unnamed(folder) {
        Some(file) => Ok((file, None)),
        None => named(folder, list),
    }
}

/// A new file with a hidden name.
fn named(folder: &Path, list: &Unfinished) -> io::Result<(File, Option<ListedName>)> {
    let create = |path: &Path| File::options().read(true).write(true).create_new(true).open(path);
    let (file, name) = ListedName::create(folder, list, create)
        // The reason alone; the name means nothing to anybody.
        .map_err(|error| error.kind())?;
    Ok((file, Some(name)))
}

/// A new file without a name that can be given one.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path) -> Option<File> {
    use rustix::fs::{Mode, OFlags, open};
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file: File = open(folder, flags, Mode::from_raw_mode(0o666)).ok()?.into();
    fs::metadata(handle(&file)).is_ok().then_some(file)
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_: &Path) -> Option<File> {
    None
}

/// Gives a file without a name its first one.
#[cfg(target_os = "linux")]
fn link(file: &File, name: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    Ok(linkat(CWD, handle(file), CWD, name, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link(_: &File, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The open file among the files of this process.
#[cfg(target_os = "linux")]
fn handle(file: &File) -> String {
    use std::os::fd::AsRawFd;
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// Owner and permissions of the file that will be replaced, if there is one. An owner is kept where that is allowed.
fn keep_permissions(file: &File, target: &Path) -> io::Result<()> {
    let Ok(old) = fs::metadata(target) else { return Ok(()) };
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let new = file.metadata()?;
        if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
            let _ = fchown(file, Some(old.uid()), Some(old.gid()));
        }
    }
    file.set_permissions(old.permissions())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.svg");
        for text in ["a long first version", "short"] {
            Destination::new(&path).unwrap().write(text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
        }
    }

    #[test]
    fn a_file_with_a_name_from_the_start_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let destination = Destination::new(folder.path().join("plan.svg")).unwrap();
        for text in ["a long first version", "short"] {
            let (file, name) = named(folder.path(), destination.unfinished()).unwrap();
            let mut temporary = Temporary { file, name, destination: destination.clone() };
            temporary.write_all(text.as_bytes()).unwrap();
            temporary.persist().unwrap();
            assert_eq!(fs::read_to_string(destination.target()).unwrap(), text);
            drop(named(folder.path(), destination.unfinished()).unwrap());
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn an_unnamed_file_is_one_that_nobody_sees() {
        let folder = tempfile::tempdir().unwrap();
        // Some file systems have none; then this says nothing.
        let Some(file) = unnamed(folder.path()) else { return };
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        link(&file, &folder.path().join("plan.svg")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
