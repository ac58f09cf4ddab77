//! Nodes of the library's user, and determinants, in reverse.

use std::sync::Arc;

use jetc_combinatorics::Rational;
use jetc_operators::algebra::JetAlgebra;
use jetc_operators::{Plan, Strategy};
use num_traits::ToPrimitive;

use jetc_runtime::jet::Jet;
use jetc_runtime::network::{CustomNode, PullBack, TensorId};
use jetc_runtime::reference::{self, Dual};
use jetc_runtime::{Activation, Differentiator, Evaluator, GradientError, Gradients, GraphBuilder, Network};

use super::{OPERATORS, mistake, planar};
use crate::support::some_numbers;

/// u ⊙ v, and behind it the sign of its first feature, which counts as constant.
#[derive(Debug)]
struct OwnProduct {
    goes_back: bool,
}

impl CustomNode for OwnProduct {
    fn name(&self) -> &'static str {
        "own-product"
    }

    fn features(&self, inputs: &[usize]) -> Result<usize, String> {
        match inputs {
            [u, v] if u == v => Ok(u + 1),
            _ => Err("takes two of one width".to_owned()),
        }
    }

    fn propagate(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>]) -> Jet<f64> {
        let mut channels = inputs[0].multiply(&inputs[1], algebra).channels().to_vec();
        let sign = channels[0][0].signum();
        for (channel, entries) in channels.iter_mut().enumerate() {
            entries.push(if channel == 0 { sign } else { 0.0 });
        }
        Jet::new(channels)
    }

    fn pull_back(&self) -> Option<&dyn PullBack> {
        self.goes_back.then_some(self)
    }
}

impl PullBack for OwnProduct {
    fn cotangents(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>], result: &Jet<f64>) -> Vec<Jet<f64>> {
        let result = result.map_channels(|channel| channel[..channel.len() - 1].to_vec());
        [1, 0].map(|other| inputs[other].multiply_transposed(&result, algebra)).to_vec()
    }
}

/// A layer of `width` features with parameters, and a nonlinearity.
fn layer(graph: &mut GraphBuilder<f64>, x: TensorId, width: usize, seed: u64) -> TensorId {
    let columns = graph.shape(x).iter().product();
    let weight =
        graph.parameter(&format!("w{seed}"), &[columns, width], some_numbers(seed, columns * width)).unwrap();
    let bias = graph.parameter(&format!("b{seed}"), &[width], some_numbers(seed + 1, width)).unwrap();
    let product = graph.matmul(x, weight).unwrap();
    let sum = graph.add(product, bias).unwrap();
    graph.apply(Activation::Sin, sum).unwrap()
}

/// A network of two inputs with one output.
fn network(build: impl Fn(&mut GraphBuilder<f64>, TensorId) -> TensorId) -> Network<f64> {
    let mut graph = GraphBuilder::new(2);
    let input = graph.input();
    let result = build(&mut graph, input);
    let last = layer(&mut graph, result, 1, 900);
    graph.build(last).unwrap()
}

fn own(goes_back: bool, is_square: bool) -> Network<f64> {
    network(|graph, x| {
        let u = layer(graph, x, 3, 1);
        let v = if is_square { u } else { layer(graph, u, 3, 5) };
        graph.custom(Arc::new(OwnProduct { goes_back }), &[u, v]).unwrap()
    })
}

fn assert_differentiated(network: &Network<f64>, what: &str) {
    for output in OPERATORS {
        for strategy in Strategy::CONCRETE {
            let operator = planar(output, strategy);
            // The formulas' differences have seven digits or more.
            let double = mistake::<f64>((&operator, network), 5, 11);
            assert!(double < 1e-6, "{what}, {output}, {strategy}, f64: {double:e}");
            let single = mistake::<f32>((&operator, network), 5, 11);
            assert!(single < 1e-2, "{what}, {output}, {strategy}, f32: {single:e}");
        }
    }
}

#[test]
fn a_node_of_ones_own_is_pulled_back_by_its_rule() {
    assert_differentiated(&own(true, false), "u v");
}

#[test]
fn an_input_that_is_read_twice_has_both_cotangents() {
    assert_differentiated(&own(true, true), "u u");
}

#[test]
fn a_node_without_a_pull_back_is_refused_by_name() {
    let refused =
        Differentiator::<f64>::new(&planar(OPERATORS[0], Strategy::Minimal).plan, &own(false, false));
    let refused = refused.unwrap_err();
    let GradientError::Custom { node, name } = &refused else { panic!("{refused}") };
    assert!(node.starts_with('n') && name == "own-product", "{refused}");
    assert!(refused.to_string().contains("CustomNode::pull_back"), "{refused}");
}

