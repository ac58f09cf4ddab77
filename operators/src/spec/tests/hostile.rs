//! Whatever bytes a file holds, reading it ends soon, in a spec or in errors that can be shown.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::diagnostic::SpecError;

/// Reads bytes; errors must have places inside the text, in order, and be showable.
fn read(bytes: &[u8]) -> Result<OperatorSpec, SpecError> {
    let start = Instant::now();
    let result = Document::from_bytes("f", bytes)
        .and_then(|document| OperatorSpec::read(&document, &Options::default()));
    if let Err(error) = &result {
        assert!(!error.diagnostics.is_empty());
        assert!(error.diagnostics.is_sorted_by_key(|diagnostic| diagnostic.span.start));
        for diagnostic in &error.diagnostics {
            assert!(diagnostic.span.start <= diagnostic.span.end, "{diagnostic:?}");
            assert!(error.text.get(diagnostic.span.range()).is_some(), "{diagnostic:?} in {:?}", error.text);
        }
        assert!(error.to_string().lines().count() >= error.diagnostics.len());
    }
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    result
}

const FILES: &[&str] = &[
    "coordinates: {space: [x, y], time: t}\nfields: [u, v]\nvectors: {U: [u, v]}\nparameters: {k: 27/10, c: 2*k}\n\
     coefficients: {a: '1 + x^2*y'}\nmatrices: {A: [[1, k], [0, x]]}\noutputs:\n  r: div(a*grad(u)) + hess(u, A)\n  \
     s: >\n    U_t + dot(U, grad(U))\n    - c*lap(U)\n  q: \"sin(u)*d(u, x: 2) \\\n    + pi\"\n",
    "name: b\ncoordinates: {space: {x: 3}}\ndirections:\n  e: {set: standard}\n  r: {rows: [[1, 2, 3]], weights: [-1]}\n  \
     v: &v {random: gaussian, R: 2, seed: 7}\n  w: *v\noutputs:\n  o: {K: 4, sum: {i: e, j: r}, derivative: [i, i, j, j], weight: 1/3}\n",
];

#[test]
fn the_files_that_are_damaged_below_are_whole() {
    for file in FILES {
        read(file.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn a_file_cut_anywhere_ends_in_a_spec_or_in_errors() {
    for file in FILES {
        for end in 0..file.len() {
            let _ = read(&file.as_bytes()[..end]);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8 * ProptestConfig::default().cases))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn any_text(text in "\\PC*") {
        let _ = read(text.as_bytes());
    }

    #[test]
    fn any_expression(text in "[-+*/^()\\[\\],:=._ 0-9uvxytedlapgrsinc\u{394}]{0,60}") {
        let quoted = text.replace('\'', "''");
        let _ = read(format!("coordinates: [x, y, t]\nfields: [u, v]\noutputs: {{r: '{quoted}'}}\n").as_bytes());
    }

    #[test]
    fn words_of_the_language_in_any_order(words in proptest::collection::vec(word(), 0..40)) {
        let _ = read(format!("coordinates: [x, y]\noutputs: {{r: '{}'}}\n", words.concat()).as_bytes());
    }

    #[test]
    fn damaged_files(file in 0..FILES.len(), damage in proptest::collection::vec((any::<prop::sample::Index>(), piece()), 1..6)) {
        let mut bytes = FILES[file].as_bytes().to_vec();
        for (place, piece) in damage {
            let place = place.index(bytes.len());
            let end = (place + 1).min(bytes.len());
            bytes.splice(place..end, piece.bytes());
        }
        let _ = read(&bytes);
    }
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "u", "u_x", "u_xy", "x", "y", "+", "-", "*", "/", "^", "(", ")", "[", "]", ",", "1", "2", "0", "0.5",
        "1e300", "lap(", "grad(", "div(", "dot(", "hess(", "curl(", "d(", "x: 2", "sin(", "exp(", "log(",
        "sqrt(", "abs(", "min(", "pi", "norm(", "det(", "outer(", "1/0", " ",
    ])
}

fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "",
        "",
        " ",
        "\n",
        "\t",
        ":",
        ",",
        "[",
        "]",
        "{",
        "}",
        "'",
        "\"",
        "*",
        "&v ",
        "*v",
        "- ",
        "#",
        "|",
        ">",
        "0",
        "1e999",
        "~",
        "null",
        "u",
        "x",
        "_",
        "(",
        ")",
        "^",
        "é",
        "\u{1F600}",
        "---\n",
        "%YAML",
        "!!str ",
        "? ",
        "\\",
        "\r\n",
        "\u{feff}",
        "99999999999999999999",
    ])
}

fn joined(numbers: impl Iterator<Item = usize>, text: impl Fn(usize) -> String) -> String {
    numbers.map(text).collect::<Vec<_>>().concat()
}

