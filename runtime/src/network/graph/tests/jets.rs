//! The rule of every primitive in jet algebras, against derivatives that come from values alone.
//!
//! On a grid of d + 1 points along each axis a polynomial of degree d is known, and so are its derivatives: with
//! f(x₀ + s e₁ + t e₂) = Σ cᵢⱼ sⁱ tʲ, ∂₁ⁱ∂₂ʲ f(x₀) = i! j! cᵢⱼ. All of it is exact.

use std::sync::Arc;

use num_traits::{One, Zero};
use proptest::prelude::{ProptestConfig, proptest};

use super::{Graph, GraphError, Rational, TensorId, outputs, plan, ratio, values};
use crate::activation::Activation;
use crate::network::{Matrix, Network};

/// Σ c ∂₁ⁱ∂₂ʲ
type Terms<'a> = &'a [(i32, usize, usize)];

/// Operators of different algebras: Σ c ∂₁ⁱ∂₂ʲ as (c, i, j).
const OPERATORS: [(&str, Terms<'static>); 4] = [
    ("lap(u)", &[(1, 2, 0), (1, 0, 2)]),
    ("lap(lap(u))", &[(1, 4, 0), (2, 2, 2), (1, 0, 4)]),
    ("d(u, x1: 2, x2: 1) - 2*u_x2 + 3*u", &[(1, 2, 1), (-2, 0, 1), (3, 0, 0)]),
    ("d(u, x1: 1, x2: 1) + 5*d(u, x1: 3)", &[(1, 1, 1), (5, 3, 0)]),
];

/// Coefficients of the polynomial of degree below the number of values that has them at 0, 1, 2 … (Newton).
fn coefficients(mut values: Vec<Rational>) -> Vec<Rational> {
    let count = values.len();
    for step in 1..count {
        for k in (step..count).rev() {
            values[k] = (&values[k] - &values[k - 1]) / Rational::from_integer(step.into());
        }
    }
    let mut result = vec![Rational::zero(); count];
    for k in (0..count).rev() {
        // result ← result · (t − k) + values[k]
        for i in (0..count).rev() {
            let below = if i == 0 { values[k].clone() } else { result[i - 1].clone() };
            result[i] = below - &result[i] * Rational::from_integer(k.into());
        }
    }
    result
}

fn factorial(n: usize) -> Rational {
    (1..=n).map(|k| Rational::from_integer(k.into())).product()
}

/// The operator of every output, from values on a grid around the point.
fn truth(terms: Terms<'_>, network: &Network<Rational>, point: &[Rational], degree: usize) -> Vec<Rational> {
    let at = |i: usize, j: usize| {
        let step = |count: usize| Rational::from_integer(count.into());
        values(network, &[&point[0] + step(i), &point[1] + step(j)])
    };
    let grid: Vec<Vec<Vec<Rational>>> =
        (0..=degree).map(|i| (0..=degree).map(|j| at(i, j)).collect()).collect();
    let output = |output: usize| {
        let rows: Vec<Vec<Rational>> = grid
            .iter()
            .map(|row| coefficients(row.iter().map(|value| value[output].clone()).collect()))
            .collect();
        let derivative = |i: usize, j: usize| {
            let column = coefficients(rows.iter().map(|row| row[j].clone()).collect());
            &column[i] * factorial(i) * factorial(j)
        };
        terms.iter().map(|&(c, i, j)| ratio(c, 1) * derivative(i, j)).sum()
    };
    (0..network.outputs()).map(output).collect()
}

/// Fails unless all operators in all strategies are the derivatives of the network, of degree at most 6 in each coordinate.
fn assert_derivatives(build: impl Fn(&mut Graph, TensorId) -> Result<TensorId, GraphError>) {
    let mut graph = Graph::new(2);
    let input = graph.input();
    let output = build(&mut graph, input).unwrap();
    let network = graph.build(output).unwrap();
    for (operator, terms) in OPERATORS {
        assert_derivative(operator, terms, &network);
    }
    // Every operator has an algebra of its own; positive terms do not cancel.
    let term = (1..=3, 0usize..=3, 0usize..=3);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) };
    proptest!(config, |(terms in proptest::collection::vec(term, 1..5))| {
        assert_derivative(&expression(&terms), &terms, &network);
    });
}

