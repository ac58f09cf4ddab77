//! What the README promises: its commands run, its transcripts are true, its files are read, its numbers are right.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod claims;
mod commands;
mod files;
mod pictures;
mod transcripts;

use std::fs;
use std::path::Path;

use jetc_tests::networks::{state_dict, write_tensors};
use jetc_tests::numbers::{numbers, points};
use jetc_tests::reference::project;
use jetc_tests::{markdown, npy};
use tempfile::TempDir;

/// The README.
fn page() -> String {
    let path = project().join("README.md");
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The operator file of the front page with this name.
fn operator(page: &str, name: &str) -> String {
    let blocks = markdown::blocks(page);
    let is_meant = |block: &&markdown::Block<'_>| block.text.starts_with(&format!("name: {name}\n"));
    blocks.iter().find(is_meant).unwrap_or_else(|| panic!("the README has no operator `{name}`")).text.clone()
}

/// A folder with what the page takes for granted: the examples, `plate.yaml` with a network, and points.
fn folder(page: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&project().join("examples"), &folder.path().join("examples"));
    fs::write(folder.path().join("plate.yaml"), operator(page, "plate")).unwrap();
    write_tensors(&folder.path().join("plate.safetensors"), &state_dict(&[3, 8, 8, 1], numbers(1)));
    fs::write(folder.path().join("points.npy"), npy::double(10, 3, &points(10, 3, 2))).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}
