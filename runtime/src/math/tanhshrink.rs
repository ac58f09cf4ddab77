//! x − tanh x.
//!
//! | notation | name |
//! |---|---|
//! | tanh x = x/(1 + f), f = x²/(3 + x²/(5 + x²/(7 + …))) | `fraction` |
//! | x − tanh x = x f/(1 + f), \|x\| ≤ 2; as it stands beyond | [`tanhshrink`] |
//!
//! All terms of the fraction are positive, so nothing cancels near 0, where the difference is x³/3. Bound: 4 ulp, for
//! six operations round the product near 0.
//! Source: Lambert's continued fraction, Abramowitz and Stegun 4.5.70.
//!
//! Checked by `tanhshrink_keeps_its_bound`.

use super::fma::Fma;
use super::hyperbolic::tanh;
use super::real::{Real, at_most, select};

/// x − tanh x, without cancellation.
#[inline(always)]
pub fn tanhshrink<T: Real, F: Fma>(x: T) -> T {
    let y = at_most(x.abs(), T::TWO);
    let f = fraction(y * y);
    select(x.abs() > T::TWO, x - tanh::<T, F>(x), (y * (f / (T::ONE + f))).copysign(x))
}

/// f, for 0 ≤ x² ≤ 4.
#[inline(always)]
fn fraction<T: Real>(square: T) -> T {
    let mut rest = T::from_f64(25.0);
    for odd in [23.0, 21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0] {
        rest = T::from_f64(odd) + square / rest;
    }
    square / rest
}
