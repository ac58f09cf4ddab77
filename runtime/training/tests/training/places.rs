#![allow(clippy::float_cmp, reason = "coordinates of sides are taken as they are")]

use std::fmt::Write as _;

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

/// An ell that is known by points, with the rim and its normals in another file.
#[test]
fn a_cloud_of_points_is_a_domain() {
    let folder = tempfile::tempdir().unwrap();
    let steps = || (0..=20u8).map(|at| f64::from(at) / 10.0 - 1.0);
    let (mut cloud, mut rim) = ("y,mass,x\n".to_owned(), "x,y,normal_x,normal_y\n".to_owned());
    for (x, y) in steps().flat_map(|x| steps().map(move |y| (x, y))).filter(|&(x, y)| x <= 0.0 || y <= 0.0) {
        writeln!(cloud, "{y},1,{x}").unwrap();
    }
    for at in steps() {
        let inner = if at >= 0.0 {
            [(0.0, at, 1.0, 0.0), (at, 0.0, 0.0, 1.0)]
        } else {
            [(1.0, at, 1.0, 0.0), (at, 1.0, 0.0, 1.0)]
        };
        for (x, y, a, b) in [(-1.0, at, -1.0, 0.0), (at, -1.0, 0.0, -1.0)].into_iter().chain(inner) {
            writeln!(rim, "{x},{y},{a},{b}").unwrap();
        }
    }
    std::fs::write(folder.path().join("cloud.csv"), cloud).unwrap();
    std::fs::write(folder.path().join("rim.csv"), rim).unwrap();
    let text = "coordinates: [x, y]\ndomain: {points: cloud.csv}\nequations: {e: {expression: lap(u) = 0, points: 80}}\n\
                conditions: {rim: {at: {file: rim.csv}, require: dn(u) = 2*(x*normal_x - y*normal_y)}, level: {mean: u = 0}}\n\
                solution: {u: x^2 - y^2}\nnetwork: {hidden: [12]}\ntrain: {resample: adaptive every 10}\n";
    let path = folder.path().join("p.yaml");
    std::fs::write(&path, text).unwrap();
    let problem = Problem::open(&path).unwrap_or_else(|error| panic!("{error}"));
    let limits = Limits { steps: Some(40), seconds: None };
    let outcome = problem.train(folder.path().join("out"), limits, false, &mut ()).unwrap();
    // Ten times what was seen.
    assert!(outcome.progress.errors[0].relative_l2 < 1e-3, "{:e}", outcome.progress.errors[0].relative_l2);
    for (change, sentence) in [
        (("at: {file: rim.csv}", "at: boundary"), "points alone do not tell where `boundary` is"),
        (("at: {file: rim.csv}", "at: x = -1"), "points alone do not tell where `x = -1` is"),
        (("cloud.csv}", "rim.csv, x: [0, 1]}"), "has an interval, and a column"),
        (("cloud.csv}", "rim.csv, shape: {ball: {center: [0, 0], radius: 1}}}"), "not by both"),
        (("points: cloud.csv", "points: none.csv"), "none.csv"),
        (("[x, y]", "[x, y, z]"), "no column for `z`"),
    ] {
        std::fs::write(&path, text.replacen(change.0, change.1, 1)).unwrap();
        let found = Problem::open(&path).unwrap_err().to_string();
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
