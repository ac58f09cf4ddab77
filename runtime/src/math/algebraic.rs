//! Operations that every machine rounds correctly: the reciprocal, and the square root as [`Real::sqrt`].

use super::real::Real;

/// 1/x, correctly rounded.
#[inline(always)]
pub fn reciprocal<T: Real>(x: T) -> T {
    T::ONE / x
}
