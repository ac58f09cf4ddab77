use super::judge::{Oracle, check, double, function, single};
use super::wide::Wide;
use crate::math::{self, at_most};

function!(Erf, |x| math::erf::<T, F>(x));
function!(Erfc, |x| math::erfc::<T, F>(x));
function!(NormalCdf, |x| math::normal_cdf::<T, F>(x));
function!(NormalCdfOfPair, |x| math::normal_cdf_and_gaussian::<T, F>(x).0);
function!(Gaussian, |x| math::gaussian::<T, F>(x));
function!(GaussianOfPair, |x| math::normal_cdf_and_gaussian::<T, F>(x).1);

fn normal_cdf(x: f64) -> Wide {
    let tail = Wide::from_parts(Wide::normal_tail_in_parts(at_most(x.abs(), 60.0)));
    if x > 0.0 { Wide::from(1.0) - tail } else { tail }
}

fn gaussian(x: f64) -> Wide {
    let x = at_most(x.abs(), 60.0);
    (Wide::from(x) * x * -0.5).exp()
}

#[test]
fn erf_and_erfc_are_within_two_ulps() {
    check::<Erf>(single!(core_math::erf), double!(core_math::erf), 2.0);
    check::<Erfc>(single!(core_math::erfc), double!(core_math::erfc), 2.0);
}

#[test]
fn normal_cdf_is_within_two_ulps_in_both_tails() {
    let (single, double): (Oracle<f32>, Oracle<f64>) = (|x| normal_cdf(f64::from(x)), normal_cdf);
    check::<NormalCdf>(single, double, 2.0);
    check::<NormalCdfOfPair>(single, double, 2.0);
}

#[test]
fn gaussian_is_within_an_ulp() {
    let (single, double): (Oracle<f32>, Oracle<f64>) = (|x| gaussian(f64::from(x)), gaussian);
    check::<Gaussian>(single, double, 1.0);
    check::<GaussianOfPair>(single, double, 1.0);
}
