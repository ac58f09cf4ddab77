use super::judge::{Bounds, Function, Truths, function, values};
use super::points::{Points, Random};
use crate::math::{self, InstructionSet};

/// In `f64` the truth is correctly rounded, so that the error is a whole number.
const SINGLE: Bounds = Bounds { fused: 0.9, separate: 0.9 };
const DOUBLE: Bounds = Bounds { fused: 1.0, separate: 1.0 };

fn check_single<G: Function>(bases: Vec<f32>, exponent: f64) {
    let exponent = f64::from(exponent as f32);
    Truths::new(bases, |x| core_math::pow(x.into(), exponent).into()).check::<G>(SINGLE);
}

fn check_double<G: Function>(bases: Vec<f64>, exponent: f64) {
    Truths::new(bases, |x| core_math::pow(x, exponent).into()).check::<G>(DOUBLE);
}

macro_rules! powers {
    ($($name:ident $exponent:expr;)*) => {
        $(function!($name, |x| math::pow::<T, F>(x, T::from_f64($exponent)));)*

        #[test]
        fn pow_keeps_its_bound() {
            let singles: Vec<f32> = f32::points().into_iter().filter(|x| x.is_sign_positive()).collect();
            let doubles: Vec<f64> = f64::points().into_iter().filter(|x| x.is_sign_positive()).collect();
            $(
                check_single::<$name>(singles.clone(), $exponent);
                check_double::<$name>(doubles.clone(), $exponent);
            )*
        }
    };
}

powers! {
    Root 0.5;
    Square 2.0;
    Cube 3.0;
    CubicRoot 1.0 / 3.0;
    Inverse -1.0;
    Uneven 2.7;
    Negative -0.3;
    Steep 117.3;
    VerySteep -20_000.5;
    Flat 1e-5;
    Constant 0.0;
    Infinite f64::INFINITY;
    NegativeInfinite f64::NEG_INFINITY;
    Undefined f64::NAN;
}

#[test]
fn pow_keeps_its_bound_where_exponents_are_large() {
    // Bases that put y ln x anywhere between the ends of the exponential's range.
    let mut random = Random(5);
    let bases: Vec<f64> = (0..100_000).map(|_| ((random.unit() - 0.5) * 0.075).exp()).collect();
    check_double::<VerySteep>(bases.clone(), -20_000.5);
    check_single::<Steep>(bases.iter().map(|x| x.powi(40) as f32).collect(), 117.3);
}

#[test]
fn negative_bases_have_no_powers() {
    for set in InstructionSet::available() {
        assert!(values::<Uneven, f64>(set, &[-2.0, -1e-300, f64::NEG_INFINITY]).iter().all(|x| x.is_nan()));
    }
}