/// Matrices whose value is near `diagonal` times one.
fn matrices(
    graph: &mut GraphBuilder<f64>,
    x: TensorId,
    [count, size]: [usize; 2],
    diagonal: f64,
) -> TensorId {
    let area = size * size;
    let entries = layer(graph, x, count * area, 20);
    let one = (0..count * area).map(|k| if k % area % (size + 1) == 0 { diagonal } else { 0.0 });
    let one = graph.constant(&[count * area], one.collect()).unwrap();
    let entries = graph.add(entries, one).unwrap();
    graph.reshape(entries, &[count, size, size]).unwrap()
}

fn determinants(size: usize) -> Network<f64> {
    network(|graph, x| {
        let matrices = matrices(graph, x, [2, size], 0.0);
        let determinants = graph.determinant(matrices).unwrap();
        graph.scale(determinants, 0.3).unwrap()
    })
}

fn logarithms(size: usize) -> Network<f64> {
    network(|graph, x| {
        let matrices = matrices(graph, x, [2, size], 2.0);
        let (logarithms, signs) = graph.log_determinant(matrices).unwrap();
        graph.multiply(logarithms, signs).unwrap()
    })
}

#[test]
fn determinants_and_their_logarithms_are_differentiated() {
    for size in [4, 5] {
        assert_differentiated(&determinants(size), &format!("det {size}"));
        assert_differentiated(&logarithms(size), &format!("log det {size}"));
    }
}

/// The results at one point, for other parameters.
fn results(plan: &Plan, network: &Network<f64>, theta: &[f64], point: &[f64]) -> Vec<f64> {
    let moved = network.with_parameters(theta).unwrap();
    let evaluator = Evaluator::<f64>::new(plan, &moved).unwrap();
    let mut results = vec![0.0; evaluator.columns().len()];
    evaluator.evaluate_into(point, &mut results).unwrap();
    results
}

#[test]
fn gradients_through_determinants_are_differences_of_evaluations() {
    for size in 4..=6 {
        for (what, network) in [("det", determinants(size)), ("log det", logarithms(size))] {
            for operator in ["lap(u)", "lap(lap(u))"] {
                let plan = planar(operator, Strategy::Minimal).plan;
                let differentiator = Differentiator::<f64>::new(&plan, &network).unwrap();
                let (theta, point, w) =
                    (network.parameters().values(), some_numbers(2, 2), some_numbers(3, 2));
                let (mut of_theta, mut of_point) = (vec![0.0; theta.len()], vec![0.0; 2]);
                let gradients = Gradients {
                    parameters: Some(&mut of_theta),
                    points: Some(&mut of_point),
                    unknowns: None,
                };
                differentiator.vjp(&point, &w, gradients).unwrap();
                // In the direction of the gradient of parameters and of points, each for itself.
                let norm = |of: &[f64]| of.iter().map(|x| x * x).sum::<f64>().sqrt();
                let along = |start: &[f64], of: &[f64], h: f64| -> Vec<f64> {
                    start.iter().zip(of).map(|(x, d)| x + h * d / norm(of)).collect()
                };
                let value = |theta: &[f64], point: &[f64]| -> f64 {
                    results(&plan, &network, theta, point).iter().zip(&w).map(|(r, w)| r * w).sum()
                };
                let at = |h: f64| {
                    [value(&along(theta, &of_theta, h), &point), value(theta, &along(&point, &of_point, h))]
                };
                // Fourth order: 8 (f(h) − f(−h)) − (f(2h) − f(−2h)) over 12 h.
                let h = 1e-3;
                let [near, far] = [h, 2.0 * h].map(|h| {
                    let (above, below) = (at(h), at(-h));
                    [above[0] - below[0], above[1] - below[1]]
                });
                for (k, of) in [&of_theta, &of_point].into_iter().enumerate() {
                    let difference = (8.0 * near[k] - far[k]) / (12.0 * h);
                    let off = (difference / norm(of) - 1.0).abs();
                    assert!(off < 1e-6, "{what} {size}, {operator}, part {k}: {off:e}");
                }
            }
        }
    }
}

