//! Vectors, matrices and sets of directions.

use super::*;
use crate::spec::{Matrix, ReadMatrix};

const FLOW: &str = "coordinates: {space: [x, y], time: t}\nfields: [u, v, p]\nvectors: {U: [u, v]}\n\
                    parameters: {nu: 1/2}\noutputs:\n";

/// A file with two outputs that must be the same formula.
fn assert_equal(header: &str, a: &str, b: &str) {
    let spec = spec(&format!("{header}  a: '{a}'\n  b: '{b}'\n"));
    let half = spec.outputs.len() / 2;
    for (left, right) in spec.outputs[..half].iter().zip(&spec.outputs[half..]) {
        assert_eq!(left.formula, right.formula, "{a} is not {b}: {spec:?}");
    }
}

#[test]
fn vector_operators_are_what_they_are_in_components() {
    for (a, b) in [
        ("div(U)", "u_x + v_y"),
        ("lap(U)", "[lap(u), lap(v)]"),
        ("grad(p)", "[p_x, p_y]"),
        ("grad(div(U))", "[u_xx + v_xy, u_xy + v_yy]"),
        ("dot(U, grad(p))", "u*p_x + v*p_y"),
        ("dot(U, grad(U))", "[u*u_x + v*u_y, u*v_x + v*v_y]"),
        ("curl(U)", "v_x - u_y"),
        ("curl(p)", "[p_y, -p_x]"),
        ("curl(curl(p))", "-lap(p)"),
        ("div(p*grad(p))", "p*lap(p) + p_x^2 + p_y^2"),
        (
            "U_t + dot(U, grad(U)) - nu*lap(U) + grad(p)",
            "[u_t + u*u_x + v*u_y - lap(u)/2 + p_x, v_t + u*v_x + v*v_y - lap(v)/2 + p_y]",
        ),
        ("hess(p)", "[[p_xx, p_xy], [p_xy, p_yy]]"),
        ("trace(hess(p))", "lap(p)"),
        ("sum(U)", "u + v"),
        ("sum(hess(p))", "p_xx + 2*p_xy + p_yy"),
        ("det(hess(p))", "p_xx*p_yy - p_xy^2"),
        ("hess(p, [[1, 2], [0, x]])", "p_xx + 2*p_xy + x*p_yy"),
        ("hess(p, [3, 4])", "3*p_xx + 4*p_yy"),
        ("hess(p^2, [[0, 1], [1, 0]])", "4*p_x*p_y + 4*p*p_xy"),
        ("contract([[1, 2], [0, x]], hess(p))", "p_xx + 2*p_xy + x*p_yy"),
        ("div(outer(U, U))", "[2*u*u_x + v_y*u + v*u_y, u_x*v + u*v_x + 2*v*v_y]"),
        ("div(transpose(grad(U)))", "grad(div(U))"),
        ("div(grad(U))", "lap(U)"),
        ("cross(U, [1, 2])", "2*u - v"),
        ("times(U, U)", "[u^2, v^2]"),
        ("norm(U)", "sqrt(u^2 + v^2)"),
        ("dot(hess(p), [1, 1])", "[p_xx + p_xy, p_xy + p_yy]"),
        ("2*U - U/2 + -U", "[u/2, v/2]"),
    ] {
        assert_equal(FLOW, a, b);
    }
}

#[test]
fn derivatives_along_a_normal_are_those_along_the_gradient() {
    let header = "coordinates: {space: [x, y], time: t, parameters: [a, normal_y]}\nfields: [u, v, p]\n\
                  vectors: {U: [u, v]}\ncoefficients: {normal: [a, normal_y]}\noutputs:\n";
    assert_equal(header, "dn(p)", "a*p_x + normal_y*p_y");
    assert_equal(header, "dn(U)", "[a*u_x + normal_y*u_y, a*v_x + normal_y*v_y]");
    assert_equal(header, "dn(p*u)", "dot(normal, grad(p*u))");
    let error = mistakes("{coordinates: [x, y], outputs: {r: dn(u)}}");
    assert!(error.contains("nothing is called so"), "{error}");
    let error = mistakes("{coordinates: [x, y], coefficients: {normal: '[1, 2, 3]'}, outputs: {r: dn(u)}}");
    assert!(error.contains("one component for each of the 2 coordinates"), "{error}");
}

