//! sin x and cos x of whole tiles, right for angles of any size.
//!
//! A tile is computed as if all its angles were within [`reach`]; the numbers that are not, seldom any, are
//! then computed again one by one in `f64`, with the reduction of Payne and Hanek (Radian reduction for
//! trigonometric functions, SIGNUM 18, 1983) as `libm` has it. A number's result does not depend on its tile.
//!
//! Checked by `tiles_of_angles_of_any_size_are_right`.

use super::fma::Fma;
use super::real::Real;
use super::trigonometric::{cos, reach, sin, sin_cos};

/// Whether [`sin`], [`cos`] and [`sin_cos`] are right for every number of the tile.
#[inline(always)]
pub fn within_reach<T: Real>(angles: &[T]) -> bool {
    !angles.iter().fold(false, |beyond, x| beyond | (x.abs() > reach()))
}

/// The sines of a tile. The slices have equal lengths.
///
/// # Example: an angle beyond [`reach`] among others
///
/// ```
/// use jetc_runtime::math::{Separate, sin_tile};
///
/// let mut sines = [0.0; 3];
/// sin_tile::<f64, Separate>(&[0.0, 1e22, -0.0], &mut sines);
/// assert_eq!(sines, [0.0, -0.852_200_849_767_188_8, -0.0]);
/// ```
#[inline(always)]
pub fn sin_tile<T: Real, F: Fma>(angles: &[T], sines: &mut [T]) {
    for (x, s) in angles.iter().zip(sines.iter_mut()) {
        *s = sin::<T, F>(*x);
    }
    if !within_reach(angles) {
        repair(angles, sines, libm::sin);
    }
}

/// The cosines of a tile. The slices have equal lengths.
#[inline(always)]
pub fn cos_tile<T: Real, F: Fma>(angles: &[T], cosines: &mut [T]) {
    for (x, c) in angles.iter().zip(cosines.iter_mut()) {
        *c = cos::<T, F>(*x);
    }
    if !within_reach(angles) {
        repair(angles, cosines, libm::cos);
    }
}

/// The sines and cosines of a tile. The slices have equal lengths.
#[inline(always)]
pub fn sin_cos_tile<T: Real, F: Fma>(angles: &[T], sines: &mut [T], cosines: &mut [T]) {
    for ((x, s), c) in angles.iter().zip(sines.iter_mut()).zip(cosines.iter_mut()) {
        (*s, *c) = sin_cos::<T, F>(*x);
    }
    if !within_reach(angles) {
        repair(angles, sines, libm::sin);
        repair(angles, cosines, libm::cos);
    }
}

#[cold]
fn repair<T: Real>(angles: &[T], values: &mut [T], function: fn(f64) -> f64) {
    for (x, value) in angles.iter().zip(values).filter(|(x, _)| x.abs() > reach()) {
        *value = T::from_f64(function(x.to_f64()));
    }
}
