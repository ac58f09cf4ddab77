//! A unit for derivatives whose powers leave the range of floats.

use crate::math::Real;

/// The power of two u with |N| ≤ uᵒ for every derivative N of order o ≥ 1, or, for a function that is linear there, |N| ≤ u;
/// nothing if it is not larger than 1.
///
/// A derivative of order o counts with its o-th root: where they all come from one scale of the coordinates, that is what they
/// have in common, and what multiplies to powers of order K is then bounded by uᴷ. A linear function has no coefficient that
/// could overflow with u, and u may be as large as it takes to make every power small.
pub(crate) fn unit_of_powers<T: Real>(
    derivatives: impl Iterator<Item = (f64, u32)>,
    is_linear: bool,
) -> Option<T> {
    let exponents = derivatives.filter(|(n, _)| *n != 0.0 && n.is_finite()).map(|(n, order)| {
        let (exponent, _) = n.abs().max(f64::MIN_POSITIVE).exponent_and_mantissa();
        if is_linear { exponent + 1.0 } else { ((exponent + 1.0) / f64::from(order.max(1))).ceil() }
    });
    let exponent = exponents.fold(0.0, f64::max);
    let unit = T::from_f64(exponent.min(1022.0).power_of_two());
    (exponent > 0.0).then(|| crate::math::at_most(unit, T::ONE / T::MIN_POSITIVE))
}
