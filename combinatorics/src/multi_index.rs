//! Multi-indices, which are at once monomials t^α and mixed partial derivatives ∂^α.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Mul;

use num_bigint::BigInt;
use smallvec::SmallVec;

use crate::rational::{factorial, falling_factorial};

/// A multi-index α ∈ ℕⁿ, stored by its non-zero entries, so that n may be large.
///
/// The order is graded: by degree first, then the monomial with more of the earlier variables first
/// (1 < x < y < x² < xy < y² < …).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct MultiIndex {
    /// (variable, exponent), variables strictly increasing, exponents positive.
    pairs: SmallVec<[(u32, u32); 4]>,
}

impl MultiIndex {
    /// The zero multi-index, the monomial 1.
    pub fn one() -> Self {
        Self::default()
    }

    /// The monomial of a single variable.
    pub fn variable(variable: u32) -> Self {
        Self::from_pairs([(variable, 1)])
    }

    /// The monomial ∏ variable^exponent; repeated variables add up, zero exponents vanish.
    ///
    /// # Example
    /// ```
    /// use jetc_combinatorics::MultiIndex;
    /// let xxy = MultiIndex::from_pairs([(1, 1), (0, 2)]);
    /// assert_eq!(xxy.degree(), 3);
    /// assert_eq!(xxy, &MultiIndex::variable(0) * &MultiIndex::from_pairs([(0, 1), (1, 1)]));
    /// ```
    pub fn from_pairs(pairs: impl IntoIterator<Item = (u32, u32)>) -> Self {
        let mut sorted: SmallVec<[(u32, u32); 4]> = pairs.into_iter().filter(|&(_, e)| e > 0).collect();
        sorted.sort_unstable();
        let mut merged: SmallVec<[(u32, u32); 4]> = SmallVec::new();
        for (variable, exponent) in sorted {
            match merged.last_mut() {
                Some((last, sum)) if *last == variable => *sum += exponent,
                _ => merged.push((variable, exponent)),
            }
        }
        Self { pairs: merged }
    }

    /// The non-zero entries (variable, exponent), by variable.
    pub fn pairs(&self) -> impl ExactSizeIterator<Item = (u32, u32)> + '_ {
        self.pairs.iter().copied()
    }

    /// The exponent of one variable.
    pub fn exponent(&self, variable: u32) -> u32 {
        self.pairs.binary_search_by_key(&variable, |pair| pair.0).map_or(0, |position| self.pairs[position].1)
    }

    /// |α|, the sum of the exponents.
    pub fn degree(&self) -> u32 {
        self.pairs.iter().map(|pair| pair.1).sum()
    }

    /// α! = ∏ αᵢ!
    pub fn factorial(&self) -> BigInt {
        self.pairs.iter().map(|pair| factorial(pair.1)).product()
    }

    /// α − β, or nothing where β does not divide α.
    pub fn checked_div(&self, divisor: &Self) -> Option<Self> {
        let mut rest = self.clone();
        for (variable, exponent) in divisor.pairs() {
            let position = rest.pairs.binary_search_by_key(&variable, |pair| pair.0).ok()?;
            rest.pairs[position].1 = rest.pairs[position].1.checked_sub(exponent)?;
        }
        rest.pairs.retain(|pair| pair.1 > 0);
        Some(rest)
    }

    /// α!/(α−β)!, the factor that ∂^β leaves on t^α; `divisor` must divide.
    pub fn falling_factorial(&self, divisor: &Self) -> BigInt {
        divisor.pairs().map(|(variable, k)| falling_factorial(self.exponent(variable), k)).product()
    }

    /// All β ≤ α, in lexicographic order of their exponents; there are [`Self::divisor_count`] of them.
    pub fn divisors(&self) -> impl Iterator<Item = Self> + '_ {
        let mut exponents: SmallVec<[u32; 4]> = self.pairs.iter().map(|_| 0).collect();
        let mut done = false;
        std::iter::from_fn(move || {
            if done {
                return None;
            }
            let pairs = self.pairs.iter().zip(&exponents).filter(|(_, e)| **e > 0);
            let divisor = Self { pairs: pairs.map(|(pair, &e)| (pair.0, e)).collect() };
            done = !step_odometer(&mut exponents, |position| self.pairs[position].1);
            Some(divisor)
        })
    }

    /// The number of β ≤ α, saturating.
    pub fn divisor_count(&self) -> u64 {
        self.pairs.iter().fold(1, |count: u64, pair| count.saturating_mul(u64::from(pair.1) + 1))
    }
}

/// Counts `digits` up by one, digit `i` running to `limit(i)`; false when it wraps around to zero.
fn step_odometer(digits: &mut [u32], limit: impl Fn(usize) -> u32) -> bool {
    for position in (0..digits.len()).rev() {
        if digits[position] < limit(position) {
            digits[position] += 1;
            return true;
        }
        digits[position] = 0;
    }
    false
}

