//! The page on the language says what is true.

use super::*;
use crate::document;
use crate::expression;
use crate::spec::limits;

const PAGE: &str = include_str!("../language.md");

#[test]
fn every_example_of_the_page_is_an_operator() {
    let examples: Vec<&str> =
        PAGE.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(examples.len(), 6);
    for example in examples {
        assert!(!spec(example).linear_parts.is_empty());
    }
}

#[test]
fn the_page_names_every_function() {
    for function in RealFunction::ALL {
        assert!(PAGE.contains(function.name()), "{function}");
    }
    let text = mistakes("coordinates: [x]\noutputs: {r: qqqqqqqqqq(u)}\n");
    for name in text.split("there are ").nth(1).unwrap().trim_end_matches(')').split(", ") {
        assert!(PAGE.contains(name), "{name}");
    }
}

#[test]
fn the_page_states_the_limits() {
    let page: String = PAGE.split_whitespace().collect::<Vec<_>>().join(" ");
    let grouped = |number: u64| {
        let digits = number.to_string();
        let groups: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
        if digits.len() > 4 { groups.join(" ") } else { digits.clone() }
    };
    for (limit, what) in [
        (document::limits::FILE_BYTES as u64 >> 20, "MiB"),
        (document::limits::NODES as u64, "values"),
        (expression::limits::TOKENS as u64, "signs"),
        (limits::COORDINATES, "coordinates"),
        (limits::OUTPUTS as u64, "outputs"),
        (document::limits::NUMBER_DIGITS as u64, "digits"),
        (limits::NUMBER_BITS, "bits"),
        (limits::WORK as u64, "terms"),
    ] {
        let stated = format!("{} {what}", grouped(limit));
        assert!(page.contains(&stated), "{stated}");
    }
    assert!(page.contains(&format!("order {}", limits::ORDER)));
    assert!(page.contains(&format!("exponents up to {}", limits::EXPONENT)));
    assert!(page.contains(&format!("depth {}", limits::DEPTH)));
}
