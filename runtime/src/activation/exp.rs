//! eˣ and 2ˣ: g′ = c g with c = 1 and c = log 2, so gₖ₊₁ = c gₖ/(k+1).
//!
//! Checked by `every_recurrence_gives_the_exact_series` and `every_series_agrees_with_fifty_digits`.

use super::int;
use super::rule::Rule;
use crate::element::{Analytic, Elementary};

#[derive(Clone, Copy)]
pub(super) struct Exp;

impl Rule for Exp {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let mut term = x.apply(Elementary::Exp);
        for (k, entry) in series.iter_mut().enumerate() {
            if k > 0 {
                term = term.scale(1, int(k));
            }
            *entry = term.clone();
        }
    }
}

#[derive(Clone, Copy)]
pub(super) struct Exp2;

impl Rule for Exp2 {
    #[inline(always)]
    fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
        let rate = E::constant(std::f64::consts::LN_2);
        let mut term = x.apply(Elementary::Exp2);
        for (k, entry) in series.iter_mut().enumerate() {
            if k > 0 {
                term = term.mul(&rate).scale(1, int(k));
            }
            *entry = term.clone();
        }
    }
}
