//! Polynomials, by Horner's rule, and tables of constants for both types.
//!
//! P(x) = c₀ + x (c₁ + x (c₂ + …)), in long ones for the coefficients of x², or x⁴, with the same remainder:
//! as many chains of multiply-adds are then under way at once, each half or a quarter as long.
//!
//! Checked through every function that uses it.

use super::fma::Fma;
use super::real::Real;

/// Constants for both types; the tables may differ in length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constants<const SINGLE: usize, const DOUBLE: usize> {
    pub(super) single: [f32; SINGLE],
    pub(super) double: [f64; DOUBLE],
}

impl<const SINGLE: usize, const DOUBLE: usize> Constants<SINGLE, DOUBLE> {
    /// The table of type `T`.
    #[inline(always)]
    pub(super) fn of<T: Real>(&self) -> &[T] {
        T::pick_slice(&self.single, &self.double)
    }
}

/// Σ `coefficients[i]` xⁱ.
#[inline(always)]
pub(super) fn polynomial<T: Real, F: Fma>(x: T, coefficients: &[T]) -> T {
    if coefficients.len() < 5 {
        return every::<T, F>(x, coefficients, 0, 1);
    }
    let square = x * x;
    if coefficients.len() < 14 {
        let (even, odd) =
            (every::<T, F>(square, coefficients, 0, 2), every::<T, F>(square, coefficients, 1, 2));
        return F::mul_add(x, odd, even);
    }
    let fourth = square * square;
    let [p, q, r, s] = [0, 1, 2, 3].map(|start| every::<T, F>(fourth, coefficients, start, 4));
    F::mul_add(square, F::mul_add(x, s, r), F::mul_add(x, q, p))
}

/// Horner's rule for the coefficients at `start`, `start + step`, …
#[inline(always)]
fn every<T: Real, F: Fma>(x: T, coefficients: &[T], start: usize, step: usize) -> T {
    let mut i = start + (coefficients.len() - 1 - start) / step * step;
    let mut sum = coefficients[i];
    while i > start {
        i -= step;
        sum = F::mul_add(sum, x, coefficients[i]);
    }
    sum
}
