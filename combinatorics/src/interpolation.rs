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

use num_bigint::BigInt;
use num_traits::{One, Zero};

use crate::binomial::componentwise;
use crate::multi_index::{dense_divisors, dense_of_degree};
use crate::rational::{Rational, factorial, integer, power};

/// One direction of an interpolation family: Σₚ `coefficients`ₚ vₚ, weighted by γ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Direction {
    /// j, with |j| = d.
    pub coefficients: Vec<u32>,
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
/// With s = |m| and N(m, j) = ∏ₚ ∏_{l<jₚ} (d mₚ − l s), whole numbers that many j and m share,
///
/// γ(i, j) = Σₛ s^{|i|−d} Σ_{|m|=s} (−1)^{|i|−s} C(i,m) N(m, j) / (d^{|i|} ∏ jₚ!).
///
/// Checked by `a_family_has_the_coefficients_of_the_formula`.
///
/// # Panics
/// In debug builds if `degree` is below |i|: such a family does not exist.
pub fn family(i: &[u32], degree: u32) -> Vec<Direction> {
    let order: u32 = i.iter().sum();
    debug_assert!(degree >= order);
    if degree == 0 {
        return vec![Direction { coefficients: vec![0; i.len()], weight: integer(1) }];
    }
    let directions: Vec<Vec<u32>> = dense_of_degree(i.len(), degree).collect();
    let mut sums = vec![Rational::zero(); directions.len()];
    for s in 1..=order {
        let mut of_size = vec![BigInt::zero(); directions.len()];
        for m in dense_divisors(i).filter(|m| m.iter().sum::<u32>() == s) {
            let sign = if (order - s).is_multiple_of(2) { 1i32 } else { -1 };
            let choices: BigInt = i.iter().zip(&m).map(|(&n, &k)| binomial(n, k)).product();
            let choices: BigInt = choices * sign;
            let factors: Vec<Vec<BigInt>> = m.iter().map(|&entry| falling(degree, entry, s)).collect();
            for (sum, j) in of_size.iter_mut().zip(&directions) {
                let mut product = choices.clone();
                for (factor, &power) in factors.iter().zip(j) {
                    product *= &factor[power as usize];
                }
                *sum += product;
            }
        }
        // s^{|i|−d}, and no such power is positive.
        let scale = Rational::new(1.into(), num_traits::pow(BigInt::from(s), (degree - order) as usize));
        for (sum, of_size) in sums.iter_mut().zip(of_size) {
            *sum += Rational::from_integer(of_size) * &scale;
        }
    }
    let common = num_traits::pow(BigInt::from(degree), order as usize);
    let weighted = directions.into_iter().zip(sums).filter(|(_, sum)| !sum.is_zero());
    weighted
        .map(|(coefficients, sum)| {
            let factorials: BigInt = coefficients.iter().map(|&entry| factorial(entry)).product();
            Direction { weight: sum / (&common * factorials), coefficients }
        })
        .collect()
}

/// ∏_{l<j} (d m − l s) for j = 0 … d.
fn falling(degree: u32, m: u32, s: u32) -> Vec<BigInt> {
    let (degree, m, s) = (i64::from(degree), i64::from(m), i64::from(s));
    let steps = (0..degree).scan(BigInt::one(), |product, l| {
        *product *= degree * m - l * s;
        Some(product.clone())
    });
    std::iter::once(BigInt::one()).chain(steps).collect()
}

/// C(n, k)
fn binomial(n: u32, k: u32) -> BigInt {
    factorial(n) / (factorial(k) * factorial(n - k))
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
    use crate::rational::ratio;

    /// The symbol of Σⱼ γ(i,j)/k! ∂ᵏ along j: on e^{ξ·x} it must be ξ^i, which is exactness on every monomial.
    fn symbol(i: &[u32], degree: u32) -> Polynomial {
        let order: u32 = i.iter().sum();
        let mut sum = Polynomial::zero();
        for direction in family(i, degree) {
            let entries: Vec<Rational> = direction.coefficients.iter().map(|&entry| integer(entry)).collect();
            let linear = Polynomial::linear((0..).zip(&entries));
            sum.add_scaled(&linear.power(order), &(direction.weight / integer(factorial(order))));
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
        for (found, (coefficients, weight)) in family.iter().zip(expected) {
            assert_eq!((&found.coefficients[..], &found.weight), (&coefficients[..], &weight));
        }
    }

    #[test]
    fn a_family_has_the_coefficients_of_the_formula() {
        for (i, degrees) in [
            (vec![2, 2], 4..7),
            (vec![1, 0, 3], 4..6),
            (vec![5], 5..7),
            (vec![1, 1, 1, 2], 5..6),
            (vec![0], 0..1),
        ] {
            for degree in degrees {
                let expected = dense_of_degree(i.len(), degree)
                    .map(|j| Direction { weight: coefficient(&i, &j), coefficients: j })
                    .filter(|direction| !direction.weight.is_zero());
                assert_eq!(family(&i, degree), expected.collect::<Vec<_>>(), "{i:?}, degree {degree}");
            }
        }
    }

    #[test]
    fn the_cost_bounds_the_work() {
        assert_eq!(family_cost(&[2, 2], 4), 5 * 9);
        assert_eq!(family_cost(&[1, 1, 1], 3), 10 * 8);
        assert_eq!(family_cost(&[u32::MAX; 8], u32::MAX), u64::MAX);
    }
}
