//! Numbers that are NaN or infinite, and those that single precision cannot hold: refused by name, or said.

use jetc_tests::networks::{Tensor, write_tensors};

use crate::setting::Setting;

/// A network u = w₂ tanh(w₁ x + b₁) with these numbers.
fn setting(first: f64, bias: f64, last: f64) -> Setting {
    let setting = Setting::new(&[1, 1]);
    let tensor = |name: &str, shape: &[usize], number: f64| Tensor {
        name: name.to_owned(),
        shape: shape.to_vec(),
        data: vec![number],
    };
    let tensors =
        [tensor("0.weight", &[1, 1], first), tensor("0.bias", &[1], bias), tensor("2.weight", &[1, 1], last)];
    write_tensors(&setting.path("net.safetensors"), &tensors);
    setting.write("points.csv", "x\n0\n1\n-2\n");
    setting
}

const SLOPE: &str = "coordinates: [x]\nfields: [u]\noutputs: {u: u, ratio: u_x/x}\n";

#[test]
fn a_weight_that_is_not_finite_is_refused_by_name() {
    for (first, bias, last, expected) in [
        (f64::NAN, 0.0, 1.0, "array `0.weight`: entry [0, 0] is NaN"),
        (1.0, f64::INFINITY, 1.0, "array `0.bias`: entry [0] is inf"),
        (1.0, 0.0, f64::NEG_INFINITY, "array `2.weight`: entry [0, 0] is -inf"),
    ] {
        let setting = setting(first, bias, last);
        let outcome = setting.eval("laplacian --points points.csv");
        assert_eq!(outcome.status, 2);
        assert!(outcome.stderr.contains(expected), "{}", outcome.stderr);
    }
}

#[test]
fn a_weight_that_single_precision_cannot_hold_is_refused_with_the_remedy() {
    let setting = setting(1.0, 0.0, 1e39);
    setting.eval("laplacian --points points.csv").success();
    let outcome = setting.eval("laplacian --points points.csv --dtype f32");
    assert_eq!(outcome.status, 2);
    for words in ["entry [0, 0] of the weight of node n3 (affine) is 1e39", "--dtype f64"] {
        assert!(outcome.stderr.contains(words), "{}", outcome.stderr);
    }
}

#[test]
fn a_coordinate_that_single_precision_cannot_hold_is_said_with_the_remedy() {
    let setting = setting(1e-39, 0.0, 1.0);
    setting.write("points.csv", "x\n0\n1\n1e39\n");
    assert!(!setting.eval("laplacian --points points.csv").stderr.contains("warning"));
    let outcome = setting.eval("laplacian --points points.csv --dtype f32");
    assert_eq!(outcome.status, 0);
    let expected =
        "warning: 1 of 3 points has a coordinate that is infinite in f32, the first in row 2, column 0";
    assert!(
        outcome.stderr.starts_with(expected) && outcome.stderr.contains("--dtype f64"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn results_that_are_not_finite_are_counted_with_the_first_place() {
    let setting = setting(1.0, 0.0, 1.0);
    setting.write("slope.yaml", SLOPE);
    let outcome = setting.eval("slope.yaml --points points.csv");
    assert_eq!(outcome.status, 0);
    let expected = "warning: 1 of 3 points has a result that is NaN or infinite, 1 number in all, the first in row 0 \
                    (counted from 0), column `ratio`: inf\n";
    assert!(outcome.stderr.starts_with(expected), "{}", outcome.stderr);
    setting.write("points.csv", "x\n1\n2\n");
    assert!(!setting.eval("slope.yaml --points points.csv").stderr.contains("warning"));
}

#[test]
fn a_number_of_a_model_file_that_is_not_finite_is_refused_with_its_place() {
    let setting = setting(1.0, 0.0, 1.0);
    for (layer, place) in [
        ("scale: 1e999", "net.yaml:3:12"),
        ("shift: [1, 1/0]", "net.yaml:3:"),
        ("scale: exp(1000)", "net.yaml:3:12"),
        ("leaky-relu(inf)", "net.yaml:3:5"),
        ("elu(1e999)", "net.yaml:3:5"),
        ("elu(nan)", "net.yaml:3:5"),
        ("periodic: {coordinate: 0, period: 0}", "net.yaml:3:"),
    ] {
        setting.write("net.yaml", format!("inputs: 1\nlayers:\n  - {layer}\n"));
        let outcome = jetc_tests::command::run(setting.folder(), ["model", "net.yaml"]);
        assert_eq!(outcome.status, 2, "{layer}: {}{}", outcome.stdout, outcome.stderr);
        assert!(outcome.stderr.contains(place), "{layer}: {}", outcome.stderr);
    }
    setting.write("net.yaml", "inputs: 1\nlayers:\n  - clip(0, inf)\n");
    jetc_tests::command::run(setting.folder(), ["model", "net.yaml"]).success();
}

#[test]
fn an_infinite_weight_of_a_graph_is_refused_by_name() {
    let folder = jetc_tests::reference::package().join("data/models/hostile");
    let outcome = jetc_tests::command::run(&folder, ["model", "infinite.onnx"]);
    assert_eq!(outcome.status, 2);
    assert!(outcome.stderr.contains("tensor `w`: entry 0 is inf"), "{}", outcome.stderr);
}
