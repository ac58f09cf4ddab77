//! Nonlinear operators, coefficients that depend on the point, and derivatives of expressions.

use jetc_combinatorics::rational::integer;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::{One, Pow, ToPrimitive, Zero};
use proptest::prelude::*;

use super::*;

/// The linear parts of one output, shown, in the order of the spec.
fn parts(spec: &OperatorSpec) -> Vec<String> {
    spec.linear_parts.iter().map(|part| show(spec, part)).collect()
}

fn sorted_parts(coordinates: &str, expression: &str) -> Vec<String> {
    let mut parts = parts(&operator(coordinates, expression));
    parts.sort_unstable();
    parts
}

#[test]
fn the_linear_part_of_a_nonlinear_equation_stays_whole() {
    let parts = sorted_parts("[x, t]", "u_t + u*u_x + u_xx + 2*u_xxxx");
    assert_eq!(parts, ["1", "1 t + 1 x^2 + 2 x^4", "1 x"]);
}

#[test]
fn coefficients_are_collected_before_operators() {
    let spec = spec(
        "coordinates: [x, y]\ncoefficients: {a: '1 + x^2*y'}\noutputs:\n  r: d(a*u_x, x) + d(a*u_y, y)\n",
    );
    let mut parts = parts(&spec);
    parts.sort_unstable();
    assert_eq!(parts, ["1 x", "1 x^2 + 1 y^2", "1 y"]);
}

#[test]
fn operators_of_nonlinear_expressions_are_expanded() {
    let parts = sorted_parts("[x, y, z]", "lap(u^3 - u - 1/4*lap(u))");
    assert_eq!(parts.len(), 6, "{parts:?}");
    assert!(parts.contains(&"1 x^2 + 1 y^2 + 1 z^2".to_owned()), "{parts:?}");
}

#[test]
fn terms_that_cancel_leave_nothing() {
    for expression in [
        "lap(u^2) - 2*u*lap(u) - 2*u_x^2 - 2*u_y^2",
        "d(x*u, x) - x*u_x - u",
        "d(sin(x)*u, x) - cos(x)*u - sin(x)*u_x",
        "d(u/x, x) - u_x/x + u/x^2",
        "d(exp(2*x), x)/exp(2*x) - 2",
        "u*u_x/u - u_x",
        "lap(u)^2 - d(u_x, x)^2 - 2*u_xx*u_yy - u_yy*d(u, y: 2) - lap(u)^2 + u_xx^2 + 2*u_xx*u_yy + u_yy^2",
    ] {
        let spec = operator("[x, y]", expression);
        let formula = spec.pointwise(spec.outputs[0].formula);
        assert_eq!(formula, &Pointwise::Constant(Rational::zero()), "{expression}");
    }
}

#[test]
fn products_of_operators_stay_products() {
    assert_eq!(sorted_parts("[x, y]", "lap(u)^2"), ["1 x^2 + 1 y^2"]);
    assert_eq!(sorted_parts("[x, y]", "(1 + x)*lap(u) + u*lap(u)"), ["1", "1 x^2 + 1 y^2"]);
    assert_eq!(sorted_parts("[x, y]", "sin(lap(u) + u)"), ["1 + 1 x^2 + 1 y^2"]);
}

#[test]
fn irrational_factors_do_not_split_operators() {
    assert_eq!(sorted_parts("[x, y]", "pi*lap(u) + e*u"), ["1", "1 x^2 + 1 y^2"]);
    let spec = operator("[x]", "pi + e");
    assert!((spec.evaluate(&[0.0], &[])[0] - (std::f64::consts::PI + std::f64::consts::E)).abs() < 1e-15);
}

#[test]
fn exact_values_of_functions_stay_exact() {
    let one = operator(
        "[x]",
        "cos(0) + sqrt(9/4) - 3/2 + log(1) + min(2, 3) - max(-1, 2) + abs(-1) - 8^(1/3)/8^(1/3)",
    );
    assert_eq!(one.pointwise(one.outputs[0].formula), &Pointwise::Constant(Rational::one()));
}

