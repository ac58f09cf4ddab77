//! arctan, arcsin, arccos, arsinh, arcosh and artanh: g′ = c qᵉ with q of degree two and e = −1/2 or −1.
//!
//! y = qᵉ solves q y′ = e q′ y, so (k+1) yₖ₊₁ = Σ_{j=1}^{2} (e j − (k+1−j)) (qⱼ/q₀) yₖ₊₁₋ⱼ, with q(x + h) = q₀ + q₁h + q₂h².
//!
//! | function | q | q₁/q₀, q₂/q₀ as computed |
//! |---|---|---|
//! | arctan, arsinh | 1 + x² | 2aw, w or a²w; a = x or 1/x, whichever is smaller, w = 1/(1 + a²) |
//! | arcsin, arccos, artanh | 1 − x² = (1 − x)(1 + x) | −2x/q₀, −1/q₀ |
//! | arcosh | x² − 1 | u + v, uv; u = 1/(x − 1), v = 1/(x + 1) |
//!
//! Checked by `inverse_functions_have_roots_as_derivatives` and `every_series_agrees_with_fifty_digits`.

use super::rule::Rule;
use super::{int, integrate};
use crate::element::{Analytic, Element, Elementary};

/// y₀ and the two quotients qⱼ/q₀.
struct Quadratic<E> {
    value: E,
    first: E,
    second: E,
}

impl<E: Element> Quadratic<E> {
    /// The series of qᵉ with e = `twice`/2.
    #[inline(always)]
    fn power(self, twice: i32, series: &mut [E]) {
        if let Some(entry) = series.get_mut(0) {
            *entry = self.value;
        }
        for k in 0..series.len().saturating_sub(1) {
            let denominator = 2 * int(k + 1);
            let mut sum = self.first.mul(&series[k]).scale(twice - 2 * int(k), denominator);
            if k > 0 {
                let term = self.second.mul(&series[k - 1]);
                sum = sum.add(&term.scale(2 * twice - 2 * (int(k) - 1), denominator));
            }
            series[k + 1] = sum;
        }
    }
}

/// 1 + x², with (1 + x²)^{−1/2} or its square as the value.
#[inline(always)]
fn one_plus_square<E: Analytic>(x: &E, root: bool) -> Quadratic<E> {
    let one = E::one();
    let size = x.magnitude();
    let large = |then: &E, otherwise: &E| one.select_below(&size, then, otherwise);
    let a = large(&one.divide(x), x);
    let w = one.divide(&a.mul_add(&a, &one));
    let second = large(&a.mul(&a).mul(&w), &w);
    let value = if root {
        let root = w.apply(Elementary::Sqrt);
        large(&a.magnitude().mul(&root), &root)
    } else {
        second.clone()
    };
    Quadratic { value, first: a.mul(&w).scale(2, 1), second }
}

/// 1 − x², with (1 − x²)^{−1/2} or its square as the value.
#[inline(always)]
fn one_minus_square<E: Analytic>(x: &E, root: bool) -> Quadratic<E> {
    let q = E::one().sub(x).mul(&E::one().add(x));
    let inverse = E::one().divide(&q);
    let value = if root { E::one().divide(&q.apply(Elementary::Sqrt)) } else { inverse.clone() };
    Quadratic { value, first: x.mul(&inverse).scale(-2, 1), second: inverse.negate() }
}

macro_rules! rules {
    ($($name:ident |$x:ident, $series:ident| $derivative:expr;)*) => {$(
        #[derive(Clone, Copy)]
        pub(super) struct $name;

        impl Rule for $name {
            #[inline(always)]
            fn series<E: Analytic>(self, $x: &E, $series: &mut [E]) {
                $derivative;
                integrate($x.apply(Elementary::$name), $series);
            }
        }
    )*};
}

rules! {
    Atan |x, series| one_plus_square(x, false).power(-2, series);
    Asinh |x, series| one_plus_square(x, true).power(-1, series);
    Asin |x, series| one_minus_square(x, true).power(-1, series);
    Atanh |x, series| one_minus_square(x, false).power(-2, series);
    Acos |x, series| {
        let quadratic = one_minus_square(x, true);
        Quadratic { value: quadratic.value.negate(), ..quadratic }.power(-1, series);
    };
    Acosh |x, series| {
        let u = E::one().divide(&x.sub(&E::one()));
        let v = E::one().divide(&x.add(&E::one()));
        let value = u.apply(Elementary::Sqrt).mul(&v.apply(Elementary::Sqrt));
        Quadratic { value, first: u.add(&v), second: u.mul(&v) }.power(-1, series);
    };
}
