//! The Poisson example, as the front page runs it.

use std::fs;

use jetc_tests::command::run;
use jetc_tests::compare::{scale, worst};
use jetc_tests::reference::project;

use crate::setting::csv;

fn laplacian(options: &[&str]) -> Vec<f64> {
    let model = "eval laplacian --model poisson.safetensors --activation tanh --points points.csv";
    let outcome = run(&project().join("examples/poisson"), model.split(' ').chain(options.iter().copied()));
    assert_eq!(outcome.stderr, "laplacian: 64 points, 4 channels (minimal), <time>\n");
    let text = outcome.success();
    let (header, values) = csv(&text);
    assert_eq!(header, "laplacian");
    values
}

fn reference() -> Vec<f64> {
    csv(&fs::read_to_string(project().join("examples/poisson/laplacian.csv")).unwrap()).1
}

#[test]
fn the_laplacian_of_the_poisson_network_is_that_of_nested_differentiation() {
    let (found, expected) = (laplacian(&[]), reference());
    assert_eq!(expected.len(), 64);
    // Both sum a few hundred products of size up to 2π² in double precision, which leaves more than 14 digits (measured:
    // 6e-16).
    let worst = worst(&found, &expected, scale(&expected));
    assert!(worst.error <= 1e-13, "{worst}");
}

#[test]
fn single_precision_has_six_digits() {
    let expected = reference();
    // 2²⁹ times the error of double precision, and a factor for luck (measured: 2e-7).
    let worst = worst(&laplacian(&["--dtype", "f32"]), &expected, scale(&expected));
    assert!(worst.error <= 1e-5, "{worst}");
    assert!(worst.error > 1e-10, "this was not single precision: {worst}");
}
