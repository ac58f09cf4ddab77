//! Directions in which derivatives are taken.

use jetc_combinatorics::Rational;
use num_traits::{One, Zero};

/// A vector of ℚⁿ, stored sparsely: pairs of coordinate and entry, sorted by coordinate, entries not zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Direction(Vec<(u32, Rational)>);

impl Direction {
    /// The unit vector of a coordinate.
    pub fn unit(coordinate: u32) -> Self {
        Self(vec![(coordinate, Rational::one())])
    }

    /// The vector with these entries; entries of one coordinate are added, zeros dropped.
    pub fn from_entries(entries: impl IntoIterator<Item = (u32, Rational)>) -> Self {
        let mut sorted: Vec<(u32, Rational)> = entries.into_iter().collect();
        sorted.sort_by_key(|entry| entry.0);
        let mut merged: Vec<(u32, Rational)> = Vec::with_capacity(sorted.len());
        for (coordinate, entry) in sorted {
            match merged.last_mut() {
                Some(last) if last.0 == coordinate => last.1 += entry,
                _ => merged.push((coordinate, entry)),
            }
        }
        merged.retain(|entry| !entry.1.is_zero());
        Self(merged)
    }

    /// The entries that are not zero, by coordinate.
    pub fn entries(&self) -> &[(u32, Rational)] {
        &self.0
    }

    /// Whether every entry is zero.
    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// The coordinate whose unit vector this is.
    pub fn as_unit(&self) -> Option<u32> {
        match self.0.as_slice() {
            [(coordinate, entry)] if entry.is_one() => Some(*coordinate),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: i64) -> Rational {
        Rational::from_integer(value.into())
    }

    #[test]
    fn entries_are_sorted_merged_and_never_zero() {
        let entries = [(3, 1), (1, 2), (3, -1), (0, 4), (1, 5)].map(|(i, value)| (i, number(value)));
        assert_eq!(Direction::from_entries(entries).entries(), [(0, number(4)), (1, number(7))]);
    }

    #[test]
    fn unit_vectors_are_recognised() {
        assert_eq!(Direction::unit(7).as_unit(), Some(7));
        assert_eq!(Direction::from_entries([(7, number(2))]).as_unit(), None);
        assert!(Direction::from_entries([(7, number(0))]).is_zero());
    }
}
