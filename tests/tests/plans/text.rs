//! The text of a plan: every value is defined once, before it is used.

use std::collections::BTreeSet;

use jetc_tests::command::run;
use jetc_tests::reference::project;

/// The statement and its definition, if it is one: `channel c1`, `readout r0`, `part p0`, `node n0`.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (kind, rest) = line.split_once(' ')?;
    let letter = match kind {
        "channel" => 'c',
        "readout" => 'r',
        "part" => 'p',
        "node" => 'n',
        _ => return None,
    };
    let (name, rest) = rest.split_once(' ')?;
    assert!(is_value(name) && name.starts_with(letter), "{line}");
    Some((name, rest))
}

/// `c12`, `r0`, …
fn is_value(word: &str) -> bool {
    let number = word.strip_prefix(['c', 'r', 'p', 'n']);
    number.is_some_and(|number| !number.is_empty() && number.chars().all(|digit| digit.is_ascii_digit()))
}

/// The values that a statement uses: not what is quoted, nor seeds and symbols, which are about coordinates.
fn uses(statement: &str) -> Vec<&str> {
    let statement = statement.split(" reads ").next().unwrap().split(" seed ").next().unwrap();
    let unquoted = statement.split('"').step_by(2);
    unquoted
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| is_value(word))
        .collect()
}

fn check(text: &str, name: &str) {
    let mut defined = BTreeSet::new();
    for line in text.lines().map(|line| line.split(" ; ").next().unwrap()) {
        let statement = match (definition(line), line.split_once(' ')) {
            (Some((value, rest)), _) => {
                assert!(uses(rest).iter().all(|used| defined.contains(*used)), "{name}: {line}");
                assert!(defined.insert(value), "{name}: {value} is defined twice");
                continue;
            }
            (None, Some(("product" | "rule" | "output", rest))) => rest,
            _ => continue,
        };
        assert!(uses(statement).iter().all(|used| defined.contains(*used)), "{name}: {line}");
    }
    let channels = defined.iter().filter(|value| value.starts_with('c')).count();
    assert!(text.contains(&format!("\nchannels {channels}\n")), "{name}: {channels} channels are listed");
}

#[test]
fn every_value_is_defined_once_before_it_is_used() {
    for (operator, strategy) in crate::all() {
        let text = run(project(), ["plan", operator, "--strategy", strategy, "--format", "text"]).success();
        check(&text, &format!("{operator}, {strategy}"));
    }
}
