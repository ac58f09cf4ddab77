//! Arrays of fractions by index formulas.

use jetc_combinatorics::Rational;

use super::ratio;

/// Entries in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    pub(super) shape: Vec<usize>,
    pub(super) entries: Vec<Rational>,
}

impl Array {
    /// The array with `formula(index)` at each index.
    pub(super) fn new(shape: &[usize], mut formula: impl FnMut(&[usize]) -> Rational) -> Self {
        let size: usize = shape.iter().product();
        let index = |mut entry: usize| {
            let mut index = vec![0; shape.len()];
            for axis in (0..shape.len()).rev() {
                index[axis] = entry % shape[axis];
                entry /= shape[axis];
            }
            index
        };
        Self { shape: shape.to_vec(), entries: (0..size).map(|entry| formula(&index(entry))).collect() }
    }

    /// Different fractions that are not zero.
    pub(super) fn numbers(shape: &[usize], seed: i32) -> Self {
        let mut next = seed;
        Self::new(shape, |_| {
            next = (next * 37 + 11) % 101;
            ratio(2 * next - 101, 3 + next % 4)
        })
    }

    /// The entry at an index.
    pub(super) fn at(&self, index: &[usize]) -> Rational {
        assert_eq!(index.len(), self.shape.len());
        let place = index.iter().zip(&self.shape).fold(0, |place, (i, length)| {
            assert!(i < length);
            place * length + i
        });
        self.entries[place].clone()
    }
}
