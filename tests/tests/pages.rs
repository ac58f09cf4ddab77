//! What headers and pages name is there: the tests that check a formula, and the files that prose points to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jetc_tests::markdown::prose;
use jetc_tests::reference::project;

/// The files of the project with this ending, without what is built.
fn files(ending: &str) -> Vec<PathBuf> {
    fn visit(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("folders of the project can be read") {
            let path = entry.expect("folders of the project can be read").path();
            let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
            if name.starts_with('.') || name == "target" {
                continue;
            }
            if path.is_dir() {
                visit(&path, ending, found);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    visit(project(), ending, &mut found);
    found.sort();
    assert!(!found.is_empty(), "there are files that end in .{ending}");
    found
}

/// The paragraphs of the doc comments of a source file, each on one line.
fn paragraphs(source: &str) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in source.lines() {
        let comment = line.trim_start().strip_prefix("//!").or(line.trim_start().strip_prefix("///"));
        match comment.map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => paragraphs.last_mut().expect("there is a first one").extend([text, " "]),
            None => paragraphs.push(String::new()),
        }
    }
    paragraphs
}

/// The names in backticks of the sentences that begin with these words.
fn checked_by(paragraph: &str) -> Vec<&str> {
    let sentences = paragraph.split("Checked by").skip(1);
    let sentences = sentences.map(|text| text.split(". ").next().unwrap_or(text));
    sentences.flat_map(|sentence| sentence.split('`').skip(1).step_by(2)).collect()
}

fn is_identifier(name: &str) -> bool {
    name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The names of all functions.
fn functions(sources: &[String]) -> BTreeSet<&str> {
    let declared = sources.iter().flat_map(|source| source.split("fn ").skip(1));
    declared.filter_map(|text| text.split(['(', '<']).next()).collect()
}

/// The words of a text that end in `.rs`.
fn source_files(text: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_alphanumeric() || "_-./".contains(c);
    let words = text.split(|c| !is_part(c)).map(|word| word.trim_end_matches('.'));
    words.filter(|word| word.len() > 3 && Path::new(word).extension().is_some_and(|e| e == "rs")).collect()
}

#[test]
fn every_test_that_a_header_names_exists() {
    let paths = files("rs");
    let sources: Vec<String> = paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let functions = functions(&sources);
    let (mut named, mut missing) = (0, Vec::new());
    for (path, source) in paths.iter().zip(&sources) {
        for paragraph in paragraphs(source) {
            for name in checked_by(&paragraph).into_iter().filter(|name| is_identifier(name)) {
                named += 1;
                if !functions.contains(name) {
                    missing.push(format!("{}: {name}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no such tests:\n{}", missing.join("\n"));
    assert!(named > 100, "headers name {named} tests: does this test still find them?");
}

#[test]
fn every_source_file_that_a_page_names_exists() {
    let paths = files("rs");
    let (mut named, mut missing) = (0, Vec::new());
    for page in files("md") {
        let text = prose(&fs::read_to_string(&page).unwrap());
        for name in source_files(&text) {
            named += 1;
            if !paths.iter().any(|path| path.ends_with(name)) {
                missing.push(format!("{}: {name}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "no such files:\n{}", missing.join("\n"));
    assert!(named > 0, "pages name no files: does this test still find them?");
}

#[test]
fn a_name_is_found_over_two_lines_and_a_page_by_its_ending() {
    let source =
        "//! A. Checked by `a_b` and\n//! `c_d`, not `T`. `e_f`\n\nfn x() {}\n/// Checked by `g_h`.\n";
    let found: Vec<String> = paragraphs(source)
        .iter()
        .flat_map(|p| checked_by(p).into_iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    assert_eq!(found, ["a_b", "c_d", "T", "g_h"]);
    assert_eq!(source_files("see `a/b.rs`, c.rs. And d.rst, .rs"), ["a/b.rs", "c.rs"]);
}
