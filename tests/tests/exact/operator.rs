//! Operators as symbols, as text, and applied to polynomials.

use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use jetc_operators::{OperatorSpec, Plan, Pointwise, Strategy};
use jetc_runtime::Network;
use jetc_runtime::reference::evaluate;
use num_traits::pow::Pow;
use proptest::prelude::{Strategy as _, prop};

use crate::polynomial_network::fraction;

/// The name of coordinate `variable`.
pub(crate) fn coordinate(variable: u32) -> String {
    format!("x{}", variable + 1)
}

/// Random operators of order at most `order` in `variables` variables; now and then zero.
pub(crate) fn symbol(variables: usize, order: u32) -> impl prop::strategy::Strategy<Value = Polynomial> {
    let variable = 0..u32::try_from(variables).unwrap();
    let monomial = prop::collection::vec(variable, 0..=order as usize)
        .prop_map(|variables| MultiIndex::from_pairs(variables.into_iter().map(|variable| (variable, 1))));
    prop::collection::vec((monomial, fraction()), 1..5).prop_map(Polynomial::from_terms)
}

/// The operator with this symbol, applied to an expression.
pub(crate) fn applied(symbol: &Polynomial, expression: &str) -> String {
    let term = |(monomial, coefficient): (&MultiIndex, &Rational)| {
        let along: Vec<String> =
            monomial.pairs().map(|(variable, count)| format!("{}: {count}", coordinate(variable))).collect();
        if along.is_empty() {
            format!("({coefficient})*({expression})")
        } else {
            format!("({coefficient})*d({expression}, {})", along.join(", "))
        }
    };
    let terms: Vec<String> = symbol.terms().map(term).collect();
    if terms.is_empty() { format!("0*({expression})") } else { terms.join(" + ") }
}

/// P(∂) applied to a polynomial.
pub(crate) fn apply(symbol: &Polynomial, to: &Polynomial) -> Polynomial {
    let mut sum = Polynomial::zero();
    for (monomial, coefficient) in symbol.terms() {
        sum.add_scaled(&to.derivative(monomial), coefficient);
    }
    sum
}

/// An operator file with these outputs, planned.
pub(crate) fn plan(variables: usize, outputs: &[String], strategy: Strategy) -> Plan {
    let names: Vec<String> = (0..u32::try_from(variables).unwrap()).map(coordinate).collect();
    plan_in(&names, outputs, strategy)
}

/// The same with coordinates of any names.
pub(crate) fn plan_in(coordinates: &[String], outputs: &[String], strategy: Strategy) -> Plan {
    let outputs: Vec<String> =
        outputs.iter().enumerate().map(|(number, text)| format!("o{number}: '{text}'")).collect();
    let yaml = format!("coordinates: [{}]\noutputs: {{{}}}\n", coordinates.join(", "), outputs.join(", "));
    let spec = OperatorSpec::from_yaml("exact", &yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"));
    spec.plan(strategy).unwrap_or_else(|error| panic!("{strategy}: {error}\n{yaml}"))
}

/// Every output of the plan for every output of the network, exactly: `result[output][component]`.
pub(crate) fn values(plan: &Plan, network: &Network<Rational>, point: &[Rational]) -> Vec<Vec<Rational>> {
    let readouts = evaluate(network, plan, point).unwrap();
    let components: Vec<Vec<Rational>> = (0..network.outputs())
        .map(|component| {
            let parts = plan.parts().iter().map(|part| readouts[part.readout][component].clone());
            formulas(plan, &parts.collect::<Vec<_>>(), point)
        })
        .collect();
    let output = |formula: usize| components.iter().map(|nodes| nodes[formula].clone()).collect();
    plan.outputs().iter().map(|planned| output(planned.formula.index())).collect()
}

/// The value of every formula node.
fn formulas(plan: &Plan, parts: &[Rational], point: &[Rational]) -> Vec<Rational> {
    let mut values: Vec<Rational> = Vec::new();
    for node in plan.pointwise() {
        let value = match node {
            Pointwise::Constant(value) => value.clone(),
            Pointwise::Coordinate(variable) => point[*variable as usize].clone(),
            Pointwise::LinearPart(part) => parts[part.index()].clone(),
            Pointwise::Sum(terms) => terms.iter().map(|(id, weight)| &values[id.index()] * weight).sum(),
            Pointwise::Product(factors) => {
                factors.iter().map(|(id, exponent)| Pow::pow(values[id.index()].clone(), *exponent)).product()
            }
            other => panic!("{other:?} is not exact"),
        };
        values.push(value);
    }
    values
}
