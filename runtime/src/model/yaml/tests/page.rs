//! The page on model files says what is true.

use super::super::layers::KINDS;
use super::super::limits;
use jetc_operators::document::decode::decode_document;
use jetc_operators::document::{self, Document};

use super::super::file::ModelFile;

const PAGE: &str = include_str!("../../model.md");

#[test]
fn every_example_of_the_page_is_a_model_file() {
    let examples: Vec<&str> =
        PAGE.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(examples.len(), 4);
    for example in examples {
        let document = Document::parse("page", example).unwrap();
        decode_document::<ModelFile>(&document).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn the_page_names_every_layer() {
    for kind in KINDS {
        assert!(PAGE.contains(&format!("`{}:", kind.key)), "{}", kind.key);
    }
}

#[test]
fn the_page_states_the_limits() {
    let page: String = PAGE.split_whitespace().collect::<Vec<_>>().join(" ");
    let grouped = |number: u64| {
        let digits = number.to_string();
        let groups: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
        groups.join(" ")
    };
    for (limit, what) in [
        (document::limits::FILE_BYTES as u64 >> 20, "MiB"),
        (document::limits::NODES as u64, "values"),
        (document::limits::DEPTH as u64, "deep"),
        (limits::INPUTS, "inputs"),
        (limits::FEATURES as u64, "features"),
        (limits::HARMONICS, "harmonics"),
        (limits::LISTED as u64, "numbers"),
        (limits::REPETITIONS, "times"),
    ] {
        let stated = format!("{} {what}", grouped(limit));
        assert!(page.contains(&stated), "{stated}");
    }
}
