//! Reading back is the inverse of printing, and nothing wrong gets through.

use super::super::{ROUNDED, plan_text};
use super::*;
use crate::builtin;
use crate::spec::{OperatorSpec, Options};
use proptest::prelude::{prop_assert_eq, proptest};

fn plans(spec: &OperatorSpec) -> Vec<Plan> {
    Strategy::CONCRETE.into_iter().filter_map(|strategy| spec.plan(strategy).ok()).collect()
}

#[test]
fn a_plan_is_read_back_as_it_was() {
    for builtin in builtin::ALL {
        let spec = builtin.spec(&Options::default()).unwrap_or_else(|error| panic!("{error}"));
        for plan in plans(&spec) {
            let text = plan_text(&plan);
            let read = parse_plan(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", builtin.name));
            assert_eq!(read, plan, "{}", builtin.name);
        }
    }
}

#[test]
fn names_with_quotes_and_semicolons_survive() {
    let text = "name: 'a \"b\"; c \\ d'\ncoordinates: [x]\noutputs: {o: u_x}";
    let plan = OperatorSpec::from_yaml("test", text).unwrap().plan(Strategy::Minimal).unwrap();
    assert_eq!(plan.name(), "a \"b\"; c \\ d");
    assert_eq!(parse_plan(&plan_text(&plan)), Ok(plan));
}

#[test]
fn how_far_an_operator_was_rounded_is_read_back() {
    let spec = OperatorSpec::from_yaml("test", ROUNDED).unwrap();
    for plan in plans(&spec) {
        let text = plan_text(&plan);
        let bits = plan.readouts()[0].rounding.unwrap();
        assert!(text.contains(&format!("\nrounded r0 within 2^-{bits} ;")), "{text}");
        assert_eq!(parse_plan(&text), Ok(plan));
    }
}

#[test]
fn a_changed_number_is_refused_by_the_proof() {
    let plan = builtin::find("laplacian")
        .unwrap()
        .spec(&Options::default())
        .unwrap()
        .plan(Strategy::Minimal)
        .unwrap();
    let changed = plan_text(&plan).replace("product c1*c1 = c4", "product c1*c1 = 2*c4");
    assert!(matches!(parse_plan(&changed), Err(PlanTextError::Unproven(_))));
}

#[test]
fn a_line_that_makes_no_sense_is_named() {
    let plan = builtin::find("laplacian")
        .unwrap()
        .spec(&Options::default())
        .unwrap()
        .plan(Strategy::Minimal)
        .unwrap();
    let text = plan_text(&plan);
    let broken = text.replace("product c1*c1 = c4", "product c1*c99 = c4");
    let line = text.lines().position(|line| line.starts_with("product c1*c1")).unwrap() + 1;
    assert_eq!(
        parse_plan(&broken),
        Err(PlanTextError::Line { line, expected: "a channel that was declared" })
    );
}

proptest! {
    #[test]
    fn random_plans_are_read_back_as_they_were(
        terms in proptest::collection::vec((-9i64..10, 1i64..5, 0usize..6, 0usize..6, 0usize..6), 1..5),
    ) {
        let factor = |which: usize| ["", "_x", "_y", "_xt", "_xxyt", "_tt"][which];
        let sum: Vec<String> = terms
            .iter()
            .map(|(n, d, a, b, c)| format!("({n}/{d})*u{}*v{}*u{} + {n}*v{}", factor(*a), factor(*b), factor(*c), factor(*a)))
            .collect();
        let text = format!(
            "coordinates: {{space: [x, y], time: t}}\nfields: [u, v]\noutputs: {{a: '{}', b: 'sin(x*u_t) + pi*y'}}",
            sum.join(" + ")
        );
        let spec = OperatorSpec::from_yaml("test", &text).unwrap_or_else(|error| panic!("{error}"));
        for plan in plans(&spec) {
            prop_assert_eq!(parse_plan(&plan_text(&plan)), Ok(plan));
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(cut in 0usize..4000, byte in proptest::char::any()) {
        let plan = builtin::find("biharmonic").unwrap().spec(&Options::default()).unwrap().plan(Strategy::Minimal).unwrap();
        let text = plan_text(&plan);
        let mut at = cut.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let _ = parse_plan(&text[..at]);
        let _ = parse_plan(&format!("{}{byte}{}", &text[..at], &text[at..]));
    }
}
