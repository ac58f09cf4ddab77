//! Where a function has derivatives, and how many.
//!
//! Checked by `smooth_functions_have_finite_series_everywhere_and_singular_ones_do_not` and
//! `pieces_have_no_derivatives_beyond_their_degree`.

use super::{Activation, Function};

/// Where a function has derivatives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Smoothness {
    /// Of every order, everywhere.
    Smooth,
    /// Of every order, but not there: a pole, a branch point, or the end of its domain.
    Singular {
        /// Where, as a condition on x: `x = 0`.
        points: &'static str,
    },
    /// Smooth pieces that meet in points where derivatives jump.
    Piecewise {
        /// The degree of the pieces, if they are polynomials: derivatives of higher order vanish almost everywhere.
        degree: Option<u32>,
    },
}

impl Activation {
    /// Where it has derivatives.
    pub fn smoothness(self) -> Smoothness {
        let singular = |points| Smoothness::Singular { points };
        match self {
            Self::Power(exponent) if exponent.value() < 0.0 || exponent.value().fract() != 0.0 => {
                singular("x = 0")
            }
            Self::Reciprocal => singular("x = 0"),
            Self::Sqrt | Self::Rsqrt | Self::Log => singular("x ≤ 0"),
            Self::Tan => singular("cos x = 0"),
            Self::Asin | Self::Acos | Self::Atanh => singular("|x| ≥ 1"),
            Self::Acosh => singular("x ≤ 1"),
            Self::ScaledSoftplus { .. } | Self::Softsign | Self::Elu(_) | Self::Selu | Self::Celu(_) => {
                Smoothness::Piecewise { degree: None }
            }
            Self::HardSwish => Smoothness::Piecewise { degree: Some(2) },
            Self::Relu
            | Self::LeakyRelu(_)
            | Self::ThresholdedRelu { .. }
            | Self::Clip { .. }
            | Self::HardSigmoid { .. }
            | Self::Softshrink(_)
            | Self::Hardshrink(_)
            | Self::Abs => Smoothness::Piecewise { degree: Some(1) },
            Self::Sign | Self::Step | Self::Floor | Self::Ceil | Self::Round => {
                Smoothness::Piecewise { degree: Some(0) }
            }
            _ => Smoothness::Smooth,
        }
    }
}

impl Function {
    /// Where it has derivatives. A function of one's own is taken for smooth.
    pub fn smoothness(&self) -> Smoothness {
        match self {
            Self::Known(activation) => activation.smoothness(),
            Self::Custom(_) => Smoothness::Smooth,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDERS: usize = 8;

    fn series(activation: Activation, x: f64) -> [f64; ORDERS] {
        let mut series = [0.0; ORDERS];
        activation.series(&x, &mut series);
        series
    }

    #[test]
    fn smooth_functions_have_finite_series_everywhere_and_singular_ones_do_not() {
        let points = [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, std::f64::consts::FRAC_PI_2];
        for activation in Activation::ALL {
            let is_finite = |&x: &f64| series(activation, x).iter().all(|term| term.abs() < 1e15);
            let everywhere = points.iter().all(is_finite);
            let is_singular = matches!(activation.smoothness(), Smoothness::Singular { .. });
            assert_eq!(everywhere, !is_singular, "{activation}");
        }
    }

    #[test]
    fn pieces_have_no_derivatives_beyond_their_degree() {
        for activation in Activation::ALL {
            // Points that are in no one's corner.
            let vanishing = |order: usize| {
                [-7.3, -2.1, -0.7, -0.13, 0.13, 0.7, 2.1, 7.3]
                    .iter()
                    .all(|&x| series(activation, x)[order..].iter().all(|&term| term == 0.0))
            };
            if let Smoothness::Piecewise { degree: Some(degree) } = activation.smoothness() {
                assert!(vanishing(degree as usize + 1), "{activation}");
                assert!(!vanishing(degree as usize), "{activation}");
            }
        }
    }
}
