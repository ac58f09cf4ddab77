//! Sparse vectors over ℚ with keys of any ordered type.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use num_traits::{One, Zero};

use crate::rational::Rational;

/// A finite map key → non-zero rational: a vector in the free vector space over the keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SparseVector<K: Ord> {
    entries: BTreeMap<K, Rational>,
}

impl<K: Ord> Default for SparseVector<K> {
    fn default() -> Self {
        Self { entries: BTreeMap::new() }
    }
}

impl<K: Ord + Clone> SparseVector<K> {
    /// The zero vector.
    pub fn zero() -> Self {
        Self::default()
    }

    /// The unit vector of one key.
    pub fn unit(key: K) -> Self {
        Self::from_entries([(key, Rational::one())])
    }

    /// The sum of the given entries; repeated keys add up.
    pub fn from_entries(entries: impl IntoIterator<Item = (K, Rational)>) -> Self {
        let mut vector = Self::zero();
        for (key, value) in entries {
            vector.add_entry(key, value);
        }
        vector
    }

    /// Adds `value` at `key`.
    pub fn add_entry(&mut self, key: K, value: Rational) {
        if value.is_zero() {
            return;
        }
        match self.entries.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(mut entry) => {
                *entry.get_mut() += value;
                if entry.get().is_zero() {
                    entry.remove();
                }
            }
        }
    }

    /// Adds `factor · other`.
    pub fn add_scaled(&mut self, other: &Self, factor: &Rational) {
        for (key, value) in other.iter() {
            self.add_entry(key.clone(), value * factor);
        }
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
        self.entries.remove(key).unwrap_or_default()
    }

    /// The entry at `key`, if it is not zero.
    pub fn get(&self, key: &K) -> Option<&Rational> {
        self.entries.get(key)
    }

    /// The non-zero entries by key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&K, &Rational)> + DoubleEndedIterator {
        self.entries.iter()
    }

    /// The largest key with a non-zero entry, and its value.
    pub fn leading(&self) -> Option<(&K, &Rational)> {
        self.entries.last_key_value()
    }

    /// The largest key below `bound`.
    pub fn last_key_below(&self, bound: &K) -> Option<&K> {
        self.entries.range(..bound).next_back().map(|(key, _)| key)
    }

    /// Number of non-zero entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether this is the zero vector.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
