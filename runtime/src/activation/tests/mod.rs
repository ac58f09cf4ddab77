//! Every recurrence against an exact power series that comes from an addition theorem instead.
//!
//! The recurrences are run over rationals. A transcendental base value is replaced by a rational that stands for it:
//! tanh x by some y, sigmoid x by some s, (sin x, cos x) by a rational point of the circle, eˣ by some E. The
//! addition theorem then gives g(x + h) as a quotient of exact series in h, for that very point.

mod convention;
mod series;
mod text;

use super::*;
use crate::element::Elementary;
use jetc_combinatorics::Rational;
use jetc_combinatorics::rational::{factorial, integer, ratio};
use proptest::prelude::{Strategy, prop_assert_eq, proptest};

const ORDERS: usize = 14;

/// x, with rational stand-ins for what is transcendental in it.
#[derive(Debug, Clone, PartialEq)]
struct Formal(Rational);

/// A rational in (0, 1) that stands for sigmoid x, and one in (−1, 1) that stands for tanh x.
fn stand_in_sigmoid(x: &Rational) -> Rational {
    (x * x + integer(1)) / (x * x + integer(3))
}

fn stand_in_tanh(x: &Rational) -> Rational {
    x / (x * x + integer(1))
}

fn stand_in_circle(x: &Rational) -> (Rational, Rational) {
    let denominator = x * x + integer(1);
    (integer(2) * x / &denominator, (integer(1) - x * x) / &denominator)
}

impl Element for Formal {
    fn fraction(numerator: i32, denominator: i32) -> Self {
        Self(ratio(numerator.into(), denominator.into()))
    }
    fn add(&self, other: &Self) -> Self {
        Self(&self.0 + &other.0)
    }
    fn sub(&self, other: &Self) -> Self {
        Self(&self.0 - &other.0)
    }
    fn mul(&self, other: &Self) -> Self {
        Self(&self.0 * &other.0)
    }
}

/// √x, for a square.
fn root(x: &Rational) -> Rational {
    let root = Rational::new(x.numer().sqrt(), x.denom().sqrt());
    assert_eq!(&root * &root, *x, "the tests choose squares");
    root
}

impl Ordered for Formal {
    fn constant(value: f64) -> Self {
        Self(Rational::constant(value))
    }
    fn divide(&self, divisor: &Self) -> Self {
        // What is divided by 0 is discarded by a selection.
        if divisor.0 == integer(0) { divisor.clone() } else { Self(&self.0 / &divisor.0) }
    }
    fn select_below(&self, bound: &Self, below: &Self, otherwise: &Self) -> Self {
        if self.0 < bound.0 { below.clone() } else { otherwise.clone() }
    }
    fn floor(&self) -> Self {
        Self(self.0.floor())
    }
    fn round_half_even(&self) -> Self {
        Self(self.0.round_half_even())
    }
}

impl Analytic for Formal {
    fn apply(&self, function: Elementary) -> Self {
        let x = &self.0;
        Self(match function {
            Elementary::Sqrt => root(x),
            // Must be less than 1 for negative arguments only where the law needs it; positive everywhere.
            Elementary::Exp => (x * x + integer(2)) / (x * x + integer(5)),
            Elementary::Expm1 => self.apply(Elementary::Exp).0 - integer(1),
            Elementary::Gaussian => ratio(5, 3),
            Elementary::Softplus => x + ratio(1, 3),
            Elementary::Sinh => x + ratio(1, 5),
            Elementary::Cosh => x + ratio(6, 5),
            other => x + ratio(other as i64 + 1, 7),
        })
    }
    fn power(&self, _: f64) -> Self {
        Self(&self.0 + ratio(2, 9))
    }
    fn tanh_and_derivative(&self) -> (Self, Self) {
        let y = stand_in_tanh(&self.0);
        (Self(y.clone()), Self(integer(1) - &y * &y))
    }
    fn sigmoid_and_derivative(&self) -> (Self, Self) {
        let s = stand_in_sigmoid(&self.0);
        (Self(s.clone()), Self(&s * (integer(1) - &s)))
    }
    fn sin_cos(&self) -> (Self, Self) {
        let (sine, cosine) = stand_in_circle(&self.0);
        (Self(sine), Self(cosine))
    }
    fn normal_cdf_and_density(&self) -> (Self, Self) {
        (Self(&self.0 * ratio(2, 5) + ratio(1, 7)), Self(ratio(5, 3)))
    }
}

/// A power series in h, cut off after `ORDERS` coefficients.
type Series = Vec<Rational>;

fn multiply(a: &[Rational], b: &[Rational]) -> Series {
    (0..ORDERS).map(|k| (0..=k).map(|j| &a[j] * &b[k - j]).sum()).collect()
}

