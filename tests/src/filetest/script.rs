//! The file `cmd` of a case: inputs to make, then one command.
//!
//! | line | what it does |
//! |---|---|
//! | `# …` | a comment |
//! | `network net.safetensors 2 3 1` | a state dict with layers 2 → 3 → 1; all weights are multiples of 1/4 |
//! | `tensors net.safetensors 0.weight[3,2] 0.bias[3]` | any tensors |
//! | `cut net.safetensors 100` | keeps the first bytes of a file |
//! | `npy points.npy 0 2` | an array of this shape in double precision |
//! | `folder name` | an empty folder |
//! | `jetc plan laplacian` | the command, words separated by spaces; the last line |
//!
//! With the activations `square`, `cube` and `identity` such networks have results without rounding, the same on every
//! machine.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::case::names;
use crate::command::{Outcome, run};
use crate::networks::{Tensor, quarters, state_dict, write_tensors};
use crate::npy;

/// Runs a script in a folder; also the names of all files in it before the command.
///
/// # Panics
/// If the script is not as above.
pub fn play(script: &str, folder: &Path) -> (Outcome, BTreeSet<String>) {
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut outcome = None;
    for line in lines {
        assert!(outcome.is_none(), "the command is the last line of a script");
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["jetc", ref arguments @ ..] => {
                let before = names(folder);
                outcome = Some((run(folder, arguments), before));
            }
            ["network", file, ref widths @ ..] => {
                let widths: Vec<usize> = widths.iter().map(|width| number(width)).collect();
                write_tensors(&folder.join(file), &state_dict(&widths, quarters()));
            }
            ["tensors", file, ref tensors @ ..] => {
                let mut next = quarters();
                let tensors: Vec<Tensor> = tensors.iter().map(|text| tensor(text, &mut next)).collect();
                write_tensors(&folder.join(file), &tensors);
            }
            ["cut", file, length] => cut(&folder.join(file), number(length)),
            ["npy", file, rows, columns] => npy_file(&folder.join(file), number(rows), number(columns)),
            ["folder", name] => fs::create_dir(folder.join(name)).expect("the folder is new"),
            _ => panic!("`{line}` is no line of a script"),
        }
    }
    outcome.expect("a script has a command")
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| panic!("`{text}` is no number"))
}

/// `name[3,2]`
fn tensor(text: &str, next: &mut impl FnMut() -> f64) -> Tensor {
    let (name, shape) = text.strip_suffix(']').and_then(|text| text.split_once('[')).expect("name[shape]");
    let shape: Vec<usize> = shape.split(',').filter(|size| !size.is_empty()).map(number).collect();
    let data = (0..shape.iter().product()).map(|_| next()).collect();
    Tensor { name: name.to_owned(), shape, data }
}

fn cut(file: &Path, length: usize) {
    let bytes = fs::read(file).expect("there is a file to cut");
    assert!(length < bytes.len(), "{} has only {} bytes", file.display(), bytes.len());
    fs::write(file, &bytes[..length]).expect("the file can be written");
}

fn npy_file(file: &Path, rows: usize, columns: usize) {
    let mut next = quarters();
    let data: Vec<f64> = (0..rows * columns).map(|_| next()).collect();
    fs::write(file, npy::double(rows, columns, &data)).expect("the file can be written");
}
