//! Mixed partial derivatives from derivatives along single directions.
//!
//! | notation | name |
//! |---|---|
//! | i ∈ ℕᵖ | the mixed derivative wanted, order \|i\| |
//! | d ≥ \|i\| | the degree of the family |
//! | j ∈ ℕᵖ, \|j\| = d | one direction Σₚ jₚ vₚ of the family |
//! | γ(i, j) | [`coefficient`] |
//!
//! *Normalisation: derivatives on the left, Taylor coefficients on the right.* For k = |i|,
//!
//! ∂^i f[v^i] = Σ_{|j|=d} γ(i,j) · (1/k!) ∂ᵏf[(Σₚ jₚ vₚ)ᵏ],
//!
//! γ(i,j) = Σ_{0<m≤i} (−1)^{|i−m|} C(i,m) C(d·m/|m|, j) (|m|/d)^{|i|},
//!
//! with binomials taken componentwise, the second with a rational upper argument.
//!
//! Source: A. Griewank, J. Utke, A. Walther, "Evaluating higher derivative tensors by forward propagation of univariate
//! Taylor series", Math. Comp. 69 (2000), eqs. (16)–(17). Checked by `the_family_is_exact_on_every_monomial` and
//! `the_family_for_two_two_is_the_published_one`.

use num_traits::Zero;

use crate::binomial::componentwise;
use crate::multi_index::{dense_divisors, dense_of_degree};
use crate::rational::{Rational, integer, power};

/// One direction of an interpolation family: Σₚ `direction`ₚ vₚ, weighted by γ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// j, with |j| = d.
    pub direction: Vec<u32>,
    /// γ(i, j), never zero.
    pub weight: Rational,
}

/// γ(i, j) of the family of degree |j|.
///
/// # Example
/// ```
/// use jetc_combinatorics::{interpolation::coefficient, rational::ratio};
/// assert_eq!(coefficient(&[2, 2], &[4, 0]), ratio(13, 192));
/// ```
pub fn coefficient(i: &[u32], j: &[u32]) -> Rational {
    let order: u32 = i.iter().sum();
    let degree: u32 = j.iter().sum();
    if degree == 0 {
        return if order == 0 { integer(1) } else { Rational::zero() };
    }
    let upper: Vec<Rational> = i.iter().map(|&entry| integer(entry)).collect();
    dense_divisors(i)
        .filter(|m| m.iter().any(|&entry| entry > 0))
        .map(|m| {
            let size: u32 = m.iter().sum();
            let stretched: Vec<Rational> =
                m.iter().map(|&entry| Rational::new((degree * entry).into(), size.into())).collect();
            let magnitude = componentwise(&upper, &m)
                * componentwise(&stretched, j)
                * power(&Rational::new(size.into(), degree.into()), order);
            if (order - size).is_multiple_of(2) { magnitude } else { -magnitude }
        })
        .sum()
}

/// All directions of the family of degree `degree` for the mixed derivative `i` that carry weight.
///
/// # Panics
/// In debug builds if `degree` is below |i|: such a family does not exist.
pub fn family(i: &[u32], degree: u32) -> Vec<Node> {
    debug_assert!(degree >= i.iter().sum());
    dense_of_degree(i.len(), degree)
        .map(|direction| Node { weight: coefficient(i, &direction), direction })
        .filter(|node| !node.weight.is_zero())
        .collect()
}

/// An upper bound on the terms that [`family`] sums, for callers that must not take forever.
pub fn family_cost(i: &[u32], degree: u32) -> u64 {
    let directions = (1..i.len() as u64)
        .try_fold(1u64, |c, step| Some(c.checked_mul(u64::from(degree) + step)? / step))
        .unwrap_or(u64::MAX);
    i.iter().fold(directions, |product, &entry| product.saturating_mul(u64::from(entry) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::multi_index::MultiIndex;
    use crate::polynomial::Polynomial;
    use crate::rational::{factorial, ratio};

    /// The symbol of Σⱼ γ(i,j)/k! ∂ᵏ along j: on e^{ξ·x} it must be ξ^i, which is exactness on every monomial.
    fn symbol(i: &[u32], degree: u32) -> Polynomial {
        let order: u32 = i.iter().sum();
        let mut sum = Polynomial::zero();
        for node in family(i, degree) {
            let entries: Vec<Rational> = node.direction.iter().map(|&entry| integer(entry)).collect();
            let linear = Polynomial::linear((0..).zip(&entries));
            sum.add_scaled(&linear.power(order), &(node.weight / integer(factorial(order))));
        }
        sum
    }

    #[test]
    fn the_family_is_exact_on_every_monomial() {
        for (variables, orders) in [(1, 1..9), (2, 1..8), (3, 1..6), (4, 1..5)] {
            for order in orders {
                for i in dense_of_degree(variables, order) {
                    let monomial = Polynomial::term(MultiIndex::from_pairs((0..).zip(i.clone())), integer(1));
                    for degree in order..order + 3 {
                        assert_eq!(symbol(&i, degree), monomial, "i = {i:?}, degree {degree}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_family_for_two_two_is_the_published_one() {
        let expected = [
            ([4, 0], ratio(13, 192)),
            ([3, 1], ratio(-1, 3)),
            ([2, 2], ratio(5, 8)),
            ([1, 3], ratio(-1, 3)),
            ([0, 4], ratio(13, 192)),
        ];
        let family = family(&[2, 2], 4);
        assert_eq!(family.len(), expected.len());
        for (node, (direction, weight)) in family.iter().zip(expected) {
            assert_eq!((&node.direction[..], &node.weight), (&direction[..], &weight));
        }
    }

    #[test]
    fn the_cost_bounds_the_work() {
        assert_eq!(family_cost(&[2, 2], 4), 5 * 9);
        assert_eq!(family_cost(&[1, 1, 1], 3), 10 * 8);
        assert_eq!(family_cost(&[u32::MAX; 8], u32::MAX), u64::MAX);
    }
}
