//! Directions in which derivatives are taken.

use itertools::Either;
use jetc_combinatorics::{Rational, SparseVector};
use num_traits::{ToPrimitive, Zero};

/// A vector of ℝⁿ by coordinate, stored sparsely: data of an operator, of which no algebra knows the entries.
///
/// Numbers that a file spells out are fractions; what comes from a file of doubles or from a generator are those doubles.
///
/// # Example
/// ```
/// use jetc_combinatorics::rational::ratio;
/// use jetc_operators::Direction;
/// let third = Direction::exact([(0, ratio(1, 3)), (2, ratio(2, 1))]);
/// let doubles = Direction::doubles([(0, 0.25), (1, 0.0)]);
/// assert_eq!(third.entry(2), ratio(2, 1));
/// assert_eq!((doubles.len(), doubles.entry(0)), (1, ratio(1, 4)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Direction {
    entries: Entries,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Entries {
    Exact(SparseVector<u32>),
    /// Bits of finite doubles that are not zero, sorted by coordinate.
    Doubles(Vec<(u32, u64)>),
}

/// One entry of a direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry<'a> {
    /// A fraction.
    Exact(&'a Rational),
    /// A finite double, which stands for itself.
    Double(f64),
}

impl Entry<'_> {
    /// The entry as a fraction.
    pub fn to_rational(self) -> Rational {
        match self {
            Self::Exact(value) => value.clone(),
            Self::Double(value) => Rational::from_float(value).unwrap_or_default(),
        }
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        match self {
            Self::Exact(value) => value.to_f64().unwrap_or(f64::NAN),
            Self::Double(value) => value,
        }
    }

    fn is_negative(self) -> bool {
        match self {
            Self::Exact(value) => *value < Rational::zero(),
            Self::Double(value) => value < 0.0,
        }
    }
}

impl Direction {
    /// The direction of one coordinate.
    pub fn unit(coordinate: u32) -> Self {
        Self { entries: Entries::Exact(SparseVector::unit(coordinate)) }
    }

    /// A direction of fractions; repeated coordinates add up.
    pub fn exact(entries: impl IntoIterator<Item = (u32, Rational)>) -> Self {
        SparseVector::from_entries(entries).into()
    }

    /// A direction of finite doubles; no coordinate twice.
    pub fn doubles(entries: impl IntoIterator<Item = (u32, f64)>) -> Self {
        let entries = entries.into_iter().filter(|(_, entry)| *entry != 0.0);
        let mut entries: Vec<(u32, u64)> = entries.map(|(c, entry)| (c, entry.to_bits())).collect();
        entries.sort_unstable_by_key(|entry| entry.0);
        Self { entries: Entries::Doubles(entries) }
    }