#[test]
fn curl_in_three_dimensions() {
    let header = "coordinates: [x, y, z]\nfields: [u, v, w]\nvectors: {U: [u, v, w]}\noutputs:\n";
    assert_equal(header, "curl(U)", "[w_y - v_z, u_z - w_x, v_x - u_y]");
    assert_equal(header, "curl(grad(u))", "[0, 0, 0]");
    assert_equal(header, "div(curl(U))", "0");
    assert_equal(header, "curl(curl(U))", "grad(div(U)) - lap(U)");
    assert_equal(header, "cross(U, U)", "[0, 0, 0]");
}

#[test]
fn components_of_vectors_are_named() {
    let spec = spec(&format!("{FLOW}  m: lap(U)\n  h: '[u, v, p]'\n  J: grad(U)\n"));
    let names: Vec<&str> = spec.outputs.iter().map(|output| output.name.as_str()).collect();
    assert_eq!(names, ["m_x", "m_y", "h_1", "h_2", "h_3", "J_x_x", "J_x_y", "J_y_x", "J_y_y"]);
}

#[test]
fn counted_coordinates_are_a_vector() {
    let header = "coordinates: {space: {x: 3}, time: t}\noutputs:\n";
    assert_equal(header, "dot(x, grad(u))", "x1*u_x1 + x2*u_x2 + x3*u_x3");
    assert_equal(header, "div(u*x)", "3*u + dot(x, grad(u))");
    assert_equal(header, "hess(u, times(x, x))", "x1^2*u_x1x1 + x2^2*u_x2x2 + x3^2*u_x3x3");
}

#[test]
fn matrices_can_be_given_in_the_file() {
    let header = "coordinates: [x, y]\nparameters: {k: 3}\nmatrices:\n  A: [[1, k], [x, 0.5]]\n\
                  coefficients: {flux: 'dot(A, grad(u))'}\noutputs:\n";
    assert_equal(header, "hess(u, A)", "u_xx + 3*u_xy + x*u_xy + u_yy/2");
    assert_equal(header, "div(flux)", "u_xx + 3*u_xy + x*u_xy + u_yy/2");
    assert_equal(header, "dot(A, A)", "[[1 + 3*x, 4.5], [1.5*x, 3*x + 0.25]]");
}

#[derive(Debug)]
struct Files;

impl ReadMatrix for Files {
    fn read(&self, file: &str) -> Result<Matrix, String> {
        match file {
            "sigma.npy" => Ok(Matrix { rows: 2, columns: 3, entries: vec![1.0, 0.5, 0.0, 0.0, 1.0, 1.0] }),
            "bad.npy" => Ok(Matrix { rows: 1, columns: 2, entries: vec![1.0, f64::INFINITY] }),
            _ => Err("no such file".to_owned()),
        }
    }
}

fn with_files(yaml: &str) -> Result<OperatorSpec, String> {
    let document = Document::parse("f", yaml).map_err(|error| error.to_string())?;
    let options = Options { matrices: Some(&Files), ..Options::default() };
    OperatorSpec::read(&document, &options).map_err(|error| error.to_string())
}

#[test]
fn directions_and_matrices_can_come_from_files() {
    let spec = with_files(
        "coordinates: [x, y, z]\ndirections: {s: {file: sigma.npy, weights: [1, -1]}}\nmatrices: {B: {file: sigma.npy}}\n\
         outputs:\n  a: hess(u, s)\n  b: hess(u, dot(transpose(B), [[1, 0, 0]]))\n",
    );
    assert!(spec.unwrap_err().contains("shape-mismatch"));
    let spec = with_files(
        "coordinates: [x, y, z]\ndirections: {s: {file: sigma.npy, weights: [1, -1]}}\nmatrices: {B: {file: sigma.npy}}\n\
         outputs:\n  a: hess(u, s)\n  b: hess(u, dot(transpose(B), dot([[1, 0], [0, -1]], B)))\n",
    )
    .unwrap();
    assert_eq!(show(&spec, linear(&spec, &spec.outputs[0])), "1 (1x+1/2y)^2 + -1 (1y+1z)^2");
    let symbol = |n: usize| spec.variables.in_coordinates(&linear(&spec, &spec.outputs[n]).symbol);
    assert_eq!(symbol(0), symbol(1));
    let transposed = with_files(
        "coordinates: [x, y]\ndirections: {s: {file: sigma.npy, transpose: true, R: 3}}\noutputs: {a: 'hess(u, s)'}\n",
    );
    assert_eq!(shown(&transposed.unwrap()), "1 x^2 + 1 y^2 + 1 (1/2x+1y)^2");
}

