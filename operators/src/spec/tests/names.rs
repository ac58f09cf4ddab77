//! Names: letters of every script, components, clashes, and what a name may have been meant for.

use super::*;
use crate::print::{parse_plan, plan_text};
use crate::strategy::Strategy;

#[test]
fn names_take_letters_of_every_script() {
    let file = |names: [&str; 6]| {
        let [x, y, u, v, k, c] = names;
        spec(&format!(
            "name: n\ncoordinates: {{space: [{x}, {y}]}}\nfields: [{u}, {v}]\nvectors: {{U: [{u}, {v}]}}\n\
             parameters: {{{k}: 1/2}}\ncoefficients: {{{c}: {x}*{u}}}\noutputs:\n  \
             a: {k}*{u}_{x}{x}{y} + {c}_{y} + d({c}, {x})\n  b: div(U) + U_{x}{y}[0] = lap({v})\n"
        ))
    };
    let ascii = file(["x", "y", "u", "v", "k", "c"]);
    for names in [
        ["ξ", "η", "φ", "ψ", "ν", "α"],
        ["x", "φ", "é", "Größe", "变量", "яч"],
        ["θ1", "θ2", "u1", "u2", "μ_0", "Δt"],
    ] {
        let spec = file(names);
        assert_eq!(
            (&spec.linear_parts, &spec.pointwise),
            (&ascii.linear_parts, &ascii.pointwise),
            "{names:?}"
        );
        for strategy in Strategy::CONCRETE {
            let plan = spec.plan(strategy).unwrap();
            assert_eq!(parse_plan(&plan_text(&plan)), Ok(plan));
        }
    }
}

#[test]
fn mistakes_in_wide_names_are_placed_by_characters() {
    let text = mistakes("coordinates: [x, φ]\nfields: [变量]\noutputs: {r: 变量_φφz + 变量_q, 'ü-': 1}\n");
    assert_eq!(
        text,
        "f:3:19: error[unknown-coordinate]: `z` is not a coordinate; coordinates are x, φ\n\
         f:3:26: error[unknown-coordinate]: `q` is not a coordinate; coordinates are x, φ\n\
         f:3:29: error[invalid-name]: `ü-` is not a name (help: a name is made of letters, digits and underscores, \
         and begins with a letter)"
    );
}

#[test]
fn subscripts_separate_at_underscores() {
    for subscript in ["xxy", "x_xy", "x_x_y", "xx_y", "x__xy_"] {
        assert_eq!(shown(&operator("[x, y]", &format!("u_{subscript}"))), "1 x^2 y", "{subscript}");
    }
    assert_eq!(shown(&operator("[x_1, x_2]", "u_x_1x_2")), "1 x_1 x_2");
    assert_eq!(shown(&operator("{space: {x: 12}}", "u_x1_x12")), "1 x1 x12");
    // The longest name that is declared comes first.
    let longest =
        "coordinates: [x]\nfields: [u, u_x, u_x_x]\noutputs: {a: u_x_xx, b: u_x_x_x, c: u_xx, d: u_x}\n";
    let spec = spec(longest);
    let shown: Vec<(usize, String)> =
        spec.outputs.iter().map(|o| (linear(&spec, o).field, show(&spec, linear(&spec, o)))).collect();
    let field = |field: usize, text: &str| (field, text.to_owned());
    assert_eq!(shown, [field(1, "1 x^2"), field(2, "1 x"), field(0, "1 x^2"), field(1, "1")]);
}

