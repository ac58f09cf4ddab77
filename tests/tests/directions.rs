//! Directions are data: what their numbers are like, and how many coordinates there are, costs neither digits nor time.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jetc_operators::{OperatorSpec, Plan, Precision, Strategy, Topology};
use jetc_runtime::{Activation, Evaluator, Float, GraphBuilder, Matrix, Network};
use jetc_tests::numbers::{numbers, points};

const STRATEGIES: [Strategy; 4] =
    [Strategy::Auto, Strategy::Minimal, Strategy::Collapsed, Strategy::Standard];

fn plans(text: &str, precision: Precision) -> Vec<Plan> {
    let spec = OperatorSpec::from_yaml("directions.yaml", text).unwrap_or_else(|error| panic!("{error}"));
    let topology = Topology::usual(spec.coordinates.len());
    STRATEGIES.map(|strategy| spec.plan_for(strategy, &topology, precision).unwrap()).into()
}

fn evaluate<T: Float>(plan: &Plan, network: &Network<f64>, points: &[f64]) -> Vec<f64> {
    let evaluator = Evaluator::<T>::new(plan, network).unwrap();
    let points: Vec<T> = points.iter().map(|&x| T::from_f64(x)).collect();
    let mut results = vec![T::ZERO; points.len() / network.inputs() * evaluator.columns().len()];
    evaluator.evaluate_into(&points, &mut results).unwrap();
    results.into_iter().map(T::to_f64).collect()
}

/// Σᵢ tanh(wᵢ·x)
fn tanh_sum(rows: &[&[f64]]) -> Network<f64> {
    let (height, width) = (rows.len(), rows[0].len());
    Network::builder(width)
        .affine(Matrix::from_row_major(height, width, rows.concat()).unwrap(), None)
        .elementwise(Activation::Tanh)
        .affine(Matrix::from_row_major(1, height, vec![1.0; height]).unwrap(), None)
        .build()
        .unwrap()
}

/// The values were computed in fifty digits. Every strategy adds up a few terms of their size, so that some units of the
/// last place are lost.
#[test]
fn directions_in_decimals_keep_their_digits_beside_others() {
    let second_and_third = "coordinates: [x, y]
directions:
  s: {rows: [[0.123456789012345, 0.765432109876543], [0.314159265358979, 0.271828182845905]]}
outputs:
  a: {sum: {r: s}, derivative: [r, x]}
  b: {sum: {r: s}, derivative: [r, r, r]}
";
    let derived_contraction = "coordinates: {space: {x: 4}}
directions:
  s: {rows: [[0.123456789012345, 0.765432109876543, 0.1, 0.2], [0.314159265358979, 0.271828182845905, 0.3, 0.7]]}
outputs:
  o: d(hess(u, s), x1)
";
    let wide: [&[f64]; 4] =
        [&[1.0, 2.0, 1.0, 1.0], &[3.0, -1.0, 1.0, 2.0], &[1.0, 1.0, 1.0, 1.0], &[0.0, 1.0, 0.0, 2.0]];
    let cases = [
        (second_and_third, tanh_sum(&[&[1.0, 2.0], &[3.0, -1.0]]), POINT_A.to_vec(), VALUES_A.to_vec()),
        (derived_contraction, tanh_sum(&wide), POINT_C.to_vec(), VALUES_C.to_vec()),
    ];
    for (text, network, point, expected) in cases {
        let check = |found: Vec<f64>, unit: f64, plan: &Plan| {
            for (found, expected) in found.iter().zip(&expected) {
                let units = ((found - expected) / expected).abs() / unit;
                assert!(units < 64.0, "{}: {found} for {expected}, {units:.1} units", plan.strategy());
            }
        };
        for plan in plans(text, Precision::Double) {
            check(evaluate::<f64>(&plan, &network, &point), f64::EPSILON, &plan);
        }
        for plan in plans(text, Precision::Single) {
            check(evaluate::<f32>(&plan, &network, &point), f64::from(f32::EPSILON), &plan);
        }
    }
}

const POINT_A: [f64; 2] = [0.25, -0.5];
const VALUES_A: [f64; 2] = [1.510_475_165_774_851, 1.450_050_312_590_988_5];
const POINT_C: [f64; 4] = [0.25, -0.5, 0.1, 0.2];
const VALUES_C: [f64; 1] = [-6.972_014_985_022_119];

