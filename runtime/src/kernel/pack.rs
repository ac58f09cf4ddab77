//! A few lanes that are computed side by side.
//!
//! Operations are plain loops over a fixed number of lanes, which compile to vector instructions inside a
//! [`math::Kernel`](crate::math::Kernel). Loops run over indices: of iterators over several packs the compiler does not
//! see how long they are, and what it cannot unroll goes through memory.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]
#![allow(clippy::needless_range_loop, reason = "see above")]

use std::marker::PhantomData;

use crate::element::{Analytic, Element, Elementary, Ordered};
use crate::math::{self, Fma, Real};

/// How many lanes a [`Pack`] has: one AVX-512 register of f32, two of f64.
pub(crate) const LANES: usize = 16;

/// `LANES` numbers, with the kind of multiply-add that this machine has.
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub(crate) struct Pack<T, F> {
    pub(crate) lanes: [T; LANES],
    kind: PhantomData<F>,
}

impl<T: Real, F: Fma> Pack<T, F> {
    #[inline(always)]
    pub(crate) fn new(lanes: [T; LANES]) -> Self {
        Self { lanes, kind: PhantomData }
    }

    #[inline(always)]
    fn map(&self, f: impl Fn(T) -> T) -> Self {
        let mut lanes = [T::ZERO; LANES];
        for i in 0..LANES {
            lanes[i] = f(self.lanes[i]);
        }
        Self::new(lanes)
    }

    #[inline(always)]
    fn map_pair(&self, f: impl Fn(T) -> (T, T)) -> (Self, Self) {
        let (mut first, mut second) = ([T::ZERO; LANES], [T::ZERO; LANES]);
        for i in 0..LANES {
            (first[i], second[i]) = f(self.lanes[i]);
        }
        (Self::new(first), Self::new(second))
    }

    #[inline(always)]
    fn zip(&self, other: &Self, f: impl Fn(T, T) -> T) -> Self {
        let mut lanes = [T::ZERO; LANES];
        for i in 0..LANES {
            lanes[i] = f(self.lanes[i], other.lanes[i]);
        }
        Self::new(lanes)
    }
}

impl<T: Real, F: Fma> Element for Pack<T, F> {
    #[inline(always)]
    fn fraction(numerator: i32, denominator: i32) -> Self {
        Self::new([T::from_f64(f64::from(numerator) / f64::from(denominator)); LANES])
    }
    #[inline(always)]
    fn add(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    fn mul_add(&self, factor: &Self, addend: &Self) -> Self {
        let mut lanes = [T::ZERO; LANES];
        for i in 0..LANES {
            lanes[i] = F::mul_add(self.lanes[i], factor.lanes[i], addend.lanes[i]);
        }
        Self::new(lanes)
    }
}

impl<T: Real, F: Fma> Ordered for Pack<T, F> {
    #[inline(always)]
    fn constant(value: f64) -> Self {
        Self::new([T::from_f64(value); LANES])
    }
    #[inline(always)]
    fn divide(&self, divisor: &Self) -> Self {
        self.zip(divisor, |a, b| a / b)
    }
    #[inline(always)]
    fn select_below(&self, bound: &Self, below: &Self, otherwise: &Self) -> Self {
        let mut lanes = [T::ZERO; LANES];
        for i in 0..LANES {
            lanes[i] = math::select(self.lanes[i] < bound.lanes[i], below.lanes[i], otherwise.lanes[i]);
        }
        Self::new(lanes)
    }
    #[inline(always)]
    fn unit(&self) -> Self {
        self.map(math::unit)
    }
    #[inline(always)]
    fn floor(&self) -> Self {
        self.map(|x| T::from_f64(x.to_f64().floor()))
    }
    #[inline(always)]
    fn round_half_even(&self) -> Self {
        self.map(|x| T::from_f64(x.to_f64().round_ties_even()))
    }
}

impl<T: Real, F: Fma> Analytic for Pack<T, F> {
    #[inline(always)]
    fn apply(&self, function: Elementary) -> Self {
        match function {
            Elementary::Exp => self.map(math::exp::<T, F>),
            Elementary::Expm1 => self.map(math::expm1::<T, F>),
            Elementary::Exp2 => self.map(|x| math::pow::<T, F>(T::TWO, x)),
            Elementary::Gaussian => self.map(math::gaussian_of_square::<T, F>),
            Elementary::Log => self.map(math::log::<T, F>),
            Elementary::Sqrt => self.map(T::sqrt),
            Elementary::Softplus => self.map(math::softplus::<T, F>),
            Elementary::Tan => self.map(math::tan),
            Elementary::Asin => self.map(math::asin),
            Elementary::Acos => self.map(math::acos),
            Elementary::Atan => self.map(math::atan::<T, F>),
            Elementary::Sinh => self.map(math::sinh::<T, F>),
            Elementary::Cosh => self.map(math::cosh::<T, F>),
            Elementary::Asinh => self.map(math::asinh),
            Elementary::Acosh => self.map(math::acosh),
            Elementary::Atanh => self.map(math::atanh),
            Elementary::Erf => self.map(math::erf::<T, F>),
            Elementary::Erfc => self.map(math::erfc::<T, F>),
            Elementary::Tanhshrink => self.map(math::tanhshrink::<T, F>),
        }
    }
    #[inline(always)]
    fn power(&self, exponent: f64) -> Self {
        let exponent = T::from_f64(exponent);
        self.map(|x| math::pow::<T, F>(x, exponent))
    }
    #[inline(always)]
    fn tanh_and_derivative(&self) -> (Self, Self) {
        self.map_pair(math::tanh_and_derivative::<T, F>)
    }
    #[inline(always)]
    fn sigmoid_and_derivative(&self) -> (Self, Self) {
        self.map_pair(math::sigmoid_and_derivative::<T, F>)
    }
    #[inline(always)]
    fn sin_cos(&self) -> (Self, Self) {
        let (mut sine, mut cosine) = (self.lanes, self.lanes);
        math::sin_cos_tile::<T, F>(&self.lanes, &mut sine, &mut cosine);
        (Self::new(sine), Self::new(cosine))
    }
    #[inline(always)]
    fn normal_cdf_and_density(&self) -> (Self, Self) {
        let height = T::from_f64(1.0 / std::f64::consts::TAU.sqrt());
        self.map_pair(|x| {
            let (cdf, gaussian) = math::normal_cdf_and_gaussian::<T, F>(x);
            (cdf, gaussian * height)
        })
    }
}
