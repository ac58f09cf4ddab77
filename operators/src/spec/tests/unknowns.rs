//! Numbers without a value: used like parameters, refused where a plan depends on them, kept by plans and their texts.

use jetc_combinatorics::rational::{integer, ratio};
use jetc_combinatorics::{MultiIndex, Rational};
use num_traits::{One, ToPrimitive};

use super::*;
use crate::print::{parse_plan, plan_json, plan_text};
use crate::strategy::Strategy;

/// The field is exp(a·x), so P(∂) of it is P(a) times it.
const RATES: [f64; 3] = [0.75, -0.5, 1.25];
const POINT: [f64; 3] = [0.3, 0.6, 0.2];

/// The outputs for the field exp(a·x).
fn values(spec: &OperatorSpec, unknowns: &[f64]) -> Vec<f64> {
    let field: f64 = RATES.iter().zip(POINT).map(|(rate, x)| rate * x).sum::<f64>().exp();
    let rate = |variable: u32| match spec.variables.named(variable) {
        None => RATES[variable as usize],
        Some(named) => {
            let entries = named.direction.as_ref().unwrap().iter();
            entries.map(|(i, entry)| entry.to_f64() * RATES[i as usize]).sum()
        }
    };
    let part = |part: &LinearPart| -> f64 {
        let term = |(monomial, weight): (&MultiIndex, &Rational)| {
            let factors = monomial.pairs().map(|(v, power)| rate(v).powi(i32::try_from(power).unwrap()));
            weight.to_f64().unwrap() * factors.product::<f64>()
        };
        part.symbol.terms().map(term).sum::<f64>() * field
    };
    let parts: Vec<f64> = spec.linear_parts.iter().map(part).collect();
    spec.evaluate_with_unknowns(&POINT, &parts, unknowns)
}

#[test]
fn an_unknown_stands_where_a_parameter_may() {
    let file = |numbers: &str, output: &str| {
        spec(&format!(
            "coordinates: {{space: [x, y], time: t}}\n{numbers}\n\
             coefficients: {{a: '1 + nu*x^2', b: 'k/nu', flux: 'a*grad(u)'}}\nmatrices: {{A: [[nu, x], [1, 2*k]]}}\n\
             directions: {{s: {{rows: [[1, 2], [3, 1]]}}}}\noutputs:\n  r: {output}\n"
        ))
    };
    let (nu, k) = (ratio(3, 8), ratio(5, 4));
    let doubles = [&nu, &k].map(|number| number.to_f64().unwrap());
    for output in [
        "u_t + u*u_x = nu*u_xx",
        "lap(nu*u + nu^2*u^3)",
        "div(flux)",
        "u^nu + nu^u + nu^k + nu^2",
        "sin(nu*x)*u_x/nu",
        "d(sin(nu*x)*u, x, x)",
        "hess(u, A)",
        "dot(A, grad(u))",
        "max(nu, u)*min(k, u_x) + step(u - nu)",
        "b*u_t + sqrt(k)*hess(u, s)",
        "nu",
        "{sum: {i: s}, derivative: [i, i, t], weight: nu*k - 1}",
        "{expression: nu*lap(lap(u)), K: 4}",
        "[nu*u, u_x = k]",
    ] {
        let known = file(&format!("parameters: {{nu: {nu}, k: {k}}}"), output);
        let unknown = file("unknown: [nu, k]", output);
        assert_eq!(unknown.unknowns, ["nu", "k"]);
        assert!(known.unknowns.is_empty());
        for (found, expected) in values(&unknown, &doubles).iter().zip(values(&known, &[])) {
            assert!((found - expected).abs() <= 1e-13 * expected.abs(), "{output}: {}", found / expected);
        }
    }
}