/// a / b by long division.
fn divide(a: &[Rational], b: &[Rational]) -> Series {
    let mut quotient = Series::new();
    for k in 0..ORDERS {
        let known: Rational = (0..k).map(|j| &quotient[j] * &b[k - j]).sum();
        quotient.push((&a[k] - known) / &b[0]);
    }
    quotient
}

/// e^{ch}
fn exponential(c: i64) -> Series {
    (0..ORDERS)
        .map(|k| num_traits::pow(integer(c), k) / integer(factorial(u32::try_from(k).unwrap())))
        .collect()
}

/// α + β a
fn affine(alpha: &Rational, beta: &Rational, a: &[Rational]) -> Series {
    a.iter().enumerate().map(|(k, c)| c * beta + if k == 0 { alpha.clone() } else { integer(0) }).collect()
}

/// x + h
fn shifted(x: &Rational) -> Series {
    (0..ORDERS)
        .map(|k| match k {
            0 => x.clone(),
            1 => integer(1),
            _ => integer(0),
        })
        .collect()
}

/// c + ∫ a dh
fn antiderivative(c: Rational, a: &[Rational]) -> Series {
    std::iter::once(c).chain(a.iter().zip(1i64..).map(|(v, k)| v / integer(k))).take(ORDERS).collect()
}

fn derivative(a: &[Rational]) -> Series {
    a.iter().zip(0i64..).skip(1).map(|(v, k)| v * integer(k)).chain([integer(0)]).collect()
}

/// s/(s + (1−s)e^{−h}), the addition theorem of the logistic function.
fn sigmoid_series(x: &Rational) -> Series {
    let s = stand_in_sigmoid(x);
    let constant = affine(&s, &integer(0), &exponential(0));
    divide(&constant, &affine(&s, &(integer(1) - &s), &exponential(-1)))
}

