//! Numbers that start at the beginning of a cache line, so that no vector is read from two.

use std::ops::{Deref, DerefMut};

use crate::math::Real;

/// Bytes of a cache line, and of the widest vector.
const LINE: usize = 64;

/// A fixed number of numbers, the first at a multiple of 64 bytes.
#[derive(Debug)]
pub(crate) struct Aligned<T> {
    /// Longer than `length` by what the alignment may skip. It is never moved into another allocation.
    numbers: Vec<T>,
    first: usize,
    length: usize,
}

impl<T: Real> Aligned<T> {
    pub(crate) fn zeros(length: usize) -> Self {
        let numbers = vec![T::ZERO; length + LINE / size_of::<T>()];
        // A multiple of a number's size is missing, so the remainder is found; if it were not, nothing but speed is lost.
        let first = numbers.as_ptr().align_offset(LINE).min(LINE / size_of::<T>());
        Self { numbers, first, length }
    }
}

impl<T> Default for Aligned<T> {
    /// No numbers at all; nothing is allocated.
    fn default() -> Self {
        Self { numbers: Vec::new(), first: 0, length: 0 }
    }
}

impl<T> Deref for Aligned<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.numbers[self.first..][..self.length]
    }
}

impl<T> DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.numbers[self.first..][..self.length]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_starts_a_cache_line() {
        for length in [0, 1, 5, 1000] {
            let (single, double) = (Aligned::<f32>::zeros(length), Aligned::<f64>::zeros(length));
            assert_eq!((single.len(), double.len()), (length, length));
            assert_eq!((single.as_ptr() as usize % LINE, double.as_ptr() as usize % LINE), (0, 0));
        }
    }
}
