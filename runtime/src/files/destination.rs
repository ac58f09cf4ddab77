//! Where a file will be written: looked at before there is anything to write.
//!
//! Checked by `a_place_where_nothing_can_be_written_is_refused_beforehand` and `links_are_followed_to_where_they_lead`.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use super::temporary::{Temporary, begin};
use super::{FileError, Unfinished};

/// More symbolic links than this, one behind the other, are a circle.
const MOST_LINKS: usize = 40;

/// A place for a file: a regular file that may be replaced, or nothing yet, in a folder that can be written to.
///
/// # Example: a result that is not written over its input
///
/// ```
/// use jetc_runtime::files::{Destination, FileError};
///
/// # let folder = tempfile::tempdir()?;
/// # let (points, result) = (folder.path().join("points.csv"), folder.path().join("result.csv"));
/// std::fs::write(&points, "x\n1\n")?;
/// let wrong = Destination::new(&points)?;
/// assert!(matches!(wrong.apart_from([&points]), Err(FileError::OutputIsInput { .. })));
/// let right = Destination::new(&result)?;
/// right.apart_from([&points])?;
/// right.write(b"2\n")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Destination {
    path: PathBuf,
    /// The same behind all links.
    target: PathBuf,
    unfinished: Unfinished,
}

impl Destination {
    /// Looks at the place called `path`, or where a link of that name leads.
    ///
    /// # Errors
    ///
    /// [`FileError::MissingFolder`], [`FileError::NotAFile`], [`FileError::ReadOnly`]; [`FileError::Open`] with the reason
    /// of the system for names that are too long, and folders that cannot be written to.
    pub fn new(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let open = |reason| FileError::Open { path: path.to_owned(), reason };
        let target = followed(path).map_err(open)?;
        let this = Self { path: path.to_owned(), target, unfinished: Unfinished::new() };
        match fs::symlink_metadata(&this.target) {
            Ok(found) if !found.is_file() => return Err(FileError::NotAFile { path: path.to_owned() }),
            Ok(found) if is_read_only(&found, &this.target) => {
                return Err(FileError::ReadOnly { path: path.to_owned() });
            }
            Err(reason) if reason.kind() != io::ErrorKind::NotFound => return Err(open(reason)),
            _ => {}
        }
        if !this.folder().is_dir() {
            let folder = this.folder().to_owned();
            return Err(FileError::MissingFolder { path: path.to_owned(), folder });
        }
        begin(this.folder(), &this.unfinished).map_err(open)?;
        Ok(this)
    }

    /// The same place; what is begun there stands in the list until it is complete.
    #[must_use]
    pub fn listed_in(self, unfinished: &Unfinished) -> Self {
        Self { unfinished: unfinished.clone(), ..self }
    }

    /// The name that was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a file is there already.
    pub fn exists(&self) -> bool {
        self.target.exists()
    }

    /// Checks that none of the files `inputs` is the one that will be replaced, whatever their names are.
    ///
    /// # Errors
    ///
    /// [`FileError::OutputIsInput`].
    pub fn apart_from<P: AsRef<Path>>(&self, inputs: impl IntoIterator<Item = P>) -> Result<(), FileError> {
        let mut inputs = inputs.into_iter();
        match inputs.find(|input| is_same(&self.target, input.as_ref())) {
            None => Ok(()),
            Some(input) => {
                Err(FileError::OutputIsInput { path: self.path.clone(), input: input.as_ref().to_owned() })
            }
        }
    }

    /// Writes the file: it appears complete, or stays what it was.
    ///
    /// # Errors
    ///
    /// The reasons of the operating system.
    pub fn write(&self, bytes: &[u8]) -> Result<(), FileError> {
        let failed = |reason| FileError::Write { origin: super::Origin::new(&self.path), reason };
        let mut file = self.begin()?;
        io::Write::write_all(&mut file, bytes).and_then(|()| file.persist()).map_err(failed)
    }

    /// Starts the file.
    pub(super) fn begin(&self) -> Result<Temporary, FileError> {
        Temporary::new(self.clone()).map_err(|reason| FileError::Open { path: self.path.clone(), reason })
    }

    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    pub(super) fn unfinished(&self) -> &Unfinished {
        &self.unfinished
    }

    /// The folder of the file.
    pub(super) fn folder(&self) -> &Path {
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new("."))
    }
}

/// The place that a name stands for: links are followed, even one that leads to no file yet.
fn followed(path: &Path) -> io::Result<PathBuf> {
    let mut place = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&place) {
            Ok(target) => place = place.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(place),
        }
    }
    Err(io::Error::other("too many symbolic links, one behind the other"))
}

/// Whether nobody, or not this user, may write to the file; a folder of one's own would let it be replaced all the same.
fn is_read_only(found: &Metadata, path: &Path) -> bool {
    #[cfg(unix)]
    let refused = rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_err();
    #[cfg(not(unix))]
    let refused = fs::OpenOptions::new().append(true).open(path).is_err();
    found.permissions().readonly() || refused
}

/// Whether two names stand for one file, by links of either kind.
fn is_same(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let identity = |path| fs::metadata(path).map(|found| (found.dev(), found.ino()));
        matches!((identity(a), identity(b)), (Ok(a), Ok(b)) if a == b)
    }
    #[cfg(not(unix))]
    {
        matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_where_nothing_can_be_written_is_refused_beforehand() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| Destination::new(folder.path().join(name)).map(|_| ());
        assert!(matches!(at("none/plan.svg"), Err(FileError::MissingFolder { .. })));
        assert!(matches!(at(&"x".repeat(300)), Err(FileError::Open { .. })));
        fs::create_dir(folder.path().join("folder.csv")).unwrap();
        assert!(matches!(at("folder.csv"), Err(FileError::NotAFile { .. })));
        fs::write(folder.path().join("file.csv"), "").unwrap();
        assert!(at("file.csv").is_ok() && at("new.csv").is_ok());
        assert!(matches!(
            at("file.csv/plan.svg"),
            Err(FileError::Open { .. } | FileError::MissingFolder { .. })
        ));
        let mut permissions = fs::metadata(folder.path().join("file.csv")).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(folder.path().join("file.csv"), permissions).unwrap();
        assert!(matches!(at("file.csv"), Err(FileError::ReadOnly { .. })));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "looking leaves nothing behind");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_to_where_they_lead() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        symlink("second", path("first")).unwrap();
        symlink("plan.svg", path("second")).unwrap();
        Destination::new(path("first")).unwrap().write(b"one").unwrap();
        assert_eq!(fs::read(path("plan.svg")).unwrap(), b"one", "a link that leads nowhere yet");
        fs::set_permissions(path("plan.svg"), fs::Permissions::from_mode(0o640)).unwrap();
        fs::hard_link(path("plan.svg"), path("other")).unwrap();
        let place = Destination::new(path("second")).unwrap();
        for name in ["first", "second", "plan.svg", "other"] {
            assert!(place.apart_from([path(name)]).is_err(), "{name}");
        }
        place.write(b"two").unwrap();
        assert_eq!(fs::read(path("first")).unwrap(), b"two");
        assert!(path("first").is_symlink() && path("second").is_symlink());
        assert_eq!(fs::metadata(path("plan.svg")).unwrap().permissions().mode() & 0o7777, 0o640);
        symlink("circle", path("circle")).unwrap();
        assert!(matches!(Destination::new(path("circle")), Err(FileError::Open { .. })));
    }
}
