//! The picture on the page is what the command draws.

use std::fs;

use jetc_tests::command::run;
use jetc_tests::reference::project;

#[test]
fn the_picture_of_the_biharmonic_operator_is_what_jetc_draws() {
    let drawn =
        run(project(), "plan biharmonic --dim 2 --strategy minimal --format svg".split(' ')).success();
    let path = "examples/plans/biharmonic.svg";
    assert!(crate::page().contains(path), "the README shows {path}");
    let kept = fs::read_to_string(project().join(path)).unwrap();
    assert!(
        kept == drawn,
        "{path} is out of date: jetc plan biharmonic --dim 2 --strategy minimal -o {path}"
    );
}

#[test]
fn a_plan_is_written_in_the_format_of_its_ending() {
    let folder = tempfile::tempdir().unwrap();
    for (file, format) in [("p.svg", "svg"), ("p.dot", "dot"), ("p.json", "json"), ("p.txt", "text")] {
        let said = run(folder.path(), ["plan", "heat", "-o", file]).success();
        assert_eq!(said, "");
        let printed = run(folder.path(), ["plan", "heat", "--format", format]).success();
        assert_eq!(fs::read_to_string(folder.path().join(file)).unwrap(), printed, "{file}");
    }
}
