//! From OPERATOR on the command line to a spec.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jetc_operators::OperatorSpec;
use jetc_operators::builtin::{self, Builtin};
use jetc_operators::document::{Document, limits};
use jetc_operators::spec::Options;
use jetc_operators::{printable, printable_path};

use crate::arguments::OperatorArguments;
use crate::matrices::MatrixFiles;

/// Reads the operator called `name`. Where its number of space coordinates is open and none was asked for, it is chosen so
/// that there is one coordinate for each of the network's `inputs`. Also the files of matrices that it was read with.
pub(crate) fn load(
    name: &str,
    choices: &OperatorArguments,
    inputs: Option<usize>,
) -> anyhow::Result<(OperatorSpec, Vec<PathBuf>)> {
    let path = Path::new(name);
    let files = MatrixFiles::beside(path);
    let options =
        Options { dimension: choices.dim, parameters: choices.parameters.clone(), matrices: Some(&files) };
    if let Some(builtin) = builtin::find(name) {
        let spec = builtin.spec(&options)?;
        let spec = match inputs.filter(|_| choices.dim.is_none()) {
            Some(inputs) => fitted(builtin, &options, &spec, inputs).unwrap_or(spec),
            None => spec,
        };
        return Ok((spec, Vec::new()));
    }
    if !path.exists() {
        return Err(unknown(name));
    }
    let text = read(path)?;
    let spec = OperatorSpec::read(&Document::parse(name, &text)?, &options)?;
    Ok((spec, files.read_so_far()))
}

/// The operator in as many space coordinates as leave one coordinate for each input; none if its dimension is fixed, and
/// then whether it fits is for the evaluator to say.
pub(crate) fn fitted(
    builtin: &Builtin,
    options: &Options<'_>,
    spec: &OperatorSpec,
    inputs: usize,
) -> Option<OperatorSpec> {
    let others = spec.coordinates.len() - spec.coordinates.space().len();
    let space = inputs.saturating_sub(others).max(1) as u64;
    builtin.spec(&Options { dimension: Some(space), ..options.clone() }).ok()
}

fn unknown(name: &str) -> anyhow::Error {
    let known = builtin::ALL.iter().map(|builtin| builtin.name).collect::<Vec<_>>().join(", ");
    let guess = builtin::suggest(name).map(|guess| format!("; {guess}")).unwrap_or_default();
    anyhow::anyhow!(
        "`{}` is neither an operator file nor a built-in operator{guess} (built-in are {known})",
        printable(name)
    )
}

/// The text of an operator file; more than the limit is not read at all.
fn read(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).with_context(|| format!("cannot open {}", printable_path(path)))?;
    file.take(limits::FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", printable_path(path)))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            bail!(
                "{}: the file is not UTF-8 text (byte {})",
                printable_path(path),
                error.utf8_error().valid_up_to()
            )
        }
    }
}
