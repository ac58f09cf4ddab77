//! `jetc model`: the graph of a network, and which operators it can carry.

mod json;
mod report;
mod text;

use std::path::Path;

use jetc_operators::printable_json;
use jetc_runtime::Network;
use jetc_runtime::model::yaml;

use self::report::Report;
use crate::arguments::{ModelArguments, ModelFormat};
use crate::output;

pub(crate) fn run(arguments: &ModelArguments) -> anyhow::Result<()> {
    if arguments.as_yaml {
        return draft(arguments);
    }
    let network = Network::open(&arguments.model, arguments.activation)?;
    let report = Report::new(&network);
    let destination =
        arguments.output.as_deref().map(|path| output::destination(path, "", Some(&arguments.model)));
    let text = match arguments.format {
        ModelFormat::Text => text::view(&report),
        ModelFormat::Json => printable_json(&json::view(&report)),
    };
    output::write(destination.transpose()?.as_ref(), &text)
}

/// The YAML model file of a state dict, to standard output or beside it.
fn draft(arguments: &ModelArguments) -> anyhow::Result<()> {
    let (model, output) = (&arguments.model, arguments.output.as_deref());
    let destination = output.map(|path| output::destination(path, "", Some(model))).transpose()?;
    if let Some(path) = output {
        let is_yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        anyhow::ensure!(is_yaml, "{}: give a model file the ending .yaml", path.display());
    }
    let text = yaml::draft(model, &seen_from(model, output), arguments.activation)?;
    output::write(destination.as_ref(), &text)
}

/// How a file in the folder of `output` names `model`: by its name alone in the same folder, otherwise by its whole path.
fn seen_from(model: &Path, output: Option<&Path>) -> String {
    let folder = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        folder.canonicalize().ok()
    };
    let whole = || model.canonicalize().unwrap_or_else(|_| model.to_owned()).display().to_string();
    match output {
        Some(output) if folder(output) != folder(model) => whole(),
        _ => model.file_name().map_or_else(whole, |name| name.to_string_lossy().into_owned()),
    }
}
