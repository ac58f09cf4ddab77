//! The elementary functions of the standard library and `libm`, which know nothing of the vectorised ones.
//!
//! They serve the reference, and functions that the kernel computes one number at a time. `f32` is not among them: it is
//! computed in `f64` and rounded once.

use std::f64::consts::{FRAC_1_SQRT_2, TAU};

use crate::element::{Analytic, Elementary};
use crate::math::{Separate, acosh, tanhshrink};

impl Analytic for f64 {
    fn apply(&self, function: Elementary) -> Self {
        let x = *self;
        match function {
            Elementary::Exp => x.exp(),
            Elementary::Expm1 => x.exp_m1(),
            Elementary::Exp2 => x.exp2(),
            Elementary::Gaussian => (-x * x).exp(),
            Elementary::Log => x.ln(),
            Elementary::Sqrt => x.sqrt(),
            Elementary::Softplus => x.max(0.0) + (-x.abs()).exp().ln_1p(),
            Elementary::Tan => libm::tan(x),
            Elementary::Asin => libm::asin(x),
            Elementary::Acos => libm::acos(x),
            Elementary::Atan => libm::atan(x),
            Elementary::Sinh => x.sinh(),
            Elementary::Cosh => x.cosh(),
            Elementary::Asinh => libm::asinh(x),
            Elementary::Acosh => acosh(x),
            Elementary::Atanh => libm::atanh(x),
            Elementary::Erf => libm::erf(x),
            Elementary::Erfc => libm::erfc(x),
            Elementary::Tanhshrink => tanhshrink::<f64, Separate>(x),
        }
    }
    fn power(&self, exponent: f64) -> Self {
        self.powf(exponent)
    }
    fn tanh_and_derivative(&self) -> (Self, Self) {
        let cosh = self.cosh();
        (self.tanh(), 1.0 / (cosh * cosh))
    }
    fn sigmoid_and_derivative(&self) -> (Self, Self) {
        let (value, complement) = (1.0 / (1.0 + (-self).exp()), 1.0 / (1.0 + f64::exp(*self)));
        (value, value * complement)
    }
    fn sin_cos(&self) -> (Self, Self) {
        f64::sin_cos(*self)
    }
    fn normal_cdf_and_density(&self) -> (Self, Self) {
        (0.5 * libm::erfc(-self * FRAC_1_SQRT_2), (-0.5 * self * self).exp() / TAU.sqrt())
    }
}
