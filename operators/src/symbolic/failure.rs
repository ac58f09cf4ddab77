//! Why a formula cannot be built.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::spec::limits;

/// Why a formula cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// More work than the limit allows.
    TooMuchWork,
    /// Formulas nested deeper than the limit.
    TooDeep,
    /// A number with more bits than the limit.
    NumberTooLarge,
    /// A power with too large an exponent.
    ExponentTooLarge,
    /// A derivative of too high an order.
    OrderTooHigh,
    /// Division by zero.
    DivisionByZero,
    /// A function outside its domain, like the square root of −1.
    OutsideDomain(&'static str),
}

impl Failure {
    /// The diagnostic for this failure at a place.
    pub(crate) fn at(self, span: Span) -> Diagnostic {
        let (code, message) = match self {
            Self::TooMuchWork => (
                Code::ExpressionTooLarge,
                format!(
                    "the formulas take more than {} terms once derivatives and vectors are written out",
                    limits::WORK
                ),
            ),
            Self::TooDeep => (
                Code::ExpressionTooLarge,
                format!(
                    "the formula is nested more than {} deep once all names are filled in",
                    limits::DEPTH
                ),
            ),
            Self::NumberTooLarge => (
                Code::NumberTooLarge,
                format!("an exact number here needs more than {} bits", limits::NUMBER_BITS),
            ),
            Self::ExponentTooLarge => {
                (Code::NumberTooLarge, format!("whole exponents are at most {}", limits::EXPONENT))
            }
            Self::OrderTooHigh => {
                (Code::TooLarge, format!("derivatives have at most order {}", limits::ORDER))
            }
            Self::DivisionByZero => (Code::Undefined, "division by zero".to_owned()),
            Self::OutsideDomain(what) => (Code::Undefined, format!("{what} is not a real number")),
        };
        Diagnostic::new(code, span, message)
    }
}
