//! g(x) = x w(x), w = tanh(log(1 + eˣ)) = 1 − 2/P with P = e²ˣ + 2eˣ + 2.
//!
//! P(x + h)/P(x) = Σ pₖ hᵏ with pₖ = (2ᵏ a + b)/k!, a = e²ˣ/P, b = 2eˣ/P; the series of its reciprocal is
//! ρₖ = −Σ_{j=1}^{k} pⱼ ρₖ₋ⱼ, and wₖ = −2 ρₖ/P for k ≥ 1. With q = e⁻ˡˣˡ nothing overflows. The sum for ρₖ loses about
//! k bits, for 2ᵏ/k! is left of terms that add up to 4ᵏ/k!.
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::rule::Rule;
use super::{int, multiply_by_x};
use crate::element::{Analytic, Elementary};

#[derive(Clone, Copy)]
pub(super) struct Mish;

impl Rule for Mish {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let (zero, one, two) = (E::zero(), E::one(), E::fraction(2, 1));
        let q = x.magnitude().negate().apply(Elementary::Exp);
        let square = q.mul(&q);
        // e²ˣ, 2eˣ and 2, each times q² for x ≥ 0.
        let first = x.select_below(&zero, &square, &one);
        let second = q.scale(2, 1);
        let third = x.select_below(&zero, &two, &square.scale(2, 1));
        let inverse = E::one().divide(&first.add(&second).add(&third));
        let (a, b) = (first.mul(&inverse), second.mul(&inverse));
        // −2/P
        let factor = third.mul(&inverse).negate();
        if let Some(entry) = series.get_mut(0) {
            *entry = E::one();
        }
        for k in 1..series.len() {
            let (mut sum, mut term) = (E::zero(), (a.clone(), b.clone()));
            for j in 1..=k {
                term = (term.0.scale(2, int(j)), term.1.scale(1, int(j)));
                sum = term.0.add(&term.1).mul_add(&series[k - j], &sum);
            }
            series[k] = sum.negate();
        }
        for entry in series.iter_mut().skip(1) {
            *entry = entry.mul(&factor);
        }
        if let Some(entry) = series.get_mut(0) {
            *entry = a.add(&b);
        }
        multiply_by_x(x, series);
    }
}
