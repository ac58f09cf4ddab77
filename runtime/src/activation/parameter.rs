//! The real parameter of an elementwise function.

use std::fmt;
use std::hash::{Hash, Hasher};

/// A real constant, equal to another when all bits are: NaN to itself, 0 not to −0.
///
/// ```
/// use jetc_runtime::activation::Parameter;
///
/// assert_eq!(Parameter::from(0.2).value(), 0.2);
/// assert_ne!(Parameter::from(0.0), Parameter::from(-0.0));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Parameter(f64);

impl Parameter {
    /// The number.
    pub const fn value(self) -> f64 {
        self.0
    }

    pub(crate) const fn new(value: f64) -> Self {
        Self(value)
    }

    /// n, if this is a whole number with |n| ≤ `most`.
    #[allow(clippy::cast_possible_truncation, reason = "the number is whole and small")]
    pub(crate) fn whole(self, most: i32) -> Option<i32> {
        let is_whole = self.0.fract() == 0.0 && self.0.abs() <= f64::from(most);
        is_whole.then_some(self.0 as i32)
    }
}

impl From<f64> for Parameter {
    fn from(value: f64) -> Self {
        Self(value)
    }
}

impl PartialEq for Parameter {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Parameter {}

impl Hash for Parameter {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}
