//! Where results go: to a file in the format of its ending, or to standard output, whose reader may leave.

use std::io::Write;
use std::path::Path;

use anyhow::bail;
use clap::ValueEnum;
use jetc_operators::printable_path;
use jetc_runtime::StreamError;
use jetc_runtime::files::{Destination, FileError, Origin};
use jetc_runtime::model::other_files;

use crate::interrupt;

/// A format that files of one ending have.
pub(crate) trait FileFormat: ValueEnum {
    /// The endings of files that can be written.
    const ENDINGS: &'static [&'static str];

    /// The usual format of files with this ending, in lower case and without the dot.
    fn of_ending(ending: &str) -> Option<Self>;

    /// Whether this format may be asked for where `usual` is the usual one.
    fn fits(self, usual: Self) -> bool;
}

/// The format that a file is written in: by its ending, with which the one asked for must agree.
pub(crate) fn format_of_file<F: FileFormat + Copy>(path: &Path, asked: Option<F>) -> anyhow::Result<F> {
    let found = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let Some(usual) = found.as_deref().and_then(F::of_ending) else {
        return Err(FileError::Ending { path: path.to_owned(), found, expected: F::ENDINGS }.into());
    };
    match asked {
        Some(format) if !format.fits(usual) => bail!(
            "{}: --format asks for {}, but the ending says {}; change one of them or leave --format out",
            printable_path(path),
            name(&format),
            name(&usual)
        ),
        asked => Ok(asked.unwrap_or(usual)),
    }
}

/// The name of a format on the command line.
fn name(format: &impl ValueEnum) -> String {
    format.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// The place of a file of results, which replaces none of the files that it is computed from: `operator`, and `model` with
/// the files that it names.
pub(crate) fn destination(
    path: &Path,
    operator: &str,
    model: Option<&Path>,
) -> Result<Destination, FileError> {
    let destination = Destination::new(path)?.listed_in(interrupt::unfinished());
    destination.apart_from([operator])?;
    destination.apart_from(model)?;
    if destination.exists() {
        destination.apart_from(model.iter().flat_map(other_files))?;
    }
    Ok(destination)
}

/// Writes results to a file, whole or not at all, or to standard output.
pub(crate) fn write(destination: Option<&Destination>, text: &str) -> anyhow::Result<()> {
    match destination {
        Some(destination) => Ok(destination.write(text.as_bytes())?),
        None => print(text),
    }
}

/// Writes results to standard output.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    Ok(written.map_err(unwritten)?)
}

/// The error for standard output that cannot be written.
pub(crate) fn unwritten(reason: std::io::Error) -> FileError {
    FileError::Write { origin: stdout(), reason }
}

/// What standard output is called.
pub(crate) fn stdout() -> Origin {
    Origin::new("standard output")
}

/// Whether the error is that nobody reads standard output any more.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let is_pipe = |error: &FileError| error.is_broken_pipe();
    error.chain().any(|cause| match cause.downcast_ref::<StreamError>() {
        Some(StreamError::File(error)) => is_pipe(error),
        _ => cause.downcast_ref::<FileError>().is_some_and(is_pipe),
    })
}
