//! Numbers of about 100 bits, as sums of two `f64`: the oracle where no correctly rounded function exists.

use core::ops::{Add, Div, Mul, Neg, Sub};

use crate::math::{Fma, Fused, fast_two_sum, two_sum};

/// high + low.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wide {
    pub(super) high: f64,
    pub(super) low: f64,
}

impl From<f64> for Wide {
    fn from(high: f64) -> Self {
        Self { high, low: 0.0 }
    }
}

impl From<(f64, f64)> for Wide {
    fn from((high, low): (f64, f64)) -> Self {
        Self { high, low }
    }
}

impl Neg for Wide {
    type Output = Self;
    fn neg(self) -> Self {
        Self { high: -self.high, low: -self.low }
    }
}

impl<B: Into<Wide>> Add<B> for Wide {
    type Output = Self;
    fn add(self, other: B) -> Self {
        let other = other.into();
        let (high, low) = two_sum(self.high, other.high);
        let (tail, rest) = two_sum(self.low, other.low);
        let (high, low) = fast_two_sum(high, low + tail);
        fast_two_sum(high, low + rest).into()
    }
}

impl<B: Into<Wide>> Sub<B> for Wide {
    type Output = Self;
    fn sub(self, other: B) -> Self {
        self + -other.into()
    }
}

impl<B: Into<Wide>> Mul<B> for Wide {
    type Output = Self;
    fn mul(self, other: B) -> Self {
        let other = other.into();
        let (high, low) = Fused::two_product(self.high, other.high);
        fast_two_sum(high, low + (self.high * other.low + self.low * other.high)).into()
    }
}

impl<B: Into<Wide>> Div<B> for Wide {
    type Output = Self;
    fn div(self, other: B) -> Self {
        let other = other.into();
        let first = self.high / other.high;
        let rest = self - other * first;
        let second = rest.high / other.high;
        let third = (rest - other * second).high / other.high;
        Self::from(fast_two_sum(first, second)) + third
    }
}

const LN_2: Wide = Wide { high: core::f64::consts::LN_2, low: 2.319_046_813_846_299_6e-17 };
const HALF_PI: Wide = Wide { high: core::f64::consts::FRAC_PI_2, low: 6.123_233_995_736_766e-17 };
/// What the two parts of [`HALF_PI`] leave.
const HALF_PI_REST: f64 = -1.497_384_904_859_183_3e-33;
const SQRT_PI: Wide = Wide { high: 1.772_453_850_905_516, low: -7.666_586_499_825_799e-17 };
const SQRT_HALF: Wide = Wide { high: core::f64::consts::FRAC_1_SQRT_2, low: -4.833_646_656_726_457e-17 };

/// The series Σ xⁿ Π ratio(i), i = 1 to n.
fn series(x: Wide, terms: i32, ratio: impl Fn(f64) -> f64) -> Wide {
    (1..=terms).rev().fold(Wide::from(1.0), |sum, n| x * sum / ratio(f64::from(n)) + 1.0)
}

impl Wide {
    /// This, if it can be told from its rounded value at all: else, with no digits to spare or none to add,
    /// that.
    ///
    /// # Panics
    ///
    /// If the two disagree: then the oracle is wrong.
    pub(super) fn or_rounded(self, rounded: f64) -> Self {
        if !rounded.is_normal() || !self.high.is_finite() || rounded.abs() < 1e-290 {
            return rounded.into();
        }
        let difference = ((self - rounded).high / rounded).abs();
        assert!(difference < 0.6 * f64::EPSILON, "{self:?} is not {rounded:e}");
        self
    }

    pub(super) fn abs(self) -> Self {
        if self.high < 0.0 { -self } else { self }
    }

    /// 2ᵏ times this, rounded where it is denormal.
    pub(super) fn scaled(self, k: f64) -> Self {
        let half = (k / 2.0).floor();
        let scale = |x: f64| x * half.exp2() * (k - half).exp2();
        Self { high: scale(self.high), low: scale(self.low) }
    }

    /// (m, k) with eˣ = 2ᵏ m.
    pub(super) fn exp_in_parts(self) -> (Self, f64) {
        let k = (self.high / LN_2.high).round();
        (series(self - LN_2 * k, 26, |n| n), k)
    }

    pub(super) fn exp(self) -> Self {
        let (m, k) = self.exp_in_parts();
        m.scaled(k)
    }

    pub(super) fn expm1(self) -> Self {
        if self.high.abs() < 0.5 { self * series(self, 28, |n| n + 1.0) } else { self.exp() - 1.0 }
    }

    pub(super) fn tanh(self) -> Self {
        let e = (self.abs() * -2.0).expm1();
        let t = -e / (e + 2.0);
        if self.high < 0.0 { -t } else { t }
    }

    pub(super) fn sinh(self) -> Self {
        let y = self.abs();
        let e = y.expm1();
        let (m, k) = y.exp_in_parts();
        let value = if y.high < 40.0 { (e + e / (e + 1.0)) * 0.5 } else { m.scaled(k - 1.0) };
        if self.high < 0.0 { -value } else { value }
    }

