//! What every elementwise function is: a rule that writes a Taylor series, in any arithmetic that has its functions.

use crate::element::{Analytic, Ordered};

/// A recurrence, with its parameters.
pub(crate) trait Rule: Copy {
    /// Writes gₖ = g⁽ᵏ⁾(x)/k! into `series[k]`, for as many orders as there is room.
    fn series<E: Analytic>(self, x: &E, series: &mut [E]);
}

/// A rule that exact arithmetic can follow.
pub(crate) trait RationalRule: Copy {
    /// As [`Rule::series`].
    fn rational_series<E: Ordered>(self, x: &E, series: &mut [E]);
}

impl<R: RationalRule> Rule for R {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        self.rational_series(x, series);
    }
}

/// Code to compile once for each rule.
pub(crate) trait RuleVisitor: Sized {
    /// What the code returns.
    type Output;
    /// For a function that networks use often.
    fn visit<R: Rule>(self, rule: R) -> Self::Output;
    /// For a function that they use seldom: small code rather than fast code.
    fn visit_rare<R: Rule>(self, rule: R) -> Self::Output {
        self.visit(rule)
    }
}
