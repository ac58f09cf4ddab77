//! Numbers of points and bits as floating-point numbers.

/// The greatest number below one: what a number of \[0, 1) is cut to where rounding would make it 1.
pub(crate) const BELOW_ONE: f64 = 1.0 - f64::EPSILON / 2.0;

/// A count as a number, exact up to 2⁵³.
#[expect(clippy::cast_precision_loss, reason = "counts of points and coordinates are below 2^53")]
pub(crate) fn float(count: usize) -> f64 {
    count as f64
}

/// The integer nearest to a number of \[0, 2⁵³\]; 0 for numbers below.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts of floats saturate")]
pub(crate) fn nearest(number: f64) -> usize {
    number.round() as usize
}

/// The upper 53 bits of a word as a number of \[0, 1): multiples of 2⁻⁵³.
#[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
pub(crate) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 * (f64::EPSILON / 2.0)
}

/// The point of \[lower, upper\] at the fraction `position` of its length.
pub(crate) fn between(lower: f64, upper: f64, position: f64) -> f64 {
    (lower + (upper - lower) * position).min(upper)
}