/// det(X₀ + x₁ X₁ + x₂ X₂ + …) with X₀ of some rank and whole numbers everywhere, in parameters.
fn of_rank(rank: usize) -> Network<f64> {
    let whole = |seed: u64, count: usize| -> Vec<f64> {
        some_numbers(seed, count).iter().map(|x| (3.0 * x).round()).collect()
    };
    let mut value = vec![0.0; 16];
    for k in 0..rank {
        let (left, right) = (whole(60 + k as u64, 4), whole(80 + k as u64, 4));
        (0..16).for_each(|place| value[place] += left[place / 4] * right[place % 4]);
    }
    let mut graph = GraphBuilder::new(2);
    let x = graph.input();
    let squares = graph.apply(Activation::Square, x).unwrap();
    let features = graph.concat(&[x, squares], 0).unwrap();
    let weight = graph.parameter("w", &[4, 16], whole(7, 64)).unwrap();
    let bias = graph.parameter("b", &[16], value).unwrap();
    let product = graph.matmul(features, weight).unwrap();
    let entries = graph.add(product, bias).unwrap();
    let matrix = graph.reshape(entries, &[4, 4]).unwrap();
    let determinant = graph.determinant(matrix).unwrap();
    let output = graph.reshape(determinant, &[1]).unwrap();
    graph.build(output).unwrap()
}

/// ∂r/∂ every parameter and coordinate in exact arithmetic, where every output is linear in u.
fn exact(plan: &Plan, network: &Network<f64>, point: &[f64]) -> Vec<f64> {
    let dual = |x: f64, is_one: bool| Dual {
        value: Rational::from_float(x).unwrap(),
        derivative: Rational::from_integer(i32::from(is_one).into()),
    };
    let theta = network.parameters().values();
    let partial = |number: usize| {
        let theta: Vec<_> = theta.iter().enumerate().map(|(i, &x)| dual(x, i == number)).collect();
        let point: Vec<_> =
            point.iter().enumerate().map(|(i, &x)| dual(x, theta.len() + i == number)).collect();
        let moved = network.map(|&x| dual(x, false)).with_parameters(&theta).unwrap();
        let readouts = reference::evaluate(&moved, plan, &point).unwrap();
        readouts[plan.parts()[0].readout][0].derivative.to_f64().unwrap()
    };
    (0..theta.len() + point.len()).map(partial).collect()
}

#[test]
fn gradients_at_singular_matrices_are_exact() {
    for operator in ["u", "lap(u)", "lap(lap(u))", "d(u, x1: 3)"] {
        let yaml = format!("coordinates: {{space: [x1, x2]}}\noutputs: {{r: '{operator}'}}\n");
        let plan = jetc_operators::OperatorSpec::from_yaml("test", &yaml).unwrap();
        let plan = plan.plan(Strategy::Minimal).unwrap();
        for rank in 0..=4 {
            let network = of_rank(rank);
            let point = [0.0, 0.0];
            let mut gradient = vec![0.0; network.parameters().len()];
            let mut of_point = vec![0.0; 2];
            let gradients =
                Gradients { parameters: Some(&mut gradient), points: Some(&mut of_point), unknowns: None };
            Differentiator::<f64>::new(&plan, &network).unwrap().vjp(&point, &[1.0], gradients).unwrap();
            gradient.extend(of_point);
            let expected = exact(&plan, &network, &point);
            let largest = expected.iter().map(|x| x.abs()).fold(0.0, f64::max);
            for (number, (found, expected)) in gradient.iter().zip(&expected).enumerate() {
                let off = (found - expected).abs();
                assert!(
                    off <= 1e-14 * largest,
                    "{operator}, rank {rank}, number {number}: {found} for {expected}"
                );
            }
        }
    }
}

#[test]
fn a_sign_alone_has_no_gradient() {
    let signs = network(|graph, x| {
        let matrices = matrices(graph, x, [2, 4], 0.0);
        let zero = graph.scale(matrices, 0.0).unwrap();
        graph.log_determinant(zero).unwrap().1
    });
    let plan = planar(OPERATORS[0], Strategy::Minimal).plan;
    let mut of_points = [1.0; 2];
    let gradients = Gradients { points: Some(&mut of_points), ..Gradients::default() };
    Differentiator::<f64>::new(&plan, &signs).unwrap().vjp(&[0.3, 0.1], &[1.0, 1.0], gradients).unwrap();
    assert!(of_points.iter().all(|x| *x == 0.0), "{of_points:?}");
}

#[test]
fn determinants_of_parameters_alone_are_differentiated() {
    let network = network(|graph, x| {
        let matrix = graph.parameter("m", &[4, 4], some_numbers(31, 16)).unwrap();
        let determinant = graph.determinant(matrix).unwrap();
        let hidden = layer(graph, x, 3, 1);
        graph.multiply(hidden, determinant).unwrap()
    });
    assert_differentiated(&network, "det of a parameter");
}
