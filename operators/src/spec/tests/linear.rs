//! Operators that are linear with constant coefficients.

use jetc_combinatorics::Rational;

use super::*;

#[test]
fn a_plate_equation_is_one_linear_part() {
    let spec = spec(
        "coordinates: {space: [x, y], time: t}\nfields: [w]\nparameters: {D: 2, rho: 27/10}\n\
         outputs:\n  residual: D*lap(lap(w)) + rho*w_tt\n",
    );
    assert_eq!(shown(&spec), "27/10 t^2 + 2 x^4 + 4 x^2 y^2 + 2 y^4");
    assert_eq!(spec.linear_parts.len(), 1);
    assert_eq!(spec.fields, Some(vec!["w".to_owned()]));
    assert_eq!(spec.name, "test");
}

#[test]
fn mixed_derivatives_commute_and_cancel() {
    assert_eq!(shown(&operator("[x, y]", "u_xy")), "1 x y");
    assert_eq!(shown(&operator("[x, y]", "u_xy + u_yx")), "2 x y");
    let zero = operator("[x, y]", "u_xy - u_yx");
    assert_eq!(zero.linear_parts, []);
    assert_eq!(zero.pointwise(zero.outputs[0].formula), &Pointwise::Constant(Rational::default()));
}

#[test]
fn derivatives_can_be_written_in_every_way() {
    for expression in
        ["u_xxy", "u_yxx", "d(u, x: 2, y: 1)", "d(u, x = 2, y)", "d(u_x, x, y)", "d(d(u, y), x: 2)", "u_xx_y"]
    {
        assert_eq!(shown(&operator("[x, y]", expression)), "1 x^2 y", "{expression}");
    }
}

#[test]
fn the_laplacian_is_over_space_alone() {
    assert_eq!(shown(&operator("{space: [x, y], time: t}", "lap(u)")), "1 x^2 + 1 y^2");
    assert_eq!(shown(&operator("[x, y, t]", "lap(u)")), "1 x^2 + 1 y^2");
    assert_eq!(shown(&operator("{time: t, space: x}", "u_t + lap(u)")), "1 t + 1 x^2");
    assert_eq!(shown(&operator("{space: {x: 3}}", "lap(u)")), "1 x1^2 + 1 x2^2 + 1 x3^2");
}

#[test]
fn numbered_coordinates_are_read_by_the_longest_name() {
    assert_eq!(shown(&operator("{space: {x: 12}}", "u_x12")), "1 x12");
    assert_eq!(shown(&operator("{space: {x: 12}}", "u_x1x2")), "1 x1 x2");
    assert_eq!(shown(&operator("{space: {x: 12}}", "u_x1_x12")), "1 x1 x12");
}

#[test]
fn products_and_quotients_of_numbers_are_exact() {
    assert_eq!(shown(&operator("[x]", "(0.1 + 0.2)*u_x/3 + 2^-3*u*sqrt(4/9)")), "1/12 + 1/10 x");
    assert_eq!(shown(&operator("[x]", "-(u_x - 1e-3*u)*1e3")), "1 + -1000 x");
    assert_eq!(shown(&operator("[x]", "1e-300*u")).len(), 303);
}

#[test]
fn the_field_itself_is_a_part_of_order_zero() {
    assert_eq!(shown(&operator("[x]", "u")), "1");
    assert_eq!(shown(&operator("[x]", "u_xx + 4*u")), "4 + 1 x^2");
}

#[test]
fn each_field_has_its_own_part() {
    let spec =
        spec("coordinates: [x, y]\nfields: [u, v]\noutputs:\n  div: u_x + v_y\n  curl: v_x - u_y\n  v: v\n");
    assert_eq!(spec.linear_parts.len(), 5);
    assert!(matches!(spec.pointwise(spec.outputs[0].formula), Pointwise::Sum(terms) if terms.len() == 2));
    assert_eq!(linear(&spec, &spec.outputs[2]).field, 1);
}

#[test]
fn equal_parts_are_shared() {
    let spec = spec(
        "coordinates: [x, y]\noutputs:\n  a: lap(u)\n  b: u_yy + u_xx\n  c: lap(u) + 1\n  d: 2*lap(u)\n",
    );
    assert_eq!(spec.as_linear(&spec.outputs[0]), spec.as_linear(&spec.outputs[1]));
    assert_eq!(spec.linear_parts.len(), 2);
}