#[test]
fn underscores_do_not_hide_a_second_reading() {
    let text = mistakes("coordinates: [x, y, xy]\noutputs: {a: u_xy, b: u_xy_x, c: u_x_y}\n");
    assert!(text.contains("`u_xy` can be read as d(u, xy: 1) and as d(u, x: 1, y: 1)"), "{text}");
    assert!(text.contains("`u_xy_x` can be read as d(u, x: 1, xy: 1) and as d(u, x: 2, y: 1)"), "{text}");
    assert!(text.contains("write `'d(u, xy: 1)'`"), "{text}");
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[test]
fn components_are_counted_from_zero() {
    let yaml = "coordinates: {space: {x: 2}}\nfields: {w: 3}\nvectors: {U: [w1, w3]}\nmatrices: {A: [[1, 2], [3, 4]]}\n\
                parameters: {n: 1}\noutputs:\n  r: ";
    let part = |expression: &str| {
        let spec = spec(&format!("{yaml}{expression}\n"));
        let part = linear(&spec, &spec.outputs[0]);
        (part.field, show(&spec, part))
    };
    for (expression, field, text) in [
        ("U[0]", 0, "1"),
        ("U[1]", 2, "1"),
        ("w[1]", 1, "1"),
        ("U_x1[n]", 2, "1 x1"),
        ("grad(w1)[2 - 1]", 0, "1 x2"),
        ("grad(U)[1, 0]", 0, "1 x2"),
        ("grad(U)[1][1]", 2, "1 x2"),
        ("A[1, 0]*w1", 0, "3"),
        ("dot(A[1], [w1, 0])", 0, "3"),
        ("d(U[1], x1)", 2, "1 x1"),
    ] {
        assert_eq!(part(expression), (field, text.to_owned()), "{expression}");
    }
    for (expression, message) in [
        ("U[2]", "there is no component 2 of a vector of 2 (help: components are counted from 0 to 1)"),
        ("U[-1]", "there is no component -1 of a vector of 2"),
        ("A[2]", "there is no row 2 of a 2×2 matrix (help: rows are counted from 0 to 1)"),
        ("A[0, 2]", "there is no component 2 of a vector of 2"),
        ("U[1/2]", "an index must be a whole number"),
        ("U[w1]", "an index must be a whole number"),
        ("U[0, 0]", "a number has no components"),
        ("w1[0]", "a number has no components"),
        ("U[99999999999999999999]", "there is no component 99999999999999999999"),
    ] {
        let text = mistakes(&format!("{yaml}{expression}\n"));
        assert!(text.contains(message) && text.lines().count() == 1, "{expression}: {text}");
    }
}

#[test]
fn one_name_for_two_things_is_an_error_that_names_both_places() {
    let text = mistakes(
        "coordinates: {space: {x: 2}, time: t}\nfields: [u, v]\nvectors: {U: [u, v]}\nparameters: {k: 1, u: 2}\n\
         coefficients: {k: 3, x: 1, x1: 2}\nmatrices: {U: [[1]]}\ndirections: {v: {set: standard}, x2: {set: standard}, \
         k: {set: standard}}\noutputs: {r: u}\n",
    );
    let clashes: Vec<&str> = text.lines().map(|line| line.split(" (help").next().unwrap()).collect();
    assert_eq!(
        clashes,
        [
            "f:4:20: error[name-clash]: `u` is a field already (2:10: here it is declared)",
            "f:5:16: error[name-clash]: `k` is a parameter already (4:14: here it is declared)",
            "f:5:22: error[name-clash]: `x` is the vector of the counted coordinates already (1:23: here it is declared)",
            "f:5:28: error[name-clash]: `x1` is a coordinate already (1:23: here it is declared)",
            "f:6:12: error[name-clash]: `U` is a vector already (3:11: here it is declared)",
            "f:7:14: error[name-clash]: `v` is a field already (2:13: here it is declared)",
            "f:7:34: error[name-clash]: `x2` is a coordinate already (1:23: here it is declared)",
            "f:7:55: error[name-clash]: `k` is a parameter already (4:14: here it is declared)",
        ]
    );
}

#[test]
fn an_index_of_a_sum_has_a_name_of_its_own() {
    let text = mistakes(
        "coordinates: [x, y]\nfields: [u]\nparameters: {k: 1}\ndirections: {e: {set: standard}}\noutputs:\n  \
         a: {sum: {x: e}, derivative: [x, x]}\n  b: {sum: {u: e}, derivative: [u]}\n  c: {sum: {k: e}, derivative: [k]}\n  \
         d: {sum: {e: e}, derivative: [e]}\n",
    );
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(
        text.contains("f:6:13: error[name-clash]: the index `x` of this sum is a coordinate already (1:15:"),
        "{text}"
    );
    assert!(
        text.contains("f:7:13: error[name-clash]: the index `u` of this sum is a field already (2:10:"),
        "{text}"
    );
}

#[test]
fn sets_of_directions_stand_in_coefficients() {
    let file = |coefficient: &str, output: &str| {
        spec(&format!(
            "coordinates: [x, y]\nparameters: {{a: 2}}\ncoefficients: {{{coefficient}}}\n\
             directions: {{s: {{rows: [[a, 0], [1, 1]], weights: [1, a]}}}}\noutputs: {{r: {output}}}\n"
        ))
    };
    assert_eq!(file("c: 'hess(u, s)'", "c").linear_parts, file("c: 1", "'hess(u, s)'").linear_parts);
    let text = mistakes(
        "coordinates: [x, y]\ncoefficients: {c: s*u}\ndirections: {s: {set: standard}, q: {rows: [[c, 1]]}}\n\
         outputs:\n  a: s\n  b: s_x\n  c: hess(u, s) + s[0]\n",
    );
    assert_eq!(text.matches("`s` is a set of directions, which has no value by itself").count(), 3, "{text}");
    assert!(
        text.contains("6:6: error[unknown-name]: `s` is a set of directions; it has no derivatives"),
        "{text}"
    );
}

#[test]
fn what_was_meant_is_said() {
    let cases = [
        ("i*u_t", "a complex field is two fields"),
        ("u_t + 2*j*u", "a complex field is two fields"),
        ("conj(u)", "a complex field is two fields"),
        ("erf(u)", "there are d, lap"),
        ("asin(u)", "`atan(x/sqrt(1 - x^2))`"),
        ("d(u, x, 2)", "`x: 2`"),
        ("d(u, x^2)", "`x: 2`"),
        ("d(u, 2)", "`d(u, x: 2)`"),
        ("du/dx", "derivatives are `u_x`"),
        ("dx(u)", "derivatives are `u_x`"),
        ("u(x, y)", "write `u`"),
        ("u*v·u", "products as `a*b`"),
        ("π*u", "`pi`"),
        ("d(u, xxy)", "write `x: 2, y: 1`"),
        ("d(u, [x, y])", "one by one"),
        ("Δu", "the Laplacian of u is `lap(u)`"),
        ("Δ(u)", "the Laplacian is `lap(u)`"),
        ("u₁", "`x1`"),
        ("√(u)", "sqrt"),
    ];
    for (expression, part) in cases {
        let text = mistakes(&format!("coordinates: [x, y]\noutputs:\n  r: {expression}\n"));
        assert!(text.contains(part), "{expression}: {text}");
        assert!(!text.contains("did you mean"), "{expression}: {text}");
    }
    let text = mistakes("coordinates: {space: x, parameters: μ}\noutputs:\n  r: \u{b5}*u\n");
    assert!(text.contains("`μ` is declared, with another letter that looks alike"), "{text}");
    let text = mistakes("coordinates: [φ]\noutputs:\n  r: \"u_\\u03c6z\"\n");
    assert!(text.contains("f:3:7: error[unknown-coordinate]: `z`"), "{text}");
}
