#![allow(clippy::float_cmp, reason = "coordinates of sides are taken as they are")]

use jetc_training::problem::TermPoints;
use jetc_training::sampling::Scheme;
use jetc_training::{Limits, Problem};

use super::problem;

const CHANNEL: &str = "
coordinates: [x, y]
domain:
  shape:
    difference:
      - {polygon: [[0, 0], [2, 0], [2, 1], [0, 1]], edges: [wall, outlet, wall, inlet]}
      - {ball: {center: [1/2, 1/2], radius: 1/10}, name: cylinder}
equations: {e: lap(u) = 0}
";

/// The points of the only condition of a problem.
fn points(problem: &Problem) -> Vec<Vec<f64>> {
    let term = problem.terms.last().unwrap();
    assert!(matches!(term.points, TermPoints::Regions(_)));
    let names = problem.coordinates.names();
    let (rows, weights) = term.sample(&problem.domain, names, Some(Scheme::Sobol), (0, 0)).unwrap();
    let columns = term.spec.coordinates.len();
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    rows.chunks(columns).map(<[f64]>::to_vec).collect()
}

#[test]
fn parts_of_shapes_have_names() {
    let at = |place: &str| {
        points(&problem(&format!(
            "{CHANNEL}conditions: {{c: {{at: {place}, require: dn(u) = 0, points: 40}}}}\n"
        )))
    };
    // Columns are x, y and the normal.
    let wall = at("wall");
    assert!(wall.iter().all(|row| row[1] == 0.0 && row[3] == -1.0 || row[1] == 1.0 && row[3] == 1.0));
    assert_eq!(wall.iter().filter(|row| row[1] == 0.0).count(), 20);
    assert!(at("outlet").iter().all(|row| row[0] == 2.0 && row[2] == 1.0));
    let radius = |row: &[f64]| (row[0] - 0.5).hypot(row[1] - 0.5);
    // Out of the domain is into the cylinder.
    assert!(at("cylinder").iter().all(|row| (radius(row) - 0.1).abs() < 1e-12
        && (row[2] * (row[0] - 0.5) + row[3] * (row[1] - 0.5) + 0.1).abs() < 1e-9));
    let both = at("[cylinder, inlet]");
    assert_eq!(both.iter().filter(|row| row[0] == 0.0).count(), 20);
}

#[test]
fn names_of_parts_are_guessed_and_checked() {
    let said = |text: &str| Problem::from_yaml("p.yaml", text).unwrap_err().to_string();
    let found = said(&format!("{CHANNEL}conditions: {{c: {{at: cylinde, require: u = 0}}}}\n"));
    assert!(found.contains("p.yaml:9:22") && found.contains("`cylinder`"), "{found}");
    let found = said(&format!("{CHANNEL}conditions: {{c: {{at: somewhere else, require: u = 0}}}}\n"));
    assert!(found.contains("`outlet`"), "{found}");
    for (change, sentence) in [
        (("edges: [wall, outlet, wall, inlet]", "edges: [wall]"), "`edges` is a list of 4 names"),
        (("name: cylinder", "name: boundary"), "`boundary` has a meaning of its own"),
        (("name: cylinder", "name: 3"), "a name of a part is a word"),
        (("name: cylinder", "edges: [a, b]"), "`edges` is a list of"),
        (("name: cylinder", "nam: cylinder"), "a shape is a mapping with one key"),
    ] {
        let found = said(&CHANNEL.replace(change.0, change.1));
        assert!(found.contains(sentence), "{sentence}: {found}");
    }
}

/// u = x: held at both ends of a channel, with no flow through its walls.
#[test]
fn a_problem_with_named_parts_is_solved() {
    let problem = problem(
        "coordinates: [x, y]\ndomain: {shape: {polygon: [[0, 0], [2, 0], [2, 1], [0, 1]], edges: [wall, right, wall, left]}}\n\
         equations: {e: {expression: lap(u) = 0, points: 60}}\nconditions:\n  left: {at: left, require: u = 0, points: 12}\n  \
         right: {at: right, require: u = 2, points: 12}\n  wall: {at: wall, require: dn(u) = 0, points: 24}\n\
         solution: {u: x}\nnetwork: {hidden: [8]}\n",
    );
    let folder = tempfile::tempdir().unwrap();
    let outcome =
        problem.train(folder.path(), Limits { steps: Some(40), seconds: None }, false, &mut ()).unwrap();
    // Ten times what was seen.
    assert!(outcome.progress.errors[0].relative_l2 < 1e-4, "{:e}", outcome.progress.errors[0].relative_l2);
}
