//! Determinants in graphs, their logarithms and signs.

use jetc_operators::{Plan, Strategy};
use num_traits::ToPrimitive;

use super::{Graph, GraphError, plan, ratio};
use crate::activation::Activation;
use crate::network::{GraphBuilder, Network, TensorId};
use crate::reference;
use crate::{Evaluator, Float};

type Floats = GraphBuilder<f64>;
type Build = fn(&mut Floats, TensorId, TensorId) -> Result<TensorId, GraphError>;

/// `count` matrices of size `n` whose entries are curved functions of two coordinates, times `scale`.
#[allow(clippy::cast_precision_loss, reason = "few numbers")]
fn matrices(graph: &mut Floats, count: usize, n: usize, scale: f64) -> TensorId {
    // In (−1, 1), without a pattern that would repeat rows.
    let entry = |k: usize| ((k as f64 + 1.0) * 12.9898).sin() * 43_758.545_3 % 1.0;
    let size = count * n * n;
    let weight = (0..2 * size).map(entry).collect();
    let weight = crate::Matrix::from_row_major(size, 2, weight).unwrap();
    let input = graph.input();
    let linear = graph.linear(input, weight, Some((0..size).map(|k| entry(k * k + 3)).collect())).unwrap();
    let curved = graph.apply(Activation::Sin, linear).unwrap();
    let scaled = graph.scale(curved, scale).unwrap();
    graph.reshape(scaled, &[count, n, n]).unwrap()
}

/// The results of the evaluator at one point.
fn evaluate<T: Float>(plan: &Plan, network: &Network<f64>, point: &[f64]) -> Vec<f64> {
    let evaluator = Evaluator::<T>::new(plan, network).unwrap();
    let point: Vec<T> = point.iter().map(|&x| T::from_f64(x)).collect();
    let mut results = vec![T::ZERO; evaluator.columns().len()];
    evaluator.evaluate_into(&point, &mut results).unwrap();
    results.iter().map(|x| x.to_f64()).collect()
}

/// What is written of a determinant and of another factor.
const FORMS: [(&str, Build); 14] = [
    ("log |d|", |g, d, _| g.apply(Activation::Abs, d).and_then(|x| g.apply(Activation::Log, x))),
    ("log d²", |g, d, _| g.multiply(d, d).and_then(|x| g.apply(Activation::Log, x))),
    ("log √d²", |g, d, _| {
        let square = g.apply(Activation::Square, d)?;
        let root = g.apply(Activation::Sqrt, square)?;
        g.apply(Activation::Log, root)
    }),
    ("log |d|^−1.5", |g, d, _| {
        let magnitude = g.apply(Activation::Abs, d)?;
        let power = g.apply(Activation::Power((-1.5).into()), magnitude)?;
        g.apply(Activation::Log, power)
    }),
    ("log |−3 d|", |g, d, _| {
        let scaled = g.scale(d, -3.0)?;
        let magnitude = g.apply(Activation::Abs, scaled)?;
        g.apply(Activation::Log, magnitude)
    }),
    ("log |d³|", |g, d, _| {
        let cube = g.apply(Activation::Cube, d)?;
        let magnitude = g.apply(Activation::Abs, cube)?;
        g.apply(Activation::Log, magnitude)
    }),
    ("log |d f|", |g, d, f| {
        let product = g.multiply(d, f)?;
        let magnitude = g.apply(Activation::Abs, product)?;
        g.apply(Activation::Log, magnitude)
    }),
    ("log |eᶠ d|", |g, d, f| {
        let factor = g.apply(Activation::Exp, f)?;
        let product = g.multiply(factor, d)?;
        let magnitude = g.apply(Activation::Abs, product)?;
        g.apply(Activation::Log, magnitude)
    }),
    ("log |d/f|", |g, d, f| {
        let quotient = g.divide(d, f)?;
        let magnitude = g.apply(Activation::Abs, quotient)?;
        g.apply(Activation::Log, magnitude)
    }),
    ("log |∏ d|", |g, d, _| {
        let product = g.product(d, &[-1], true)?;
        let magnitude = g.apply(Activation::Abs, product)?;
        g.apply(Activation::Log, magnitude)
    }),
    ("log d", |g, d, _| g.apply(Activation::Log, d)),
    ("sign d", |g, d, _| g.apply(Activation::Sign, d)),
    ("step −2 d", |g, d, _| g.scale(d, -2.0).and_then(|x| g.apply(Activation::Step, x))),
    ("sign (d f)", |g, d, f| g.multiply(d, f).and_then(|x| g.apply(Activation::Sign, x))),
];

/// A form of a determinant, which the graph may know for one or not.
fn network(build: Build, n: usize, known: bool) -> Network<f64> {
    let mut graph = Floats::new(2);
    let x = matrices(&mut graph, 3, n, 1.0);
    let mut determinant = graph.determinant(x).unwrap();
    if !known {
        // Nothing is added, but what has a constant added is not looked through.
        let zero = graph.constant(&[3], vec![0.0; 3]).unwrap();
        determinant = graph.add(determinant, zero).unwrap();
    }
    let other = matrices(&mut graph, 3, 1, 0.5);
    let other = graph.reshape(other, &[3]).unwrap();
    let result = build(&mut graph, determinant, other).unwrap();
    graph.build(result).unwrap()
}

fn names(network: &Network<f64>) -> Vec<String> {
    network.nodes().map(|(_, node)| node.operation.name()).collect()
}

