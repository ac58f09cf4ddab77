//! Kinds of coordinates: space, time, and parameters of the network.

use super::*;
use crate::print::{parse_plan, plan_text};
use crate::strategy::Strategy;

#[test]
fn parameters_of_the_network_are_neither_space_nor_time() {
    let kinds = "{space: [x, y], time: t, parameters: [mu, nu]}";
    assert_eq!(shown(&operator(kinds, "lap(u)")), "1 x^2 + 1 y^2");
    assert_eq!(shown(&operator(kinds, "div(grad(u)) + u_mu")), "1 mu + 1 x^2 + 1 y^2");
    assert_eq!(shown(&operator(kinds, "hess(u)[0, 1] + d(u, nu: 2)")), "1 x y + 1 nu^2");
    assert_eq!(shown(&operator(kinds, "hess(u, [1, 2])")), "1 x^2 + 2 y^2");
    let gradient = operator(kinds, "grad(u)");
    let names: Vec<&str> = gradient.outputs.iter().map(|output| output.name.as_str()).collect();
    assert_eq!(names, ["r_x", "r_y"]);
    assert_eq!(operator("{space: [x], parameters: mu}", "u_x + mu*u_xx").pointwise.len(), 5);
}

#[test]
fn inputs_have_the_order_of_the_file() {
    let order = |coordinates: &str| operator(coordinates, "u").coordinates;
    let coordinates = order("{parameters: [mu], time: t, space: {x: 2}}");
    assert_eq!(coordinates.names(), ["mu", "t", "x1", "x2"]);
    assert_eq!(
        (coordinates.space(), coordinates.time(), coordinates.parameters()),
        (&[2, 3][..], Some(1), &[0][..])
    );
    let coordinates = order("{space: x, parameters: {m: 2}, time: t}");
    assert_eq!(coordinates.names(), ["x", "m1", "m2", "t"]);
    assert_eq!((coordinates.time(), coordinates.parameters()), (Some(3), &[1, 2][..]));
}

#[test]
fn counted_parameters_have_a_vector() {
    let spec = operator("{space: {x: 2}, parameters: {m: 2}}", "dot(m, grad(u)) + x[1] + m[0]");
    let parts: Vec<String> = spec.linear_parts.iter().map(|part| show(&spec, part)).collect();
    assert_eq!(parts, ["1 x1", "1 x2"]);
    let chosen = Options { dimension: Some(3), ..Options::default() };
    let yaml = "coordinates: {space: {x: 2}, parameters: {m: 2}}\noutputs: {r: lap(u)}\n";
    let spec = OperatorSpec::read(&Document::parse("f", yaml).unwrap(), &chosen).unwrap();
    assert_eq!(spec.coordinates.names(), ["x1", "x2", "x3", "m1", "m2"]);
}

#[test]
fn time_can_be_alone() {
    let spec = operator("{time: t}", "u_tt + u");
    assert_eq!((spec.coordinates.names(), spec.coordinates.space()), (&["t".to_owned()][..], &[][..]));
    for operator in ["lap(u)", "grad(u)", "div([u])", "hess(u)", "curl(u)"] {
        let text = mistakes(&format!("coordinates: {{time: t}}\noutputs:\n  r: {operator}\n"));
        assert!(text.contains("there are no coordinates of space"), "{text}");
    }
    for set in ["{set: standard}", "{random: sparse, R: 1}"] {
        let text = mistakes(&format!(
            "coordinates: {{time: t}}\ndirections: {{e: {set}}}\noutputs: {{r: {{sum: {{i: e}}, derivative: [i]}}}}\n"
        ));
        assert!(text.contains("there are no coordinates of space for these directions"), "{text}");
    }
}

#[test]
fn wrong_coordinates_are_reported_once() {
    let cases = [
        (
            "{space: [x, y], parameters: [x]}",
            "1:43: error[name-clash]: `x` is a coordinate twice (1:23: here",
        ),
        ("{space: {x: 12, x1: 2}}", "1:30: error[name-clash]: `x11` is a coordinate twice (1:23: here"),
        ("[x, x]", "1:18: error[name-clash]: `x` is a coordinate twice (1:15: here"),
        ("{space: [x], time: [s, t]}", "expected a name, found a list"),
        ("{space: [x], parameter: [mu]}", "did you mean `parameters`?"),
        ("{}", "there are no coordinates"),
        ("{space: []}", "there are no coordinates"),
        ("{space: {x: 2}, parameters: {m: 0}}", "there can be 1 to"),
    ];
    for (coordinates, part) in cases {
        let text = mistakes(&format!("coordinates: {coordinates}\noutputs: {{r: u}}\n"));
        assert!(text.contains(part) && text.lines().count() == 1, "{coordinates}: {text}");
    }
    let text = mistakes("coordinates: {space: x, parameters: mu}\nparameters: {mu: 1}\noutputs: {r: mu*u}\n");
    assert!(text.contains("`mu` is a coordinate already (1:37: here it is declared)"), "{text}");
}

#[test]
fn plans_with_parameters_are_read_back() {
    for (coordinates, statement) in
        [("{parameters: [μ, nu], space: [x], time: t}", "\nparameters μ nu\n"), ("{time: t}", "\ntime t\n")]
    {
        let spec = operator(coordinates, "u_tt + sin(t*u_t)*u");
        for strategy in Strategy::CONCRETE {
            let plan = spec.plan(strategy).unwrap();
            let text = plan_text(&plan);
            assert!(text.contains(statement), "{text}");
            assert_eq!(parse_plan(&text), Ok(plan));
        }
    }
    let plan = operator("{space: x, time: t, parameters: m}", "u_x").plan(Strategy::Minimal).unwrap();
    for wrong in ["parameters t", "parameters m m", "parameters m x", "parameters q"] {
        assert!(parse_plan(&plan_text(&plan).replace("parameters m", wrong)).is_err(), "{wrong}");
    }
}
