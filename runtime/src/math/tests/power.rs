use super::judge::{Function, function, ulps, values};
use super::points::{Points, Random};
use super::wide::Wide;
use crate::math::{self, InstructionSet, Real};

/// For pairs, the bits of a number say what to raise to which power: points come two and two.
macro_rules! power {
    ($name:ident, $exponent:expr) => {
        function!($name, |x| math::pow::<T, F>(x, T::from_f64($exponent)));
    };
}

power!(Root, 0.5);
power!(Square, 2.0);
power!(Cube, 3.0);
power!(Third, 1.0 / 3.0);
power!(Inverse, -1.0);
power!(Uneven, 2.7);
power!(Negative, -0.3);
power!(Steep, 117.3);
power!(VerySteep, -20_000.5);
power!(Flat, 1e-5);
power!(Zero, 0.0);
power!(Infinite, f64::INFINITY);
power!(NegativeInfinite, f64::NEG_INFINITY);
power!(Nothing, f64::NAN);

fn compare<G: Function>(exponent: f64) {
    // The base is not negative; a denormal one is as good as any.
    let single: Vec<f32> = f32::points().into_iter().filter(|x| x.is_sign_positive()).collect();
    let double: Vec<f64> = f64::points().into_iter().filter(|x| x.is_sign_positive()).collect();
    let single_exponent = f64::from(exponent as f32);
    worst::<G, f32>(&single, |x| core_math::pow(x, single_exponent).into());
    worst::<G, f64>(&double, |x| core_math::pow(x, exponent).into());
}

fn worst<G: Function, T: Real>(points: &[T], oracle: impl Fn(f64) -> Wide) {
    for set in InstructionSet::available() {
        let errors = points.iter().zip(values::<G, T>(set, points));
        let errors = errors.map(|(x, y)| (ulps(y, oracle(x.to_f64())), *x, y));
        let worst = errors.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
        let name = core::any::type_name::<G>().rsplit("::").next().unwrap();
        println!(
            "pow {name:16} {} {set:8} {:6.3} ulp at {:e}: {:e}",
            core::any::type_name::<T>(),
            worst.0,
            worst.1,
            worst.2
        );
        assert!(worst.0 <= 2.0);
    }
}

#[test]
fn pow_is_within_two_ulps() {
    compare::<Root>(0.5);
    compare::<Square>(2.0);
    compare::<Cube>(3.0);
    compare::<Third>(1.0 / 3.0);
    compare::<Inverse>(-1.0);
    compare::<Uneven>(2.7);
    compare::<Negative>(-0.3);
    compare::<Steep>(117.3);
    compare::<VerySteep>(-20_000.5);
    compare::<Flat>(1e-5);
    compare::<Zero>(0.0);
    compare::<Infinite>(f64::INFINITY);
    compare::<NegativeInfinite>(f64::NEG_INFINITY);
    compare::<Nothing>(f64::NAN);
}

#[test]
fn powers_near_one_are_within_two_ulps() {
    // Bases that put y ln x anywhere between the ends of the exponential's range.
    let mut random = Random(5);
    let bases: Vec<f64> = (0..100_000).map(|_| ((random.unit() - 0.5) * 0.075).exp()).collect();
    worst::<VerySteep, f64>(&bases, |x| core_math::pow(x, -20_000.5).into());
    let bases: Vec<f32> = bases.iter().map(|x| x.powi(40) as f32).collect();
    let exponent = f64::from(117.3_f32);
    worst::<Steep, f32>(&bases, |x| core_math::pow(x, exponent).into());
}

#[test]
fn a_negative_base_has_no_power() {
    for set in InstructionSet::available() {
        assert!(values::<Uneven, f64>(set, &[-2.0, -1e-300, f64::NEG_INFINITY]).iter().all(|x| x.is_nan()));
    }
}