fn assert_derivative(operator: &str, terms: Terms<'_>, network: &Network<Rational>) {
    let point = [ratio(1, 2), ratio(-2, 3)];
    let expected = truth(terms, network, &point, 6);
    for strategy in super::Strategy::CONCRETE {
        let found = outputs(&plan(2, &[operator], strategy), network, &point);
        assert_eq!(found[0], expected, "{operator}, {strategy}");
    }
}

/// The operator as operator files have it.
fn expression(terms: Terms<'_>) -> String {
    let term = |&(c, i, j): &(i32, usize, usize)| {
        let times = [("x1", i), ("x2", j)].into_iter().filter(|(_, count)| *count > 0);
        let times: Vec<String> = times.map(|(name, count)| format!("{name}: {count}")).collect();
        if times.is_empty() { format!("({c})*u") } else { format!("({c})*d(u, {})", times.join(", ")) }
    };
    terms.iter().map(term).collect::<Vec<_>>().join(" + ")
}

/// Three quadratic polynomials of the point.
fn quadratic(graph: &mut Graph, x: TensorId, seed: i32) -> Result<TensorId, GraphError> {
    let entries = super::Array::numbers(&[3, 2], seed).entries;
    let weight = Matrix::from_row_major(3, 2, entries).unwrap();
    let linear = graph.linear(x, weight, Some(super::Array::numbers(&[3], seed + 1).entries))?;
    let square = graph.apply(Activation::Square, linear)?;
    graph.combine(&[(square, ratio(1, 2)), (linear, ratio(2, 3))])
}

#[test]
fn values_on_a_line_give_coefficients() {
    // 2 − t + 3t²
    let values = [2, 4, 12, 26].map(|value| ratio(value, 1)).to_vec();
    assert_eq!(coefficients(values), [2, -1, 3, 0].map(|c| ratio(c, 1)));
}

#[test]
fn affine_maps_act_on_every_block() {
    assert_derivatives(|graph, x| {
        let (p, q) = (quadratic(graph, x, 1)?, quadratic(graph, x, 5)?);
        let rows = graph.stack(&[p, q], 0)?;
        let weight = Matrix::from_row_major(2, 3, super::Array::numbers(&[2, 3], 9).entries).unwrap();
        let linear = graph.linear(rows, weight, Some(vec![ratio(1, 3), ratio(2, 5)]))?;
        graph.apply(Activation::Square, linear)
    });
}

#[test]
fn arrangements_move_whole_channels() {
    assert_derivatives(|graph, x| {
        let (p, q) = (quadratic(graph, x, 2)?, quadratic(graph, x, 6)?);
        let reversed = graph.slice(p, 0, 2, -1, 3)?;
        let padded = graph.pad(reversed, &[(1, 0)])?;
        let both = graph.concat(&[padded, q], 0)?;
        graph.apply(Activation::Cube, both)
    });
}

#[test]
fn combinations_weigh_every_channel() {
    assert_derivatives(|graph, x| {
        let (p, q) = (quadratic(graph, x, 3)?, quadratic(graph, x, 7)?);
        let factor = graph.constant(&[3], vec![ratio(1, 2), ratio(0, 1), ratio(-3, 1)])?;
        let scaled = graph.multiply(p, factor)?;
        let sum = graph.combine(&[(scaled, ratio(2, 1)), (q, ratio(-1, 3)), (factor, ratio(1, 1))])?;
        graph.apply(Activation::Square, sum)
    });
}

#[test]
fn products_follow_leibniz() {
    assert_derivatives(|graph, x| {
        let (p, q) = (quadratic(graph, x, 4)?, quadratic(graph, x, 8)?);
        let product = graph.multiply(p, q)?;
        let same = graph.multiply(p, p)?;
        graph.concat(&[product, same], 0)
    });
}