/// u = sin(10⁸x) + sin t + xt: u_x is 10⁸ times u_t, which is cos t + x.
#[test]
fn a_derivative_does_not_disturb_one_that_is_a_hundred_million_times_smaller() {
    let mut graph = GraphBuilder::<f64>::new(2);
    let input = graph.input();
    let [x, t] = [0, 1].map(|place| graph.slice(input, -1, place, 1, 1).unwrap());
    let fast = graph.scale(x, 1e8).unwrap();
    let [fast, slow] = [fast, t].map(|phase| graph.apply(Activation::Sin, phase).unwrap());
    let product = graph.multiply(x, t).unwrap();
    let sum = graph.combine(&[(fast, 1.0), (slow, 1.0), (product, 1.0)]).unwrap();
    let network = graph.build(sum).unwrap();
    let text = "coordinates: [x, t]\nfields: [u]\noutputs: {ux: u_x, ut: u_t, uxt: u_xt}\n";
    let plan = OperatorSpec::from_yaml("scales.yaml", text).unwrap().plan(Strategy::Auto).unwrap();
    assert_eq!((plan.algebra().dimension(), plan.growth().cancels), (4, false));
    let expected = [0.2f64.cos() + 0.3, 1.0];
    for (found, unit) in [
        (evaluate::<f64>(&plan, &network, &[0.3, 0.2]), f64::EPSILON),
        (evaluate::<f32>(&plan, &network, &[0.3, 0.2]), f64::from(f32::EPSILON)),
    ] {
        for (found, expected) in found[1..].iter().zip(expected) {
            // The point itself is rounded to the type.
            assert!((found - expected).abs() < 4.0 * unit, "{found} for {expected}");
        }
    }
}

/// 1/R Σᵣ (vᵣ·∂)⁴ of Σᵢ aᵢ sin(wᵢ·x) is 1/R Σᵢ aᵢ Σᵣ (wᵢ·vᵣ)⁴ sin(wᵢ·x).
#[test]
fn the_stochastic_biharmonic_operator_takes_three_channels_a_direction() {
    const DIMENSION: usize = 100;
    const DIRECTIONS: usize = 20;
    const WIDTH: usize = 3;
    let text = "coordinates: {space: {x: 100}}
fields: [u]
directions: {v: {random: gaussian, R: 20, seed: 1}}
outputs: {estimate: {sum: {r: v}, derivative: [r, r, r, r]}}
";
    let spec = OperatorSpec::from_yaml("stochastic.yaml", text).unwrap();
    let vectors: Vec<Vec<f64>> = spec
        .variables
        .directions()
        .iter()
        .map(|named| {
            let mut dense = vec![0.0; DIMENSION];
            let direction = named.direction.as_ref().unwrap();
            direction.iter().for_each(|(coordinate, entry)| dense[coordinate as usize] = entry.to_f64());
            dense
        })
        .collect();
    assert_eq!(vectors.len(), DIRECTIONS);
    let mut next = numbers(5);
    let weights: Vec<f64> = (0..WIDTH * DIMENSION).map(|_| next() / 10.0).collect();
    let network = Network::builder(DIMENSION)
        .affine(Matrix::from_row_major(WIDTH, DIMENSION, weights.clone()).unwrap(), None)
        .elementwise(Activation::Sin)
        .affine(Matrix::from_row_major(1, WIDTH, vec![1.0; WIDTH]).unwrap(), None)
        .build()
        .unwrap();
    let dot = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let points = points(4, DIMENSION, 6);
    for (strategy, channels) in [(Strategy::Minimal, 62), (Strategy::Collapsed, 62), (Strategy::Standard, 81)]
    {
        let plan = spec.plan(strategy).unwrap();
        assert_eq!((plan.algebra().dimension(), plan.growth().factor), (channels, 1.0));
        let found = evaluate::<f64>(&plan, &network, &points);
        for (x, found) in points.chunks(DIMENSION).zip(found) {
            let (mut expected, mut size) = (0.0, 0.0);
            for w in weights.chunks(DIMENSION) {
                let fourth: f64 = vectors.iter().map(|v| dot(w, v).powi(4)).sum();
                expected += fourth * dot(w, x).sin() / 20.0;
                size += fourth / 20.0;
            }
            assert!((found - expected).abs() < 1e-13 * size, "{strategy}: {found} for {expected}");
        }
    }
}

/// Rounding that leaves no digit of a result is refused, not printed.
#[test]
fn a_plan_that_leaves_no_digit_is_refused_by_the_type() {
    // Interpolating ∂²⁴/∂x¹²∂y¹² adds up terms that are larger than the result by far.
    let text = "coordinates: [x, y]\nfields: [u]\noutputs: {r: 'd(u, x: 12, y: 12)'}\n";
    let spec = OperatorSpec::from_yaml("mixed.yaml", text).unwrap();
    let network = tanh_sum(&[&[1.0, 2.0]]);
    let collapsed = spec.plan(Strategy::Collapsed).unwrap();
    assert!(collapsed.growth().cancels && collapsed.growth().factor > 1e7, "{:?}", collapsed.growth());
    let refused = Evaluator::<f32>::new(&collapsed, &network).unwrap_err();
    assert!(refused.to_string().contains("leaves no digit in f32; take f64"), "{refused}");
    let minimal = spec.plan(Strategy::Minimal).unwrap();
    assert!(!minimal.growth().cancels && minimal.growth().factor <= 1.0);
    assert!(Evaluator::<f32>::new(&minimal, &network).is_ok());
}
