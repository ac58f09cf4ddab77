//! arctan, arcsin, arccos, arsinh, arcosh and artanh: g′ = c qᵉ with q of degree two and e = −1/2 or −1.
//!
//! y = qᵉ solves q y′ = e q′ y, so (k+1) yₖ₊₁ = Σ_{j=1}^{2} (e j − (k+1−j)) (qⱼ/q₀) yₖ₊₁₋ⱼ, with q(x + h) = q₀ + q₁h + q₂h². In
//! units of u, qⱼ/q₀ is times uʲ, and g′ times u.
//!
//! | function | q | q₁/q₀, q₂/q₀ as computed | unit, where it is far from 1 |
//! |---|---|---|---|
//! | arctan, arsinh | 1 + x² | 2aw, w or a²w; a = x or 1/x, whichever is smaller, w = 1/(1 + a²) | the size of x |
//! | arcsin, arccos, artanh | 1 − x² = (1 − x)(1 + x) | −2x/q₀, −1/q₀ | the size of 1 − \|x\| |
//! | arcosh | x² − 1 | u + v, uv; u = 1/(x − 1), v = 1/(x + 1) | the size of x − 1 |
//!
//! Checked by `inverse_functions_have_roots_as_derivatives` and `every_series_agrees_with_fifty_digits`.

use super::rule::Rule;
use super::{int, integrate, large, near};
use crate::element::{Analytic, Element, Elementary};

/// u y₀ and the two quotients uʲ qⱼ/q₀.
struct Quadratic<E> {
    value: E,
    first: E,
    second: E,
}

impl<E: Element> Quadratic<E> {
    /// The series of u qᵉ with e = `twice`/2, in units of u.
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
fn one_plus_square<E: Analytic>(x: &E, unit: &E, root: bool) -> Quadratic<E> {
    let one = E::one();
    let size = x.magnitude();
    let large = |then: &E, otherwise: &E| one.select_below(&size, then, otherwise);
    let a = large(&one.divide(x), x);
    let w = one.divide(&a.mul_add(&a, &one));
    // u/x where x is large: a u, but 1/x alone may be too small to have all digits.
    let relative = large(&unit.divide(x), &a.mul(unit));
    let second = large(&relative.mul(&relative).mul(&w), &w.mul(unit).mul(unit));
    let value = if root {
        let root = w.apply(Elementary::Sqrt);
        large(&relative.magnitude().mul(&root), &root.mul(unit))
    } else {
        large(&a.mul(&relative).mul(&w), &w.mul(unit))
    };
    Quadratic { value, first: relative.mul(&w).scale(2, 1), second }
}

/// 1 − x², with (1 − x²)^{−1/2} or its square as the value.
#[inline(always)]
fn one_minus_square<E: Analytic>(x: &E, unit: &E, root: bool) -> Quadratic<E> {
    let q = E::one().sub(x).mul(&E::one().add(x));
    let inverse = E::one().divide(&q);
    let value = if root { E::one().divide(&q.apply(Elementary::Sqrt)) } else { inverse.clone() };
    Quadratic {
        value: value.mul(unit),
        first: x.mul(&inverse).scale(-2, 1).mul(unit),
        second: inverse.negate().mul(unit).mul(unit),
    }
}

/// The unit of a function of 1 − x².
#[inline(always)]
fn unit_inside<E: Analytic>(x: &E) -> E {
    near(&E::one().sub(&x.magnitude()).magnitude())
}

macro_rules! rules {
    ($($name:ident |$x:ident, $unit:ident, $series:ident| $of_unit:expr, $derivative:expr;)*) => {$(
        #[derive(Clone, Copy)]
        pub(super) struct $name;

        impl Rule for $name {
            const HAS_UNIT: bool = true;

            #[inline(always)]
            fn series<E: Analytic>(self, x: &E, series: &mut [E]) {
                self.series_in_units(x, &E::one(), series);
            }

            #[inline(always)]
            fn unit<E: Analytic>(self, $x: &E) -> E {
                $of_unit
            }

            #[inline(always)]
            fn series_in_units<E: Analytic>(self, $x: &E, $unit: &E, $series: &mut [E]) {
                $derivative;
                integrate($x.apply(Elementary::$name), $series);
            }
        }
    )*};
}

rules! {
    Atan |x, unit, series| large(&x.magnitude()), one_plus_square(x, unit, false).power(-2, series);
    Asinh |x, unit, series| large(&x.magnitude()), one_plus_square(x, unit, true).power(-1, series);
    Asin |x, unit, series| unit_inside(x), one_minus_square(x, unit, true).power(-1, series);
    Atanh |x, unit, series| unit_inside(x), one_minus_square(x, unit, false).power(-2, series);
    Acos |x, unit, series| unit_inside(x), {
        let quadratic = one_minus_square(x, unit, true);
        Quadratic { value: quadratic.value.negate(), ..quadratic }.power(-1, series);
    };
    Acosh |x, unit, series| {
        let distance = x.sub(&E::one());
        large(&distance).mul(&near(&distance))
    }, {
        let u = E::one().divide(&x.sub(&E::one()));
        let v = E::one().divide(&x.add(&E::one()));
        let value = u.apply(Elementary::Sqrt).mul(&v.apply(Elementary::Sqrt)).mul(unit);
        let (u, v) = (u.mul(unit), v.mul(unit));
        Quadratic { value, first: u.add(&v), second: u.mul(&v) }.power(-1, series);
    };
}
