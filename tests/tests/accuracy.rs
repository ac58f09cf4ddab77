//! The study of accuracy in small: its reference is right, and errors are where cancellation foretells them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use jetc_combinatorics::Rational;
use jetc_operators::Strategy;
use jetc_runtime::element::{Element, Scalar};
use jetc_runtime::network::Operation;
use jetc_runtime::{Activation, Matrix, Network};
use jetc_tests::accuracy::{BITS, Cancellation, Case, Errors, Reference};
use jetc_tests::fixed_point::Fixed;

fn case(operator: &'static str, dimension: usize, hidden: &[usize], activation: Activation) -> Case {
    Case { operator, dimension, hidden: hidden.to_vec(), activation, points: 8 }
}

/// tanh⁽ᵏ⁾ = pₖ(tanh) with p₀ = t, pₖ₊₁ = pₖ′ (1 − t²), by its coefficients.
fn derivative_of_tanh(k: usize) -> Vec<i64> {
    (0..k).fold(vec![0, 1], |p, _| {
        let mut next = vec![0; p.len() + 1];
        for (j, factor) in (1..).zip(&p[1..]) {
            next[j - 1] += i64::try_from(j).unwrap() * factor;
            next[j + 1] -= i64::try_from(j).unwrap() * factor;
        }
        next
    })
}

/// The weight and the bias of the only hidden layer, and the weights after it; the last bias is of no consequence.
fn layers<S>(network: &Network<S>) -> (&Matrix<S>, &[S], &[S]) {
    let affine = network.nodes().filter_map(|(_, node)| match &node.operation {
        Operation::Affine { weight, bias, .. } => Some((weight, bias.as_deref().unwrap())),
        _ => None,
    });
    match affine.collect::<Vec<_>>()[..] {
        [(first, bias), (last, _)] => (first, bias, last.entries()),
        _ => panic!("one hidden layer"),
    }
}

/// Σ_f a_f P(w_f) g⁽ᴷ⁾(w_f·x + b_f) for a symbol P of order K, with exact weights.
fn closed_form(
    case: &Case,
    symbol: impl Fn(&[Rational]) -> Rational,
    derivative: impl Fn(&Fixed<BITS>) -> Fixed<BITS>,
) -> Vec<Fixed<BITS>> {
    let network = case.network().0.map(|&weight| Rational::from_float(weight).unwrap());
    let (first, bias, last) = layers(&network);
    let points = case.points();
    let value = |point: &[f64]| {
        (0..first.rows()).fold(Fixed::zero(), |sum, f| {
            let w = first.row(f);
            let dot = w.iter().zip(point).map(|(w, &x)| w * Rational::from_float(x).unwrap());
            let z = Fixed::from_rational(&(dot.sum::<Rational>() + &bias[f]));
            let factor = Fixed::from_rational(&(&last[f] * symbol(w)));
            derivative(&z).mul_add(&factor, &sum)
        })
    };
    points.chunks(case.dimension).map(value).collect()
}

fn polynomial(coefficients: &[i64], t: &Fixed<BITS>) -> Fixed<BITS> {
    coefficients.iter().rev().fold(Fixed::zero(), |sum, &coefficient| {
        sum.mul_add(t, &Fixed::from_rational(&Rational::from_integer(coefficient.into())))
    })
}

#[test]
fn a_network_of_one_layer_has_its_closed_form() {
    let square = |w: &[Rational]| w.iter().map(|w| w * w).sum::<Rational>();
    let near = |case: &Case, expected: Vec<Fixed<BITS>>| {
        let reference = Reference::new(case);
        for (found, expected) in reference.values().iter().zip(&expected) {
            let error = found.sub(expected).to_f64().abs() / reference.rms();
            assert!(error < 1e-50, "{} in {} dimensions: {error:e}", case.sign(), case.dimension);
        }
    };
    for (k, operator) in (1..).zip(["lap(u)", "lap(lap(u))", "lap(lap(lap(u)))"]) {
        let tanh = case(operator, 3, &[16], Activation::Tanh);
        let polynomial_of_t = derivative_of_tanh(2 * k);
        let power = |w: &[Rational]| num_traits::pow(square(w), k);
        near(&tanh, closed_form(&tanh, power, |z| polynomial(&polynomial_of_t, &z.tanh())));
        let sin = case(operator, 2, &[16], Activation::Sin);
        let sign = Fixed::fraction(if k % 2 == 0 { 1 } else { -1 }, 1);
        near(&sin, closed_form(&sin, power, |z| z.sin_cos().0.mul(&sign)));
    }
    let mixed = case("d(u, x1: 3, x2: 3)", 2, &[16], Activation::Tanh);
    let symbol = |w: &[Rational]| num_traits::pow(&w[0] * &w[1], 3);
    near(&mixed, closed_form(&mixed, symbol, |z| polynomial(&derivative_of_tanh(6), &z.tanh())));
}

