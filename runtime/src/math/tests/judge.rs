//! Errors in units of the last place, and the worst of them.

use core::marker::PhantomData;

use super::points::Points;
use super::wide::Wide;
use crate::math::{Fma, InstructionSet, Kernel, Real};

/// A function under test.
pub(super) trait Function {
    fn call<T: Real, F: Fma>(x: T) -> T;
}

/// Names a [`Function`]: `function!(Tanh, |x| math::tanh::<T, F>(x))`.
macro_rules! function {
    ($name:ident, |$x:ident| $body:expr) => {
        struct $name;
        impl $crate::math::tests::judge::Function for $name {
            #[inline(always)]
            fn call<T: $crate::math::Real, F: $crate::math::Fma>($x: T) -> T {
                $body
            }
        }
    };
}
pub(super) use function;

/// What a value is compared with: (high, low) of the true value.
pub(super) type Oracle<T> = fn(T) -> Wide;

/// The oracle of a correctly rounded function of `f64`, used for an `f32`.
macro_rules! single {
    ($function:path) => {
        |x: f32| $function(f64::from(x)).into()
    };
}
pub(super) use single;

/// The oracle of a correctly rounded function of `f64`, used for an `f64`.
macro_rules! double {
    ($function:path) => {
        |x: f64| $function(x).into()
    };
}
pub(super) use double;

struct Map<'a, G, T>(&'a [T], &'a mut [T], PhantomData<G>);

impl<G: Function, T: Real> Kernel for Map<'_, G, T> {
    type Output = ();

    #[inline(always)]
    fn run<F: Fma>(self) {
        for (x, y) in self.0.iter().zip(self.1) {
            *y = G::call::<T, F>(*x);
        }
    }
}

/// The values of a function at the points, by the code for an instruction set.
pub(super) fn values<G: Function, T: Real>(set: InstructionSet, points: &[T]) -> Vec<T> {
    let mut values = vec![T::ZERO; points.len()];
    set.run(Map(points, &mut values, PhantomData::<G>));
    values
}

/// |value − truth| in units of the last place of the truth, or of the smallest normal number where that is more.
/// Infinity counts as the next power of two after the largest number, a wrong special value as infinitely wrong.
pub(super) fn ulps<T: Real>(value: T, truth: Wide) -> f64 {
    let (value, high) = (value.to_f64(), truth.high);
    if value.is_nan() || high.is_nan() {
        return if value.is_nan() && high.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if value == 0.0 && high == 0.0 {
        return if value.is_sign_negative() == high.is_sign_negative() { 0.0 } else { f64::INFINITY };
    }
    let finite = |x: f64| if x.is_infinite() { T::pick(f32::MAX, f64::MAX).to_f64().copysign(x) } else { x };
    let rounded = T::from_f64(high).to_f64();
    if value.is_infinite() && rounded.is_infinite() {
        return if value == rounded { 0.0 } else { f64::INFINITY };
    }
    let size = f64::from_bits(finite(rounded).abs().max(T::MIN_POSITIVE.to_f64()).to_bits() >> 52 << 52);
    let unit = size * T::EPSILON.to_f64();
    let beyond = f64::from(u8::from(value.is_infinite() != rounded.is_infinite()));
    ((finite(value) - finite_high::<T>(high)) - truth.low).abs() / unit + beyond
}

fn finite_high<T: Real>(high: f64) -> f64 {
    let largest = T::pick(f32::MAX, f64::MAX).to_f64();
    if high.is_infinite() { largest.copysign(high) } else { high }
}

/// Compares a function at the points with each instruction set; the largest error is printed and
/// bounded.
pub(super) fn compare<G: Function, T: Real>(points: &[T], oracle: Oracle<T>, bound: f64) {
    let truths: Vec<Wide> = points.iter().map(|x| oracle(*x)).collect();
    for set in InstructionSet::available() {
        let mut worst = (0.0, T::ZERO, T::ZERO);
        for ((x, y), truth) in points.iter().zip(values::<G, T>(set, points)).zip(&truths) {
            let error = ulps(y, *truth);
            if error > worst.0 {
                worst = (error, *x, y);
            }
        }
        let (function, number) = (core::any::type_name::<G>(), core::any::type_name::<T>());
        let function = function.rsplit("::").next().unwrap_or(function);
        println!("{function:20} {number} {set:8} {:6.3} ulp at {:e}: {:e}", worst.0, worst.1, worst.2);
        assert!(worst.0 <= bound, "{function} is {} ulp wrong, {bound} allowed", worst.0);
    }
}

/// Compares a function in both types, at all points.
pub(super) fn check<G: Function>(single: Oracle<f32>, double: Oracle<f64>, bound: f64) {
    compare::<G, f32>(&f32::points(), single, bound);
    compare::<G, f64>(&f64::points(), double, bound);
}