#[test]
fn large_hostile_files_end_soon() {
    let n = 200_000;
    let head = "coordinates: [x, y]\noutputs:\n  r: ";
    let files = [
        "[".repeat(n),
        "{".repeat(n),
        "- ".repeat(n),
        "? ".repeat(n),
        "!".repeat(n),
        "&a ".repeat(n),
        "'".repeat(n),
        "\"\\".repeat(n),
        "a: \n".repeat(n),
        ": ".repeat(n),
        "\n".repeat(n),
        "%".repeat(n),
        "#\n".repeat(n),
        "\u{feff}".repeat(n),
        format!("{head}{}", "(".repeat(n)),
        format!("{head}{}", "-".repeat(n)),
        format!("{head}'{}'", "sin(".repeat(n)),
        format!("{head}'{}'", "x^".repeat(n)),
        format!("{head}u_{}", "x".repeat(n)),
        format!("{head}u{}", "_".repeat(n)),
        format!("{head}{}", "u_x_".repeat(n)),
        format!("{head}{}", "9".repeat(n)),
        format!("{head}{}1", "u*".repeat(40_000)),
        format!("{head}{}1", "u+".repeat(40_000)),
        format!("{head}{}u", "(x+u_x)*".repeat(8_000)),
        format!("{head}'{}'", "dq".repeat(n)),
        format!("{head}'{}'", "q+".repeat(40_000)),
        format!("{head}lap({}1)", "(1+u_x)*(1+u_y)*".repeat(4_000)),
        format!("{head}{}u{}", "lap(sin(x+".repeat(30), "))".repeat(30)),
        format!("{head}{}x{}", "(1+1/".repeat(60), ")".repeat(60)),
        format!("{head}{}1", joined(2..9000, |k| format!("u/{}+", k * k + 1))),
        format!("{head}'{}'", "u^1000*".repeat(10_000) + "1"),
        format!("{head}'[{}u]'", "[u,u],".repeat(10_000)),
        format!("coordinates: [{}x]\noutputs: {{r: u}}\n", "x, ".repeat(n)),
        format!(
            "coordinates: {{space: {{x: 200000}}}}\noutputs:\n{}",
            joined(0..100, |k| format!("  r{k}: lap(u) + {k}\n"))
        ),
        format!("coordinates: {{space: {{x: 200000}}}}\noutputs: {{r: '[{}x]'}}\n", "x,".repeat(30_000)),
        "coordinates: {space: {x: 200000}}\noutputs: {r: hess(1)}\n".to_owned(),
        "coordinates: {space: {x: 200000}}\noutputs: {r: 'outer(x, x)'}\n".to_owned(),
        "coordinates: {space: {x: 100000}}\noutputs: {r: grad(grad(u))}\n".to_owned(),
        format!(
            "coordinates: [x]\nparameters:\n{}  p0: 1\noutputs: {{r: p5000}}\n",
            joined(1..=5000, |k| format!("  p{k}: p{} + 1/{}\n", k - 1, k + 1))
        ),
        format!(
            "coordinates: [x]\ncoefficients:\n{}  p0: x\noutputs: {{r: p5000}}\n",
            joined(1..=5000, |k| format!("  p{k}: sin(p{})\n", k - 1))
        ),
        format!(
            "coordinates: [x]\ncoefficients:\n{}  p0: u\noutputs: {{r: 'd(p150, x: 12)'}}\n",
            joined(1..=150, |k| format!("  p{k}: sin(p{})\n", k - 1))
        ),
        format!(
            "coordinates: [x]\nparameters:\n{}  p0: pi\noutputs: {{r: p60}}\n",
            joined(1..=60, |k| format!("  p{k}: p{0}*p{0} + p{0}\n", k - 1))
        ),
        format!("{}x{}\n", "&a [".repeat(60), "]".repeat(60)),
        format!("coordinates: {{space: {{x: 200000}}}}\noutputs: {{r: '{}u'}}\n", "lap(1)+".repeat(12_000)),
        format!(
            "coordinates: {{space: {{x: 200000}}}}\ndirections: {{e: {{set: standard}}}}\noutputs: {{r: '{}u'}}\n",
            "hess(1,e)+".repeat(12_000)
        ),
        "coordinates: {space: {x: 300000}}\noutputs: {r: x}\n".to_owned(),
        format!(
            "coordinates: [x]\ncoefficients:\n{}  p0: x\noutputs: {{r: p60}}\n",
            joined(1..=60, |k| format!("  p{k}: p{0}*p{0} + p{0}\n", k - 1))
        ),
    ];
    for file in files {
        let start = Instant::now();
        let result = read(file.as_bytes());
        let head: String = file.chars().take(60).collect();
        if std::env::var_os("SHOW").is_some() {
            let message = result
                .as_ref()
                .map_or_else(|error| error.to_string().chars().take(150).collect(), |_| "spec".to_owned());
            #[expect(clippy::print_stderr, reason = "asked for")]
            {
                eprintln!("{:?} {head:?}: {message}", start.elapsed());
            }
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{head:?} took {:?}", start.elapsed());
    }
}
