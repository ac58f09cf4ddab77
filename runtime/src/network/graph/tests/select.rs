//! Choices: exactly, and in floating point beside branches that are not finite.
#![allow(clippy::float_cmp, reason = "equal is meant")]

use super::{Graph, GraphBuilder, GraphError, Rational, Strategy, TensorId, outputs, plan, ratio};
use crate::activation::Activation;
use crate::jet::JetScalar;
use crate::network::{Network, Relation};
use crate::{Evaluator, reference};

const OPERATORS: [&str; 3] = ["u", "lap(u)", "d(u, x1: 2, x2: 1) - 2*u_x2"];

/// x₁² x₂ and x₂³ − x₁.
fn sides<S: JetScalar + PartialEq>(graph: &mut GraphBuilder<S>) -> Result<[TensorId; 2], GraphError> {
    let x = graph.input();
    let (a, b) = (graph.slice(x, 0, 0, 1, 1)?, graph.slice(x, 0, 1, 1, 1)?);
    let square = graph.apply(Activation::Square, a)?;
    let cube = graph.apply(Activation::Cube, b)?;
    Ok([graph.multiply(square, b)?, graph.subtract(cube, a)?])
}

fn exact(build: impl Fn(&mut Graph, [TensorId; 2]) -> Result<TensorId, GraphError>) -> Network<Rational> {
    let mut graph = Graph::new(2);
    let sides = sides(&mut graph).unwrap();
    let output = build(&mut graph, sides).unwrap();
    graph.build(output).unwrap()
}

#[test]
fn a_choice_takes_a_side_with_all_its_channels() {
    let [left, right] = [exact(|_, [p, _]| Ok(p)), exact(|_, [_, q]| Ok(q))];
    let larger = exact(|graph, [p, q]| graph.maximum(p, q));
    let smaller = exact(|graph, [p, q]| graph.minimum(p, q));
    let chosen = exact(|graph, [p, q]| {
        let is_less = graph.compare(Relation::Less, p, q)?;
        graph.select(is_less, p, q)
    });
    for strategy in Strategy::CONCRETE {
        let plan = plan(2, &OPERATORS, strategy);
        // p < q, p > q
        for point in [[ratio(1, 2), ratio(3, 1)], [ratio(3, 1), ratio(1, 2)]] {
            let [p, q] = [&left, &right].map(|network| outputs(&plan, network, &point));
            let is_less = p[0] < q[0];
            let (least, most) = if is_less { (&p, &q) } else { (&q, &p) };
            assert_eq!(outputs(&plan, &larger, &point), *most);
            assert_eq!(outputs(&plan, &smaller, &point), *least);
            assert_eq!(outputs(&plan, &chosen, &point), *least);
        }
    }
}

#[test]
fn at_a_tie_derivatives_are_the_mean_and_a_choice_takes_its_branch() {
    // p = q = 0 at the origin, where lap of x₁² + x₂ and of x₂ differ.
    let tie = |choose: fn(&mut Graph, TensorId, TensorId) -> Result<TensorId, GraphError>| {
        let mut graph = Graph::new(2);
        let x = graph.input();
        let (a, b) = (graph.slice(x, 0, 0, 1, 1).unwrap(), graph.slice(x, 0, 1, 1, 1).unwrap());
        let square = graph.apply(Activation::Square, a).unwrap();
        let sum = graph.add(square, b).unwrap();
        let output = choose(&mut graph, sum, b).unwrap();
        let network = graph.build(output).unwrap();
        let plan = plan(2, &["lap(u)", "u_x2"], Strategy::Minimal);
        outputs(&plan, &network, &[ratio(0, 1), ratio(0, 1)]).concat()
    };
    let values = |lap: i32| [ratio(lap, 1), ratio(1, 1)];
    assert_eq!(tie(GraphBuilder::maximum), values(1));
    assert_eq!(tie(GraphBuilder::minimum), values(1));
    assert_eq!(
        tie(|g, p, q| {
            let c = g.compare(Relation::LessOrEqual, p, q)?;
            g.select(c, p, q)
        }),
        values(2)
    );
    assert_eq!(
        tie(|g, p, q| {
            let c = g.compare(Relation::Less, p, q)?;
            g.select(c, p, q)
        }),
        values(0)
    );
    assert_eq!(
        tie(|g, p, q| {
            let c = g.compare(Relation::Equal, p, q)?;
            g.select(c, p, q)
        }),
        values(2)
    );
}

