//! A product with few features: a dot product for each, along the rows of x and of W, both contiguous.

#![allow(clippy::inline_always, reason = "a call that is not inlined keeps its loop from being vectorised")]

use super::{FEW, Product};
use crate::float::Float;
use crate::math::Fma;

/// Partial sums of one dot product, the same number for every instruction set, so that bits do not depend on it.
const SUMS: usize = 16;

/// Term k goes to partial sum k mod 16; these are added up pairwise.
#[inline(always)]
pub(super) fn multiply<T: Float, F: Fma>(product: Product<'_, T>) {
    let Product { weights, input, bias, output, .. } = product;
    let (features, inner) = (weights.features, weights.inner);
    debug_assert!(features <= FEW);
    for (row, outputs) in output.chunks_exact_mut(features).enumerate() {
        let x = &input[row * inner..][..inner];
        for (feature, output) in outputs.iter_mut().enumerate() {
            let w = &weights.entries[feature * inner..][..inner];
            *output = dot::<T, F>(x, w) + bias.map_or(T::ZERO, |bias| bias[feature]);
        }
    }
}

#[inline(always)]
fn dot<T: Float, F: Fma>(x: &[T], w: &[T]) -> T {
    let mut sums = [T::ZERO; SUMS];
    let (x_blocks, x_rest) = x.as_chunks::<SUMS>();
    let (w_blocks, w_rest) = w.as_chunks::<SUMS>();
    for (x, w) in x_blocks.iter().zip(w_blocks) {
        for lane in 0..SUMS {
            sums[lane] = F::mul_add(x[lane], w[lane], sums[lane]);
        }
    }
    for (sum, (&x, &w)) in sums.iter_mut().zip(x_rest.iter().zip(w_rest)) {
        *sum = F::mul_add(x, w, *sum);
    }
    let mut width = SUMS / 2;
    while width > 0 {
        for lane in 0..width {
            sums[lane] += sums[lane + width];
        }
        width /= 2;
    }
    sums[0]
}