#[test]
fn an_unknown_does_not_depend_on_the_point() {
    let unknown =
        |output: &str| spec(&format!("coordinates: [x, y]\nunknown: nu\noutputs: {{r: '{output}'}}\n"));
    for output in
        ["d(nu, x)", "lap(nu^2 + sin(nu))", "d(nu*u, x) - nu*u_x", "lap(nu*u) - nu*lap(u)", "nu - nu"]
    {
        let spec = unknown(output);
        let formula = spec.pointwise(spec.outputs[0].formula);
        assert_eq!(formula, &Pointwise::Constant(integer(0)), "{output}");
    }
    // What it multiplies stays one operator.
    let spec = unknown("nu*u_xx + nu*u_yy + u_x - 3*nu*u_xy");
    let parts: Vec<String> = spec.linear_parts.iter().map(|part| show(&spec, part)).collect();
    assert_eq!(parts.len(), 2);
    assert!(parts.contains(&"1 x".to_owned()), "{parts:?}");
}

#[test]
fn what_depends_on_an_unknown_without_a_value_is_nan() {
    let spec = spec("{coordinates: [x], unknown: nu, outputs: {r: nu*u_x, s: x + 1}}");
    let parts = vec![1.5; spec.linear_parts.len()];
    let found = spec.evaluate(&[2.0], &parts);
    assert!(found[0].is_nan());
    assert_eq!(found[1].to_bits(), 3.0f64.to_bits());
}

#[test]
fn plans_keep_unknowns_and_their_texts_give_them_back() {
    let spec = spec(
        "{coordinates: [x, t], unknown: [k, ν, idle], outputs: {r: u_t - ν*u_xx + k*u*u_x, s: exp(-k*t)*u_xx}}",
    );
    for strategy in Strategy::CONCRETE {
        let plan = spec.plan(strategy).unwrap();
        assert_eq!(plan.unknowns(), ["k", "ν", "idle"]);
        let text = plan_text(&plan);
        assert!(text.contains("\nunknowns k ν idle ;"), "{text}");
        assert!(text.contains(" = unknown ν\n"), "{text}");
        assert_eq!(plan_json(&plan, None)["unknowns"], serde_json::json!(["k", "ν", "idle"]));
        assert!(parse_plan(&text.replace("= unknown ν", "= unknown mu")).is_err());
        assert!(parse_plan(&text.replace("unknowns k ν", "unknowns k k ν")).is_err());
        assert!(parse_plan(&text.replace("unknowns k ν", "unknowns x k ν")).is_err());
        assert!(parse_plan(&format!("{text}unknowns k\n")).is_err());
        assert_eq!(parse_plan(&text), Ok(plan));
    }
}

#[test]
fn plans_without_unknowns_say_nothing_of_them() {
    for extra in ["", "unknown: []\n"] {
        let spec = spec(&format!("coordinates: [x]\n{extra}outputs: {{r: u_xx}}\n"));
        let plan = spec.plan(Strategy::Minimal).unwrap();
        assert!(!plan_text(&plan).contains("unknown"));
        assert!(plan_json(&plan, None).get("unknowns").is_none());
    }
}

#[test]
fn where_the_plan_depends_on_a_number_unknowns_are_refused() {
    let file = |rest: &str| {
        let outputs = if rest.contains("outputs:") { "" } else { "outputs: {r: u_x}\n" };
        mistakes(&format!(
            "coordinates: [x, y]\nunknown: [nu]\ncoefficients: {{a: 1 + nu, U: '[u, u_x]'}}\n{rest}\n{outputs}"
        ))
    };
    for (rest, place, what) in [
        ("directions: {s: {rows: [[1, nu]]}}", "4:29", "this number"),
        ("directions: {s: {rows: [[1, 2]], weights: [a]}}", "4:44", "this number"),
        ("outputs: {r: 'U[nu]'}", "4:17", "an index"),
        ("outputs: {r: 'd(u, x: nu)'}", "4:23", "how often to derive"),
    ] {
        assert_eq!(
            file(rest),
            format!(
                "f:{place}: error[invalid-value]: `nu` is an unknown, and {what} must be known when the operator is \
                 planned (help: take a number here, or give `nu` its value under `parameters`)"
            )
        );
    }
    for parameter in ["2*nu", "a^2"] {
        assert_eq!(
            file(&format!("parameters: {{D: {parameter}}}")),
            "f:4:17: error[invalid-value]: a parameter must be a number, and `nu` is an unknown (help: what depends on \
             an unknown belongs under `coefficients`)"
        );
    }
    let text = file("outputs: {r: nu_x}");
    assert_eq!(text, "f:4:14: error[unknown-name]: `nu` is an unknown; it has no derivatives");
    let text = file("outputs: {r: 'd(u, nu)'}");
    assert!(text.contains("`nu` is not a coordinate"), "{text}");
}

