//! Where bytes come from.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jetc_operators::printable_path;

use super::describe::shorten;

/// A file, or one array inside an archive: what an error message starts with.
///
/// Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(Arc<Parts>);

#[derive(Debug, PartialEq, Eq)]
struct Parts {
    path: PathBuf,
    member: Option<String>,
}

impl Origin {
    /// The file at `path`; a stream without a path is given a name in its place (`standard output`).
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Parts { path: path.into(), member: None }))
    }

    /// The array `member` inside this file.
    #[must_use]
    pub fn member(&self, member: impl Into<String>) -> Self {
        Self(Arc::new(Parts { path: self.0.path.clone(), member: Some(member.into()) }))
    }

    /// The path of the file.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// The name of the array inside the file, if the file holds several.
    pub fn array(&self) -> Option<&str> {
        self.0.member.as_deref()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable_path(&self.0.path))?;
        match &self.0.member {
            Some(member) => write!(f, ", array `{}`", shorten(member)),
            None => Ok(()),
        }
    }
}
