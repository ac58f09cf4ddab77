//! Which columns there are, and what happens to files.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use jetc_runtime::files::PointReader;
use jetc_tests::binary::jetc;
use jetc_tests::numbers::points;

use crate::setting::{Setting, bits, csv};

const FLOW: &str = "coordinates: {space: [x, y], time: t}
fields: [u, v, p]
parameters: {nu: 1/100}
outputs:
  divergence: u_x + v_y
  momentum_x: u_t + u*u_x + v*u_y + p_x - nu*lap(u)
  pressure: p
  vorticity: v_x - u_y
";

/// A network with three outputs, and 50 points.
fn flow() -> Setting {
    let setting = Setting::new(&[3, 24, 24, 3]);
    setting.write("flow.yaml", FLOW);
    setting.points(3, &points(50, 3, 8));
    setting
}

#[test]
fn every_output_has_its_column_in_the_order_of_the_file() {
    let setting = flow();
    let together = setting.eval("flow.yaml --points points.npy").success();
    let (header, all) = csv(&together);
    assert_eq!(header, "divergence,momentum_x,pressure,vorticity");
    let names: Vec<&str> = header.split(',').collect();
    let (declarations, outputs) = FLOW.split_once("outputs:\n").unwrap();
    for (column, (name, line)) in names.iter().zip(outputs.lines()).enumerate() {
        setting.write("alone.yaml", format!("{declarations}outputs:\n{line}\n"));
        let alone = setting.eval("alone.yaml --points points.npy").success();
        let (header, expected) = csv(&alone);
        assert_eq!(header, *name);
        let found: Vec<f64> = all.iter().skip(column).step_by(names.len()).copied().collect();
        let worst = jetc_tests::compare::worst(&found, &expected, jetc_tests::compare::scale(&expected));
        assert!(worst.error <= 1e-13, "{name}: {worst}");
    }
}

#[test]
fn an_archive_has_one_array_for_each_output() {
    let setting = flow();
    let expected = setting.results("flow.yaml");
    assert_eq!(expected.shape, [50, 4]);
    setting.eval("flow.yaml --points points.npy -o result.npz").success();
    for (column, name) in ["divergence", "momentum_x", "pressure", "vorticity"].into_iter().enumerate() {
        let mut array = PointReader::open_array(setting.path("result.npz"), name).unwrap();
        let mut values = Vec::new();
        assert_eq!((array.columns(), array.read_block(100, &mut values).unwrap()), (1, 50), "{name}");
        let expected: Vec<f64> = expected.data.iter().skip(column).step_by(4).copied().collect();
        assert_eq!(bits(&values), bits(&expected), "{name}");
    }
}

#[test]
fn without_fields_every_network_output_has_its_column() {
    let setting = flow();
    let all = setting.eval("laplacian --points points.npy").success();
    assert_eq!(csv(&all).0, "laplacian[0],laplacian[1],laplacian[2]");
    let fields =
        "coordinates: {space: {x: 3}}\nfields: [a, b, c]\noutputs: {a: lap(a), b: lap(b), c: lap(c)}";
    setting.write("fields.yaml", fields);
    let named = setting.eval("fields.yaml --points points.npy").success();
    assert_eq!(bits(&csv(&all).1), bits(&csv(&named).1));
}

#[test]
fn a_result_replaces_an_older_one_only_when_it_is_complete() {
    let setting = flow();
    setting.write("result.csv", "precious\n");
    let files = || fs::read_dir(setting.folder()).unwrap().count();
    let before = files();
    setting.write("points.csv", "0,0,0\n".repeat(5000) + "0,0\n");
    let outcome = setting.eval("laplacian --points points.csv -o result.csv");
    assert_eq!((outcome.status, outcome.stdout.as_str()), (2, ""));
    assert_eq!(fs::read_to_string(setting.path("result.csv")).unwrap(), "precious\n");
    assert_eq!(files(), before + 1, "points.csv, and nothing else");
    setting.eval("laplacian --points points.npy -o result.csv").success();
    assert_eq!(fs::read_to_string(setting.path("result.csv")).unwrap().lines().count(), 51);
}

#[test]
fn a_reader_that_has_had_enough_is_no_error() {
    let setting = flow();
    setting.points(3, &points(200_000, 3, 9));
    let mut command = Command::new(jetc());
    command.current_dir(setting.folder()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.args("eval laplacian --model net.safetensors --activation sin --points points.npy".split(' '));
    let mut child = command.spawn().unwrap();
    let mut first = String::new();
    BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("laplacian"));
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), stderr.contains("error")), (Some(0), false), "{stderr}");
}
