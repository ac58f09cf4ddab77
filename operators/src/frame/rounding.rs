//! How far rounded coefficients are from those that were asked for.

use jetc_combinatorics::{Polynomial, Rational};
use num_traits::{Signed, ToPrimitive, Zero};

/// A rounded symbol is at most 2⁻⁴⁰ of the largest coefficient away from what was asked for, or is not used. That is 2¹³
/// roundings of a double, and less than what evaluating a second derivative of a network in doubles loses.
pub(super) const TOLERANCE_BITS: u32 = 40;

/// Coefficients of more bits than this, numerator and denominator together, are rounded to doubles.
const LONG: u64 = 160;

/// The symbol with long coefficients rounded to doubles, and the e of [`Rewritten::rounding`](super::Rewritten::rounding).
pub(super) fn shortened(symbol: Polynomial) -> (Polynomial, Option<u32>) {
    let is_long = |coefficient: &Rational| coefficient.numer().bits() + coefficient.denom().bits() > LONG;
    if !symbol.terms().any(|(_, coefficient)| is_long(coefficient)) {
        return (symbol, None);
    }
    let nearest = |coefficient: &Rational| coefficient.to_f64().and_then(Rational::from_float);
    let rounded = Polynomial::from_terms(symbol.terms().map(|(monomial, coefficient)| {
        let short = if is_long(coefficient) { nearest(coefficient) } else { None };
        (monomial.clone(), short.unwrap_or_else(|| coefficient.clone()))
    }));
    let bits = within(&distance(&symbol, &rounded));
    (rounded, bits)
}

/// The largest e with distance ≤ 2⁻ᵉ; nothing for 0.
pub(super) fn within(distance: &Rational) -> Option<u32> {
    if distance.is_zero() {
        return None;
    }
    let (numerator, denominator) = (distance.numer(), distance.denom());
    let bits = denominator.bits().saturating_sub(numerator.bits());
    let fits = numerator << bits <= *denominator;
    Some(u32::try_from(bits.saturating_sub(u64::from(!fits))).unwrap_or(u32::MAX))
}

/// The largest difference of coefficients over the largest coefficient of `asked`.
pub(super) fn distance(asked: &Polynomial, rounded: &Polynomial) -> Rational {
    match (largest(asked), largest(&(asked - rounded))) {
        (Some(scale), Some(difference)) => difference / scale,
        _ => Rational::zero(),
    }
}

fn largest(polynomial: &Polynomial) -> Option<Rational> {
    polynomial.terms().map(|(_, coefficient)| coefficient.abs()).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jetc_combinatorics::rational::{integer, ratio};

    #[test]
    fn a_distance_is_told_to_the_next_power_of_two() {
        assert_eq!(within(&Rational::zero()), None);
        for (distance, bits) in [((1, 8), 3), ((1, 7), 2), ((1, 9), 3), ((3, 16), 2), ((1, 1), 0)] {
            assert_eq!(within(&ratio(distance.0, distance.1)), Some(bits), "{distance:?}");
        }
    }

    #[test]
    fn only_long_coefficients_are_rounded() {
        let third = jetc_combinatorics::rational::power(&ratio(1, 3), 200);
        let x = Polynomial::variable(0);
        let short = &x.scale(&ratio(1, 3)) + &Polynomial::constant(integer(2));
        assert_eq!(shortened(short.clone()), (short.clone(), None));
        let (rounded, bits) = shortened(&short + &x.power(2).scale(&third));
        assert!(bits.unwrap() > 300);
        assert_eq!(rounded.coefficient(&jetc_combinatorics::MultiIndex::variable(0)), ratio(1, 3));
    }
}