    /// The entries that are not zero, by coordinate.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u32, Entry<'_>)> {
        match &self.entries {
            Entries::Exact(vector) => {
                Either::Left(vector.iter().map(|(&coordinate, entry)| (coordinate, Entry::Exact(entry))))
            }
            Entries::Doubles(entries) => Either::Right(
                entries.iter().map(|&(coordinate, bits)| (coordinate, Entry::Double(f64::from_bits(bits)))),
            ),
        }
    }

    /// Whether the entries are doubles.
    pub fn is_doubles(&self) -> bool {
        matches!(self.entries, Entries::Doubles(_))
    }

    /// The vector of fractions that a direction of fractions is.
    pub fn as_exact(&self) -> Option<&SparseVector<u32>> {
        match &self.entries {
            Entries::Exact(vector) => Some(vector),
            Entries::Doubles(_) => None,
        }
    }

    /// The same vector in fractions.
    pub fn to_exact(&self) -> SparseVector<u32> {
        match &self.entries {
            Entries::Exact(vector) => vector.clone(),
            Entries::Doubles(_) => SparseVector::from_entries(
                self.iter().map(|(coordinate, entry)| (coordinate, entry.to_rational())),
            ),
        }
    }

    /// The entry at a coordinate.
    pub fn entry(&self, coordinate: u32) -> Rational {
        match &self.entries {
            Entries::Exact(vector) => vector.get(&coordinate).cloned().unwrap_or_default(),
            Entries::Doubles(entries) => {
                let found = entries.binary_search_by_key(&coordinate, |entry| entry.0);
                found.map_or_else(
                    |_| Rational::zero(),
                    |at| Entry::Double(f64::from_bits(entries[at].1)).to_rational(),
                )
            }
        }
    }

    /// Number of entries that are not zero.
    pub fn len(&self) -> usize {
        match &self.entries {
            Entries::Exact(vector) => vector.len(),
            Entries::Doubles(entries) => entries.len(),
        }
    }

    /// Whether this is the zero vector.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// 2ᵉ with the largest entry in size between 2ᵉ⁻¹ and 2ᵉ⁺¹; nothing for the zero vector.
    pub fn exponent(&self) -> Option<i32> {
        let exponent = |entry: Entry<'_>| match entry {
            Entry::Exact(value) => {
                let bits = |bits: u64| i32::try_from(bits).unwrap_or(i32::MAX / 2);
                bits(value.numer().bits()) - bits(value.denom().bits())
            }
            Entry::Double(value) => exponent_of(value),
        };
        self.iter().map(|(_, entry)| exponent(entry)).max()
    }

    /// This direction times a number that doubles are multiplied by without rounding: a sign times a power of two.
    #[must_use]
    pub(crate) fn times_power(&self, negate: bool, exponent: i32) -> Self {
        let sign = if negate { -1.0 } else { 1.0 };
        match &self.entries {
            Entries::Exact(vector) => vector.scale(&signed_power(negate, exponent)).into(),
            Entries::Doubles(_) => {
                let factor = sign * 2f64.powi(exponent);
                Self::doubles(self.iter().map(|(coordinate, entry)| (coordinate, entry.to_f64() * factor)))
            }
        }
    }

    /// Whether the first entry is below zero.
    pub(crate) fn starts_negative(&self) -> bool {
        self.iter().next().is_some_and(|(_, entry)| entry.is_negative())
    }

    /// Σ weight · direction: fractions where all are fractions, otherwise doubles, each product and sum rounded.
    pub(crate) fn combination<'a>(terms: impl Iterator<Item = (&'a Rational, &'a Self)> + Clone) -> Self {
        if terms.clone().all(|(_, direction)| !direction.is_doubles()) {
            let entries = terms.flat_map(|(weight, direction)| {
                direction.iter().map(move |(coordinate, entry)| (coordinate, entry.to_rational() * weight))
            });
            return Self::exact(entries);
        }
        let mut sum = std::collections::BTreeMap::new();
        for (weight, direction) in terms {
            let weight = Entry::Exact(weight).to_f64();
            for (coordinate, entry) in direction.iter() {
                *sum.entry(coordinate).or_insert(0.0) += weight * entry.to_f64();
            }
        }
        Self::doubles(sum)
    }
}

impl From<SparseVector<u32>> for Direction {
    fn from(vector: SparseVector<u32>) -> Self {
        Self { entries: Entries::Exact(vector) }
    }
}

/// ±2ᵉ
pub(crate) fn signed_power(negate: bool, exponent: i32) -> Rational {
    let size = num_bigint::BigInt::from(1) << exponent.unsigned_abs();
    let power = if exponent < 0 { Rational::new(1.into(), size) } else { Rational::from_integer(size) };
    if negate { -power } else { power }
}

/// The e with 2ᵉ ≤ |value| < 2ᵉ⁺¹; for doubles below the normal range a smaller bound.
fn exponent_of(value: f64) -> i32 {
    let biased = i32::try_from(value.to_bits() >> 52 & 0x7ff).expect("eleven bits");
    biased - 1023
}

#[cfg(test)]
mod tests {
    use super::*;
    use jetc_combinatorics::rational::{integer, ratio};

    #[test]
    fn doubles_and_fractions_of_the_same_vector_have_the_same_entries() {
        let doubles = Direction::doubles([(4, -0.375), (1, 3.0)]);
        let exact = Direction::exact([(1, integer(3)), (4, ratio(-3, 8))]);
        assert_eq!(doubles.to_exact(), exact.to_exact());
        assert!(
            doubles
                .iter()
                .zip(exact.iter())
                .all(|(a, b)| a.0 == b.0 && a.1.to_rational() == b.1.to_rational())
        );
        assert_eq!(doubles.exponent(), Some(1));
        assert!((0..=1).contains(&exact.exponent().unwrap()));
    }

    #[test]
    fn powers_of_two_are_exact_in_both() {
        for direction in [Direction::doubles([(0, 0.1)]), Direction::exact([(0, ratio(1, 10))])] {
            let there = direction.times_power(true, -7);
            assert_eq!(there.times_power(true, 7), direction);
            assert_eq!(there.entry(0), direction.entry(0) / integer(-128));
        }
    }

    #[test]
    fn combinations_stay_fractions_where_they_can() {
        let (a, b) = (Direction::exact([(0, ratio(1, 3))]), Direction::doubles([(0, 0.5), (1, 1.0)]));
        let weights = [integer(2), integer(-1)];
        let exact = Direction::combination([(&weights[0], &a), (&weights[1], &a)].into_iter());
        assert_eq!(exact, a);
        let mixed = Direction::combination([(&weights[0], &a), (&weights[1], &b)].into_iter());
        assert_eq!(mixed, Direction::doubles([(0, 2.0 / 3.0 - 0.5), (1, -1.0)]));
    }
}
