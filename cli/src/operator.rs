//! From OPERATOR on the command line to a spec.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use jetc_operators::document::{Document, limits};
use jetc_operators::spec::Options;
use jetc_operators::{OperatorSpec, builtin};

use crate::arguments::OperatorArguments;

/// Reads the operator. Where its number of space coordinates is open and none was asked for, it is chosen so that there
/// is one coordinate for each of the network's `inputs`.
pub(crate) fn load(arguments: &OperatorArguments, inputs: Option<usize>) -> anyhow::Result<OperatorSpec> {
    let name = arguments.operator.as_str();
    let options = Options { dimension: arguments.dim, ..Options::default() };
    if let Some(builtin) = builtin::find(name) {
        let Some(inputs) = inputs.filter(|_| arguments.dim.is_none()) else {
            return Ok(builtin.spec(&options)?);
        };
        let spec = builtin.spec(&options)?;
        let others = spec.coordinates.len() - spec.coordinates.space().len();
        let space = inputs.saturating_sub(others).max(1);
        return match builtin.spec(&Options { dimension: Some(space as u64), ..Options::default() }) {
            Ok(fitted) => Ok(fitted),
            // The operator has a dimension of its own; whether it fits is for the evaluator to say.
            Err(_) => Ok(spec),
        };
    }
    if !Path::new(name).exists() {
        return Err(unknown(name));
    }
    let text = read(Path::new(name))?;
    Ok(OperatorSpec::read(&Document::parse(name, &text)?, &options)?)
}

fn unknown(name: &str) -> anyhow::Error {
    let known = itertools_join(builtin::ALL.iter().map(|builtin| builtin.name));
    let guess = builtin::suggest(name).map(|guess| format!("; {guess}")).unwrap_or_default();
    anyhow::anyhow!(
        "`{name}` is neither an operator file nor a built-in operator{guess} (built-in are {known})"
    )
}

fn itertools_join<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// The text of an operator file; more than the limit is not read at all.
fn read(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    file.take(limits::FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| format!("cannot read {}", path.display()))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            bail!(
                "{}: the file is not UTF-8 text (byte {})",
                path.display(),
                error.utf8_error().valid_up_to()
            )
        }
    }
}
