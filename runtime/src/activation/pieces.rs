//! Functions that are polynomials of degree two or less on three pieces: x below `low`, between, and above `high`.
//!
//! | function | below | between | above | ends belong to |
//! |---|---|---|---|---|
//! | relu, leaky relu | 0, slope·x | the same, at 0 | x | the middle |
//! | \|x\|, sign, step | −x, −1, 0 | 0, at 0 | x, 1, 1 | the middle |
//! | clip, hard sigmoid, hard swish | the least | x, αx + β, x(x + 3)/6 | the most | the outer pieces |
//! | soft shrink, hard shrink | x + λ, x | 0 | x − λ, x | the middle |
//! | threshold | the value | the value, at θ | x | the middle |
//!
//! Derivatives at an end are those of the piece that it belongs to, which are those that PyTorch takes.
//!
//! Checked by `derivatives_at_kinks_are_those_of_pytorch` and
//! `exact_series_of_rational_functions_agree_with_those_in_floats`.

use super::rule::RationalRule;
use crate::element::Ordered;

/// c₀ + c₁x + c₂x²
type Piece = [f64; 3];

#[derive(Clone, Copy)]
pub(super) struct Pieces {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) below: Piece,
    pub(super) between: Piece,
    pub(super) above: Piece,
    /// Whether `low` and `high` belong to the middle.
    pub(super) closed: bool,
}

const X: Piece = [0.0, 1.0, 0.0];

const fn constant(value: f64) -> Piece {
    [value, 0.0, 0.0]
}

impl Pieces {
    /// A function with one kink or jump, and its value there.
    pub(super) const fn kink(at: f64, below: Piece, between: Piece, above: Piece) -> Self {
        Self { low: at, high: at, below, between, above, closed: true }
    }

    pub(super) const fn leaky_relu(slope: f64) -> Self {
        Self::kink(0.0, [0.0, slope, 0.0], [0.0, slope, 0.0], X)
    }

    pub(super) const ABS: Self = Self::kink(0.0, [0.0, -1.0, 0.0], constant(0.0), X);
    pub(super) const SIGN: Self = Self::kink(0.0, constant(-1.0), constant(0.0), constant(1.0));
    pub(super) const STEP: Self = Self::kink(0.0, constant(0.0), constant(0.0), constant(1.0));

    pub(super) const fn threshold(theta: f64, value: f64) -> Self {
        Self::kink(theta, constant(value), constant(value), X)
    }

    pub(super) const fn clip(low: f64, high: f64) -> Self {
        let (below, above) = (constant(low), constant(high));
        Self { low, high, below, between: X, above, closed: false }
    }

    /// αx + β, between 0 and 1.
    pub(super) fn hard_sigmoid(alpha: f64, beta: f64) -> Self {
        let between = [beta, alpha, 0.0];
        let (low, high) = (-beta / alpha, (1.0 - beta) / alpha);
        Self { low, high, below: constant(0.0), between, above: constant(1.0), closed: false }
    }

    pub(super) const HARD_SWISH: Self = Self {
        low: -3.0,
        high: 3.0,
        below: constant(0.0),
        between: [0.0, 0.5, 1.0 / 6.0],
        above: X,
        closed: false,
    };

    pub(super) const fn shrink(lambda: f64, offset: f64) -> Self {
        let (below, above) = ([offset, 1.0, 0.0], [-offset, 1.0, 0.0]);
        Self { low: -lambda, high: lambda, below, between: constant(0.0), above, closed: true }
    }

    /// Whether every constant is finite.
    pub(super) fn is_finite(&self) -> bool {
        let pieces = [self.below, self.between, self.above];
        [self.low, self.high].iter().chain(pieces.iter().flatten()).all(|constant| constant.is_finite())
    }
}

impl RationalRule for Pieces {
    #[inline(always)]
    fn rational_series<E: Ordered>(self, x: &E, series: &mut [E]) {
        let (low, high) = (E::constant(self.low), E::constant(self.high));
        let [c0, c1, c2] = [0, 1, 2].map(|i| {
            let [below, between, above] =
                [self.below, self.between, self.above].map(|piece| E::constant(piece[i]));
            if self.closed {
                x.select_below(&low, &below, &high.select_below(x, &above, &between))
            } else {
                low.select_below(x, &x.select_below(&high, &between, &above), &below)
            }
        });
        let (zero, one) = (E::zero(), E::one());
        // 0·x is 0 where x is infinite, but not where it is NaN.
        let flat = x.select_below(&zero, &zero, &zero.select_below(x, &zero, x));
        let nonzero = |c: &E, then: &E, otherwise: &E| {
            c.select_below(&zero, then, &zero.select_below(c, then, otherwise))
        };
        let square = nonzero(&c2, &c2.mul(x).mul(x), &flat);
        let linear = nonzero(&c1, &c1.mul(x), &flat);
        let slope = nonzero(&c2, &c2.mul(x).scale(2, 1), &zero).add(&c1);
        let values = [c0.add(&linear).add(&square), slope, c2.mul(&one)];
        for (k, entry) in series.iter_mut().enumerate() {
            *entry = values.get(k).cloned().unwrap_or_else(E::zero);
        }
    }
}
