//! A model file for a state dict, to be read back or corrected.
//!
//! Checked by `a_draft_reads_back_to_the_same_network`.

use std::fmt::Write;
use std::path::Path;

use super::super::ModelError;
use crate::activation::Activation;
use crate::files::{Outline, OutlinedLayer, TensorFile};

/// The text of a model file whose layers are those of the state dict at `path`, with one activation between them.
///
/// `weights` is how the model file names the state dict: relative to its own folder, or absolute. A comment says so where
/// the order of the layers is a guess, and which tensors belong to no linear layer.
///
/// # Errors
/// [`ModelError::NoStateDict`] for files that are none; [`ModelError::ActivationMissing`]; whatever is wrong with the file.
pub fn draft(path: &Path, weights: &str, activation: Option<Activation>) -> Result<String, ModelError> {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("safetensors" | "npz") => {}
        Some("yaml" | "yml" | "onnx") => return Err(ModelError::NoStateDict { path: path.to_owned() }),
        _ => return Err(ModelError::Ending { path: path.to_owned() }),
    }
    let activation = activation.ok_or_else(|| ModelError::ActivationMissing { path: path.to_owned() })?;
    let file = TensorFile::open(path)?;
    let outline = Outline::of(&file)?;
    let mut text = String::new();
    if outline.guessed {
        text +=
            "# The layers are a guess from names and shapes: check their order, and what is between them.\n";
    }
    for name in &outline.left_over {
        let shape = file.shape(name).unwrap_or_default();
        writeln!(text, "# In no linear layer: {} {shape:?}", quoted(name)).expect("strings take everything");
    }
    writeln!(text, "weights: {}\nlayers:", quoted(weights)).expect("strings take everything");
    let layers = outline.layers.iter().map(|layer| format!("  - linear: {}\n", linear(layer)));
    text += &itertools::join(layers, &format!("  - {}\n", quoted(&activation.to_string())));
    Ok(text)
}

/// The layer by its name where that says all, otherwise by its tensors.
fn linear(OutlinedLayer { weight, bias, transposed }: &OutlinedLayer) -> String {
    if let Some(name) = weight.strip_suffix(".weight")
        && bias.as_ref().is_none_or(|bias| *bias == format!("{name}.bias"))
        && !transposed
    {
        return quoted(name);
    }
    let bias = bias.as_ref().map(|bias| format!(", bias: {}", quoted(bias))).unwrap_or_default();
    let transpose = if *transposed { ", transpose: true" } else { "" };
    format!("{{weight: {}{bias}{transpose}}}", quoted(weight))
}

/// A text as YAML has it: in double quotes with the escapes of JSON, unless it cannot be taken for anything else.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '(' | ')');
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(plain);
    let is_word = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word));
    if is_plain && !is_word { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}
