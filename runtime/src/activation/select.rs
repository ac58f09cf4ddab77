//! Which rule an activation follows.

use super::elu::ExponentialUnit;
use super::pieces::Pieces;
use super::power::{RealPower, WholePower, WholeReciprocal};
use super::rounding::Rounding;
use super::rule::{RationalRule, RuleVisitor};
use super::softplus::{LogSigmoid, ScaledSoftplus, Softplus};
use super::softsign::Softsign;
use super::tanh::{Tan, Tanh, Tanhshrink};
use super::{
    Activation, exp, gaussian, gelu, gelu_tanh, identity, inverse, log, mish, root, sigmoid, silu, sin,
};
use crate::element::Ordered;

/// Whole exponents up to this size are multiplied out.
pub(crate) const LARGEST_EXPONENT: i32 = 64;

/// Why a function has no series in exact arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRational {
    /// The function is not rational, nor made of rational pieces.
    #[error(
        "its values are not rational; only polynomials, whole powers and functions with rational pieces can"
    )]
    Function,
    /// The function is infinite there.
    #[error("it has a pole at 0; evaluate it elsewhere")]
    Pole,
}

/// A function with rational values.
enum Rational {
    Identity,
    Power(usize),
    Reciprocal(usize),
    Pieces(Pieces),
    Rounding(Rounding),
    Softsign,
}

impl Activation {
    /// The rule, for code that is compiled once for each.
    pub(crate) fn accept<V: RuleVisitor>(self, visitor: V) -> V::Output {
        match self {
            Self::Tanh => visitor.visit(Tanh),
            Self::Sin => visitor.visit(sin::Sin),
            Self::Cos => visitor.visit(sin::Cos),
            Self::Exp => visitor.visit(exp::Exp),
            Self::Log => visitor.visit(log::Log),
            Self::Sqrt => visitor.visit(root::Sqrt),
            Self::Atan => visitor.visit(inverse::Atan),
            Self::Erf => visitor.visit(gaussian::Erf),
            Self::Gaussian => visitor.visit(gaussian::Gaussian),
            Self::Sigmoid => visitor.visit(sigmoid::Sigmoid),
            Self::Softplus => visitor.visit(Softplus),
            Self::Silu => visitor.visit(silu::Silu),
            Self::Gelu => visitor.visit(gelu::Gelu),
            Self::GeluTanh => visitor.visit(gelu_tanh::GeluTanh),
            Self::Mish => visitor.visit(mish::Mish),
            Self::Elu(alpha) => {
                visitor.visit(ExponentialUnit { scale: 1.0, alpha: alpha.value(), width: 1.0 })
            }
            Self::Celu(alpha) => {
                visitor.visit(ExponentialUnit { scale: 1.0, alpha: alpha.value(), width: alpha.value() })
            }
            Self::Selu => visitor.visit(ExponentialUnit::SELU),
            _ => self.accept_seldom(visitor),
        }
    }

    fn accept_seldom<V: RuleVisitor>(self, visitor: V) -> V::Output {
        match self {
            Self::Rsqrt => visitor.visit_rare(root::Rsqrt),
            Self::Tan => visitor.visit_rare(Tan),
            Self::Asin => visitor.visit_rare(inverse::Asin),
            Self::Acos => visitor.visit_rare(inverse::Acos),
            Self::Sinh => visitor.visit_rare(sin::Sinh),
            Self::Cosh => visitor.visit_rare(sin::Cosh),
            Self::Asinh => visitor.visit_rare(inverse::Asinh),
            Self::Acosh => visitor.visit_rare(inverse::Acosh),
            Self::Atanh => visitor.visit_rare(inverse::Atanh),
            Self::Exp2 => visitor.visit_rare(exp::Exp2),
            Self::Erfc => visitor.visit_rare(gaussian::Erfc),
            Self::LogSigmoid => visitor.visit_rare(LogSigmoid),
            Self::ScaledSoftplus { beta, threshold } => {
                visitor.visit_rare(ScaledSoftplus { beta: beta.value(), threshold: threshold.value() })
            }
            Self::Tanhshrink => visitor.visit_rare(Tanhshrink),
            _ => match self.rational() {
                Some(Rational::Identity) => visitor.visit(identity::Identity),
                Some(Rational::Power(n)) => visitor.visit(WholePower(n)),
                Some(Rational::Reciprocal(n)) => visitor.visit(WholeReciprocal(n)),
                Some(Rational::Pieces(pieces)) => visitor.visit(pieces),
                Some(Rational::Softsign) => visitor.visit(Softsign),
                Some(Rational::Rounding(rounding)) => visitor.visit_rare(rounding),
                None => visitor.visit_rare(RealPower(self.exponent())),
            },
        }
    }

