//! The inverse tangent.
//!
//! | notation | name |
//! |---|---|
//! | arctan x = t + t³ P(t²), t = x, x ≤ 1/2 | |
//! | arctan x = π/4 + arctan t, t = (x − 1)/(x + 1), 1/2 < x ≤ 2 | |
//! | arctan x = π/2 + arctan t, t = −1/x, x > 2 | |
//!
//! |t| ≤ 1/2 always; one division serves all cases. P is minimax. Multiples of π/4 are taken in two parts: bound 1.5 ulp.
//! Source: the addition formula, Abramowitz and Stegun 4.4.34; cut points chosen for x − 1 to be exact.
//!
//! Checked by `atan_keeps_its_bound`.

use super::coefficients::{ATAN, PI_OVER_4};
use super::fma::{Fma, fast_two_sum};
use super::polynomial::polynomial;
use super::real::{Real, select};

/// The inverse tangent, between −π/2 and π/2.
#[inline(always)]
pub fn atan<T: Real, F: Fma>(x: T) -> T {
    let y = x.abs();
    let (middle, large) = (y > T::HALF, y > T::TWO);
    let numerator = select(large, -T::ONE, select(middle, y - T::ONE, y));
    let denominator = select(large, y, select(middle, y + T::ONE, T::ONE));
    let turns = select(large, T::TWO, select(middle, T::ONE, T::ZERO));
    let t = numerator / denominator;
    let z = t * t;
    let quarter = PI_OVER_4.of::<T>();
    let rest = F::mul_add(t * z, polynomial::<T, F>(z, ATAN.of()), turns * quarter[1]);
    let (high, low) = fast_two_sum(turns * quarter[0], t);
    (high + (low + rest)).copysign(x)
}