/// All dense exponent vectors m with 0 ≤ mₚ ≤ boundₚ, in lexicographic order.
pub fn dense_divisors(bound: &[u32]) -> impl Iterator<Item = Vec<u32>> + '_ {
    let mut current = Some(vec![0; bound.len()]);
    std::iter::from_fn(move || {
        let result = current.clone()?;
        if !current.as_mut().is_some_and(|digits| step_odometer(digits, |p| bound[p])) {
            current = None;
        }
        Some(result)
    })
}

/// All dense exponent vectors of `length` entries that sum to `degree`, from (degree, 0, …) to (0, …, degree).
///
/// # Example
/// ```
/// use jetc_combinatorics::multi_index::dense_of_degree;
/// let all: Vec<_> = dense_of_degree(2, 2).collect();
/// assert_eq!(all, [[2, 0], [1, 1], [0, 2]]);
/// ```
pub fn dense_of_degree(length: usize, degree: u32) -> impl Iterator<Item = Vec<u32>> {
    let mut current = match (length, degree) {
        (0, 0) => Some(Vec::new()),
        (0, _) => None,
        _ => {
            let mut first = vec![0; length];
            first[0] = degree;
            Some(first)
        }
    };
    std::iter::from_fn(move || {
        let result = current.take()?;
        current = next_composition(&result);
        Some(result)
    })
}

/// The successor in the order of [`dense_of_degree`]: moves one unit from the last movable entry to its right.
fn next_composition(entries: &[u32]) -> Option<Vec<u32>> {
    let (last, body) = entries.split_last()?;
    let source = body.iter().rposition(|&entry| entry > 0)?;
    let mut next = entries.to_vec();
    next[source] -= 1;
    let tail = next.len() - 1;
    next[tail] = 0;
    next[source + 1] = last + 1;
    Some(next)
}

/// All multi-indices in `variables` variables with degree at most `degree`, in graded order.
pub fn graded(variables: u32, degree: u32) -> impl Iterator<Item = MultiIndex> {
    (0..=degree).flat_map(move |k| {
        dense_of_degree(variables as usize, k).map(|dense| MultiIndex::from_pairs((0..).zip(dense)))
    })
}

impl Mul for &MultiIndex {
    type Output = MultiIndex;

    fn mul(self, other: &MultiIndex) -> MultiIndex {
        MultiIndex::from_pairs(self.pairs().chain(other.pairs()))
    }
}

impl Ord for MultiIndex {
    fn cmp(&self, other: &Self) -> Ordering {
        let more_of_the_earlier = |a: &(u32, u32), b: &(u32, u32)| a.0.cmp(&b.0).then(b.1.cmp(&a.1));
        self.degree().cmp(&other.degree()).then_with(|| {
            let differing = self.pairs.iter().zip(&other.pairs).map(|(a, b)| more_of_the_earlier(a, b));
            differing.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        })
    }
}

impl PartialOrd for MultiIndex {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for MultiIndex {
    /// `x0^2·x3`, variables numbered from zero; `1` for the empty monomial.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pairs.is_empty() {
            return f.write_str("1");
        }
        for (position, (variable, exponent)) in self.pairs().enumerate() {
            let dot = if position > 0 { "·" } else { "" };
            write!(f, "{dot}x{variable}")?;
            if exponent > 1 {
                write!(f, "^{exponent}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::binomial::binomial;
    use crate::rational::integer;
    use itertools::Itertools;
    use proptest::prelude::*;

    fn small() -> impl Strategy<Value = MultiIndex> {
        proptest::collection::vec((0u32..5, 0u32..4), 0..5).prop_map(MultiIndex::from_pairs)
    }

    #[test]
    fn graded_enumeration_is_sorted_and_complete() {
        for (n, k) in [(1, 5), (2, 4), (3, 4), (5, 3), (0, 2)] {
            let all: Vec<_> = graded(n, k).collect();
            assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "n = {n}, K = {k}");
            assert_eq!(integer(all.len()), binomial(&integer(n + k), k));
        }
    }

    #[test]
    fn dense_divisors_count_like_an_odometer() {
        let all = dense_divisors(&[1, 0, 2]).collect_vec();
        assert_eq!(all, [[0, 0, 0], [0, 0, 1], [0, 0, 2], [1, 0, 0], [1, 0, 1], [1, 0, 2]]);
    }

    proptest! {
        #[test]
        fn division_undoes_multiplication(a in small(), b in small()) {
            prop_assert_eq!((&a * &b).checked_div(&b), Some(a));
        }

        #[test]
        fn divisors_are_exactly_those_that_divide(a in small()) {
            let divisors = a.divisors().collect_vec();
            prop_assert_eq!(divisors.len() as u64, a.divisor_count());
            prop_assert!(divisors.iter().all_unique());
            prop_assert!(divisors.iter().all(|b| a.checked_div(b).is_some()));
        }

        #[test]
        fn falling_factorials_are_quotients(a in small(), b in small()) {
            let product = &a * &b;
            prop_assert_eq!(product.falling_factorial(&b) * a.factorial(), product.factorial());
        }

        #[test]
        fn the_order_is_compatible_with_multiplication(a in small(), b in small(), c in small()) {
            prop_assert_eq!(a.cmp(&b), (&a * &c).cmp(&(&b * &c)));
        }
    }
}
