//! Where the gradient and the Jacobian go; neither replaces an input, nor the other.

use std::path::{Path, PathBuf};

use anyhow::bail;
use jetc_operators::printable_path;
use jetc_runtime::files::{Destination, FileError, MatrixWriter, NamedTensors};

use crate::arguments::GradientArguments;
use crate::output;

/// The places of the files, which were looked at.
pub(super) struct Destinations {
    pub(super) gradient: Option<Destination>,
    pub(super) jacobian: Option<Destination>,
}

impl Destinations {
    pub(super) fn new(arguments: &GradientArguments) -> anyhow::Result<Self> {
        let subject = &arguments.subject;
        let place = |path: &PathBuf| {
            let place = output::destination(path, &subject.operator, Some(&subject.model))?;
            place.apart_from(arguments.targets.iter().chain([&subject.points]))?;
            Ok::<_, FileError>(place)
        };
        let (gradient, jacobian) = (arguments.output.as_ref(), arguments.jacobian.as_ref());
        gradient.map(NamedTensors::<f64>::check_ending).transpose()?;
        jacobian.map(MatrixWriter::check_ending).transpose()?;
        if let (Some(gradient), Some(jacobian)) = (gradient, jacobian)
            && is_same(gradient, jacobian)
        {
            bail!(
                "{}: --output and --jacobian are the same file; give one of them another name",
                printable_path(gradient)
            );
        }
        Ok(Self { gradient: gradient.map(place).transpose()?, jacobian: jacobian.map(place).transpose()? })
    }

    /// Checks that none of the files would be replaced.
    pub(super) fn apart_from(&self, inputs: &[PathBuf]) -> Result<(), FileError> {
        self.gradient.iter().chain(&self.jacobian).try_for_each(|place| place.apart_from(inputs))
    }
}

/// Whether two names stand for one file, be it there or not.
fn is_same(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some((folder.canonicalize().ok()?, path.file_name()?.to_owned()))
    };
    let there = |path: &Path| path.canonicalize().ok();
    a == b || place(a).is_some_and(|a| place(b) == Some(a)) || there(a).is_some_and(|a| there(b) == Some(a))
}
