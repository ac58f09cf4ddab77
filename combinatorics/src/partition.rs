//! Integer partitions, the index set of Faà di Bruno's formula in one variable.

use std::fmt;

/// A partition of `n`: the ways a derivative of order `n` is shared among inner derivatives.
///
/// Stored as (part, multiplicity) pairs with strictly decreasing parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Partition {
    blocks: Vec<(u32, u32)>,
}

impl Partition {
    /// The partition with the given parts, in any order; zeros are dropped.
    ///
    /// # Example
    /// ```
    /// use jetc_combinatorics::Partition;
    /// let partition = Partition::from_parts(&[1, 2, 1]);
    /// assert_eq!(partition.blocks(), [(2, 1), (1, 2)]);
    /// assert_eq!(partition.to_string(), "2 + 1 + 1");
    /// ```
    pub fn from_parts(parts: &[u32]) -> Self {
        let mut sorted: Vec<u32> = parts.iter().copied().filter(|&part| part > 0).collect();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        let mut blocks: Vec<(u32, u32)> = Vec::new();
        for part in sorted {
            match blocks.last_mut() {
                Some((last, count)) if *last == part => *count += 1,
                _ => blocks.push((part, 1)),
            }
        }
        Self { blocks }
    }

    /// (part, multiplicity) pairs, parts strictly decreasing.
    pub fn blocks(&self) -> &[(u32, u32)] {
        &self.blocks
    }

    /// The parts in decreasing order, repeated by multiplicity.
    pub fn parts(&self) -> impl Iterator<Item = u32> + '_ {
        self.blocks.iter().flat_map(|&(part, count)| std::iter::repeat_n(part, count as usize))
    }

    /// Number of parts |π|: the order of the outer derivative this partition multiplies.
    pub fn len(&self) -> u32 {
        self.blocks.iter().map(|&(_, count)| count).sum()
    }

    /// Whether this is the empty partition, the only one of zero.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// The number that is partitioned.
    pub fn total(&self) -> u32 {
        self.blocks.iter().map(|&(part, count)| part * count).sum()
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return f.write_str("0");
        }
        for (position, part) in self.parts().enumerate() {
            if position > 0 {
                f.write_str(" + ")?;
            }
            write!(f, "{part}")?;
        }
        Ok(())
    }
}

/// Iterator over all partitions of a number.
///
/// The order is reverse lexicographic of the decreasing parts: `n` comes first, `1 + … + 1` last (algorithm ZS1 of
/// Zoghbi and Stojmenović, "Fast algorithms for generating integer partitions", 1998). Memory is O(n).
#[derive(Debug, Clone)]
pub struct Partitions {
    parts: Vec<u32>,
    exhausted: bool,
}

impl Partitions {
    /// All partitions of `n`; of zero there is one, the empty one.
    ///
    /// # Example
    /// ```
    /// use jetc_combinatorics::Partitions;
    /// let all: Vec<String> = Partitions::of(4).map(|p| p.to_string()).collect();
    /// assert_eq!(all, ["4", "3 + 1", "2 + 2", "2 + 1 + 1", "1 + 1 + 1 + 1"]);
    /// ```
    pub fn of(n: u32) -> Self {
        let parts = if n == 0 { Vec::new() } else { vec![n] };
        Self { parts, exhausted: false }
    }

    /// Takes one from the last part above 1 and spreads the rest as evenly large parts as it allows.
    fn advance(&mut self) {
        let ones = self.parts.iter().rev().take_while(|&&part| part == 1).count();
        self.parts.truncate(self.parts.len() - ones);
        let Some(last) = self.parts.pop() else {
            self.exhausted = true;
            return;
        };
        let largest = last - 1;
        let mut rest = u32::try_from(ones).expect("a partition has at most u32::MAX parts") + last;
        while rest > 0 {
            let part = largest.min(rest);
            self.parts.push(part);
            rest -= part;
        }
    }
}

impl Iterator for Partitions {
    type Item = Partition;

    fn next(&mut self) -> Option<Partition> {
        if self.exhausted {
            return None;
        }
        let partition = Partition::from_parts(&self.parts);
        self.advance();
        Some(partition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// p(n) by Euler's pentagonal number theorem, which knows nothing of the enumeration.
    fn partition_numbers(up_to: usize) -> Vec<i64> {
        let mut p = vec![1i64];
        for n in 1..=up_to {
            let mut sum = 0;
            for k in 1i64.. {
                let mut hit = false;
                for pentagonal in [k * (3 * k - 1) / 2, k * (3 * k + 1) / 2] {
                    if let Some(index) = n.checked_sub(usize::try_from(pentagonal).unwrap()) {
                        sum += if k % 2 == 1 { p[index] } else { -p[index] };
                        hit = true;
                    }
                }
                if !hit {
                    break;
                }
            }
            p.push(sum);
        }
        p
    }

    #[test]
    fn there_are_as_many_partitions_as_the_pentagonal_number_theorem_says() {
        for (n, &count) in partition_numbers(40).iter().enumerate() {
            let n = u32::try_from(n).unwrap();
            assert_eq!(i64::try_from(Partitions::of(n).count()).unwrap(), count, "n = {n}");
        }
    }

    #[test]
    fn partitions_sum_to_n_and_come_in_reverse_lexicographic_order_without_repetition() {
        for n in 0..=25 {
            let all: Vec<Vec<u32>> = Partitions::of(n).map(|p| p.parts().collect()).collect();
            assert!(all.iter().all(|parts| parts.iter().sum::<u32>() == n));
            assert!(all.windows(2).all(|pair| pair[0] > pair[1]), "n = {n}");
        }
    }
}
