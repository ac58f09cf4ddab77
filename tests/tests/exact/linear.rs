//! Linear operators with constant coefficients, and the laws they obey.

use jetc_combinatorics::{Polynomial, Rational};
use jetc_operators::Strategy;
use proptest::prelude::{Just, ProptestConfig, Strategy as _, prop, prop_assert_eq, proptest};

use crate::operator::{applied, apply, coordinate, plan, plan_in, symbol, values};
use crate::polynomial_network::{PolynomialNetwork, fraction, polynomial_network, value_at};

/// A network, operators of order at most `order` on its inputs, and a point.
fn problems(
    operators: usize,
    order: u32,
) -> impl prop::strategy::Strategy<Value = (PolynomialNetwork, Vec<Polynomial>, Vec<Rational>)> {
    (1usize..=3).prop_flat_map(move |inputs| {
        let symbols = prop::collection::vec(symbol(inputs, order), operators);
        (polynomial_network(inputs), symbols, prop::collection::vec(fraction(), inputs))
    })
}

/// P(∂)f of each output f of the network at the point.
fn truth(symbol: &Polynomial, network: &PolynomialNetwork, point: &[Rational]) -> Vec<Rational> {
    network.polynomials().iter().map(|f| value_at(&apply(symbol, f), point)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_strategy_gives_the_derivatives_of_the_polynomial((network, symbols, point) in problems(2, 4)) {
        let outputs: Vec<String> = symbols.iter().map(|symbol| applied(symbol, "u")).collect();
        let expected: Vec<_> = symbols.iter().map(|symbol| truth(symbol, &network, &point)).collect();
        for strategy in Strategy::CONCRETE {
            let plan = plan(network.inputs(), &outputs, strategy);
            prop_assert_eq!(values(&plan, &network.network(), &point), expected.clone(), "{}", strategy);
        }
    }

    #[test]
    fn operators_add_up((network, symbols, point) in problems(2, 4)) {
        let (p, q) = (applied(&symbols[0], "u"), applied(&symbols[1], "u"));
        let outputs = [format!("{p} - ({q})"), p, q];
        for strategy in Strategy::CONCRETE {
            let found = values(&plan(network.inputs(), &outputs, strategy), &network.network(), &point);
            let difference: Vec<_> = found[1].iter().zip(&found[2]).map(|(p, q)| p - q).collect();
            prop_assert_eq!(&found[0], &difference, "{}", strategy);
        }
    }

    #[test]
    fn operators_of_operators_multiply_their_symbols((network, symbols, point) in problems(2, 2)) {
        let (p, q) = (&symbols[0], &symbols[1]);
        let outputs = [applied(p, &applied(q, "u")), applied(q, &applied(p, "u"))];
        let expected = truth(&(p * q), &network, &point);
        for strategy in Strategy::CONCRETE {
            let found = values(&plan(network.inputs(), &outputs, strategy), &network.network(), &point);
            prop_assert_eq!(&found[0], &expected, "{}", strategy);
            prop_assert_eq!(&found[1], &expected, "{}", strategy);
        }
    }

    #[test]
    fn the_order_of_coordinates_does_not_matter(
        (network, symbols, point) in problems(1, 4),
        order in Just(vec![0usize, 1, 2]).prop_shuffle(),
    ) {
        let order: Vec<usize> = order.into_iter().filter(|&old| old < network.inputs()).collect();
        let names: Vec<String> = order.iter().map(|&old| coordinate(u32::try_from(old).unwrap())).collect();
        let elsewhere: Vec<Rational> = order.iter().map(|&old| point[old].clone()).collect();
        let outputs = [applied(&symbols[0], "u")];
        for strategy in Strategy::CONCRETE {
            let here = values(&plan(network.inputs(), &outputs, strategy), &network.network(), &point);
            let there = values(&plan_in(&names, &outputs, strategy), &network.permuted(&order).network(), &elsewhere);
            prop_assert_eq!(here, there, "{}", strategy);
        }
    }
}

proptest! {
    // Interpolation of order six takes thousands of terms.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn order_six_is_as_exact_as_order_two((network, symbols, point) in problems(1, 6)) {
        let expected = truth(&symbols[0], &network, &point);
        for strategy in Strategy::CONCRETE {
            let plan = plan(network.inputs(), &[applied(&symbols[0], "u")], strategy);
            prop_assert_eq!(&values(&plan, &network.network(), &point)[0], &expected, "{}", strategy);
        }
    }
}
