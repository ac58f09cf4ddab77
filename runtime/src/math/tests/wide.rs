//! Numbers of about 100 bits, as sums of two `f64`: the oracle where no correctly rounded function exists.

use core::f64::consts::FRAC_2_SQRT_PI;
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
const SQRT_PI: Wide = Wide { high: 1.772_453_850_905_516, low: -7.666_586_499_825_799e-17 };
const SQRT_HALF: Wide = Wide { high: core::f64::consts::FRAC_1_SQRT_2, low: -4.833_646_656_726_457e-17 };

impl Wide {
    /// 2ᵏ times this, rounded where it is denormal.
    fn scaled(self, k: f64) -> Self {
        let half = (k / 2.0).floor();
        let scale = |x: f64| x * half.exp2() * (k - half).exp2();
        Self { high: scale(self.high), low: scale(self.low) }
    }

    /// eˣ, by the series of the remainder. The result may be denormal: then `low` is lost.
    pub(super) fn exp(self) -> Self {
        let (series, k) = self.exp_in_parts();
        series.scaled(k)
    }

    /// (m, k) with eˣ = 2ᵏ m.
    pub(super) fn exp_in_parts(self) -> (Self, f64) {
        let k = (self.high / LN_2.high).round();
        let r = self - LN_2 * k;
        let mut sum = Self::from(1.0);
        for n in (1..=28).rev() {
            sum = r * sum / f64::from(n) + 1.0;
        }
        (sum, k)
    }

    /// ln(1 + q) for 0 ≤ q ≤ 1.
    pub(super) fn log1p(self) -> Self {
        if self.high < 1e-9 {
            let q = self;
            return q - q * q * 0.5 + q * q * q / 3.0 - q * q * q * q * 0.25;
        }
        let x = self + 1.0;
        let y = Self::from(core_math::log(x.high));
        y + (x * (-y).exp() - 1.0)
    }

    /// exp(y²) erfc y for y ≥ 0.
    pub(super) fn scaled_erfc(self) -> Self {
        let y = self;
        let square = y * y;
        if y.high < 2.0 {
            // erf y = 2/√π exp(−y²) Σ 2ⁿ y²ⁿ⁺¹ / (2n + 1)!!, Abramowitz and Stegun 7.1.6.
            let mut sum = Self::from(1.0);
            for n in (1..=80).rev() {
                sum = square * 2.0 * sum / f64::from(2 * n + 1) + 1.0;
            }
            return square.exp() - y * sum * 2.0 / SQRT_PI;
        }
        // √π exp(y²) erfc y = 1/(y + (1/2)/(y + (2/2)/(y + (3/2)/(y + …)))), Abramowitz and Stegun 7.1.14.
        let mut fraction = y;
        for n in (1..=200).rev() {
            fraction = y + Self::from(f64::from(n) * 0.5) / fraction;
        }
        Self::from(1.0) / (fraction * SQRT_PI)
    }

    /// (m, k) with Φ(−y) = 2ᵏ m for y ≥ 0.
    pub(super) fn normal_tail_in_parts(y: f64) -> (Self, f64) {
        let (power, k) = (-Self::from(Fused::two_product(y, y)) * 0.5).exp_in_parts();
        (power * (SQRT_HALF * y).scaled_erfc() * 0.5, k)
    }

    /// m 2ᵏ.
    pub(super) fn from_parts((m, k): (Self, f64)) -> Self {
        m.scaled(k)
    }
}

#[test]
fn wide_numbers_have_a_hundred_bits() {
    let third = Wide::from(1.0) / 3.0;
    assert!((third * 3.0 - 1.0).high.abs() < 1e-31);
    let e = Wide::from(1.0).exp();
    assert_eq!(e.high, core::f64::consts::E);
    assert!((e.low - 1.445_646_891_729_250_2e-16).abs() < 1e-30);
    assert!((SQRT_HALF * SQRT_HALF - 0.5).high.abs() < 1e-31);
    assert!((LN_2.exp() - 2.0).high.abs() < 1e-30);
    assert!((Wide::from(0.5).log1p().exp() - 1.5).high.abs() < 1e-30);
    assert!((SQRT_PI.high - 2.0 / FRAC_2_SQRT_PI).abs() < 1e-15);
    // The series and the fraction agree where they meet.
    let (below, above) = (Wide::from(2.0_f64.next_down()).scaled_erfc(), Wide::from(2.0).scaled_erfc());
    let slope = above * 4.0 - Wide::from(2.0) / SQRT_PI;
    let step = Wide::from(2.0) - 2.0_f64.next_down();
    assert!((above - below - slope * step).high.abs() < 1e-28, "{above:?} {below:?}");
}