/// Derivatives of functions against differences of their values.
#[test]
fn derivatives_of_functions_agree_with_differences() {
    for inner in ["x", "0.3 + x^2", "x*y - 2"] {
        for function in RealFunction::ALL {
            let call = match function.arguments() {
                1 => format!("{function}({inner})"),
                _ => format!("{function}(1 + x^2, {inner})"),
            };
            let spec = spec(&format!("coordinates: [x, y]\noutputs: {{f: '{call}', df: 'd({call}, x)'}}\n"));
            let (x, y, h) = (0.7f64, 3.9, 1e-5);
            let value = |x: f64| spec.evaluate(&[x, y], &[])[0];
            let (derivative, difference) =
                (spec.evaluate(&[x, y], &[])[1], (value(x + h) - value(x - h)) / (2.0 * h));
            assert!(
                (derivative - difference).abs() < 1e-7 * (1.0 + difference.abs()),
                "{call}: {derivative} {difference}"
            );
        }
    }
}

/// An expression, and the polynomial it is once the fields are polynomials.
#[derive(Clone, Debug)]
enum Tree {
    Number(i64),
    Coordinate(u32),
    Field(u32),
    Sum(Box<Tree>, Box<Tree>),
    Difference(Box<Tree>, Box<Tree>),
    Product(Box<Tree>, Box<Tree>),
    Square(Box<Tree>),
    Derivative(Box<Tree>, u32),
    Laplacian(Box<Tree>),
}

const NAMES: [&str; 3] = ["x", "y", "t"];

impl Tree {
    fn text(&self) -> String {
        match self {
            Self::Number(value) => format!("({value})"),
            Self::Coordinate(i) => NAMES[*i as usize].to_owned(),
            Self::Field(i) => ["u", "v"][*i as usize].to_owned(),
            Self::Sum(a, b) => format!("({} + {})", a.text(), b.text()),
            Self::Difference(a, b) => format!("({} - {})", a.text(), b.text()),
            Self::Product(a, b) => format!("{}*{}", a.text(), b.text()),
            Self::Square(a) => format!("({})^2", a.text()),
            Self::Derivative(a, i) => format!("d({}, {})", a.text(), NAMES[*i as usize]),
            Self::Laplacian(a) => format!("lap({})", a.text()),
        }
    }

    fn polynomial(&self, fields: &[Polynomial; 2]) -> Polynomial {
        let of = |tree: &Self| tree.polynomial(fields);
        match self {
            Self::Number(value) => Polynomial::constant(integer(*value)),
            Self::Coordinate(i) => Polynomial::variable(*i),
            Self::Field(i) => fields[*i as usize].clone(),
            Self::Sum(a, b) => &of(a) + &of(b),
            Self::Difference(a, b) => &of(a) - &of(b),
            Self::Product(a, b) => &of(a) * &of(b),
            Self::Square(a) => of(a).power(2),
            Self::Derivative(a, i) => of(a).derivative(&MultiIndex::variable(*i)),
            Self::Laplacian(a) => {
                let second = |i| of(a).derivative(&MultiIndex::from_pairs([(i, 2)]));
                &second(0) + &second(1)
            }
        }
    }
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        (-3i64..4).prop_map(Tree::Number),
        (0u32..3).prop_map(Tree::Coordinate),
        (0u32..2).prop_map(Tree::Field),
        (0u32..2).prop_map(Tree::Field),
    ];
    leaf.prop_recursive(4, 12, 2, |inner| {
        let pair = (inner.clone(), inner.clone()).prop_map(|(a, b)| (Box::new(a), Box::new(b)));
        prop_oneof![
            pair.clone().prop_map(|(a, b)| Tree::Sum(a, b)),
            pair.clone().prop_map(|(a, b)| Tree::Difference(a, b)),
            pair.prop_map(|(a, b)| Tree::Product(a, b)),
            inner.clone().prop_map(|a| Tree::Square(Box::new(a))),
            (inner.clone(), 0u32..3).prop_map(|(a, i)| Tree::Derivative(Box::new(a), i)),
            inner.prop_map(|a| Tree::Laplacian(Box::new(a))),
        ]
    })
}