    pub(super) fn cosh(self) -> Self {
        let (m, k) = self.abs().exp_in_parts();
        if k > 60.0 { m.scaled(k - 1.0) } else { (m.scaled(k) + Self::from(1.0) / m.scaled(k)) * 0.5 }
    }

    pub(super) fn log(self) -> Self {
        let y = Self::from(core_math::log(self.high));
        y + (self * (-y).exp() - 1.0)
    }

    pub(super) fn log1p(self) -> Self {
        if self.high.abs() < 1e-9 {
            let q = self;
            return q - q * q * 0.5 + q * q * q / 3.0 - q * q * q * q * 0.25;
        }
        (self + 1.0).log()
    }

    /// (sin x, cos x).
    pub(super) fn sin_cos(self) -> (Self, Self) {
        let k = (self.high / HALF_PI.high).round();
        let multiple = |part: f64| Self::from(Fused::two_product(k, part));
        let r = self - multiple(HALF_PI.high) - multiple(HALF_PI.low) - HALF_PI_REST * k;
        let minus_square = -(r * r);
        let sin = r * series(minus_square, 14, |n| 2.0 * n * (2.0 * n + 1.0));
        let cos = series(minus_square, 14, |n| (2.0 * n - 1.0) * 2.0 * n);
        match k.rem_euclid(4.0) {
            0.0 => (sin, cos),
            1.0 => (cos, -sin),
            2.0 => (-sin, -cos),
            _ => (-cos, sin),
        }
    }

    pub(super) fn atan(self) -> Self {
        // arctan x − y = arctan (x cos y − sin y) / (cos y + x sin y).
        let y = Self::from(core_math::atan(self.high));
        let (sin, cos) = y.sin_cos();
        y + (self * cos - sin) / (cos + self * sin)
    }

    /// exp(y²) erf y, Abramowitz and Stegun 7.1.6: 2/√π Σ 2ⁿ y²ⁿ⁺¹ / (2n + 1)!!.
    fn scaled_erf(self) -> Self {
        self * series(self * self * 2.0, 60, |n| 2.0 * n + 1.0) * 2.0 / SQRT_PI
    }

    /// exp(y²) erfc y for y ≥ 0.
    fn scaled_erfc(self) -> Self {
        if self.high < 3.0 {
            return (self * self).exp() - self.scaled_erf();
        }
        // √π exp(y²) erfc y = 1/(y + (1/2)/(y + (2/2)/(y + (3/2)/(y + …)))), Abramowitz and Stegun 7.1.14.
        let fraction = (1..=50).rev().fold(self, |rest, n| self + Self::from(f64::from(n) * 0.5) / rest);
        Self::from(1.0) / (fraction * SQRT_PI)
    }

    pub(super) fn erf(self) -> Self {
        if self.high.abs() < 1.0 {
            return self.scaled_erf() * (-(self * self)).exp();
        }
        let complement = self.abs().erfc();
        if self.high < 0.0 { complement - 1.0 } else { -complement + 1.0 }
    }

    pub(super) fn erfc(self) -> Self {
        self.erfc_over(0.0)
    }

    /// Φ(x) = erfc(−x/√2)/2.
    pub(super) fn normal_cdf(self) -> Self {
        (-(self * SQRT_HALF)).erfc_over(1.0)
    }

    /// 2⁻ⁿ erfc x.
    fn erfc_over(self, n: f64) -> Self {
        if self.high < 0.0 {
            return (-(-self).erfc() + 2.0).scaled(-n);
        }
        let (power, k) = (-(self * self)).exp_in_parts();
        (power * self.scaled_erfc()).scaled(k - n)
    }
}

#[test]
fn wide_numbers_have_a_hundred_bits() {
    let near = |a: Wide, b: Wide| assert!((a / b - 1.0).high.abs() < 1e-28, "{a:?} {b:?}");
    let one = Wide::from(1.0);
    near(one / 3.0 * 3.0, one);
    near(one.exp(), Wide { high: core::f64::consts::E, low: 1.445_646_891_729_250_2e-16 });
    near(SQRT_HALF * SQRT_HALF, 0.5.into());
    near(LN_2.exp(), 2.0.into());
    near(Wide::from(0.5).log1p().exp(), 1.5.into());
    near(Wide::from(0.3).expm1(), Wide::from(0.3).exp() - 1.0);
    near(HALF_PI.sin_cos().0, one);
    near((HALF_PI * 0.5).sin_cos().1, SQRT_HALF);
    near(one.atan() * 2.0, HALF_PI);
    // The series of erf and the continued fraction of erfc agree where they meet.
    let (below, above) = (Wide::from(3.0_f64.next_down()), Wide::from(3.0));
    let slope = above.scaled_erfc() * 6.0 - Wide::from(2.0) / SQRT_PI;
    let difference = above.scaled_erfc() - below.scaled_erfc() - slope * (above - below);
    assert!(difference.high.abs() < 1e-21, "{difference:?}");
}
