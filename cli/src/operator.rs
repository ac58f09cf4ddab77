//! From OPERATOR on the command line to a spec.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jetc_operators::OperatorSpec;
use jetc_operators::builtin;
use jetc_operators::document::{Document, limits};
use jetc_operators::spec::Options;
use jetc_operators::{printable, printable_path};
use jetc_runtime::files::MatrixFiles;

use crate::arguments::OperatorArguments;

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
        let spec = match inputs.filter(|_| choices.dim.is_none()) {
            Some(inputs) => builtin.fitted(&options, inputs)?,
            None => builtin.spec(&options)?,
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

#[cfg(test)]
mod tests {
    use jetc_operators::spec::ReadMatrix;

    use super::*;

    #[test]
    fn one_row_that_is_too_long_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 268435456), }\n";
        let mut bytes = b"\x93NUMPY\x01\0".to_vec();
        bytes.extend(u16::try_from(header.len()).unwrap().to_le_bytes());
        bytes.extend(header.as_bytes());
        let path = folder.path().join("a.npy");
        std::fs::write(&path, &bytes).unwrap();
        // Two gigabytes of zeros that take no place on the disk.
        let file = std::fs::File::options().write(true).open(&path).unwrap();
        file.set_len(bytes.len() as u64 + (1 << 31)).unwrap();
        let files = MatrixFiles::beside(&folder.path().join("operator.yaml"));
        let (refused, peak) = crate::memory::peak_during(|| files.read("a.npy"));
        assert_eq!(refused.unwrap_err(), "the matrix has 268435456 entries, more than 16777216");
        assert!(peak < 1 << 30, "{peak} bytes");
        assert_eq!(files.read_so_far(), [path]);
    }
}
