//! tanh, sin and cos in fixed point: the argument halved until it is small, Taylor's series, and doubled again.
//!
//! | step | formula | errors |
//! |---|---|---|
//! | halve | x/2ᵐ, below 2⁻⁸ | |
//! | series | eˣ = Σ xᵏ/k!; sin x, cos x = the odd and even terms with alternating signs | one unit for each term |
//! | double | e²ˣ = (eˣ)²; sin 2x = 2 sin x cos x, cos 2x = 1 − 2 sin² x | grow by 2 and by at most 4 |
//! | tanh | tanh x = (1 − e^{−2x})/(1 + e^{−2x}) for x ≥ 0 | |
//!
//! All of it runs with [`GUARD`] more bits than the result has, which m < 40 doublings, that is |x| < 2³⁰, cannot use up.
//!
//! Checked by `tanh_and_sin_agree_with_sixty_digits`.

use num_bigint::{BigInt, Sign};

use super::{Fixed, shift_right};

/// Bits that are computed and dropped.
const GUARD: u64 = 96;

/// An argument is halved until it is below 2 to this power, downwards.
const SMALL: u64 = 8;

impl<const BITS: u64> Fixed<BITS> {
    /// tanh x
    #[must_use]
    pub fn tanh(&self) -> Self {
        let (x, bits) = self.widened();
        let is_negative = x.sign() == Sign::Minus;
        let minus_twice = if is_negative { x << 1u32 } else { -(x << 1u32) };
        let e = exponential(&minus_twice, bits);
        let one = BigInt::from(1) << bits;
        let value = ((&one - &e) << bits) / (one + e);
        Self::narrowed(if is_negative { -value } else { value })
    }

    /// (sin x, cos x)
    #[must_use]
    pub fn sin_cos(&self) -> (Self, Self) {
        let (x, bits) = self.widened();
        let (sin, cos) = sine_and_cosine(&x, bits);
        (Self::narrowed(sin), Self::narrowed(cos))
    }

    /// The number with the guard bits, and how many bits that makes.
    fn widened(&self) -> (BigInt, u64) {
        (&self.0 << GUARD, BITS + GUARD)
    }

    fn narrowed(value: BigInt) -> Self {
        Self(shift_right(value, GUARD))
    }
}

/// How often x must be halved to be small.
fn halvings(x: &BigInt, bits: u64) -> u64 {
    (x.bits() + SMALL).saturating_sub(bits)
}

/// The terms xᵏ/k! until they vanish.
fn terms(x: BigInt, bits: u64) -> impl Iterator<Item = BigInt> {
    let first = BigInt::from(1) << bits;
    let next = move |(term, k): &(BigInt, u64)| {
        let term = shift_right(term * &x, bits) / (k + 1);
        (term.bits() > 1).then_some((term, k + 1))
    };
    std::iter::successors(Some((first, 0)), next).map(|(term, _)| term)
}

/// eˣ for x ≤ 0
fn exponential(x: &BigInt, bits: u64) -> BigInt {
    let m = halvings(x, bits);
    let small: BigInt = terms(x >> m, bits).sum();
    (0..m).fold(small, |e, _| shift_right(&e * &e, bits))
}

fn sine_and_cosine(x: &BigInt, bits: u64) -> (BigInt, BigInt) {
    let m = halvings(x, bits);
    let (mut sin, mut cos) = (BigInt::default(), BigInt::default());
    for (k, term) in terms(x >> m, bits).enumerate() {
        match k % 4 {
            0 => cos += term,
            1 => sin += term,
            2 => cos -= term,
            _ => sin -= term,
        }
    }
    let one = BigInt::from(1) << bits;
    for _ in 0..m {
        let double = shift_right(&sin * &cos, bits - 1);
        cos = &one - shift_right(&sin * &sin, bits - 1);
        sin = double;
    }
    (sin, cos)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jetc_combinatorics::Rational;
    use jetc_runtime::element::{Element, Scalar};

    /// A number from its digits behind the point.
    fn digits(text: &str) -> Fixed<192> {
        let (sign, digits) = text.strip_prefix("-0.").map_or((1, &text[2..]), |digits| (-1, digits));
        let ten = num_traits::pow(BigInt::from(10), digits.len());
        let numerator: BigInt = digits.parse().unwrap();
        Fixed::from_rational(&Rational::new(numerator * sign, ten))
    }

    fn agree(found: &Fixed<192>, expected: &str) {
        let error = found.sub(&digits(expected)).to_f64().abs();
        assert!(error < 2e-58, "{expected}: off by {error:e}");
    }

    /// The digits are those of mpmath 1.3 with 70 digits.
    #[test]
    fn tanh_and_sin_agree_with_sixty_digits() {
        agree(
            &Fixed::new(1.0).tanh(),
            "0.7615941559557648881194582826047935904127685972579365515968105001219532",
        );
        agree(
            &Fixed::new(-3.25).tanh(),
            "-0.9969976354865260169322759264395722730591982097635089065800663831703326",
        );
        let (sin, cos) = Fixed::new(1.0).sin_cos();
        agree(&sin, "0.8414709848078965066525023216302989996225630607983710656727517099919104");
        agree(&cos, "0.5403023058681397174009366074429766037323104206179222276700972553811004");
        agree(
            &Fixed::new(-20.5).sin_cos().0,
            "-0.9968297942787992475657702634157893974010279938921302534636883808694565",
        );
        assert_eq!(Fixed::<192>::new(0.0).tanh(), Fixed::new(0.0));
    }

    #[test]
    fn twice_as_many_bits_give_the_same_digits() {
        for k in -30..30 {
            let x = f64::from(k) * 0.7 + 0.01;
            let (short, long) = (Fixed::<64>::new(x), Fixed::<128>::new(x));
            let unit = 64.0_f64.exp2().recip();
            let near = |a: Fixed<64>, b: Fixed<128>| {
                let difference = a.to_rational() - b.to_rational();
                let difference = num_traits::ToPrimitive::to_f64(&difference).unwrap();
                assert!(difference.abs() <= unit, "{x}: {difference:e}");
            };
            near(short.tanh(), long.tanh());
            near(short.sin_cos().0, long.sin_cos().0);
            near(short.sin_cos().1, long.sin_cos().1);
        }
    }
}
