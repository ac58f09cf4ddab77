//! What YAML makes of a text, and how the file says what was meant.

use super::*;

#[test]
fn texts_that_braces_cut_up_are_to_be_quoted() {
    let cases = [
        ("coefficients: {s: dot(x, x)}\noutputs: {r: lap(s*u)}", "2:19", "'dot(x, x)'"),
        ("outputs: {r: 'u', s: d(u, x1: 2, x2: 1)}", "2:22", "'d(u, x1: 2, x2: 1)'"),
        ("outputs: {r: 3*d(u, x1: 2)}", "2:14", "'3*d(u, x1: 2)'"),
        ("outputs: {r: [min(u, 1), u]}", "2:15", "'min(u, 1)'"),
        ("outputs: {r: {expression: dot(grad(u), [u, 1]), K: 1}}", "2:27", "'dot(grad(u), [u, 1])'"),
        ("outputs: {r: x[0]*u}", "2:14", "'x[0]*u'"),
        ("outputs: {r: [x[0], x[1]]}", "2:15", "'x[0]'"),
        ("outputs: {r: (min(u,\n  x1) + 1)*2, b: u}", "2:14", "'(min(u, x1) + 1)*2'"),
        ("outputs:\n  r: [min(u, 1), u]", "3:7", "'min(u, 1)'"),
    ];
    for (rest, place, quoted) in cases {
        let text = mistakes(&format!("coordinates: {{space: {{x: 2}}}}\n{rest}\n"));
        assert!(
            text.starts_with(&format!("f:{place}: error[yaml-syntax]: this text must be quoted")),
            "{rest}: {text}"
        );
        assert!(text.ends_with(&format!("(help: write {quoted})")), "{rest}: {text}");
    }
}

#[test]
fn every_text_that_is_cut_is_reported() {
    let text =
        mistakes("coordinates: {space: {x: 2}}\noutputs: {r: min(u, 1), s: max(u, 1), t: min(x, u)}\n");
    assert_eq!(text.matches("must be quoted").count(), 3, "{text}");
}

#[test]
fn a_parenthesis_that_is_never_closed_is_no_cut_text() {
    let text = mistakes("coordinates: [x]\noutputs: {r: sin(u}\n");
    assert!(text.contains("f:2:17: error[expression-syntax]: this `(` is never closed"), "{text}");
    let text = mistakes("coordinates: [x]\noutputs:\n  r: sin(u\n  s: min(u, 1\n");
    assert_eq!(text.matches("is never closed").count(), 2, "{text}");
}

#[test]
fn words_of_yaml_are_names_or_to_be_quoted() {
    let spec =
        spec("coordinates: [y, n]\nfields: [on, 'null', yes]\noutputs: {off: on_yn + null_n + yes, no: 1}\n");
    assert_eq!(spec.linear_parts.len(), 3);
    let text = mistakes("coordinates: [x]\nfields: [null, ~, 1e3, 2]\noutputs: {r: 1}\n");
    for part in
        ["for a name write 'null'", "f:2:16: error[wrong-kind]", "`1e3` is not a name", "this is a number"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn signs_that_yaml_takes_for_itself_are_to_be_quoted() {
    let cases = [
        ("  r: [u_x, u_y] + grad(u)\n", "'[u_x, u_y] + grad(u)'"),
        ("  r: {u} + 1\n", "'{u} + 1'"),
        ("  r: *u\n", "'*u'"),
        ("  r: @u\n", "'@u'"),
        ("  r: - u\n", "`-u`"),
        ("  r: d(u, x: 2)\n", "'d(u, x: 2)'"),
    ];
    for (output, part) in cases {
        let text = mistakes(&format!("coordinates: [x, y]\noutputs:\n{output}"));
        assert!(text.starts_with("f:3:") && text.contains(part), "{output}: {text}");
    }
    let text = mistakes("coordinates:[x]\noutputs: {r: u}\n");
    assert!(text.contains("write a blank behind the `:` of the line before: `coordinates: [x]`"), "{text}");
    let text = mistakes("coordinates: [x]\noutputs: {r: [u, v}\n");
    assert!(!text.contains("quoted"), "{text}");
}

#[test]
fn names_and_lists_in_other_forms_get_the_right_one() {
    let cases = [
        ("coordinates: x, y\noutputs: {r: u}\n", "write `[x, y]`"),
        ("coordinates: {space: x y}\noutputs: {r: u}\n", "`[x, y]`"),
        ("coordinates: {space: 3}\noutputs: {r: u}\n", "`{x: 3}` is x1, x2 … x3"),
        ("coordinates: {x: 3}\noutputs: {r: u}\n", "the keys are `space`, `time`, `parameters`"),
        ("coordinates: [x]\noutputs: u_x\n", "`name: value`"),
        ("coordinates: [x]\noutputs: [u_x]\n", "`name: value`"),
    ];
    for (yaml, part) in cases {
        let text = mistakes(yaml);
        assert!(text.contains(part) && text.lines().count() == 1, "{yaml}: {text}");
    }
}
