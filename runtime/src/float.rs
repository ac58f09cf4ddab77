//! The two number types that networks are evaluated in.

use faer::traits::RealField;
use jetc_operators::Precision;

use crate::jet::JetScalar;
use crate::kernel::compiled::Compiled;
use crate::math::Real;

/// `f64` or `f32`, with everything that evaluation asks of a number.
pub trait Float: Real + JetScalar + RealField + Compiled + Into<f64> {
    /// The name of the type as users write it.
    const NAME: &'static str;
    /// What plans are made for.
    const PRECISION: Precision;
}

impl Float for f32 {
    const NAME: &'static str = "f32";
    const PRECISION: Precision = Precision::Single;
}

impl Float for f64 {
    const NAME: &'static str = "f64";
    const PRECISION: Precision = Precision::Double;
}
