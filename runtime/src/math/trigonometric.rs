//! sin x and cos x.
//!
//! | notation | name |
//! |---|---|
//! | x = k π/2 + r + c, \|r\| ≤ π/4, c the rounding error of r | `remainder` |
//! | sin(r + c) = r + (c (1 − r²/2) + r³ S(r²)) | `Octant::sine` |
//! | cos(r + c) = 1 − r²/2 + (r⁴ C(r²) − r c) | `Octant::cosine` |
//! | sin x, cos x = one of the two, with a sign, by k mod 4 | [`sin`], [`cos`], [`sin_cos`] |
//!
//! Range reduction after Cody and Waite: π/2 in three parts (f32: four), short enough for k times each but
//! the last to be exact while |x| ≤ [`reach`] = 10⁵ (f32: 10⁴). No such number comes closer to a multiple of
//! π/2 than the parts can tell: the bound is 0.85 ulp everywhere in reach. Beyond it the functions of this
//! file return nothing of use: [`sin_tile`](super::sin_tile) and its like take the numbers there one by one,
//! by the method of Payne and Hanek. S and C are minimax.
//! Sources: W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980), ch. 8; the order of
//! the sums after fdlibm's `k_sin.c` and `k_cos.c`.
//!
//! Checked by `sin_and_cos_keep_their_bound` and `sin_and_cos_keep_their_bound_near_multiples_of_half_pi`.

use super::coefficients::{COS, PI_OVER_2, SIN, TWO_OVER_PI};
use super::fma::{Fma, fast_two_sum, two_sum};
use super::polynomial::polynomial;
use super::real::{Real, select};

/// The largest |x| for which [`sin`], [`cos`] and [`sin_cos`] are right.
#[inline(always)]
pub fn reach<T: Real>() -> T {
    T::pick(1e4, 1e5)
}

/// The sine, for |x| ≤ [`reach`].
#[inline(always)]
pub fn sin<T: Real, F: Fma>(x: T) -> T {
    let octant = Octant::new::<F>(x.abs());
    octant.sine_of_sum::<F>().flip_sign(x)
}

/// The cosine, for |x| ≤ [`reach`].
#[inline(always)]
pub fn cos<T: Real, F: Fma>(x: T) -> T {
    Octant::new::<F>(x.abs()).cosine_of_sum::<F>()
}

/// The sine and the cosine, for |x| ≤ [`reach`].
#[inline(always)]
pub fn sin_cos<T: Real, F: Fma>(x: T) -> (T, T) {
    let octant = Octant::new::<F>(x.abs());
    (octant.sine_of_sum::<F>().flip_sign(x), octant.cosine_of_sum::<F>())
}

/// k, r and c.
#[derive(Clone, Copy, Debug)]
struct Octant<T> {
    k: T,
    r: T,
    c: T,
}

impl<T: Real> Octant<T> {
    #[inline(always)]
    fn new<F: Fma>(x: T) -> Self {
        let parts = PI_OVER_2.of::<T>();
        let k = F::nearest_integer(x, TWO_OVER_PI.of::<T>()[0]);
        // Exact, so far: the leading digits cancel.
        let mut r = F::mul_add(-k, parts[0], x);
        let mut c = T::ZERO;
        for &part in &parts[1..parts.len() - 1] {
            let (sum, error) = two_sum(r, -k * part);
            r = sum;
            c += error;
        }
        let (r, c) = fast_two_sum(r, F::mul_add(-k, parts[parts.len() - 1], c));
        Self { k, r, c }
    }

    /// sin(r + c).
    #[inline(always)]
    fn sine<F: Fma>(self) -> T {
        let z = self.r * self.r;
        let tail = F::mul_add(-T::HALF * z, self.c, self.c);
        self.r + F::mul_add(self.r * z, polynomial::<T, F>(z, SIN.of()), tail)
    }

    /// cos(r + c).
    #[inline(always)]
    fn cosine<F: Fma>(self) -> T {
        let z = self.r * self.r;
        let (high, low) = fast_two_sum(T::ONE, -T::HALF * z);
        let tail = F::mul_add(-self.r, self.c, low);
        high + F::mul_add(z * z, polynomial::<T, F>(z, COS.of()), tail)
    }

    /// sin(k π/2 + r + c).
    #[inline(always)]
    fn sine_of_sum<F: Fma>(self) -> T {
        select(self.k.is_odd(), self.cosine::<F>(), self.sine::<F>()).flip_sign_by_bit_1(self.k)
    }

    /// cos(k π/2 + r + c).
    #[inline(always)]
    fn cosine_of_sum<F: Fma>(self) -> T {
        let value = select(self.k.is_odd(), self.sine::<F>(), self.cosine::<F>());
        value.flip_sign_by_bit_1(self.k + T::ONE)
    }
}
