//! How far numbers are from what they should be.

/// The value that is farthest from what is expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worst {
    /// The difference, relative to the scale; infinite where one value is not finite and the other differs.
    pub error: f64,
    /// Where it is.
    pub position: usize,
    /// What was found there.
    pub found: f64,
    /// What was expected there.
    pub expected: f64,
}

impl std::fmt::Display for Worst {
    /// With the ratio, which shows a lost factorial as 2 or 1/24.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { error, position, found, expected } = self;
        let ratio = found / expected;
        write!(
            f,
            "value {position}: found {found:e}, expected {expected:e}; found/expected = {ratio:.12}, "
        )?;
        write!(f, "error relative to the scale {error:.2e}")
    }
}

/// The largest modulus.
pub fn scale(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest: f64, value| largest.max(value.abs()))
}

/// The largest difference relative to `scale`; where `scale` is zero, any difference is infinite.
///
/// # Panics
/// If there is nothing to compare, or the lengths differ.
pub fn worst(found: &[f64], expected: &[f64], scale: f64) -> Worst {
    assert_eq!(found.len(), expected.len(), "another number of values than expected");
    let errors = found.iter().zip(expected).enumerate().map(|(position, (&found, &expected))| {
        let error = if found.to_bits() == expected.to_bits() || (found == 0.0 && expected == 0.0) {
            0.0
        } else {
            let relative = (found - expected).abs() / scale;
            if relative.is_nan() { f64::INFINITY } else { relative }
        };
        Worst { error, position, found, expected }
    });
    errors.max_by(|a, b| a.error.total_cmp(&b.error)).expect("there is something to compare")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_factorial_shows_in_the_ratio() {
        let worst = worst(&[1.0, 48.0], &[1.0, 2.0], 2.0);
        assert!(worst.to_string().contains("found/expected = 24.000"), "{worst}");
    }

    #[test]
    fn not_a_number_is_as_wrong_as_can_be() {
        assert!(worst(&[f64::NAN], &[1.0], 1.0).error.is_infinite());
        assert!(worst(&[1.0], &[f64::NAN], 1.0).error.is_infinite());
        assert_eq!(worst(&[-0.0], &[0.0], 0.0).error.to_bits(), 0);
        assert!(worst(&[1e-300], &[0.0], 0.0).error.is_infinite());
    }
}
