//! Networks with one layer of sines, whose derivatives are known in closed form.
//!
//! u(x) = Σᵢ aᵢ sin(wᵢ·x + bᵢ) has P(∂)u = Σᵢ aᵢ Im(P(i wᵢ) exp(i(wᵢ·x + bᵢ))), term by term
//! ∂^α sin(φ) = w^α sin(φ + |α| π/2). No derivative is taken anywhere, and the dimension may be large.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jetc_operators::document::Document;
use jetc_operators::spec::Options;
use jetc_operators::{OperatorSpec, Plan, Strategy, builtin};
use jetc_runtime::{Activation, Evaluator, Matrix, Network};
use jetc_tests::compare::worst;
use jetc_tests::numbers::{numbers, points};
use proptest::prelude::{ProptestConfig, Strategy as _, any, prop, prop_assert, proptest};

/// The largest error relative to the numbers that make up the result (measured: 5e-16). It is not that of a result that
/// happens to be small.
const ROUNDING: f64 = 1e-14;

/// Σᵢ aᵢ sin(wᵢ·x + bᵢ)
#[derive(Clone)]
struct Sines {
    a: Vec<f64>,
    w: Vec<Vec<f64>>,
    b: Vec<f64>,
}

/// Σ coefficient · ∂^α, α as pairs of variable and order.
type Operator = Vec<(f64, Vec<(usize, u32)>)>;

impl Sines {
    fn random(dimension: usize, width: usize, seed: u64) -> Self {
        let mut next = numbers(seed);
        let mut take = |count: usize| (0..count).map(|_| next()).collect::<Vec<f64>>();
        Self { a: take(width), w: (0..width).map(|_| take(dimension)).collect(), b: take(width) }
    }

    fn network(&self) -> Network<f64> {
        let (width, dimension) = (self.w.len(), self.w[0].len());
        let first = Matrix::from_row_major(width, dimension, self.w.concat()).unwrap();
        let last = Matrix::from_row_major(1, width, self.a.clone()).unwrap();
        let builder = Network::builder(dimension).affine(first, Some(self.b.clone()));
        builder.elementwise(Activation::Sin).affine(last, None).build().unwrap()
    }

    /// P(∂)u at a point.
    fn applied(&self, operator: &Operator, point: &[f64]) -> f64 {
        let sine = |(w, b): (&Vec<f64>, &f64)| -> f64 {
            let phase = w.iter().zip(point).map(|(w, x)| w * x).sum::<f64>() + b;
            operator.iter().map(|(coefficient, alpha)| coefficient * derivative(w, alpha, phase)).sum()
        };
        self.a.iter().zip(self.w.iter().zip(&self.b)).map(|(a, layer)| a * sine(layer)).sum()
    }

    /// Σ |coefficient| Σᵢ |aᵢ| ‖wᵢ‖^|α|, the size of the numbers that make up the result, with the largest entry for norm.
    fn size(&self, operator: &Operator) -> f64 {
        let largest = |w: &Vec<f64>| w.iter().fold(0.0, |m: f64, x| m.max(x.abs()));
        let of_order = |order: u32| -> f64 {
            let order = i32::try_from(order).unwrap();
            self.a.iter().zip(&self.w).map(|(a, w)| a.abs() * largest(w).powi(order)).sum()
        };
        operator.iter().map(|(coefficient, alpha)| coefficient.abs() * of_order(order(alpha))).sum()
    }
}

fn order(alpha: &[(usize, u32)]) -> u32 {
    alpha.iter().map(|pair| pair.1).sum()
}

/// ∂^α sin(φ) with φ = w·x + b.
fn derivative(w: &[f64], alpha: &[(usize, u32)], phase: f64) -> f64 {
    let power: f64 = alpha.iter().map(|&(variable, k)| w[variable].powi(i32::try_from(k).unwrap())).product();
    let quarter_turns = [phase.sin(), phase.cos(), -phase.sin(), -phase.cos()];
    power * quarter_turns[order(alpha) as usize % 4]
}

/// An operator in x1 … xn as a file.
fn yaml(dimension: usize, operator: &Operator) -> String {
    let term = |(coefficient, alpha): &(f64, Vec<(usize, u32)>)| {
        let along: Vec<String> =
            alpha.iter().map(|(variable, k)| format!("x{}: {k}", variable + 1)).collect();
        let derivative =
            if along.is_empty() { "u".to_owned() } else { format!("d(u, {})", along.join(", ")) };
        format!("({coefficient})*{derivative}")
    };
    let terms: Vec<String> = operator.iter().map(term).collect();
    format!("coordinates: {{space: {{x: {dimension}}}}}\noutputs: {{r: '{}'}}\n", terms.join(" + "))
}

