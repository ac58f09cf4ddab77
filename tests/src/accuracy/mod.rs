//! Rounding errors of evaluations: measured against fixed-point numbers, and foretold from the sizes of what is summed.
//!
//! | notation | name |
//! |---|---|
//! | û, u | the evaluator's value at a point, and the value in [`Reference`] |
//! | u\_rms = √(mean of u² over the points) | [`Reference::rms`] |
//! | \|û − u\| / u\_rms | [`Errors::median`], [`Errors::largest`] |
//! | \|û − u\| / \|u\| | [`Errors::median_by_point`], [`Errors::largest_by_point`] |
//! | Σ \|terms\| / \|Σ terms\| | [`Cancellation`] |
//!
//! Errors are in units of the rounding unit of the arithmetic, 2⁻⁵³ for `f64` and 2⁻²⁴ for `f32`. Weights and points are
//! `f32` numbers: every arithmetic evaluates the same network at the same points.

mod case;
mod reference;
mod errors;
mod stored;
mod cancellation;

pub use cancellation::Cancellation;
pub use case::{Case, OPERATORS};
pub use errors::{Errors, Measured};
pub use reference::{BITS, Reference};

/// The number in the middle; of an even count, the larger of the two.
///
/// # Panics
/// If there is none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The largest number.
pub fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, &value| largest.max(value))
}