#[test]
fn an_unknown_needs_a_name_of_its_own() {
    let text = mistakes(
        "coordinates: {space: {x: 2}, time: t}\nfields: [v, w]\nvectors: {U: [v, w]}\nunknown: [x1, x, v, U, k, k, q]\n\
         parameters: {k: 1}\ncoefficients: {k: t}\nmatrices: {k: [[1]]}\ndirections: {k: {set: standard}}\n\
         outputs:\n  r: v\n  s: {sum: {q: k}, derivative: [q, q], field: v}\n",
    );
    let clashes: Vec<&str> = text.lines().map(|line| line.split(" (help").next().unwrap()).collect();
    assert_eq!(
        clashes,
        [
            "f:4:11: error[name-clash]: `x1` is a coordinate already (1:23: here it is declared)",
            "f:4:15: error[name-clash]: `x` is the vector of the counted coordinates already (1:23: here it is declared)",
            "f:4:18: error[name-clash]: `v` is a field already (2:10: here it is declared)",
            "f:4:21: error[name-clash]: `U` is a vector already (3:11: here it is declared)",
            "f:4:27: error[name-clash]: `k` is an unknown already (4:24: here it is declared)",
            "f:5:14: error[name-clash]: `k` is an unknown already (4:24: here it is declared)",
            "f:6:16: error[name-clash]: `k` is an unknown already (4:24: here it is declared)",
            "f:7:12: error[name-clash]: `k` is an unknown already (4:24: here it is declared)",
            "f:8:14: error[name-clash]: `k` is an unknown already (4:24: here it is declared)",
            "f:11:13: error[name-clash]: the index `q` of this sum is an unknown already (4:30: here it is declared)",
        ]
    );
}

#[test]
fn unknowns_are_names_without_values() {
    let file = |unknown: &str| {
        mistakes(&format!("coordinates: [x]\nunknown: {unknown}\noutputs: {{r: nu*u_x + k*u}}\n"))
    };
    assert_eq!(
        file("{nu: 1, k: {start: 2}}"),
        "f:2:10: error[wrong-kind]: expected a list of names like `[nu, k]`, found a mapping (help: write `[nu, k]`: \
         unknowns get their values when the operator is evaluated, and numbers that are known belong under `parameters`)"
    );
    let text = file("[nu, k, 3, [q]]");
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.starts_with("f:2:18: error[invalid-name]: `3` is not a name"), "{text}");
    let text = file("nu k");
    assert!(text.contains("several names are a list: `[nu, k]`"), "{text}");
    let text = file("");
    assert!(text.contains("error[wrong-kind]: expected a list of names like"), "{text}");
}

#[test]
fn a_value_chosen_for_an_unknown_is_refused_with_the_reason() {
    let document = Document::parse("f", "{coordinates: [x], unknown: nu, outputs: {r: nu*u_x}}").unwrap();
    let options = Options { parameters: vec![("nu".to_owned(), Rational::one())], ..Options::default() };
    let text = OperatorSpec::read(&document, &options).unwrap_err().to_string();
    assert!(
        text.contains("the operator has no parameter `nu` (help: `nu` is an unknown, which gets"),
        "{text}"
    );
}
