//! Sparse vectors over ℚ with keys of any ordered type.

use itertools::{EitherOrBoth, Itertools};
use num_traits::{One, Zero};

use crate::rational::{Rational, product, sum};

/// A finite map key → non-zero rational: a vector in the free vector space over the keys.
///
/// Entries lie in one sorted array, so that a hundred thousand vectors of one entry each stay small.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SparseVector<K> {
    entries: Vec<(K, Rational)>,
}

impl<K> Default for SparseVector<K> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<K: Ord + Clone> SparseVector<K> {
    /// The zero vector.
    pub fn zero() -> Self {
        Self::default()
    }

    /// The unit vector of one key.
    pub fn unit(key: K) -> Self {
        Self { entries: vec![(key, Rational::one())] }
    }

    /// The sum of the given entries; repeated keys add up.
    pub fn from_entries(entries: impl IntoIterator<Item = (K, Rational)>) -> Self {
        let mut sorted: Vec<(K, Rational)> = entries.into_iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        let mut merged: Vec<(K, Rational)> = Vec::with_capacity(sorted.len());
        for (key, value) in sorted {
            match merged.last_mut() {
                Some((last, total)) if *last == key => *total = sum(total, &value),
                _ => merged.push((key, value)),
            }
        }
        merged.retain(|(_, value)| !value.is_zero());
        Self { entries: merged }
    }

    /// Adds `value` at `key`.
    pub fn add_entry(&mut self, key: K, value: Rational) {
        if value.is_zero() {
            return;
        }
        match self.position(&key) {
            Ok(position) => {
                let total = &mut self.entries[position].1;
                *total = sum(total, &value);
                if total.is_zero() {
                    self.entries.remove(position);
                }
            }
            Err(position) => self.entries.insert(position, (key, value)),
        }
    }

    /// Adds `factor · other`.
    pub fn add_scaled(&mut self, other: &Self, factor: &Rational) {
        let merged = std::mem::take(&mut self.entries)
            .into_iter()
            .merge_join_by(&other.entries, |a, b| a.0.cmp(&b.0))
            .map(|pair| match pair {
                EitherOrBoth::Left(mine) => mine,
                EitherOrBoth::Right((key, value)) => (key.clone(), product(value, factor)),
                EitherOrBoth::Both((key, mine), (_, value)) => (key, sum(&mine, &product(value, factor))),
            });
        self.entries = merged.filter(|(_, value)| !value.is_zero()).collect();
    }

    /// Every entry times `factor`.
    #[must_use]
    pub fn scale(&self, factor: &Rational) -> Self {
        let mut scaled = Self::zero();
        scaled.add_scaled(self, factor);
        scaled
    }

    /// Removes and returns the entry at `key`, zero if there is none.
    pub fn take(&mut self, key: &K) -> Rational {
        self.position(key).map_or_else(|_| Rational::zero(), |position| self.entries.remove(position).1)
    }

    /// The entry at `key`, if it is not zero.
    pub fn get(&self, key: &K) -> Option<&Rational> {
        self.position(key).ok().map(|position| &self.entries[position].1)
    }

    /// The non-zero entries by key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &Rational)> + DoubleEndedIterator {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// The non-zero entries by key, as they are stored.
    pub fn entries(&self) -> &[(K, Rational)] {
        &self.entries
    }

    /// The key whose unit vector this is.
    pub fn as_unit(&self) -> Option<&K> {
        match &self.entries[..] {
            [(key, value)] if value.is_one() => Some(key),
            _ => None,
        }
    }

    /// The largest key with a non-zero entry, and its value.
    pub fn leading(&self) -> Option<(&K, &Rational)> {
        self.entries.last().map(|(key, value)| (key, value))
    }

    /// The largest key below `bound`.
    pub fn last_key_below(&self, bound: &K) -> Option<&K> {
        let below = self.entries.partition_point(|(key, _)| key < bound);
        self.entries[..below].last().map(|(key, _)| key)
    }

    /// Number of non-zero entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether this is the zero vector.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn position(&self, key: &K) -> Result<usize, usize> {
        self.entries.binary_search_by(|(mine, _)| mine.cmp(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rational::integer;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn a_sparse_vector_behaves_like_a_map_of_sums(
            a in proptest::collection::vec((0u8..6, -3i64..4), 0..12),
            b in proptest::collection::vec((0u8..6, -3i64..4), 0..12),
            factor in -2i64..3,
        ) {
            let vector = |entries: &[(u8, i64)]| SparseVector::from_entries(entries.iter().map(|&(k, v)| (k, integer(v))));
            let mut sum = vector(&a);
            sum.add_scaled(&vector(&b), &integer(factor));
            let mut one_by_one = vector(&a);
            let mut expected: BTreeMap<u8, i64> = BTreeMap::new();
            for &(key, value) in &a {
                *expected.entry(key).or_default() += value;
            }
            for &(key, value) in &b {
                *expected.entry(key).or_default() += factor * value;
                one_by_one.add_entry(key, integer(factor * value));
            }
            expected.retain(|_, value| *value != 0);
            prop_assert_eq!(&sum, &one_by_one);
            prop_assert!(sum.iter().map(|(k, v)| (*k, v.clone())).eq(expected.into_iter().map(|(k, v)| (k, integer(v)))));
        }
    }
}
