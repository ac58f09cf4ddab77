//! Exact numbers from decimal text.

use jetc_combinatorics::Rational;
use num_bigint::BigInt;
use num_traits::{Pow, Zero};

use super::limits;

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// It does not look like one.
    Malformed,
    /// It has more digits than [`limits::NUMBER_DIGITS`].
    TooManyDigits,
    /// Its exponent is beyond [`limits::NUMBER_EXPONENT`].
    ExponentTooLarge,
    /// Its denominator is zero.
    DivisionByZero,
}

impl std::fmt::Display for NumberError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed => f.write_str("not a number"),
            Self::TooManyDigits => write!(f, "a number has at most {} digits", limits::NUMBER_DIGITS),
            Self::ExponentTooLarge => {
                write!(f, "the exponent of a number is at most {} up or down", limits::NUMBER_EXPONENT)
            }
            Self::DivisionByZero => f.write_str("division by zero"),
        }
    }
}

/// The exact value of `12`, `-0.1`, `1e-3`, `27/10`.
///
/// # Errors
/// Text that is not a number, or one beyond the limits.
///
/// # Example
/// ```
/// use jetc_operators::document::number;
/// assert_eq!(number::parse("0.1"), number::parse("1/10"));
/// assert_eq!(number::parse("-2.5e1"), number::parse("-25"));
/// ```
pub fn parse(text: &str) -> Result<Rational, NumberError> {
    let text = text.trim();
    let (negative, magnitude) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = match magnitude.split_once('/') {
        None => decimal(magnitude)?,
        Some((numerator, denominator)) => {
            let (numerator, denominator) = (decimal(numerator.trim())?, decimal(denominator.trim())?);
            if denominator.is_zero() {
                return Err(NumberError::DivisionByZero);
            }
            numerator / denominator
        }
    };
    Ok(if negative { -value } else { value })
}

/// The exact value of an unsigned decimal number.
///
/// # Errors
/// As [`parse`].
pub fn decimal(text: &str) -> Result<Rational, NumberError> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, self::exponent(exponent)?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !is_digits(whole) || !is_digits(fraction) {
        return Err(NumberError::Malformed);
    }
    if whole.len() + fraction.len() > limits::NUMBER_DIGITS {
        return Err(NumberError::TooManyDigits);
    }
    let digits: BigInt = format!("{whole}{fraction}").parse().map_err(|_| NumberError::Malformed)?;
    let places = i64::try_from(fraction.len()).map_err(|_| NumberError::TooManyDigits)?;
    let power = i64::from(exponent) - places;
    let scale = BigInt::from(10).pow(power.unsigned_abs());
    Ok(if power < 0 { Rational::new(digits, scale) } else { Rational::from_integer(digits * scale) })
}

fn exponent(text: &str) -> Result<i32, NumberError> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NumberError::Malformed);
    }
    let exponent: i32 = text.parse().map_err(|_| NumberError::ExponentTooLarge)?;
    if exponent.unsigned_abs() > limits::NUMBER_EXPONENT {
        return Err(NumberError::ExponentTooLarge);
    }
    Ok(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(numerator: i64, denominator: i64) -> Rational {
        Rational::new(numerator.into(), denominator.into())
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(parse("0.1"), Ok(ratio(1, 10)));
        assert_eq!(parse("-2.50"), Ok(ratio(-5, 2)));
        assert_eq!(parse("1e-3"), Ok(ratio(1, 1000)));
        assert_eq!(parse("1.5E+2"), Ok(ratio(150, 1)));
        assert_eq!(parse("27/10"), Ok(ratio(27, 10)));
        assert_eq!(parse("5."), Ok(ratio(5, 1)));
        assert_eq!(parse(".5"), Ok(ratio(1, 2)));
    }

    #[test]
    fn what_is_not_a_number_is_refused() {
        for text in ["", ".", "x", "1.2.3", "1e", "e5", "--1", "0x10", "1_000", "nan", ".inf", "1 2", "1/"] {
            assert_eq!(parse(text), Err(NumberError::Malformed), "{text:?}");
        }
        assert_eq!(parse("1/0"), Err(NumberError::DivisionByZero));
    }

    #[test]
    fn digits_and_exponents_are_bounded() {
        assert_eq!(parse(&"9".repeat(401)), Err(NumberError::TooManyDigits));
        assert_eq!(parse("1e401"), Err(NumberError::ExponentTooLarge));
        assert_eq!(parse("1e-999999999999999999999"), Err(NumberError::ExponentTooLarge));
        assert!(parse("1e-300").is_ok());
    }

    proptest! {
        #[test]
        fn every_double_is_read_as_its_decimal_text(value in -1e15f64..1e15) {
            let exact = parse(&format!("{value}")).unwrap();
            let back = num_traits::ToPrimitive::to_f64(&exact).unwrap();
            prop_assert_eq!(back.to_bits() & !(1 << 63), value.to_bits() & !(1 << 63));
        }
    }
}
