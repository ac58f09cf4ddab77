//! A few lanes that are computed side by side.
//!
//! Operations are plain loops over a fixed number of lanes, which compile to vector instructions inside a
//! [`math::Kernel`](crate::math::Kernel).

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

use std::marker::PhantomData;

use crate::element::{Analytic, Element};
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
        let mut lanes = self.lanes;
        for lane in &mut lanes {
            *lane = f(*lane);
        }
        Self::new(lanes)
    }

    #[inline(always)]
    fn map_pair(&self, f: impl Fn(T) -> (T, T)) -> (Self, Self) {
        let (mut first, mut second) = (self.lanes, self.lanes);
        for lane in 0..LANES {
            (first[lane], second[lane]) = f(self.lanes[lane]);
        }
        (Self::new(first), Self::new(second))
    }

    #[inline(always)]
    fn zip(&self, other: &Self, f: impl Fn(T, T) -> T) -> Self {
        let mut lanes = self.lanes;
        for (lane, &b) in lanes.iter_mut().zip(&other.lanes) {
            *lane = f(*lane, b);
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
        let mut lanes = self.lanes;
        for (lane, (&b, &c)) in lanes.iter_mut().zip(factor.lanes.iter().zip(&addend.lanes)) {
            *lane = F::mul_add(*lane, b, c);
        }
        Self::new(lanes)
    }
}

impl<T: Real, F: Fma> Analytic for Pack<T, F> {
    #[inline(always)]
    fn exp(&self) -> Self {
        self.map(math::exp::<T, F>)
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
    fn softplus(&self) -> Self {
        self.map(math::softplus::<T, F>)
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
