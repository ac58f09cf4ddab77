use super::judge::{Bounds, Oracles, function, oracles};
use super::wide::Wide;
use crate::math::{self, at_least, at_most};

function!(Erf, |x| math::erf::<T, F>(x));
function!(Erfc, |x| math::erfc::<T, F>(x));
function!(NormalCdf, |x| math::normal_cdf::<T, F>(x));
function!(NormalCdfOfPair, |x| math::normal_cdf_and_gaussian::<T, F>(x).0);
function!(Gaussian, |x| math::gaussian::<T, F>(x));
function!(GaussianOfSquare, |x| math::gaussian_of_square::<T, F>(x));
function!(GaussianOfPair, |x| math::normal_cdf_and_gaussian::<T, F>(x).1);

const BOUNDS: Bounds = Bounds { fused: 1.5, separate: 2.0 };

#[test]
fn erf_keeps_its_bound() {
    let (single, double) = oracles!(core_math::erf, Wide::erf).everywhere();
    single.check::<Erf>(BOUNDS);
    double.check::<Erf>(BOUNDS);
}

#[test]
fn erfc_keeps_its_bound() {
    let (single, double) = oracles!(core_math::erfc, Wide::erfc).everywhere();
    single.check::<Erfc>(BOUNDS);
    double.check::<Erfc>(BOUNDS);
}

fn bounded(x: f64) -> Wide {
    at_least(at_most(x, 60.0), -60.0).into()
}

#[test]
fn normal_cdf_keeps_its_bound_in_both_tails() {
    let oracles = Oracles {
        single: |x| (core_math::erfc(f64::from(-x) * core::f64::consts::FRAC_1_SQRT_2) * 0.5).into(),
        double: |x| bounded(x).normal_cdf(),
    };
    let (single, double) = oracles.everywhere();
    single.check::<NormalCdf>(BOUNDS);
    double.check::<NormalCdf>(BOUNDS);
    single.check::<NormalCdfOfPair>(BOUNDS);
    double.check::<NormalCdfOfPair>(BOUNDS);
}

#[test]
fn gaussian_keeps_its_bound() {
    let oracles = Oracles {
        single: |x| core_math::exp(f64::from(x) * f64::from(x) * -0.5).into(),
        double: |x| (bounded(x) * bounded(x) * -0.5).exp(),
    };
    let (single, double) = oracles.everywhere();
    let bounds = Bounds { fused: 1.0, separate: 1.0 };
    single.check::<Gaussian>(bounds);
    double.check::<Gaussian>(bounds);
    single.check::<GaussianOfPair>(bounds);
    double.check::<GaussianOfPair>(bounds);
    let oracles = Oracles {
        single: |x| core_math::exp(-f64::from(x) * f64::from(x)).into(),
        double: |x| (bounded(x) * bounded(x) * -1.0).exp(),
    };
    let (single, double) = oracles.everywhere();
    single.check::<GaussianOfSquare>(bounds);
    double.check::<GaussianOfSquare>(bounds);
}
