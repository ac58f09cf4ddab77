//! The two number types that networks are evaluated in.

use faer::traits::RealField;

use crate::kernel::compiled::Compiled;
use crate::math::Real;
use crate::reference::ReferenceScalar;

/// `f64` or `f32`, with everything that evaluation asks of a number.
pub trait Float: Real + ReferenceScalar + RealField + Compiled {
    /// The name of the type as users write it.
    const NAME: &'static str;
}

impl Float for f32 {
    const NAME: &'static str = "f32";
}

impl Float for f64 {
    const NAME: &'static str = "f64";
}
