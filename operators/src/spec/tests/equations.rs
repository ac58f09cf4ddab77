//! Outputs that are equations or lists.

use super::*;

fn same(left: &str, right: &str) {
    let file = |outputs: &str| {
        spec(&format!(
            "coordinates: {{space: [x, y], time: t}}\nfields: [u, v, p]\nvectors: {{U: [u, v]}}\noutputs:\n  {outputs}\n"
        ))
    };
    assert_eq!(file(left), file(right), "{left}");
}

#[test]
fn an_equation_is_left_minus_right() {
    same("r: u_t + u*u_x = 1/100*u_xx", "r: u_t + u*u_x - 1/100*u_xx");
    same("r: 'u_t = lap(u) - u^3'", "r: u_t - (lap(u) - u^3)");
    same("r: {expression: u_xx = p, K: 2}", "r: {expression: u_xx - p, K: 2}");
    same("r: 0 = u_t", "r: -u_t");
}

#[test]
fn both_sides_may_be_vectors_and_zero_is_of_every_shape() {
    same("r: U_t + dot(U, grad(U)) = lap(U) - grad(p)", "r: U_t + dot(U, grad(U)) - (lap(U) - grad(p))");
    same("r: grad(p) = 0", "r: grad(p)");
    same("r: hess(p) = 0", "r: hess(p)");
    same("r: [u_t = v, v_t = -u]", "r: [u_t - v, v_t + u]");
    let text = mistakes("coordinates: [x, y]\noutputs:\n  r: grad(u) = u\n");
    assert!(
        text.contains("f:3:16: error[shape-mismatch]: this is a number, and the left side a vector of 2"),
        "{text}"
    );
}

#[test]
fn equations_stand_in_outputs_alone() {
    let text = mistakes(
        "coordinates: [x]\nparameters: {k: 'a = 1'}\ncoefficients: {c: 'u = 2'}\noutputs:\n  a: u == 2\n  \
         b: u = v = 2\n  c: sin(u = 2)\n  d: {sum: {}, derivative: [x], weight: k = 1}\n  e: u =\n  f: (u = 2)\n",
    );
    for place in ["2:20", "3:22", "5:8", "6:12", "7:14", "8:43", "9:9", "10:9"] {
        assert!(text.contains(&format!("f:{place}: ")), "{place}: {text}");
    }
    assert_eq!(text.matches("this is an expression, which has no `=`").count(), 3, "{text}");
}

#[test]
fn lists_are_vectors_and_matrices() {
    let lists = spec(
        "coordinates: [x, y]\nfields: [u, v]\ncoefficients:\n  S: [[u_x, 1/2*(u_y + v_x)], [1/2*(u_y + v_x), v_y]]\n  \
         b: [x, 2]\noutputs:\n  flux: [u_x, 'dot(b, grad(u))', 3]\n  stress: div(S)\n  entry: S[1][0]\n",
    );
    let names: Vec<&str> = lists.outputs.iter().map(|output| output.name.as_str()).collect();
    assert_eq!(names, ["flux_1", "flux_2", "flux_3", "stress_x", "stress_y", "entry"]);
    assert_eq!(show(&lists, linear(&lists, &lists.outputs[0])), "1 x");
}

#[test]
fn wrong_lists_are_reported_in_their_place() {
    let text = mistakes(
        "coordinates: [x, y]\nparameters: {b: [1, 2]}\ncoefficients:\n  e: []\n  m: [[1, 2], 3]\n  \
         d: [[[1]]]\n  n: {a: 1}\noutputs:\n  r: [u, q, w]\n",
    );
    let parts = [
        "f:2:17: error[invalid-value]: a parameter must be a number, this is a vector of 2",
        "f:4:6: error[wrong-kind]: this list is empty",
        "f:5:15: error[shape-mismatch]: this is a number, the first element a vector of 2",
        "f:6:6: error[shape-mismatch]: this is a list of matrices",
        "f:7:6: error[wrong-kind]: expected an expression, or a list of them, found a mapping",
        "f:9:10: error[unknown-name]: `q`",
        "f:9:13: error[unknown-name]: `w`",
    ];
    for part in parts {
        // A list of a list of one number is a matrix; three levels are one too many only above that.
        assert!(text.contains(part) || part.contains("list of matrices"), "{part}: {text}");
    }
}
