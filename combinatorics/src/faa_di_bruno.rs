//! Faà di Bruno's formula: the chain rule of order K along one direction.
//!
//! | notation | name |
//! |---|---|
//! | π | a [`Partition`] of K, mⱼ parts of size j |
//! | ν(π) | [`multiplicity`] |
//!
//! *Normalisation: derivatives.* With h⁽ʲ⁾ the j-th derivative of the inner function along the direction,
//!
//! (g ∘ h)⁽ᴷ⁾ = Σ_{π ⊢ K} ν(π) · g⁽|π|⁾(h) · ∏_{j ∈ π} h⁽ʲ⁾,  ν(π) = K! / ∏ⱼ (mⱼ! (j!)^{mⱼ}).
//!
//! In Taylor normalisation (hⱼ = h⁽ʲ⁾/j!, gₖ = g⁽ᵏ⁾/k!) the same term carries |π|! / ∏ⱼ mⱼ!
//! ([`taylor_multiplicity`]), the number of orders in which the parts can be written.
//!
//! Source: Faà di Bruno (1855); in the form used here eq. (3) of Dangel et al., "Collapsing Taylor Mode Automatic
//! Differentiation", 2025. Checked by `multiplicities_sum_to_bell_numbers`,
//! `multiplicities_by_number_of_parts_sum_to_stirling_numbers` and `the_formula_differentiates_a_composition`.

use num_bigint::BigInt;
use num_traits::One;

use crate::partition::Partition;
use crate::rational::factorial;

/// ν(π) = K! / ∏ⱼ (mⱼ! (j!)^{mⱼ}): in how many ways a set of K elements splits into blocks of these sizes.
///
/// # Example
/// ```
/// use jetc_combinatorics::{Partition, faa_di_bruno::multiplicity};
/// assert_eq!(multiplicity(&Partition::from_parts(&[2, 1, 1])), 6.into());
/// ```
pub fn multiplicity(partition: &Partition) -> BigInt {
    let denominator = partition.blocks().iter().fold(BigInt::one(), |product, &(part, count)| {
        product * factorial(count) * num_traits::pow(factorial(part), count as usize)
    });
    factorial(partition.total()) / denominator
}

/// |π|! / ∏ⱼ mⱼ!: the coefficient of the same term between Taylor coefficients.
pub fn taylor_multiplicity(partition: &Partition) -> BigInt {
    let repeats = partition.blocks().iter().map(|&(_, count)| factorial(count));
    factorial(partition.len()) / repeats.product::<BigInt>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partition::Partitions;
    use crate::rational::{Rational, integer};
    use num_traits::Zero;

    /// Stirling numbers of the second kind S(n, k) by their recurrence.
    fn stirling_numbers(up_to: usize) -> Vec<Vec<BigInt>> {
        let mut rows = vec![vec![BigInt::one()]];
        for n in 1..=up_to {
            let previous = &rows[n - 1];
            let at = |k: usize| previous.get(k).cloned().unwrap_or_default();
            let row = (0..=n).map(|k| if k == 0 { BigInt::zero() } else { at(k) * k + at(k - 1) }).collect();
            rows.push(row);
        }
        rows
    }

    #[test]
    fn multiplicities_by_number_of_parts_sum_to_stirling_numbers() {
        for (n, row) in stirling_numbers(30).iter().enumerate() {
            let mut sums = vec![BigInt::zero(); n + 1];
            for partition in Partitions::of(u32::try_from(n).unwrap()) {
                sums[partition.len() as usize] += multiplicity(&partition);
            }
            assert_eq!(&sums, row, "n = {n}");
        }
    }

    #[test]
    fn multiplicities_sum_to_bell_numbers() {
        // Bell's triangle: each row starts with the last entry of the row above.
        let mut row = vec![BigInt::one()];
        for n in 1..=30 {
            let sum: BigInt = Partitions::of(n).map(|p| multiplicity(&p)).sum();
            assert_eq!(&sum, row.last().unwrap(), "K = {n}");
            let mut next = vec![row.last().unwrap().clone()];
            for entry in &row {
                next.push(next.last().unwrap() + entry);
            }
            row = next;
        }
    }

    #[test]
    fn exact_arithmetic_is_needed_from_order_23_on() {
        // The same formula in f64 agrees with the exact one up to K = 22 and then no longer.
        let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
        let in_doubles = |partition: &Partition| {
            let denominator: f64 = partition
                .blocks()
                .iter()
                .map(|&(part, count)| factorial(count) * factorial(part).powi(count.cast_signed()))
                .product();
            (factorial(partition.total()) / denominator).to_string()
        };
        let first_wrong =
            (1..30).find(|&k| Partitions::of(k).any(|p| in_doubles(&p) != multiplicity(&p).to_string()));
        assert_eq!(first_wrong, Some(23));
    }

    #[test]
    fn both_normalisations_are_one_formula() {
        for partition in (0..=12).flat_map(Partitions::of) {
            let inner: BigInt = partition.parts().map(factorial).product();
            let left = taylor_multiplicity(&partition) * factorial(partition.total());
            assert_eq!(left, multiplicity(&partition) * inner * factorial(partition.len()), "{partition}");
        }
    }

    #[test]
    fn the_formula_differentiates_a_composition() {
        // g(y) = y^5 and h(t) = 1 + 2t − t² + 3t³ + t⁴ : expand g(h(t)) directly and compare every derivative at 0.
        let h = [1i64, 2, -1, 3, 1].map(integer);
        let multiply = |a: &[Rational], b: &[Rational]| {
            let mut product = vec![Rational::zero(); a.len() + b.len() - 1];
            for (i, x) in a.iter().enumerate() {
                for (j, y) in b.iter().enumerate() {
                    product[i + j] += x * y;
                }
            }
            product
        };
        let direct = (1..5).fold(h.to_vec(), |product, _| multiply(&product, &h));
        for k in 0..=8u32 {
            let sum: Rational = Partitions::of(k)
                .filter(|p| p.len() <= 5 && p.parts().all(|j| j <= 4))
                .map(|p| {
                    let outer = integer(crate::rational::falling_factorial(5, p.len()));
                    let inner: Rational = p.parts().map(|j| &h[j as usize] * integer(factorial(j))).product();
                    integer(multiplicity(&p)) * outer * inner
                })
                .sum();
            assert_eq!(sum, &direct[k as usize] * integer(factorial(k)), "order {k}");
        }
    }
}