#[test]
fn logarithms_of_determinants_are_one_node() {
    let plan = plan(2, &["lap(lap(u))", "u_x1", "u"], Strategy::Minimal);
    for n in 2..=5 {
        for (name, build) in FORMS {
            let (joined, plain) = (network(build, n, true), network(build, n, false));
            let count = |name: &str| names(&joined).iter().filter(|found| *found == name).count();
            assert_eq!(
                (count("log-determinant"), count("determinant")),
                (1, 0),
                "{name}: {:?}",
                names(&joined)
            );
            let values =
                |network: &Network<f64>| reference::evaluate(network, &plan, &[0.3, -0.7]).unwrap().concat();
            for (found, expected) in values(&joined).iter().zip(values(&plain)) {
                // Logarithms of negative numbers are NaN with all their derivatives, but constants stay constants.
                let is_nan = expected.is_nan() && (found.is_nan() || name == "log d");
                let error = (found - expected).abs();
                assert!(
                    is_nan || error <= 1e-8 * (1.0 + expected.abs()),
                    "{name}, {n}: {found} for {expected}"
                );
            }
        }
    }
}

#[test]
fn logarithms_of_determinants_neither_overflow_nor_vanish() {
    let plan = plan(2, &["u", "lap(u)"], Strategy::Minimal);
    let log_of_magnitude = FORMS[0].1;
    let result = |scale: f64| {
        let mut graph = Floats::new(2);
        let x = matrices(&mut graph, 2, 50, scale);
        // A heavy diagonal, for matrices that single precision rounds without harm.
        let diagonal = (0..2500).map(|place| if place % 51 == 0 { 20.0 * scale } else { 0.0 });
        let diagonal = graph.constant(&[50, 50], diagonal.collect()).unwrap();
        let x = graph.add(x, diagonal).unwrap();
        let determinant = graph.determinant(x).unwrap();
        let result = log_of_magnitude(&mut graph, determinant, determinant).unwrap();
        let network = graph.build(result).unwrap();
        (evaluate::<f64>(&plan, &network, &[0.4, 0.1]), evaluate::<f32>(&plan, &network, &[0.4, 0.1]))
    };
    let (plain, _) = result(1.0);
    for scale in [1e-10, 1e-30, 1e30] {
        let (double, single) = result(scale);
        for (k, (&found, &plain)) in double.iter().zip(&plain).enumerate() {
            // The values come first.
            let expected = if k < 2 { plain + 50.0 * scale.ln() } else { plain };
            assert!(
                (found - expected).abs() <= 1e-8 * expected.abs(),
                "{scale:e}, {k}: {found} for {expected}"
            );
            assert!(
                (single[k] - expected).abs() <= 1e-4 * expected.abs(),
                "{scale:e}, {k}: {} in f32",
                single[k]
            );
        }
    }
}

#[test]
fn both_parts_of_a_logarithm_are_one_node() {
    let mut graph = Floats::new(2);
    let x = matrices(&mut graph, 2, 4, 1.0);
    let determinant = graph.determinant(x).unwrap();
    let sign = graph.apply(Activation::Sign, determinant).unwrap();
    let magnitude = graph.apply(Activation::Abs, determinant).unwrap();
    let logarithm = graph.apply(Activation::Log, magnitude).unwrap();
    let both = graph.concat(&[sign, logarithm], 0).unwrap();
    let names = names(&graph.build(both).unwrap());
    assert_eq!(names.iter().filter(|name| name.contains("determinant")).count(), 1, "{names:?}");
}

#[test]
fn determinants_have_exact_derivatives() {
    // det of a 4×4 matrix whose first entry is x₁ and whose diagonal is otherwise 1 or x₂.
    let mut graph = Graph::new(2);
    let mut entries = vec![ratio(0, 1); 32];
    entries[0] = ratio(1, 1);
    entries[2 * 15 + 1] = ratio(1, 1);
    let weight = crate::Matrix::from_row_major(16, 2, entries).unwrap();
    let mut ones = vec![ratio(0, 1); 16];
    (ones[5], ones[10]) = (ratio(1, 1), ratio(1, 1));
    let input = graph.input();
    let x = graph.linear(input, weight, Some(ones)).unwrap();
    let x = graph.reshape(x, &[4, 4]).unwrap();
    let determinant = graph.determinant(x).unwrap();
    let network = graph.build(determinant).unwrap();
    let plan = plan(2, &["u", "u_x1", "d(u, x1: 1, x2: 1)"], Strategy::Minimal);
    for (point, expected) in [([0, 1], [0.0, 1.0, 1.0]), ([0, 0], [0.0, 0.0, 1.0]), ([3, 2], [6.0, 2.0, 1.0])]
    {
        let found = super::outputs(&plan, &network, &point.map(|x| ratio(x, 1)));
        let found: Vec<f64> = found.iter().map(|output| output[0].to_f64().unwrap()).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn long_products_stay_as_they_are() {
    let mut graph = Floats::new(2);
    let x = matrices(&mut graph, 1, 4, 1.0);
    let mut product = graph.determinant(x).unwrap();
    for k in 0..100 {
        let factor = graph.scale(product, 1.0 / f64::from(k + 2)).unwrap();
        product = graph.multiply(product, factor).unwrap();
    }
    let magnitude = graph.apply(Activation::Abs, product).unwrap();
    let result = graph.apply(Activation::Log, magnitude).unwrap();
    assert!(names(&graph.build(result).unwrap()).iter().any(|name| name == "log"));
}
