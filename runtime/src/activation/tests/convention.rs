//! Kinks, poles, infinities and NaN.
#![allow(clippy::float_cmp, reason = "equal is meant")]

use jetc_combinatorics::Rational;
use jetc_combinatorics::rational::{integer, ratio};

use super::series::{data, number};
use crate::Activation;
use crate::activation::NotRational;

fn series(activation: Activation, x: f64) -> [f64; 4] {
    let mut series = [0.0; 4];
    activation.series(&x, &mut series);
    series
}

#[test]
fn derivatives_at_kinks_are_those_of_pytorch() {
    let data = data();
    for (name, cases) in data["kinks"].as_object().unwrap() {
        let activation: Activation = name.parse().unwrap();
        for case in cases.as_array().unwrap() {
            let x = number(&case[0]);
            let series = series(activation, x);
            for (k, expected) in case[1].as_array().unwrap().iter().enumerate() {
                let Some(expected) = expected.as_f64() else { continue };
                let factorial = [1.0, 1.0, 2.0][k];
                let difference = (series[k] * factorial - expected).abs();
                assert!(difference <= 1e-14, "{name}, order {k} at {x}: {} for {expected}", series[k]);
            }
        }
    }
}

#[test]
fn exact_series_of_rational_functions_agree_with_those_in_floats() {
    let points = [ratio(-7, 2), ratio(-3, 4), integer(0), ratio(1, 2), integer(1), ratio(13, 4)];
    let mut exact_functions = 0;
    let more =
        ["power(5)", "power(-3)", "leaky-relu(0.25)", "clip(-0.5, 0.5)"].map(|text| text.parse().unwrap());
    for activation in Activation::ALL.into_iter().chain(more) {
        for x in &points {
            let mut exact = vec![integer(0); 4];
            match activation.exact_series(x, &mut exact) {
                Ok(()) => exact_functions += 1,
                Err(NotRational::Pole) => {
                    assert_eq!(*x, integer(0));
                    assert_eq!(exact, vec![integer(0); 4], "nothing is written");
                    continue;
                }
                Err(NotRational::Function) => continue,
            }
            let to_float = |value: &Rational| num_traits::ToPrimitive::to_f64(value).unwrap();
            for (found, exact) in series(activation, to_float(x)).into_iter().zip(exact.iter().map(to_float))
            {
                assert!(
                    (found - exact).abs() <= 1e-14 * exact.abs().max(1.0),
                    "{activation} at {x}: {found} {exact}"
                );
            }
        }
    }
    assert!(exact_functions > 100, "{exact_functions}");
}

#[test]
fn a_pole_is_an_error_in_exact_arithmetic() {
    for activation in [Activation::Reciprocal, Activation::Power((-2.0).into())] {
        let mut exact = vec![integer(1); 3];
        assert_eq!(activation.exact_series(&integer(0), &mut exact), Err(NotRational::Pole));
        assert_eq!(exact, vec![integer(1); 3]);
    }
    let infinite = Activation::Clip { low: 0.0.into(), high: f64::INFINITY.into() };
    assert_eq!(infinite.exact_series(&integer(1), &mut [integer(0)]), Err(NotRational::Function));
    assert_eq!(Activation::Tanh.exact_series(&integer(1), &mut [integer(0)]), Err(NotRational::Function));
}

#[test]
fn nan_passes_through_every_function() {
    for activation in Activation::ALL {
        let value = series(activation, f64::NAN)[0];
        assert!(value.is_nan(), "{activation}(NaN) is {value}");
    }
}

#[test]
fn values_at_infinity_are_limits() {
    let inf = f64::INFINITY;
    for (name, left, right) in [
        ("relu", 0.0, inf),
        ("leaky-relu(0.5)", -inf, inf),
        ("clip(-1, 2)", -1.0, 2.0),
        ("hard-sigmoid", 0.0, 1.0),
        ("hard-swish", 0.0, inf),
        ("hardshrink", -inf, inf),
        ("softsign", -1.0, 1.0),
        ("sign", -1.0, 1.0),
        ("step", 0.0, 1.0),
        ("elu(2)", -2.0, inf),
        ("atan", -std::f64::consts::FRAC_PI_2, std::f64::consts::FRAC_PI_2),
        ("erf", -1.0, 1.0),
        ("erfc", 2.0, 0.0),
        ("gaussian", 0.0, 0.0),
        ("asinh", -inf, inf),
        ("log-sigmoid", -inf, 0.0),
        ("softplus", 0.0, inf),
        ("tanhshrink", -inf, inf),
        ("reciprocal", 0.0, 0.0),
        ("power(-3)", 0.0, 0.0),
        ("power(3)", -inf, inf),
    ] {
        let activation: Activation = name.parse().unwrap();
        assert_eq!(series(activation, -inf)[0], left, "{name} at −∞");
        assert_eq!(series(activation, inf)[0], right, "{name} at ∞");
    }
    for activation in
        [Activation::Atan, Activation::Erf, Activation::Gaussian, Activation::Asinh, Activation::Log]
    {
        assert_eq!(series(activation, inf)[1..], [0.0; 3], "{activation} is flat at ∞");
    }
}

#[test]
fn roots_and_powers_are_infinite_where_they_are_steep() {
    assert_eq!(series(Activation::Sqrt, 0.0)[..2], [0.0, f64::INFINITY]);
    assert_eq!(series(Activation::Power(1.5.into()), 0.0)[..3], [0.0, 0.0, f64::INFINITY]);
    assert_eq!(series(Activation::Power(100.5.into()), 0.0), [0.0; 4]);
    assert_eq!(series(Activation::Power(3.0.into()), 0.0), [0.0, 0.0, 0.0, 1.0]);
}