/// g(x + h) without the recurrence.
#[allow(clippy::too_many_lines, reason = "one law for each function")]
fn expected(activation: Activation, x: &Rational) -> Option<Series> {
    let formal = Formal(x.clone());
    let one = integer(1);
    let value = |function: Elementary| formal.apply(function).0;
    Some(match activation {
        Activation::Identity => shifted(x),
        Activation::Square => multiply(&shifted(x), &shifted(x)),
        Activation::Cube => multiply(&shifted(x), &multiply(&shifted(x), &shifted(x))),
        Activation::Exp => affine(&integer(0), &formal.apply(Elementary::Exp).0, &exponential(1)),
        Activation::Tanh => {
            // (y + t)/(1 + y t) with t = tanh h = (e^{2h} − 1)/(e^{2h} + 1)
            let e = exponential(2);
            let t = divide(&affine(&-&one, &one, &e), &affine(&one, &one, &e));
            let y = stand_in_tanh(x);
            divide(&affine(&y, &one, &t), &affine(&one, &y, &t))
        }
        Activation::Sin | Activation::Cos => {
            let (sine, cosine) = stand_in_circle(x);
            let part = |odd: usize| -> Series {
                let signed = |k: usize| integer(if k % 4 >= 2 { -1 } else { 1 });
                let taylor = exponential(1).into_iter().enumerate();
                taylor.map(|(k, c)| if k % 2 == odd { c * signed(k) } else { integer(0) }).collect()
            };
            let (sin_h, cos_h) = (part(1), part(0));
            let combine = |a: &Rational, b: &Rational| -> Series {
                cos_h.iter().zip(&sin_h).map(|(c, s)| a * c + b * s).collect()
            };
            if activation == Activation::Sin { combine(&sine, &cosine) } else { combine(&cosine, &-sine) }
        }
        Activation::Sigmoid => sigmoid_series(x),
        Activation::Softplus => {
            // p + log((1−s) + s eʰ), and (log a)′ = a′/a
            let s = stand_in_sigmoid(x);
            let inside = affine(&(integer(1) - &s), &s, &exponential(1));
            antiderivative(formal.apply(Elementary::Softplus).0, &divide(&derivative(&inside), &inside))
        }
        Activation::Silu => multiply(&shifted(x), &sigmoid_series(x)),
        Activation::Gelu => {
            // φ(x + h) = φ(x) e^{−xh} e^{−h²/2}
            let first: Series =
                exponential(1).iter().enumerate().map(|(k, c)| c * num_traits::pow(-x, k)).collect();
            let mut second = vec![integer(0); ORDERS];
            for (k, c) in exponential(1).iter().enumerate().take(ORDERS.div_ceil(2)) {
                second[2 * k] = c * num_traits::pow(ratio(-1, 2), k);
            }
            let (cdf, height) = formal.normal_cdf_and_density();
            let density = affine(&integer(0), &height.0, &multiply(&first, &second));
            multiply(&shifted(x), &antiderivative(cdf.0, &density))
        }
        Activation::Reciprocal => divide(&constant(1), &shifted(x)),
        Activation::Log => antiderivative(value(Elementary::Log), &divide(&constant(1), &shifted(x))),
        Activation::Sqrt => square_root(&shifted(x)),
        Activation::Rsqrt => divide(&constant(1), &square_root(&shifted(x))),
        Activation::Exp2 => {
            let rate = Rational::constant(std::f64::consts::LN_2);
            let powers = exponential(1).into_iter().enumerate();
            let e: Series = powers.map(|(k, c)| c * num_traits::pow(rate.clone(), k)).collect();
            affine(&integer(0), &value(Elementary::Exp2), &e)
        }
        Activation::Sinh | Activation::Cosh => {
            let (sinh, cosh) = (value(Elementary::Sinh), value(Elementary::Cosh));
            let (a, b) = if activation == Activation::Sinh { (sinh, cosh) } else { (cosh, sinh) };
            // a cosh h + b sinh h
            let (plus, minus) = ((&a + &b) * ratio(1, 2), (&a - &b) * ratio(1, 2));
            exponential(1).iter().zip(exponential(-1)).map(|(p, m)| p * &plus + m * &minus).collect()
        }
        Activation::Tan => {
            // (y + t)/(1 − y t) with t = tan h
            let part = |odd: usize| -> Series {
                let signed = |k: usize| integer(if k % 4 >= 2 { -1 } else { 1 });
                let taylor = exponential(1).into_iter().enumerate();
                taylor.map(|(k, c)| if k % 2 == odd { c * signed(k) } else { integer(0) }).collect()
            };
            let t = divide(&part(1), &part(0));
            let y = value(Elementary::Tan);
            divide(&affine(&y, &one, &t), &affine(&one, &-&y, &t))
        }
        Activation::Atan => {
            let q = affine(&one, &one, &multiply(&shifted(x), &shifted(x)));
            antiderivative(value(Elementary::Atan), &divide(&constant(1), &q))
        }
        Activation::Atanh => {
            let q = affine(&one, &-&one, &multiply(&shifted(x), &shifted(x)));
            antiderivative(value(Elementary::Atanh), &divide(&constant(1), &q))
        }
        Activation::Gaussian => gaussian(x, &value(Elementary::Gaussian)),
        Activation::Erf | Activation::Erfc => {
            let (function, sign) = match activation {
                Activation::Erf => (Elementary::Erf, 1),
                _ => (Elementary::Erfc, -1),
            };
            let height = Rational::constant(std::f64::consts::FRAC_2_SQRT_PI) * integer(sign);
            antiderivative(value(function), &gaussian(x, &(height * value(Elementary::Gaussian))))
        }
        Activation::LogSigmoid => {
            // −softplus(−x − h)
            let flipped = expected(Activation::Softplus, &-x)?.into_iter().enumerate();
            flipped.map(|(k, c)| if k % 2 == 0 { -c } else { c }).collect()
        }
        Activation::Mish => {
            // 1 − 2/(e²ˣ + 2eˣ + 2), eˣ being q or 1/q
            let q = Formal(x.clone()).magnitude().negate().apply(Elementary::Exp).0;
            let e = if *x < integer(0) { q } else { integer(1) / q };
            let squares = affine(&integer(2), &(&e * &e), &exponential(2));
            let p: Series =
                squares.iter().zip(exponential(1)).map(|(a, b)| a + b * &e * integer(2)).collect();
            multiply(&shifted(x), &affine(&one, &integer(-2), &divide(&constant(1), &p)))
        }
        Activation::Softsign => {
            let sign = integer(if *x > integer(0) { 1 } else { -1 });
            if *x == integer(0) {
                return None;
            }
            divide(&shifted(x), &affine(&one, &sign, &shifted(x)))
        }
        Activation::Relu | Activation::Elu(_) | Activation::Celu(_) if *x > integer(0) => shifted(x),
        Activation::Relu => constant(0),
        Activation::Elu(_) | Activation::Celu(_) => {
            let e = value(Elementary::Exp);
            affine(&-&one, &e, &exponential(1))
        }
        _ => return None,
    })
}

/// c
fn constant(c: i64) -> Series {
    affine(&integer(c), &integer(0), &exponential(0))
}

/// `height` · exp(−(x + h)² + x²)
fn gaussian(x: &Rational, height: &Rational) -> Series {
    let first: Series =
        exponential(1).iter().enumerate().map(|(k, c)| c * num_traits::pow(x * integer(-2), k)).collect();
    let mut second = vec![integer(0); ORDERS];
    for (k, c) in exponential(1).iter().enumerate().take(ORDERS.div_ceil(2)) {
        second[2 * k] = c * num_traits::pow(integer(-1), k);
    }
    affine(&integer(0), height, &multiply(&first, &second))
}

