//! The names of files that are not complete yet, for programs that are told to end. Checked by
//! `nothing_is_left_of_files_that_were_listed`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A list of files that are being written and have a name already, shared by its clones.
///
/// Where the file system has unnamed files (`O_TMPFILE`) the list is empty but for the moment in which a file takes its
/// place, and a killed process leaves nothing behind. Elsewhere a handler of signals calls
/// [`remove_and`](Self::remove_and) before the process ends.
#[derive(Clone, Debug, Default)]
pub struct Unfinished(Arc<Mutex<BTreeSet<PathBuf>>>);

impl Unfinished {
    /// A list of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Removes the files of the list and calls `last`, which ends the process. No other file begins or takes its place
    /// meanwhile.
    pub fn remove_and(&self, last: impl FnOnce()) {
        self.exclusively(|names| {
            for name in std::mem::take(names) {
                // Who is told to end has nobody to tell that a file could not be removed.
                let _ = fs::remove_file(name);
            }
            last();
        });
    }

    /// Does what must not be interrupted: begins a file, or puts one in its place.
    pub(super) fn exclusively<R>(&self, work: impl FnOnce(&mut BTreeSet<PathBuf>) -> R) -> R {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The name of a file in the list; dropped, the file is removed and the name leaves the list.
#[derive(Debug)]
pub(super) struct ListedName {
    path: PathBuf,
    list: Unfinished,
}

impl ListedName {
    /// Creates a file under a new name in `folder`.
    pub(super) fn create<F>(
        folder: &Path,
        list: &Unfinished,
        create: impl FnMut(&Path) -> std::io::Result<F>,
    ) -> std::io::Result<(F, Self)> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".jetc-").suffix(".partial");
        list.exclusively(|names| {
            let (file, path) = builder.make_in(folder, create)?.into_parts();
            let path = path.keep().map_err(|error| error.error)?;
            names.insert(path.clone());
            Ok((file, Self { path, list: list.clone() }))
        })
    }

    /// Gives the file its final name, in place of what had it before.
    pub(super) fn rename(self, to: &Path) -> std::io::Result<()> {
        self.list.exclusively(|names| {
            fs::rename(&self.path, to)?;
            names.remove(&self.path);
            Ok(())
        })
    }
}

impl Drop for ListedName {
    fn drop(&mut self) {
        self.list.exclusively(|names| {
            if names.remove(&self.path) {
                let _ = fs::remove_file(&self.path);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn nothing_is_left_of_files_that_were_listed() {
        let (folder, list) = (tempfile::tempdir().unwrap(), Unfinished::new());
        let create =
            || ListedName::create(folder.path(), &list, |path| fs::File::create_new(path)).unwrap().1;
        drop(create());
        assert_eq!(count(folder.path()), 0, "a file that is dropped");
        let renamed = create();
        renamed.rename(&folder.path().join("result.csv")).unwrap();
        let _others = [create(), create()];
        assert_eq!(count(folder.path()), 3);
        let mut left = 0;
        list.remove_and(|| left = count(folder.path()));
        assert_eq!(left, 1, "the finished file stays");
    }
}
