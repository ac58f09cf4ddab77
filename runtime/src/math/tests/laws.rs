use super::judge::{Function, function, values};
use super::points::Points;
use crate::math::{self, InstructionSet, reach};

function!(Tanh, |x| math::tanh::<T, F>(x));
function!(TanhOfPair, |x| math::tanh_and_derivative::<T, F>(x).0);
function!(TanhDerivative, |x| math::tanh_and_derivative::<T, F>(x).1);
function!(Sinh, |x| math::sinh::<T, F>(x));
function!(Cosh, |x| math::cosh::<T, F>(x));
function!(Sigmoid, |x| math::sigmoid::<T, F>(x));
function!(SigmoidDerivative, |x| math::sigmoid_and_derivative::<T, F>(x).1);
function!(Softplus, |x| math::softplus::<T, F>(x));
function!(Sin, |x| math::sin::<T, F>(x));
function!(Cos, |x| math::cos::<T, F>(x));
function!(Atan, |x| math::atan::<T, F>(x));
function!(Erf, |x| math::erf::<T, F>(x));
function!(Erfc, |x| math::erfc::<T, F>(x));
function!(NormalCdf, |x| math::normal_cdf::<T, F>(x));
function!(Gaussian, |x| math::gaussian::<T, F>(x));

/// Calls the test with each of the points that is a number of moderate size and its opposite, and their values.
fn for_all<G: Function, T: Points>(test: impl Fn(T, T, T)) {
    let points: Vec<T> = T::points().into_iter().filter(|x| x.abs() <= reach()).collect();
    let opposites: Vec<T> = points.iter().map(|x| -*x).collect();
    for set in InstructionSet::available() {
        let (left, right) = (values::<G, T>(set, &points), values::<G, T>(set, &opposites));
        for ((x, left), right) in points.iter().zip(left).zip(right) {
            test(*x, left, right);
        }
    }
}

fn stays_within<G: Function>(least: f64, most: f64) {
    fn check<G: Function, T: Points>(least: f64, most: f64) {
        for_all::<G, T>(|x, value, _| {
            let inside = (least..=most).contains(&value.to_f64());
            assert!(inside, "{} of {x:e} is {value:e}", core::any::type_name::<G>());
        });
    }
    check::<G, f32>(least, most);
    check::<G, f64>(least, most);
}

fn is_symmetric<G: Function>(sign: f64) {
    fn check<G: Function, T: Points>(sign: f64) {
        for_all::<G, T>(|x, left, right| {
            let same = left == T::from_f64(sign) * right;
            assert!(same, "{} of ±{x:e} is {left:e} and {right:e}", core::any::type_name::<G>());
        });
    }
    check::<G, f32>(sign);
    check::<G, f64>(sign);
}

#[test]
fn bounded_functions_stay_within_their_bounds() {
    stays_within::<Tanh>(-1.0, 1.0);
    stays_within::<TanhOfPair>(-1.0, 1.0);
    stays_within::<TanhDerivative>(0.0, 1.0);
    stays_within::<Sigmoid>(0.0, 1.0);
    stays_within::<SigmoidDerivative>(0.0, 0.25);
    stays_within::<Softplus>(0.0, f64::INFINITY);
    stays_within::<Sin>(-1.0, 1.0);
    stays_within::<Cos>(-1.0, 1.0);
    stays_within::<Cosh>(1.0, f64::INFINITY);
    stays_within::<Erf>(-1.0, 1.0);
    stays_within::<Erfc>(0.0, 2.0);
    stays_within::<NormalCdf>(0.0, 1.0);
    stays_within::<Gaussian>(0.0, 1.0);
}

#[test]
fn odd_and_even_functions_are_so_to_the_last_bit() {
    is_symmetric::<Tanh>(-1.0);
    is_symmetric::<TanhOfPair>(-1.0);
    is_symmetric::<Sinh>(-1.0);
    is_symmetric::<Sin>(-1.0);
    is_symmetric::<Atan>(-1.0);
    is_symmetric::<Erf>(-1.0);
    is_symmetric::<TanhDerivative>(1.0);
    is_symmetric::<SigmoidDerivative>(1.0);
    is_symmetric::<Cosh>(1.0);
    is_symmetric::<Cos>(1.0);
    is_symmetric::<Gaussian>(1.0);
}
