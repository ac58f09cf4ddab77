//! Mistakes: their code, place and advice.

use super::*;

#[test]
fn every_mistake_of_a_file_is_reported() {
    let text = mistakes(
        "coordinates: {space: [x, y], tine: t}\nfields: [u, x]\nparameters: {k: k, c: 1/0}\noutputs:\n  \
         a: u_xz + k*vv\n  b: lapp(u)\n  c: c*u +\n  d: sin(u, u)\n",
    );
    assert_eq!(
        text,
        "f:1:30: error[unknown-key]: `tine` is not a key of coordinates by kind (help: did you mean `time`?)\n\
         f:2:13: error[name-clash]: `x` is a coordinate already (1:23: here it is declared) (help: every \
         coordinate, field, vector, parameter, unknown, coefficient, matrix and set of directions needs its own name)\n\
         f:3:14: error[circular-definition]: `k` is defined through itself\n\
         f:3:25: error[undefined]: division by zero\n\
         f:5:9: error[unknown-coordinate]: `z` is not a coordinate; coordinates are x, y\n\
         f:5:15: error[unknown-name]: `vv` is not declared (help: declared are u, k, c)\n\
         f:6:6: error[unknown-function]: there is no function `lapp` (help: did you mean `lap`?)\n\
         f:7:11: error[expression-syntax]: expected a number, a name or `(`, found the end of the expression\n\
         f:8:6: error[wrong-arguments]: `sin` takes 1 argument, not 2"
    );
}

#[test]
fn mistakes_inside_blocks_are_placed_on_their_line() {
    let text =
        mistakes("coordinates: [x]\noutputs:\n  r: >\n    u_x\n    + q*u\n  s: \"u_x \\\n     + w\"\n");
    assert!(text.starts_with("f:5:7: error[unknown-name]: `q`"), "{text}");
    assert!(text.contains("f:7:8: error[unknown-name]: `w`"), "{text}");
}

#[test]
fn byte_order_marks_and_carriage_returns_do_not_move_places() {
    let text = mistakes("\u{feff}coordinates: [x]\r\noutputs:\r\n  r: >\r\n    u_x\r\n    + q\r\n");
    assert!(text.starts_with("f:5:7: error[unknown-name]"), "{text}");
}

#[test]
fn an_ambiguous_subscript_is_reported() {
    let text = mistakes("coordinates: [x, y, xy]\noutputs: {r: u_xy}\n");
    assert!(text.contains("error[ambiguous-subscript]: `u_xy` can be read as"), "{text}");
    assert!(text.contains("d(u, xy: 1)") && text.contains("d(u, x: 1, y: 1)"), "{text}");
}

#[test]
fn stated_counts_are_checked() {
    let text = mistakes(
        "coordinates: [x, y]\ndirections: {e: {set: standard, R: 3}, f: {set: standard}}\noutputs:\n  \
         a: {sum: {i: f}, derivative: [i, i], K: 3}\n  b: {sum: {i: f}, derivative: [i], R: 7}\n  \
         c: {expression: lap(u), K: 4}\n",
    );
    assert_eq!(
        text,
        "f:2:36: error[stated-count-differs]: R is 3, but the set has 2 directions\n\
         f:4:43: error[stated-count-differs]: K is 3, but the operator has order 2\n\
         f:5:40: error[stated-count-differs]: R is 7, but the sum has 2 summands\n\
         f:6:30: error[stated-count-differs]: K is 4, but the operator has order 2"
    );
}

#[test]
fn sizes_beyond_the_limits_are_refused() {
    let cases = [
        ("coordinates: {space: {x: 1000000000000}}\noutputs: {r: u}\n", "too-large"),
        ("coordinates: {space: {x: 99999999999999999999999999}}\noutputs: {r: u}\n", "number-too-large"),
        ("coordinates: [x]\noutputs: {r: 'd(u, x: 1000000000)'}\n", "too-large"),
        ("coordinates: [x]\noutputs: {r: {expression: u, K: 1000000000}}\n", "stated-count-differs"),
        ("coordinates: [x]\noutputs: {r: 2^2^2^2^2^2*u}\n", "number-too-large"),
        ("coordinates: [x]\noutputs: {r: 10^1000*u}\n", "number-too-large"),
        ("coordinates: [x]\noutputs: {r: 1e999999*u}\n", "number-too-large"),
        (
            "coordinates: {space: {x: 10000}}\ndirections: {e: {set: standard}}\noutputs: {r: {sum: {i: e, j: e}, derivative: [i, j]}}\n",
            "too-large",
        ),
        ("coordinates: {space: {x: 100000}}\noutputs: {r: lap(lap(u))}\n", "expression-too-large"),
        ("coordinates: {space: {x: 1000}}\noutputs: {r: lap(lap(lap(u)))}\n", "expression-too-large"),
    ];
    for (yaml, code) in cases {
        let text = mistakes(yaml);
        assert!(text.contains(&format!("error[{code}]")), "{yaml}{text}");
        assert!(text.chars().any(|c| c.is_ascii_digit()), "the limit is stated: {text}");
    }
}

#[test]
fn a_missing_colon_space_or_bracket_is_explained() {
    assert!(mistakes("coordinates: [x\noutputs: {r: u}\n").contains("yaml-syntax"));
    assert!(mistakes("coordinates: [x]\noutputs:\n\tr: u\n").contains("error[tab]"));
    assert!(mistakes("coordinates: [x]\n").contains("the key `outputs` of an operator file is missing"));
}
