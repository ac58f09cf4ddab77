//! A model file in the place of widths: with the weights that it names, or with random ones.

use std::path::Path;

use jetc_operators::document::decode::Spanned;
use jetc_operators::document::{Document, Node, Value};
use jetc_runtime::Network;
use jetc_runtime::files::TensorFile;
use jetc_runtime::model::yaml::{Start, begin};

use super::network::{Model, WEIGHTS};
use crate::random::Random;

/// What random numbers of model files are drawn from, beside the seed.
const STREAM: u64 = 0x6d6f_6465_6c73;

/// The model of a file: weights are read, or begin where the file names none. `inputs` are what the network reads, if the file
/// does not say. The error is a sentence for people.
pub(super) fn model(
    folder: &Path,
    file: &Spanned<String>,
    inputs: &[String],
    seed: u64,
) -> Result<Model, String> {
    let path = folder.join(&file.value);
    let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    let document = Document::parse(&file.value, &text).map_err(|error| error.to_string())?;
    match document.root.get("weights") {
        Some(weights) => with_weights(&path, weights, &text),
        None => without_weights(&document, inputs, seed),
    }
}

/// The model with all tensors of the files that it names, and a text that names one file.
fn with_weights(path: &Path, weights: &Node, text: &str) -> Result<Model, String> {
    Network::open(path, None).map_err(|error| error.to_string())?;
    let mut tensors = Vec::new();
    let mut add = |prefix: &str, file: &str| -> Result<(), String> {
        let place = path.parent().unwrap_or(Path::new("")).join(file);
        let file = TensorFile::open(place).map_err(|error| error.to_string())?;
        let names: Vec<String> = file.names().map(str::to_owned).collect();
        for name in names {
            let tensor = file.tensor(&name).map_err(|error| error.to_string())?;
            tensors.push((format!("{prefix}{name}"), tensor.shape, tensor.data));
        }
        Ok(())
    };
    match &weights.value {
        Value::Scalar(file) => add("", &file.text)?,
        Value::Sequence(files) => {
            files.iter().try_for_each(|file| add("", file.text().unwrap_or_default()))?;
        }
        Value::Mapping(files) => files.iter().try_for_each(|(prefix, file)| {
            add(&format!("{}.", prefix.text().unwrap_or_default()), file.text().unwrap_or_default())
        })?,
    }
    let span = weights.span;
    Ok(Model { text: format!("{}{WEIGHTS}{}", &text[..span.start], &text[span.end..]), tensors })
}

/// The model with random numbers, and a text that names their file.
fn without_weights(document: &Document, inputs: &[String], seed: u64) -> Result<Model, String> {
    let mut random = Random::new(seed, STREAM);
    let mut draw = |start| match start {
        Start::Constant(value) => value,
        Start::Uniform { bound } => random.between(-bound, bound),
        Start::Normal { mean, deviation } => mean + deviation * random.normal(),
    };
    let stated = document.root.get("inputs").is_none().then(|| ("inputs", list(inputs)));
    let text = with_keys(document, stated.clone());
    let read = Document::parse(&document.source_name, &text).map_err(|error| error.to_string())?;
    let begun = begin(&read, &mut draw).map_err(|error| error.to_string())?;
    let tensors = begun.tensors.into_iter().map(|(name, tensor)| (name, tensor.shape, tensor.data));
    let keys = [("weights", WEIGHTS.to_owned())].into_iter().chain(stated);
    Ok(Model { text: with_keys(document, keys), tensors: tensors.collect() })
}

/// The text with more keys before those that are there.
fn with_keys(document: &Document, keys: impl IntoIterator<Item = (&'static str, String)>) -> String {
    let (text, start) = (&document.text, document.root.span.start);
    let is_flow = text[start..].starts_with('{');
    let (place, end) = if is_flow {
        (start + 1, ", ".to_owned())
    } else {
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        (start, format!("\n{}", &text[line..start]))
    };
    let keys: Vec<String> = keys.into_iter().map(|(key, value)| format!("{key}: {value}{end}")).collect();
    let keys = keys.concat();
    format!("{}{keys}{}", &text[..place], &text[place..])
}

/// Names as a list in YAML.
fn list(names: &[String]) -> String {
    let quoted: Vec<String> =
        names.iter().map(|name| serde_json::Value::from(name.as_str()).to_string()).collect();
    format!("[{}]", quoted.join(", "))
}
