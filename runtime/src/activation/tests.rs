//! Every recurrence against an exact power series that comes from an addition theorem instead.
//!
//! The recurrences are run over rationals. A transcendental base value is replaced by a rational that stands for it:
//! tanh x by some y, sigmoid x by some s, (sin x, cos x) by a rational point of the circle, eˣ by some E. The
//! addition theorem then gives g(x + h) as a quotient of exact series in h, for that very point.

use super::*;
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

impl Analytic for Formal {
    fn exp(&self) -> Self {
        Self(&self.0 + ratio(7, 2))
    }
    fn tanh_and_derivative(&self) -> (Self, Self) {
        let y = stand_in_tanh(&self.0);
        (Self(y.clone()), Self(integer(1) - &y * &y))
    }
    fn sigmoid_and_derivative(&self) -> (Self, Self) {
        let s = stand_in_sigmoid(&self.0);
        (Self(s.clone()), Self(&s * (integer(1) - &s)))
    }
    fn softplus(&self) -> Self {
        Self(&self.0 + ratio(1, 3))
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
fn expected(activation: Activation, x: &Rational) -> Series {
    let formal = Formal(x.clone());
    let one = integer(1);
    match activation {
        Activation::Identity => shifted(x),
        Activation::Square => multiply(&shifted(x), &shifted(x)),
        Activation::Cube => multiply(&shifted(x), &multiply(&shifted(x), &shifted(x))),
        Activation::Exp => affine(&integer(0), &formal.exp().0, &exponential(1)),
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
            antiderivative(formal.softplus().0, &divide(&derivative(&inside), &inside))
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
    }
}

fn point() -> impl Strategy<Value = Rational> {
    (-9i64..10, 1i64..5).prop_map(|(n, d)| ratio(n, d))
}

proptest! {
    #[test]
    fn every_recurrence_gives_the_exact_series(x in point()) {
        for activation in Activation::ALL {
            let mut series = vec![Formal(integer(0)); ORDERS];
            activation.series(&Formal(x.clone()), &mut series);
            let found: Series = series.into_iter().map(|entry| entry.0).collect();
            // The second antiderivative loses one order at the end; the series is cut off, not the recurrence.
            prop_assert_eq!(&found[..ORDERS - 1], &expected(activation, &x)[..ORDERS - 1], "{}", activation);
        }
    }

    #[test]
    fn a_shorter_series_is_the_beginning_of_a_longer_one(x in point(), orders in 0usize..6) {
        for activation in Activation::ALL {
            let mut long = vec![Formal(integer(0)); 8];
            let mut short = vec![Formal(integer(0)); orders];
            activation.series(&Formal(x.clone()), &mut long);
            activation.series(&Formal(x.clone()), &mut short);
            prop_assert_eq!(&long[..orders], &short[..], "{}", activation);
        }
    }
}

#[test]
fn names_read_back_and_unknown_ones_list_what_is_known() {
    for activation in Activation::ALL {
        assert_eq!(activation.name().parse(), Ok(activation));
    }
    assert_eq!("Swish".parse(), Ok(Activation::Silu));
    let message = "tahn".parse::<Activation>().unwrap_err().to_string();
    assert!(message.contains("tahn") && message.contains("tanh"), "{message}");
}