/// The root of a series that begins with a square, coefficient by coefficient.
fn square_root(a: &[Rational]) -> Series {
    let mut result = vec![root(&a[0])];
    for k in 1..ORDERS {
        let known: Rational = (1..k).map(|j| &result[j] * &result[k - j]).sum();
        result.push((&a[k] - known) / (integer(2) * &result[0]));
    }
    result
}

fn point() -> impl Strategy<Value = Rational> {
    (-9i64..10, 1i64..5).prop_map(|(n, d)| ratio(n, d))
}

fn found(activation: Activation, x: &Rational, orders: usize) -> Series {
    let mut series = vec![Formal(integer(0)); orders];
    activation.series(&Formal(x.clone()), &mut series);
    series.into_iter().map(|entry| entry.0).collect()
}

/// The functions with a law, and whether they are tested at squares only.
fn laws() -> impl Iterator<Item = (Activation, bool)> {
    let has_law = |activation: &Activation| expected(*activation, &ratio(1, 4)).is_some();
    let at_squares =
        |a| matches!(a, Activation::Sqrt | Activation::Rsqrt | Activation::Log | Activation::Reciprocal);
    Activation::ALL.into_iter().filter(has_law).map(move |activation| (activation, at_squares(activation)))
}

proptest! {
    #[test]
    fn every_recurrence_gives_the_exact_series(x in point()) {
        for (activation, at_squares) in laws() {
            let x = if at_squares { &x * &x } else { x.clone() };
            let one = integer(1);
            if (at_squares && x == integer(0)) || (activation == Activation::Atanh && &x * &x == one) {
                continue;
            }
            let Some(expected) = expected(activation, &x) else { continue };
            // The second antiderivative loses one order at the end; the series is cut off, not the recurrence.
            prop_assert_eq!(&found(activation, &x, ORDERS)[..ORDERS - 1], &expected[..ORDERS - 1], "{}", activation);
        }
    }

    #[test]
    fn inverse_functions_have_roots_as_derivatives(t in (2i64..30, 1i64..5)) {
        // √(1 − x²), √(1 + x²) and √(x² − 1) are rational at these points.
        let t = ratio(t.0, t.1 * 2 + 31);
        let one = integer(1);
        let (plus, minus) = (&one + &t * &t, &one - &t * &t);
        let square = |x: &Rational| multiply(&shifted(x), &shifted(x));
        let x = integer(2) * &t / &plus;
        let derivative = divide(&constant(1), &square_root(&affine(&one, &-&one, &square(&x))));
        prop_assert_eq!(&found(Activation::Asin, &x, ORDERS)[1..], &antiderivative(one.clone(), &derivative)[1..]);
        let opposite = affine(&integer(0), &-&one, &derivative);
        prop_assert_eq!(&found(Activation::Acos, &x, ORDERS)[1..], &antiderivative(one.clone(), &opposite)[1..]);
        for x in [&minus / (integer(2) * &t), integer(2) * &t / &minus] {
            let derivative = divide(&constant(1), &square_root(&affine(&one, &one, &square(&x))));
            let expected = antiderivative(one.clone(), &derivative);
            prop_assert_eq!(&found(Activation::Asinh, &x, ORDERS)[1..], &expected[1..]);
        }
    }
}

#[test]
fn a_series_in_units_is_the_series_times_powers_of_the_unit() {
    let functions =
        ["power(-3)", "power(2.5)", "celu(0.5)", "scaled-softplus(2, 20)"].map(|name| name.parse().unwrap());
    let at_one =
        [Activation::Asinh, Activation::Asin, Activation::Acos, Activation::Acosh, Activation::Atanh];
    for activation in laws().map(|(activation, _)| activation).chain(functions).chain(at_one) {
        // At these points what has a root is a square: 1 − x², 1 + x², 1/(x − 1) and 1/(x + 1), x.
        let x = match activation {
            Activation::Asin | Activation::Acos | Activation::Atanh => ratio(3, 5),
            Activation::Acosh => ratio(5, 4),
            Activation::Asinh => ratio(3, 4),
            _ => ratio(9, 4),
        };
        let plain = found(activation, &x, ORDERS);
        for unit in [ratio(1, 1), ratio(8, 1), ratio(1, 2)] {
            let mut series = vec![Formal(integer(0)); ORDERS];
            activation.series_in_units(&Formal(x.clone()), &Formal(unit.clone()), &mut series);
            for (k, (found, plain)) in series.iter().zip(&plain).enumerate() {
                assert_eq!(found.0, plain * num_traits::pow(unit.clone(), k), "{activation}, order {k}");
            }
        }
    }
}

#[test]
fn a_shorter_series_is_the_beginning_of_a_longer_one() {
    for (activation, _) in laws() {
        let x = ratio(9, 4);
        let long = found(activation, &x, 8);
        for orders in 0..6 {
            assert_eq!(long[..orders], found(activation, &x, orders)[..], "{activation}");
        }
    }
}
