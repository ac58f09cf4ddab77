//! Nonlinear operators, and coefficients that depend on the point.

use jetc_combinatorics::rational::{integer, ratio};
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use jetc_operators::Strategy;
use proptest::prelude::{ProptestConfig, prop, prop_assert_eq, proptest};

use crate::operator::{apply, plan, values};
use crate::polynomial_network::{fraction, polynomial_network, value_at};

/// ∂^i by x1 and ∂^j by x2.
fn derivative(f: &Polynomial, i: u32, j: u32) -> Polynomial {
    f.derivative(&MultiIndex::from_pairs([(0, i), (1, j)]))
}

fn laplacian(f: &Polynomial) -> Polynomial {
    &derivative(f, 2, 0) + &derivative(f, 0, 2)
}

/// An operator in x1 and x2 as it is written, and as it acts on polynomials.
struct Operator {
    text: &'static str,
    act: fn(&Polynomial) -> Polynomial,
}

const OPERATORS: [Operator; 7] = [
    Operator {
        text: "u_x2 + u*u_x1 - 1/100*d(u, x1: 2)",
        act: |u| {
            let transport = &derivative(u, 0, 1) + &(u * &derivative(u, 1, 0));
            &transport - &derivative(u, 2, 0).scale(&ratio(1, 100))
        },
    },
    Operator { text: "lap(u^3 - u)", act: |u| laplacian(&(&u.power(3) - u)) },
    Operator {
        text: "d((1 + x1^2)*u_x1, x1) + d((1 + x1^2)*u_x2, x2)",
        act: |u| {
            let a = Polynomial::from_terms([
                (MultiIndex::one(), integer(1)),
                (MultiIndex::from_pairs([(0, 2)]), integer(1)),
            ]);
            &derivative(&(&a * &derivative(u, 1, 0)), 1, 0) + &derivative(&(&a * &derivative(u, 0, 1)), 0, 1)
        },
    },
    Operator {
        text: "d(u, x1: 2)*d(u, x2: 2) - d(u, x1, x2)^2",
        act: |u| {
            let square = derivative(u, 1, 1).power(2);
            &(&derivative(u, 2, 0) * &derivative(u, 0, 2)) - &square
        },
    },
    Operator {
        text: "lap(lap(x1*x2*u))",
        act: |u| {
            let product = Polynomial::term(MultiIndex::from_pairs([(0, 1), (1, 1)]), integer(1));
            laplacian(&laplacian(&(&product * u)))
        },
    },
    Operator { text: "d(u^2, x1: 3, x2: 1)", act: |u| derivative(&u.power(2), 3, 1) },
    Operator { text: "d(u*lap(u), x1) - u*d(lap(u), x1)", act: |u| &derivative(u, 1, 0) * &laplacian(u) },
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn total_derivatives_are_those_of_the_polynomial(
        network in polynomial_network(2),
        point in prop::collection::vec(fraction(), 2),
    ) {
        let outputs: Vec<String> = OPERATORS.iter().map(|operator| operator.text.to_owned()).collect();
        let expected: Vec<Vec<Rational>> = OPERATORS
            .iter()
            .map(|operator| network.polynomials().iter().map(|u| value_at(&(operator.act)(u), &point)).collect())
            .collect();
        for strategy in Strategy::CONCRETE {
            let found = values(&plan(2, &outputs, strategy), &network.network(), &point);
            for ((operator, found), expected) in OPERATORS.iter().zip(found).zip(&expected) {
                prop_assert_eq!(&found, expected, "{} {}", strategy, operator.text);
            }
        }
    }

    #[test]
    fn a_polynomial_of_the_point_is_its_own_derivatives(
        exponents in (0u32..5, 0u32..5),
        symbol in crate::operator::symbol(2, 3),
        point in prop::collection::vec(fraction(), 2),
        network in polynomial_network(2),
    ) {
        let monomial = Polynomial::term(MultiIndex::from_pairs([(0, exponents.0), (1, exponents.1)]), integer(1));
        let text = crate::operator::applied(&symbol, &format!("x1^{}*x2^{}", exponents.0, exponents.1));
        let expected = value_at(&apply(&symbol, &monomial), &point);
        let found = values(&plan(2, &[text], Strategy::Auto), &network.network(), &point);
        prop_assert_eq!(&found[0], &vec![expected; found[0].len()]);
    }
}
