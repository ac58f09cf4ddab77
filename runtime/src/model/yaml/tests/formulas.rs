//! Outputs as expressions.

use super::{assert_values, network};

/// An expression in x1, and what it is.
type Case = (&'static str, fn(f64) -> f64);

fn assert_output(file: &str, point: &[f64], expected: &[f64]) {
    let network = network(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    assert_values(&network, file, point, expected);
}

#[test]
fn a_factor_makes_the_network_vanish_on_the_boundary() {
    let file = "inputs: [x, y]\nlayers: [{linear: {weight: [[1, 2]]}}]\noutput: (1 - x^2)*(1 - y^2)*u\n";
    assert_output(file, &[0.5, 3.0], &[0.75 * -8.0 * 6.5]);
    assert_output(file, &[1.0, 3.0], &[0.0]);
}

#[test]
fn coordinates_and_outputs_have_names() {
    let layers = "layers: [{linear: {weight: [[1, 0], [0, 2]]}}]\n";
    let with = |rest: &str| format!("{layers}{rest}\n");
    assert_output(&with("output: x1*u2 - u1"), &[3.0, 5.0], &[27.0]);
    assert_output(&with("output: dot(x, x)*u"), &[3.0, 5.0], &[102.0, 340.0]);
    assert_output(&with("inputs: {z: 2}\noutput: (1 - norm(z)^2)*u2"), &[3.0, 4.0], &[-192.0]);
    assert_output(&with("fields: [u, p]\noutput: {a: u*p, b: '[p, 1]'}"), &[3.0, 5.0], &[30.0, 10.0, 1.0]);
    assert_output(&with("inputs: [s, t]\noutput: sum(u) + prod(u) + t"), &[3.0, 5.0], &[48.0]);
}

#[test]
fn expressions_are_those_of_operator_files() {
    let cases: [Case; 12] = [
        ("sin(x1) + cos(x1)*tan(x1)", |x| x.sin() + x.cos() * x.tan()),
        ("sinh(x1)/cosh(x1) - tanh(x1)", |_| 0.0),
        ("atan(x1) + sqrt(x1)", |x| x.atan() + x.sqrt()),
        ("exp(-x1^2) + log(x1)", |x| (-x * x).exp() + x.ln()),
        ("abs(-x1) + sign(x1) + step(-x1)", |x| x + 1.0),
        ("min(x1, 1) + max(x1, 1)", |x| x + 1.0),
        ("x1^3 - x1^-1 + x1^0.5", |x| x.powi(3) - 1.0 / x + x.sqrt()),
        ("pow(x1, 2) + 2^x1", |x| x * x + x.exp2()),
        ("x1^x1", |x| x.powf(x)),
        ("pi*x1/e", |x| std::f64::consts::PI * x / std::f64::consts::E),
        ("step(0*x1)", |_| 0.5),
        ("27/10", |_| 2.7),
    ];
    for (text, formula) in cases {
        let file = format!("inputs: 1\nlayers: []\noutput: {text}\n");
        assert_output(&file, &[0.75], &[formula(0.75)]);
    }
}