fn polynomial() -> impl Strategy<Value = Polynomial> {
    let term = (proptest::collection::vec((0u32..3, 0u32..3), 1..3), -3i64..4);
    proptest::collection::vec(term, 1..4).prop_map(|terms| {
        Polynomial::from_terms(terms.into_iter().map(|(m, c)| (MultiIndex::from_pairs(m), integer(c))))
    })
}

fn at(polynomial: &Polynomial, point: &[Rational]) -> Rational {
    let term = |(monomial, c): (&MultiIndex, &Rational)| {
        monomial.pairs().fold(c.clone(), |product, (v, k)| product * Pow::pow(&point[v as usize], k))
    };
    polynomial.terms().map(term).sum()
}

/// P(∂) of a polynomial.
fn apply(symbol: &Polynomial, to: &Polynomial) -> Polynomial {
    symbol.terms().fold(Polynomial::zero(), |sum, (m, c)| &sum + &to.derivative(m).scale(c))
}

/// The first output in exact arithmetic.
fn exact(spec: &OperatorSpec, fields: &[Polynomial; 2], point: &[Rational]) -> Rational {
    let mut values: Vec<Rational> = Vec::new();
    for node in &spec.pointwise {
        values.push(match node {
            Pointwise::Constant(value) => value.clone(),
            Pointwise::Coordinate(i) => point[*i as usize].clone(),
            Pointwise::LinearPart(id) => {
                let part = spec.linear_part(*id);
                at(&apply(&spec.variables.in_coordinates(&part.symbol), &fields[part.field]), point)
            }
            Pointwise::Sum(terms) => terms.iter().map(|(id, weight)| &values[id.index()] * weight).sum(),
            Pointwise::Product(factors) => {
                factors.iter().map(|(id, k)| Pow::pow(&values[id.index()], *k)).product()
            }
            other => panic!("{other:?}"),
        });
    }
    values[spec.outputs[0].formula.index()].clone()
}

proptest! {
    #[test]
    fn formulas_equal_derivatives_of_polynomials(
        tree in tree(),
        u in polynomial(),
        v in polynomial(),
        point in proptest::array::uniform3(-4i64..5),
    ) {
        let fields = [u, v];
        let point = point.map(integer);
        let yaml = format!("coordinates: [x, y, t]\nfields: [u, v]\noutputs: {{r: '{}'}}\n", tree.text());
        let spec = spec(&yaml);
        prop_assert_eq!(exact(&spec, &fields, &point), at(&tree.polynomial(&fields), &point));
    }

    #[test]
    fn the_reference_in_doubles_agrees_with_exact_arithmetic(
        tree in tree(),
        u in polynomial(),
        v in polynomial(),
        point in proptest::array::uniform3(-4i64..5),
    ) {
        let fields = [u, v];
        let yaml = format!("coordinates: [x, y, t]\nfields: [u, v]\noutputs: {{r: '{}'}}\n", tree.text());
        let spec = spec(&yaml);
        let exact_point = point.map(integer);
        let value = |part: &LinearPart| at(&apply(&spec.variables.in_coordinates(&part.symbol), &fields[part.field]), &exact_point).to_f64().unwrap();
        let parts: Vec<f64> = spec.linear_parts.iter().map(value).collect();
        #[expect(clippy::cast_precision_loss, reason = "small whole numbers")]
        let found = spec.evaluate(&point.map(|x| x as f64), &parts)[0];
        let expected = exact(&spec, &fields, &exact_point).to_f64().unwrap();
        prop_assert!((found - expected).abs() <= 1e-6 * (1.0 + expected.abs()), "{} {}", found, expected);
    }
}
