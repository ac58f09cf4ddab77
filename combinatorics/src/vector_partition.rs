//! Partitions of multi-indices, the index set of Faà di Bruno's formula for mixed derivatives.
//!
//! | notation | name |
//! |---|---|
//! | i ∈ ℕᵖ | the mixed derivative ∂^i of g ∘ h |
//! | π | a [`VectorPartition`] of i into multi-indices, m_j of them equal to j |
//! | ν(π) | [`VectorPartition::multiplicity`] |
//!
//! *Normalisation: derivatives.* ∂^i (g ∘ h) = Σ_{π ⊢ i} ν(π) · g⁽|π|⁾(h) · ∏_{j ∈ π} ∂^j h with
//! ν(π) = i! / ∏ⱼ (m_j! (j!)^{m_j}), factorials of multi-indices taken componentwise. For p = 1 these are the partitions
//! and multiplicities of [`faa_di_bruno`](crate::faa_di_bruno).
//!
//! Source: G. M. Constantine and T. H. Savits, "A multivariate Faà di Bruno formula with applications", Trans. AMS 348
//! (1996), theorem 2.1. Checked by `one_variable_gives_integer_partitions` and
//! `multiplicities_sum_to_bell_numbers_of_the_order`.

use num_bigint::BigInt;
use num_traits::One;

use crate::multi_index::dense_divisors;
use crate::rational::factorial;

/// A multiset of multi-indices.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VectorPartition {
    /// (multi-index j, m_j), multi-indices strictly decreasing in lexicographic order.
    blocks: Vec<(Vec<u32>, u32)>,
}

impl VectorPartition {
    /// (multi-index j, m_j), multi-indices strictly decreasing in lexicographic order.
    pub fn blocks(&self) -> &[(Vec<u32>, u32)] {
        &self.blocks
    }

    /// |π|, the number of parts: the order of the outer derivative.
    pub fn len(&self) -> u32 {
        self.blocks.iter().map(|(_, count)| count).sum()
    }

    /// Whether this is the partition of the zero multi-index.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// ν(π) = i! / ∏ⱼ (m_j! (j!)^{m_j}).
    ///
    /// # Example
    /// ```
    /// use jetc_combinatorics::vector_partition::vector_partitions;
    /// // ∂x∂y g(h) = g′ h_xy + g″ h_x h_y
    /// let all = vector_partitions(&[1, 1]);
    /// assert!(all.iter().all(|partition| partition.multiplicity() == 1.into()));
    /// assert_eq!(all.len(), 2);
    /// ```
    pub fn multiplicity(&self) -> BigInt {
        let variables = self.blocks.first().map_or(0, |(index, _)| index.len());
        let total = (0..variables).map(|p| factorial(self.blocks.iter().map(|(j, m)| j[p] * m).sum()));
        let denominator = self.blocks.iter().fold(BigInt::one(), |product, (index, count)| {
            let of_index: BigInt = index.iter().map(|&entry| factorial(entry)).product();
            product * factorial(*count) * num_traits::pow(of_index, *count as usize)
        });
        total.product::<BigInt>() / denominator
    }
}

/// All partitions of a multi-index, the one with a single part first.
pub fn vector_partitions(index: &[u32]) -> Vec<VectorPartition> {
    let mut found = Vec::new();
    extend(index, index, &mut Vec::new(), &mut found);
    found
}

/// Appends parts that are not above `largest` to `parts` in every way that uses up `rest`.
fn extend(rest: &[u32], largest: &[u32], parts: &mut Vec<Vec<u32>>, found: &mut Vec<VectorPartition>) {
    if rest.iter().all(|&entry| entry == 0) {
        let blocks = parts.chunk_by(|a, b| a == b);
        let counted = blocks.map(|run| (run[0].clone(), u32::try_from(run.len()).expect("orders are small")));
        found.push(VectorPartition { blocks: counted.collect() });
        return;
    }
    let candidates: Vec<Vec<u32>> = dense_divisors(rest)
        .filter(|part| part.iter().any(|&entry| entry > 0) && part.as_slice() <= largest)
        .collect();
    for part in candidates.into_iter().rev() {
        let left: Vec<u32> = rest.iter().zip(&part).map(|(a, b)| a - b).collect();
        parts.push(part.clone());
        extend(&left, &part, parts, found);
        parts.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faa_di_bruno::multiplicity;
    use crate::partition::Partitions;

    #[test]
    fn one_variable_gives_integer_partitions() {
        for n in 1..=12 {
            let vectors: Vec<BigInt> =
                vector_partitions(&[n]).iter().map(VectorPartition::multiplicity).collect();
            let integers: Vec<BigInt> = Partitions::of(n).map(|p| multiplicity(&p)).collect();
            assert_eq!(vectors, integers);
        }
    }

    #[test]
    fn multiplicities_sum_to_bell_numbers_of_the_order() {
        // ν counts set partitions of |i| labelled elements, whatever their kinds.
        for index in [&[1u32, 1, 1][..], &[2, 1], &[2, 2], &[3, 1, 1], &[2, 2, 2], &[1; 6]] {
            let order = index.iter().sum();
            let bell: BigInt = Partitions::of(order).map(|p| multiplicity(&p)).sum();
            let sum: BigInt = vector_partitions(index).iter().map(VectorPartition::multiplicity).sum();
            assert_eq!(sum, bell, "{index:?}");
        }
    }

    #[test]
    fn every_partition_sums_to_the_index_and_comes_once() {
        let all = vector_partitions(&[3, 2]);
        for partition in &all {
            let sum = |p: usize| partition.blocks().iter().map(|(j, m)| j[p] * m).sum::<u32>();
            assert_eq!((sum(0), sum(1)), (3, 2));
        }
        let mut sorted = all.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted.len(), all.len());
        assert_eq!(all.len(), 16);
    }
}
