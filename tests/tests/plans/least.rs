//! The minimal strategy has as many channels as there are independent derivatives of the symbols, and none has fewer.

use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use jetc_operators::builtin;
use num_traits::One;

use crate::printed::printed;

/// dim span{∂^β P : β, P}, counted by elimination among polynomials. Numbers are derivatives too: at least 1.
fn dimension(symbols: &[Polynomial], variables: usize) -> usize {
    // Rows with different leading monomials.
    let mut rows: Vec<(MultiIndex, Polynomial)> = Vec::new();
    let mut waiting: Vec<Polynomial> = symbols.to_vec();
    waiting.push(Polynomial::constant(Rational::one()));
    while let Some(polynomial) = waiting.pop() {
        let Some(reduced) = reduce(&polynomial, &rows) else { continue };
        let leading = reduced.terms().last().unwrap().0.clone();
        rows.push((leading, reduced));
        let variables = 0..u32::try_from(variables).unwrap();
        waiting.extend(variables.map(|variable| polynomial.derivative(&MultiIndex::variable(variable))));
    }
    rows.len()
}

/// The polynomial minus multiples of rows until no row has its leading monomial, or nothing if it is in their span.
fn reduce(polynomial: &Polynomial, rows: &[(MultiIndex, Polynomial)]) -> Option<Polynomial> {
    let mut rest = polynomial.clone();
    while let Some((monomial, coefficient)) = rest.terms().last() {
        let Some((_, row)) = rows.iter().find(|(leading, _)| leading == monomial) else { return Some(rest) };
        let factor = -(coefficient / row.coefficient(monomial));
        rest.add_scaled(row, &factor);
    }
    None
}

#[test]
fn minimal_plans_have_as_many_channels_as_the_symbols_have_derivatives() {
    for operator in builtin::ALL {
        let plan = printed(operator.name, "minimal");
        let symbols: Vec<Polynomial> = plan.readouts.iter().map(|readout| readout.1.clone()).collect();
        let least = dimension(&symbols, plan.coordinates);
        assert_eq!(plan.seeds.len(), least, "{}", operator.name);
        for strategy in ["standard", "collapsed"] {
            assert!(printed(operator.name, strategy).seeds.len() >= least, "{}, {strategy}", operator.name);
        }
    }
}