#[test]
fn matrix_products_follow_leibniz() {
    assert_derivatives(|graph, x| {
        let parts = [1, 5, 9, 13].map(|seed| quadratic(graph, x, seed));
        let parts = parts.into_iter().collect::<Result<Vec<_>, _>>()?;
        let left = graph.stack(&parts[..2], 0)?;
        let right = graph.stack(&parts[2..], 1)?;
        graph.matmul(left, right)
    });
}

#[test]
fn a_maximum_has_the_derivatives_of_the_largest_and_a_detached_one_none() {
    let point = [ratio(1, 2), ratio(-2, 3)];
    let mut graph = Graph::new(2);
    let input = graph.input();
    let p = quadratic(&mut graph, input, 11).unwrap();
    let all = graph.clone().build(p).unwrap();
    let mut detached = graph.clone();
    let largest = graph.largest(p, &[0], true).unwrap();
    let largest = graph.build(largest).unwrap();
    let constant = detached.maximum_over(p, &[0], true, true).unwrap();
    let constant = detached.build(constant).unwrap();
    let value = values(&all, &point);
    let winner = (0..3).max_by(|&a, &b| value[a].cmp(&value[b])).unwrap();
    for (operator, _) in OPERATORS {
        for strategy in super::Strategy::CONCRETE {
            let plan = plan(2, &[operator], strategy);
            assert_eq!(outputs(&plan, &largest, &point)[0][0], outputs(&plan, &all, &point)[0][winner]);
            let order_zero =
                if operator.ends_with("3*u") { ratio(3, 1) * &value[winner] } else { Rational::zero() };
            assert_eq!(outputs(&plan, &constant, &point)[0][0], order_zero, "{operator}");
        }
    }
}

#[test]
fn a_quotient_times_its_denominator_is_the_numerator() {
    let point = [ratio(1, 2), ratio(-2, 3)];
    let mut graph = Graph::new(2);
    let input = graph.input();
    let (p, q) = (quadratic(&mut graph, input, 12).unwrap(), quadratic(&mut graph, input, 20).unwrap());
    let numerator = graph.clone().build(p).unwrap();
    let quotient = graph.divide(p, q).unwrap();
    let product = graph.multiply(quotient, q).unwrap();
    let product = graph.build(product).unwrap();
    assert!(values(&product, &point).iter().any(|value| *value != Rational::one()));
    for (operator, _) in OPERATORS {
        for strategy in super::Strategy::CONCRETE {
            let plan = plan(2, &[operator], strategy);
            let (found, expected) = (outputs(&plan, &product, &point), outputs(&plan, &numerator, &point));
            assert_eq!(found, expected, "{operator}, {strategy}");
        }
    }
}

/// u ⊙ v, as a node of the library's user would have it.
#[derive(Debug)]
struct OwnProduct;

impl crate::network::CustomNode for OwnProduct {
    fn name(&self) -> &'static str {
        "own-product"
    }

    fn features(&self, inputs: &[usize]) -> Result<usize, String> {
        match inputs {
            [u, v] if u == v => Ok(*u),
            _ => Err("takes two of one width".to_owned()),
        }
    }

    fn propagate(
        &self,
        algebra: &jetc_operators::algebra::JetAlgebra,
        inputs: &[crate::jet::Jet<f64>],
    ) -> crate::jet::Jet<f64> {
        inputs[0].multiply(&inputs[1], algebra)
    }
}

#[test]
fn a_node_of_ones_own_is_propagated_by_its_rule() {
    let mut graph = super::GraphBuilder::<f64>::new(2);
    let input = graph.input();
    let shifted = graph.slice(input, 0, 1, -1, 2).unwrap();
    let own = graph.custom(Arc::new(OwnProduct), &[input, shifted]).unwrap();
    let network = graph.build(own).unwrap();
    // u = (x₁ x₂, x₂ x₁)
    let plan = plan(2, &["d(u, x1: 1, x2: 1)", "u_x1"], super::Strategy::Minimal);
    let found = crate::reference::evaluate(&network, &plan, &[3.0, 5.0]).unwrap();
    let found: Vec<_> = plan.parts().iter().map(|part| found[part.readout].clone()).collect();
    assert_eq!(found, [[1.0, 1.0], [5.0, 5.0]]);
}