#[test]
fn the_notation_of_the_paper_gives_the_same_operator() {
    let spec = spec(
        "coordinates: {space: {x: 3}}\ndirections: {e: {set: standard, R: 3}}\noutputs:\n  bilaplacian:\n    \
         K: 4\n    R: 9\n    sum: {r1: e, r2: e}\n    derivative: [r1, r1, r2, r2]\n    weight: 1\n  \
         other: lap(lap(u))\n",
    );
    assert_eq!(spec.as_linear(&spec.outputs[0]), spec.as_linear(&spec.outputs[1]));
}

#[test]
fn given_directions_stay_directions() {
    let spec = spec(
        "coordinates: [x, y, z]\ndirections:\n  s: {rows: [[1, 2, 0.5], [-1, 1, 0], [0, 3, 0]], weights: [1, -2, 1/9]}\n\
         outputs:\n  r: {sum: {i: s}, derivative: [i, i], weight: 1/2}\n",
    );
    assert_eq!(shown(&spec), "1/2 y^2 + 1/2 (1x+2y+1/2z)^2 + -1 (1x+-1y)^2");
    let symbol = spec.variables.in_coordinates(&linear(&spec, &spec.outputs[0]).symbol);
    assert_eq!(symbol.terms().len(), 6);
}

#[test]
fn rows_of_space_leave_time_out() {
    let spec = spec(
        "coordinates: {time: t, space: [x, y]}\ndirections: {s: {rows: [[1, 1]]}, a: {rows: [[1, 0, 1]]}}\n\
         outputs:\n  r: {sum: {i: s}, derivative: [i, t]}\n  q: {sum: {i: a}, derivative: [i]}\n",
    );
    assert_eq!(shown(&spec), "1 t (1x+1y)");
    assert_eq!(show(&spec, linear(&spec, &spec.outputs[1])), "1 (1t+1y)");
}

#[test]
fn parameters_may_use_each_other_in_any_order() {
    let spec = spec(
        "coordinates: [x]\nparameters: {a: b/2, b: c + 1, c: 3}\noutputs:\n  r: {expression: a*u_x, K: 1}\n",
    );
    assert_eq!(shown(&spec), "2 x");
}

#[test]
fn yaml_booleans_are_names() {
    let spec = spec("coordinates: [n, y]\nfields: no\noutputs:\n  off: no_ny\n");
    assert_eq!(shown(&spec), "1 n y");
}

#[test]
fn a_laplacian_in_many_dimensions_is_fast() {
    let start = std::time::Instant::now();
    let options = Options { dimension: Some(100_000), ..Options::default() };
    let document = Document::parse("f", "coordinates: {space: {x: 1}}\noutputs: {r: lap(u)}\n").unwrap();
    let spec = OperatorSpec::read(&document, &options).unwrap();
    assert_eq!(spec.linear_parts[0].symbol.terms().len(), 100_000);
    assert!(start.elapsed().as_secs_f64() < 5.0, "{:?}", start.elapsed());
}

/// Σ w (v·∂)⁴ has the mean 3 Δ²: E vᵢ⁴ = 3 and E vᵢ² vⱼ² = 1, with standard deviations √(96/R) and √(8/R), times 6 for
/// x²y².
#[test]
fn gaussian_directions_of_fourth_order_give_three_bilaplacians_on_average() {
    use num_traits::ToPrimitive;
    let spec = spec(
        "coordinates: [x, y]\ndirections: {v: {random: gaussian, R: 4000}}\noutputs:\n  \
         r: {sum: {i: v}, derivative: [i, i, i, i]}\n",
    );
    let symbol = spec.variables.in_coordinates(&linear(&spec, &spec.outputs[0]).symbol);
    let found: Vec<f64> = symbol.terms().map(|(_, weight)| weight.to_f64().unwrap()).collect();
    for (at, mean, deviation) in [(0, 3.0, 0.155), (2, 6.0, 0.268), (4, 3.0, 0.155)] {
        assert!((found[at] - mean).abs() < 5.0 * deviation, "{found:?}");
    }
}
