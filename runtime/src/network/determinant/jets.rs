//! Single numbers over a jet algebra, whose product table is converted once.
//!
//! *Normalisation: Taylor coefficients.* A jet is its channels, the value first. Products are those of
//! [`Jet`](crate::jet::Jet). Checked by `a_determinant_is_leibniz_formula_in_exact_arithmetic`.

use jetc_operators::algebra::JetAlgebra;

use crate::element::{Ordered, Scalar};

/// What elimination asks of a number: floats and exact rationals have it.
pub(super) trait Field: Ordered + Scalar + PartialOrd {}

impl<S: Ordered + Scalar + PartialOrd> Field for S {}

/// The arithmetic of one algebra.
pub(super) struct Jets<S> {
    channels: usize,
    /// The largest k for which a product of k jets without value can differ from zero.
    pub(super) order: usize,
    products: Vec<Entry<S>>,
}

/// ε`left` ε`right` contains `coefficient` ε`result`.
struct Entry<S> {
    left: usize,
    right: usize,
    result: usize,
    coefficient: S,
}

impl<S: Field> Jets<S> {
    pub(super) fn new(algebra: &JetAlgebra) -> Self {
        let entry = |p: &jetc_operators::algebra::Product| Entry {
            left: p.left.index(),
            right: p.right.index(),
            result: p.result.index(),
            coefficient: S::from_rational(&p.coefficient),
        };
        let products = algebra.products().iter().map(entry).collect();
        Self { channels: algebra.dimension(), order: algebra.nilpotency(), products }
    }

    pub(super) fn zero(&self) -> Vec<S> {
        vec![S::zero(); self.channels]
    }

    pub(super) fn one(&self) -> Vec<S> {
        let mut one = self.zero();
        one[0] = S::one();
        one
    }

    /// a b
    pub(super) fn product(&self, a: &[S], b: &[S]) -> Vec<S> {
        let mut product = self.zero();
        self.add_product(a, b, &mut product);
        product
    }

    /// `sum` + a b
    pub(super) fn add_product(&self, a: &[S], b: &[S], sum: &mut [S]) {
        sum[0] = a[0].mul_add(&b[0], &sum[0]);
        for k in 1..self.channels {
            sum[k] = a[0].mul_add(&b[k], &a[k].mul_add(&b[0], &sum[k]));
        }
        for Entry { left, right, result, coefficient } in &self.products {
            let mut term = a[*left].mul(&b[*right]);
            if left != right {
                term = a[*right].mul_add(&b[*left], &term);
            }
            sum[*result] = coefficient.mul_add(&term, &sum[*result]);
        }
    }

    /// 1/a = (1 − M + M² − …)/a₀ with M = a/a₀ − 1.
    pub(super) fn reciprocal(&self, a: &[S]) -> Vec<S> {
        let minus = negated(&Self::relative(a));
        let mut sum = self.one();
        for _ in 0..self.order {
            let mut next = self.one();
            self.add_product(&minus, &sum, &mut next);
            sum = next;
        }
        sum.iter().map(|channel| channel.divide(&a[0])).collect()
    }

    /// log(a/a₀) = M − M²/2 + M³/3 − … with M = a/a₀ − 1.
    pub(super) fn relative_logarithm(&self, a: &[S]) -> Vec<S> {
        let m = Self::relative(a);
        let minus = negated(&m);
        let mut sum = self.zero();
        for k in (1..=self.order).rev() {
            let mut next = self.zero();
            next[0] = S::fraction(1, i32::try_from(k).expect("orders are small"));
            self.add_product(&minus, &sum, &mut next);
            sum = next;
        }
        self.product(&m, &sum)
    }

    /// a/a₀ − 1
    fn relative(a: &[S]) -> Vec<S> {
        let value = std::iter::once(S::zero());
        value.chain(a[1..].iter().map(|channel| channel.divide(&a[0]))).collect()
    }
}

/// −a
pub(super) fn negated<S: Field>(a: &[S]) -> Vec<S> {
    a.iter().map(Ordered::negate).collect()
}
