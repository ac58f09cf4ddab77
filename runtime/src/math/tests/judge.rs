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

/// The oracles of a function of `f64` that is correctly rounded, and of which [`Wide`] knows more digits.
macro_rules! oracles {
    ($rounded:path, $wide:expr) => {{
        const WIDE: fn($crate::math::tests::wide::Wide) -> $crate::math::tests::wide::Wide = $wide;
        $crate::math::tests::judge::Oracles {
            single: |x| $rounded(f64::from(x)).into(),
            double: |x| WIDE(x.into()).or_rounded($rounded(x)),
        }
    }};
}
pub(super) use oracles;

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
/// A zero of the wrong sign, or a number where there is none, is infinitely wrong.
pub(super) fn ulps<T: Real>(value: T, truth: Wide) -> f64 {
    let (value, rounded) = (value.to_f64(), T::from_f64(truth.high).to_f64());
    let judged = |right: bool| if right { 0.0 } else { f64::INFINITY };
    if value.is_nan() || rounded.is_nan() {
        return judged(value.is_nan() && rounded.is_nan());
    }
    if value.is_infinite() || rounded.is_infinite() {
        let last = T::pick(f32::MAX, f64::MAX).to_f64();
        let beside = value.abs().min(rounded.abs()) == last && value.signum() == rounded.signum();
        return if beside { 1.0 } else { judged(value == rounded) };
    }
    if value == 0.0 && truth.high == 0.0 {
        return judged(value.signum() == truth.high.signum());
    }
    let power_of_two = |x: f64| f64::from_bits(x.to_bits() >> 52 << 52);
    let unit = power_of_two(truth.high.abs()).max(T::MIN_POSITIVE.to_f64()) * T::EPSILON.to_f64();
    ((value - truth.high) - truth.low).abs() / unit
}

/// How wrong a function may be, in units of the last place, with each kind of multiply-add.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) fused: f64,
    pub(super) separate: f64,
}

/// Points and the truth at each.
pub(super) struct Truths<T> {
    points: Vec<T>,
    truths: Vec<Wide>,
}

impl<T: Real> Truths<T> {
    pub(super) fn new(points: Vec<T>, oracle: impl Fn(T) -> Wide) -> Self {
        let truths = points.iter().map(|x| oracle(*x)).collect();
        Self { points, truths }
    }

    /// Compares a function with the truth, for each instruction set; the largest error is printed and
    /// bounded.
    pub(super) fn check<G: Function>(&self, bounds: Bounds) {
        let name = core::any::type_name::<G>().rsplit("::").next().unwrap();
        let number = core::any::type_name::<T>();
        for set in InstructionSet::available() {
            let bound = if set.is_fused() { bounds.fused } else { bounds.separate };
            let values = values::<G, T>(set, &self.points);
            let errors = values.iter().zip(&self.truths).map(|(value, truth)| ulps(*value, *truth));
            let (error, x) = errors.zip(&self.points).max_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
            println!("{name:18} {number} {set:8} {error:6.3} ulp at {x:e}, bound {bound}");
            assert!(error <= bound, "{name} is {error} ulp wrong at {x:e}, {bound} allowed");
        }
    }
}

/// The oracles of a function for both types.
#[derive(Clone, Copy)]
pub(super) struct Oracles {
    pub(super) single: fn(f32) -> Wide,
    pub(super) double: fn(f64) -> Wide,
}

impl Oracles {
    /// The truth at all points.
    pub(super) fn everywhere(self) -> (Truths<f32>, Truths<f64>) {
        (Truths::new(f32::points(), self.single), Truths::new(f64::points(), self.double))
    }
}