    /// p of xᵖ, where that is what the function is.
    fn exponent(self) -> f64 {
        if let Self::Power(exponent) = self { exponent.value() } else { f64::NAN }
    }

    fn rational(self) -> Option<Rational> {
        Some(match self {
            Self::Identity => Rational::Identity,
            Self::Square => Rational::Power(2),
            Self::Cube => Rational::Power(3),
            Self::Reciprocal => Rational::Reciprocal(1),
            Self::Power(exponent) => {
                let n = exponent.whole(LARGEST_EXPONENT)?;
                let size = n.unsigned_abs() as usize;
                if n < 0 { Rational::Reciprocal(size) } else { Rational::Power(size) }
            }
            Self::Floor => Rational::Rounding(Rounding::Floor),
            Self::Ceil => Rational::Rounding(Rounding::Ceil),
            Self::Round => Rational::Rounding(Rounding::HalfEven),
            Self::Softsign => Rational::Softsign,
            _ => Rational::Pieces(self.pieces()?),
        })
    }

    fn pieces(self) -> Option<Pieces> {
        Some(match self {
            Self::Relu => Pieces::leaky_relu(0.0),
            Self::LeakyRelu(slope) => Pieces::leaky_relu(slope.value()),
            Self::ThresholdedRelu { theta, value } => Pieces::threshold(theta.value(), value.value()),
            Self::Clip { low, high } => Pieces::clip(low.value(), high.value()),
            Self::HardSigmoid { alpha, beta } => Pieces::hard_sigmoid(alpha.value(), beta.value()),
            Self::HardSwish => Pieces::HARD_SWISH,
            Self::Softshrink(lambda) => Pieces::shrink(lambda.value(), lambda.value()),
            Self::Hardshrink(lambda) => Pieces::shrink(lambda.value(), 0.0),
            Self::Abs => Pieces::ABS,
            Self::Sign => Pieces::SIGN,
            Self::Step => Pieces::STEP,
            _ => return None,
        })
    }

    /// [`Activation::series`] without elementary functions. A parameter is the exact value of its `f64`.
    ///
    /// # Errors
    /// If the function is not made of rational pieces, or has a pole at `x`; nothing is written then.
    pub fn exact_series<E: Ordered + PartialEq>(self, x: &E, series: &mut [E]) -> Result<(), NotRational> {
        match self.rational().ok_or(NotRational::Function)? {
            Rational::Identity => identity::Identity.rational_series(x, series),
            Rational::Power(n) => WholePower(n).rational_series(x, series),
            Rational::Reciprocal(_) if *x == E::zero() => return Err(NotRational::Pole),
            Rational::Reciprocal(n) => WholeReciprocal(n).rational_series(x, series),
            Rational::Pieces(pieces) if !pieces.is_finite() => return Err(NotRational::Function),
            Rational::Pieces(pieces) => pieces.rational_series(x, series),
            Rational::Rounding(rounding) => rounding.rational_series(x, series),
            Rational::Softsign => Softsign.rational_series(x, series),
        }
        Ok(())
    }
}