#[test]
fn strategies_and_precisions_of_the_reference_agree() {
    for operator in ["lap(lap(u))", "d(u, x1: 3, x2: 3)"] {
        let case = case(operator, 2, &[8, 8], Activation::Tanh);
        let reference = Reference::new(&case);
        for strategy in Strategy::CONCRETE {
            let apart = reference.disagreement(&case, &case.plan(strategy).unwrap(), 2);
            assert!(apart < 1e-50, "{operator}, {strategy}: {apart:e}");
        }
        let uncertainty = reference.uncertainty(&case, 2);
        assert!(uncertainty < 1e-50, "{operator}: {uncertainty:e}");
        assert!(uncertainty > 0.0, "{operator}: more bits make no difference, so nothing was compared");
    }
}

/// Along one axis a network of one layer has N = w₁ t: the last layer sums a_f g″(z_f) w₁², and one channel is read.
#[test]
fn the_cancellation_of_the_pure_second_derivative_is_its_formula() {
    let case = Case { points: 1, ..case("d(u, x1: 2)", 2, &[16], Activation::Tanh) };
    let point = case.points();
    let network = case.network().0;
    let (first, bias, last) = layers(&network);
    let terms: Vec<f64> = (0..16)
        .map(|f| {
            let w = first.row(f);
            let t = (w[0] * point[0] + w[1] * point[1] + bias[f]).tanh();
            last[f] * -2.0 * t * (1.0 - t * t) * w[0] * w[0]
        })
        .collect();
    let expected = terms.iter().map(|term| term.abs()).sum::<f64>() / terms.iter().sum::<f64>().abs();
    for strategy in Strategy::CONCRETE {
        let found = Cancellation::of(&case, &case.plan(strategy).unwrap());
        assert!((found.layer / expected - 1.0).abs() < 1e-12, "{strategy}: {} for {expected}", found.layer);
        assert!((found.readout - 1.0).abs() < 1e-15, "{strategy}: {}", found.readout);
    }
}

/// A term of the last layer has at most n roundings of the sum over its n features on its way into the result, and a few of its
/// own: n units of every term bound the error. Rounding only what is stored leaves out those of the sum.
#[test]
fn errors_stay_below_what_the_sizes_of_the_terms_allow() {
    let case = case("lap(lap(u))", 3, &[64], Activation::Tanh);
    let reference = Reference::new(&case);
    for strategy in Strategy::CONCRETE {
        let plan = case.plan(strategy).unwrap();
        let allowed = 64.0 * Cancellation::of(&case, &plan).layer;
        for errors in [
            Errors::of::<f64>(&case, &plan, &reference),
            Errors::of::<f32>(&case, &plan, &reference),
            Errors::of_stored_numbers(&case, &plan, &reference),
        ] {
            assert!(errors.largest < allowed, "{strategy}: {errors:?} for {allowed}");
            assert!(errors.median > 0.0, "{strategy}: an evaluation that rounds has errors");
        }
    }
}

/// Interpolation sums terms with weights of both signs that are many times larger than their sum; the minimal algebra does not.
///
/// The factors foretell the ratio of errors that all point the same way. Those of seven directions are independent and add
/// up to 1/√7 of that; half is for the scatter of medians.
#[test]
fn mixed_derivatives_lose_digits_in_directions_and_not_in_the_minimal_algebra() {
    let case = case("d(u, x1: 3, x2: 3)", 2, &[32, 32], Activation::Tanh);
    let reference = Reference::new(&case);
    let measure = |strategy: Strategy| {
        let plan = case.plan(strategy).unwrap();
        (Cancellation::of(&case, &plan), Errors::of::<f64>(&case, &plan, &reference))
    };
    let (least, best) = measure(Strategy::Minimal);
    for strategy in [Strategy::Collapsed, Strategy::Standard] {
        let (cancellation, errors) = measure(strategy);
        let foretold = cancellation.layer / least.layer;
        let found = errors.median / best.median;
        assert!(
            foretold > 10.0 && found > foretold / 7.0_f64.sqrt() / 2.0,
            "{strategy}: {found} for {foretold}"
        );
    }
}