fn evaluate(plan: &Plan, network: &Network<f64>, points: &[f64]) -> Vec<f64> {
    let evaluator = Evaluator::<f64>::new(plan, network).unwrap();
    let mut results = vec![0.0; points.len() / network.inputs()];
    evaluator.evaluate_into(points, &mut results).unwrap();
    results
}

/// A built-in operator in a dimension.
fn builtin(name: &str, dimension: usize) -> OperatorSpec {
    let document = Document::parse(name, builtin::find(name).unwrap().text).unwrap();
    OperatorSpec::read(&document, &Options { dimension: Some(dimension as u64), ..Options::default() })
        .unwrap()
}

/// Operators of order at most 4 that mix at most 4 of the coordinates in a term.
fn operators(dimension: usize) -> impl prop::strategy::Strategy<Value = Operator> {
    let alpha = prop::collection::btree_map(0..dimension, 1u32..=2, 0..=dimension.min(4))
        .prop_map(|alpha| alpha.into_iter().collect::<Vec<_>>())
        .prop_filter("of order at most 4", |alpha| order(alpha) <= 4);
    // Multiples of 1/8 are exact in both notations.
    let coefficient = (-24i32..=24).prop_map(|eighths| f64::from(eighths) / 8.0);
    prop::collection::vec((coefficient, alpha), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn operators_multiply_sines_by_their_symbol(
        (dimension, operator) in (1usize..=20).prop_flat_map(|n| (prop::strategy::Just(n), operators(n))),
        width in 1usize..24,
        seed in any::<u64>(),
    ) {
        let sines = Sines::random(dimension, width, seed);
        let points = points(5, dimension, seed);
        let expected: Vec<f64> = points.chunks_exact(dimension).map(|x| sines.applied(&operator, x)).collect();
        let spec = OperatorSpec::from_yaml("sines", &yaml(dimension, &operator)).unwrap();
        for strategy in Strategy::CONCRETE {
            let found = evaluate(&spec.plan(strategy).unwrap(), &sines.network(), &points);
            let worst = worst(&found, &expected, sines.size(&operator));
            prop_assert!(worst.error <= ROUNDING, "{}: {}", strategy, worst);
        }
    }
}

/// The same sines with Δᵏ applied: Δᵏ sin(w·x + b) = (−|w|²)ᵏ sin(w·x + b).
fn laplacian(sines: &Sines, power: i32) -> Sines {
    let factor = |w: &[f64]| (-w.iter().map(|w| w * w).sum::<f64>()).powi(power);
    Sines { a: sines.a.iter().zip(&sines.w).map(|(a, w)| a * factor(w)).collect(), ..sines.clone() }
}

/// The plan of Δᵏ at points against the closed form; `rounding` is the largest error.
fn check_laplacian(plan: &Plan, power: i32, sines: &Sines, points: &[f64], rounding: f64) {
    let applied = laplacian(sines, power);
    let value: Operator = vec![(1.0, vec![])];
    let expected: Vec<f64> =
        points.chunks_exact(sines.w[0].len()).map(|point| applied.applied(&value, point)).collect();
    let scale = applied.a.iter().map(|a| a.abs()).sum();
    let worst = worst(&evaluate(plan, &sines.network(), points), &expected, scale);
    assert!(worst.error <= rounding, "{}, {}: {worst}", plan.name(), plan.strategy());
}

#[test]
fn powers_of_the_laplacian_multiply_sines_by_powers_of_the_wave_number() {
    let dimension = 12;
    let sines = Sines::random(dimension, 16, 3);
    for (name, power) in [("laplacian", 1), ("biharmonic", 2)] {
        for strategy in Strategy::CONCRETE {
            let plan = builtin(name, dimension).plan(strategy).unwrap();
            check_laplacian(&plan, power, &sines, &points(9, dimension, 4), ROUNDING);
        }
    }
}

#[test]
fn the_laplacian_in_a_hundred_thousand_dimensions_is_planned_and_evaluated() {
    let dimension = 100_000;
    let plan = builtin("laplacian", dimension).plan(Strategy::Auto).unwrap();
    assert_eq!(plan.algebra().dimension(), dimension + 2);
    // A phase is a sum of n terms whose partial sums grow to about √n/3 = 100. They are summed in different orders here
    // and there, and n roundings of 100 ε add up to about √n 100 ε = 4e-12 (measured: 3e-13).
    check_laplacian(&plan, 1, &Sines::random(dimension, 4, 5), &points(3, dimension, 6), 1e-11);
}
