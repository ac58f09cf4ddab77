use std::fs;
use std::path::Path;

use jetc_training::{Limits, Problem, Run};

/// Every problem that ships is read, planned, and has a finite loss; the two large ones are read alone.
#[test]
fn every_example_can_begin() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/problems");
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "yaml") {
            continue;
        }
        let problem = Problem::open(&path).unwrap_or_else(|error| panic!("{error}"));
        assert!(problem.solution.is_some() && problem.description.is_some(), "{}", path.display());
        seen += 1;
        if problem.coordinates.len() < 50 {
            let run = Run::new(&problem, Limits::default()).unwrap_or_else(|error| panic!("{error}"));
            assert!(run.progress().loss.is_finite(), "{}", path.display());
        }
    }
    assert!(seen >= 18, "{seen} examples");
}
