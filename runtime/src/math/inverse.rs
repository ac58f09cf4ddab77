//! Functions that networks seldom use, one number at a time: tan, arcsin, arccos, arsinh, arcosh, artanh.
//!
//! `libm` computes them in `f64`, for angles of any size and for the ends of every domain; results in `f32` are those,
//! rounded. Bounds: 1 ulp for tan, arcsin and arccos, 2 ulp for the hyperbolic ones.
//!
//! Checked by `rare_functions_keep_their_bounds`.

use super::real::{Real, select};

macro_rules! by_libm {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[inline]
        pub fn $name<T: Real>(x: T) -> T {
            T::from_f64(libm::$name(x.to_f64()))
        }
    )*};
}

by_libm! {
    /// The tangent.
    tan
    /// The inverse sine, between −π/2 and π/2; NaN beyond ±1.
    asin
    /// The inverse cosine, between 0 and π; NaN beyond ±1.
    acos
    /// The inverse hyperbolic sine.
    asinh
    /// The inverse hyperbolic tangent, infinite at ±1; NaN beyond.
    atanh
}

/// The inverse hyperbolic cosine; NaN below 1.
#[inline]
pub fn acosh<T: Real>(x: T) -> T {
    // Far below 1, `libm` returns some number.
    select(x < T::ONE, T::NAN, T::from_f64(libm::acosh(x.to_f64())))
}