#[test]
fn matrix_files_that_cannot_be_read_are_reported() {
    let text = with_files(
        "coordinates: [x, y]\ndirections: {s: {file: none.npy}, r: {file: bad.npy}, q: {file: sigma.npy}}\noutputs: {a: u}\n",
    )
    .unwrap_err();
    assert_eq!(
        text,
        "f:2:24: error[matrix-file]: `none.npy`: no such file\n\
         f:2:45: error[matrix-file]: `bad.npy`: the entry in row 1, column 2 is inf\n\
         f:2:65: error[shape-mismatch]: this row has 3 entries, not 2 (help: coordinates are x, y)"
    );
}

#[test]
fn operators_along_directions_apply_to_any_expression() {
    let header = "coordinates: [x, y]\ndirections: {s: {rows: [[1, 2]]}}\noutputs:\n";
    let spec = spec(&format!("{header}  a: hess(u^2, s)\n  b: hess(x^2 + x*y, s)\n"));
    assert_eq!(spec.linear_parts.len(), 3);
    let b = spec.pointwise(spec.outputs[1].formula);
    assert_eq!(b, &Pointwise::Constant(jetc_combinatorics::rational::integer(6)));
}

#[test]
fn random_directions_estimate_the_laplacian() {
    for kind in ["rademacher", "gaussian", "sparse"] {
        let spec = spec(&format!(
            "coordinates: {{space: {{x: 24}}, time: t}}\ndirections: {{v: {{random: {kind}, R: 3, seed: 5}}}}\n\
             outputs:\n  a: {{sum: {{r: v}}, derivative: [r, r], R: 3}}\n  b: hess(u, v)\n"
        ));
        assert_eq!(spec.outputs[0].formula, spec.outputs[1].formula);
        assert_eq!(linear(&spec, &spec.outputs[0]).symbol.terms().len(), 3, "{kind}");
    }
}

#[test]
fn shapes_that_do_not_fit_are_explained() {
    for (expression, part) in [
        ("div(u)", "`lap(u)`"),
        ("U*U", "`dot(U, V)`"),
        ("U + u", "cannot be added"),
        ("u/U", "cannot divide"),
        ("U^2", "`dot(U, U)`"),
        ("sin(U)", "functions take numbers"),
        ("dot(u, v)", "`a*b`"),
        ("dot(U, [1, 2, 3])", "the lengths must agree"),
        ("[1, [2]]", "one shape"),
        ("hess(u, [1, 2, 3])", "over the 2 coordinates"),
        ("det(U)", "square matrix"),
        ("laplacian(u)", "`lap(u)`"),
        ("u(x)", "write `u`"),
        ("u(2)", "`u*(…)`"),
        ("U(0)", "`U[0]`"),
    ] {
        let text = mistakes(&format!("{FLOW}  r: '{expression}'\n"));
        assert!(text.contains(part), "{expression}: {text}");
    }
}

#[test]
fn parameters_can_be_chosen() {
    let document =
        Document::parse("f", "coordinates: [x]\nparameters: {kappa: 1, c: 2*kappa}\noutputs: {r: c*u_xx}\n")
            .unwrap();
    let chosen = |name: &str| {
        let parameters = vec![(name.to_owned(), jetc_combinatorics::rational::integer(5))];
        OperatorSpec::read(&document, &Options { parameters, ..Options::default() })
    };
    assert_eq!(shown(&chosen("kappa").unwrap()), "10 x^2");
    let text = chosen("kapa").unwrap_err().to_string();
    assert!(text.contains("no parameter `kapa` (help: did you mean `kappa`?)"), "{text}");
}