/// u, u′ and u″ of a function of one variable, by the evaluator and by the reference; both must agree to the last bit.
pub(super) fn derivatives(
    build: impl Fn(&mut GraphBuilder<f64>, TensorId) -> Result<TensorId, GraphError>,
    x: f64,
) -> [f64; 3] {
    let mut graph = GraphBuilder::<f64>::new(1);
    let input = graph.input();
    let output = build(&mut graph, input).unwrap();
    let network = graph.build(output).unwrap();
    let plan = plan(1, &["u", "u_x1", "d(u, x1: 2)"], Strategy::Minimal);
    let evaluator = Evaluator::<f64>::new(&plan, &network).unwrap();
    let mut found = [0.0; 3];
    evaluator.evaluate_into(&[x], &mut found).unwrap();
    let slow = reference::evaluate(&network, &plan, &[x]).unwrap();
    for (part, found) in plan.parts().iter().zip(found) {
        let slow = slow[part.readout][0];
        let is_near = (slow - found).abs() <= 1e-12 * (1.0 + slow.abs());
        assert!(is_near || slow == found || (slow.is_nan() && found.is_nan()), "{slow} and {found} at {x}");
    }
    found
}

/// a(x) where x > 0, else b(x).
fn where_positive(
    graph: &mut GraphBuilder<f64>,
    x: TensorId,
    a: TensorId,
    b: TensorId,
) -> Result<TensorId, GraphError> {
    let zero = graph.scalar(0.0);
    let is_positive = graph.compare(Relation::Less, zero, x)?;
    graph.select(is_positive, a, b)
}

#[test]
fn what_is_not_chosen_does_not_leak() {
    // An exponential linear unit by hand: eˣ − 1 overflows where x is taken.
    let elu = |graph: &mut GraphBuilder<f64>, x| {
        let (exp, one) = (graph.apply(Activation::Exp, x)?, graph.scalar(1.0));
        let below = graph.subtract(exp, one)?;
        where_positive(graph, x, x, below)
    };
    assert_eq!(derivatives(elu, 1000.0), [1000.0, 1.0, 0.0]);
    let e = (-1.0f64).exp();
    let found = derivatives(elu, -1.0);
    assert!((found[0] - (e - 1.0)).abs() < 1e-15 && (found[1] - e).abs() < 1e-15, "{found:?}");
    // x log x is NaN where 0 is taken.
    let entropy = |graph: &mut GraphBuilder<f64>, x| {
        let (log, zero) = (graph.apply(Activation::Log, x)?, graph.scalar(0.0));
        let product = graph.multiply(x, log)?;
        where_positive(graph, x, product, zero)
    };
    for x in [0.0, -1.0, f64::NEG_INFINITY, f64::NAN] {
        assert_eq!(derivatives(entropy, x), [0.0, 0.0, 0.0]);
    }
    assert_eq!(derivatives(entropy, 1.0), [0.0, 1.0, 1.0]);
    // A bump, flat to every order at its rim.
    let bump = |graph: &mut GraphBuilder<f64>, x| {
        let (square, one, zero) = (graph.apply(Activation::Square, x)?, graph.scalar(1.0), graph.scalar(0.0));
        let inside = graph.subtract(one, square)?;
        let reciprocal = graph.apply(Activation::Reciprocal, inside)?;
        let exponent = graph.negate(reciprocal)?;
        let exp = graph.apply(Activation::Exp, exponent)?;
        where_positive(graph, inside, exp, zero)
    };
    for x in [1.0, -1.0, 2.0] {
        assert_eq!(derivatives(bump, x), [0.0, 0.0, 0.0]);
    }
    assert!((derivatives(bump, 0.0)[2] + 2.0 * e).abs() < 1e-15);
}

#[test]
fn the_smaller_of_an_overflow_and_a_number_is_the_number() {
    let capped = |graph: &mut GraphBuilder<f64>, x| {
        let exp = graph.apply(Activation::Exp, x)?;
        let five = graph.scalar(5.0);
        graph.minimum(exp, five)
    };
    for x in [300.0, 1000.0, f64::INFINITY] {
        assert_eq!(derivatives(capped, x), [5.0, 0.0, 0.0]);
    }
    assert!(derivatives(capped, f64::NAN)[0].is_nan());
    let floored = |graph: &mut GraphBuilder<f64>, x| {
        let tiny = graph.scalar(1e-20);
        let larger = graph.maximum(tiny, x)?;
        graph.apply(Activation::Reciprocal, larger)
    };
    assert_eq!(derivatives(floored, -3.0), [1.0 / 1e-20, 0.0, 0.0]);
}

#[test]
fn comparisons_and_choices_of_constants_are_made_at_once() {
    let mut graph = GraphBuilder::<f64>::new(1);
    let a = graph.constant(&[3], vec![1.0, 2.0, f64::NAN]).unwrap();
    let b = graph.scalar(2.0);
    let entries = |graph: &GraphBuilder<f64>, tensor| graph.constant_entries(tensor).unwrap().to_vec();
    let less = graph.compare(Relation::Less, a, b).unwrap();
    assert_eq!(entries(&graph, less), [1.0, 0.0, 0.0]);
    let equal = graph.compare(Relation::Equal, a, b).unwrap();
    assert_eq!(entries(&graph, equal), [0.0, 1.0, 0.0]);
    let chosen = graph.select(less, a, b).unwrap();
    assert_eq!(entries(&graph, chosen), [1.0, 2.0, 2.0]);
    let larger = graph.maximum(a, b).unwrap();
    assert!(entries(&graph, larger)[2].is_nan());
}
