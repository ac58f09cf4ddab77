//! What every elementwise function is: a rule that writes a Taylor series, in any arithmetic that has its functions.
//!
//! *Units.* A series in h is a series in h/u with coefficients uᵏ gₖ. Where g varies over distances far from 1 — a power of a
//! large x does over x itself — the gₖ leave the range of floats although what they stand for is ordinary: √x at 10⁻²⁰ has
//! g₄ ≈ −4·10⁶⁸, which meets h⁴ ≈ 10⁻⁸⁰. Such a rule has a unit, a power of two near that distance, and writes uᵏ gₖ at once; with
//! u = 1 that is the plain series, and multiplying by powers of two rounds nothing, so digits do not depend on the unit.
//!
//! Checked by `a_series_in_units_is_the_series_times_powers_of_the_unit` and
//! `every_series_is_right_wherever_it_can_be_written`.

use crate::element::{Analytic, Element, Ordered};

/// A recurrence, with its parameters.
pub(crate) trait Rule: Copy {
    /// Whether [`Self::unit`] is ever other than 1.
    const HAS_UNIT: bool = false;

    /// Writes gₖ = g⁽ᵏ⁾(x)/k! into `series[k]`, for as many orders as there is room.
    fn series<E: Analytic>(self, x: &E, series: &mut [E]);

    /// u, a power of two near the distance over which g varies at x.
    #[inline(always)]
    fn unit<E: Analytic>(self, x: &E) -> E {
        let _ = x;
        E::one()
    }

    /// Writes uᵏ gₖ into `series[k]`, for any power of two u.
    #[inline(always)]
    fn series_in_units<E: Analytic>(self, x: &E, unit: &E, series: &mut [E]) {
        self.series(x, series);
        in_units(unit, series);
    }
}

/// uᵏ gₖ from gₖ. One factor after another: uᵏ alone may be out of range.
#[inline(always)]
pub(crate) fn in_units<E: Element>(unit: &E, series: &mut [E]) {
    for first in 1..series.len() {
        for entry in &mut series[first..] {
            *entry = entry.mul(unit);
        }
    }
}

/// A rule that exact arithmetic can follow.
pub(crate) trait RationalRule: Copy {
    /// As [`Rule::HAS_UNIT`].
    const RATIONAL_HAS_UNIT: bool = false;

    /// As [`Rule::series`].
    fn rational_series<E: Ordered>(self, x: &E, series: &mut [E]);

    /// As [`Rule::unit`].
    #[inline(always)]
    fn rational_unit<E: Ordered>(self, x: &E) -> E {
        let _ = x;
        E::one()
    }

    /// As [`Rule::series_in_units`].
    #[inline(always)]
    fn rational_series_in_units<E: Ordered>(self, x: &E, unit: &E, series: &mut [E]) {
        self.rational_series(x, series);
        in_units(unit, series);
    }
}

impl<R: RationalRule> Rule for R {
    const HAS_UNIT: bool = R::RATIONAL_HAS_UNIT;

    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        self.rational_series(x, series);
    }

    #[inline(always)]
    fn unit<E: Analytic>(self, x: &E) -> E {
        self.rational_unit(x)
    }

    #[inline(always)]
    fn series_in_units<E: Analytic>(self, x: &E, unit: &E, series: &mut [E]) {
        self.rational_series_in_units(x, unit, series);
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
