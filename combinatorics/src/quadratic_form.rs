//! Exact diagonalisation of quadratic forms: the K = 2 case of the smallest algebra, with a diagonal product table.
//!
//! Any quadratic form over ℚ is Σᵣ dᵣ (sᵣ·ξ)² with independent sᵣ (Sylvester/Lagrange; LDLᵀ with the 2×2 pivots of
//! Bunch and Parlett, 1971, where a diagonal vanishes). The number of squares is the rank.
//! Checked by `the_squares_sum_to_the_form` and `the_number_of_squares_is_the_rank`.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::Zero;

use crate::polynomial::Polynomial;
use crate::rational::{Rational, integer};
use crate::sparse_vector::SparseVector;

/// One term `weight · (direction·ξ)²`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Square {
    /// dᵣ, never zero.
    pub weight: Rational,
    /// sᵣ by variable.
    pub direction: SparseVector<u32>,
}

/// The part of degree two of `symbol` as a sum of squares of independent linear forms.
///
/// # Example
/// ```
/// use jetc_combinatorics::{Polynomial, quadratic_form::diagonalise};
/// let xy = &Polynomial::variable(0) * &Polynomial::variable(1);
/// assert_eq!(diagonalise(&xy).len(), 2); // ¼(x + y)² − ¼(x − y)²
/// ```
pub fn diagonalise(symbol: &Polynomial) -> Vec<Square> {
    let mut matrix = SymmetricMatrix::of(symbol);
    let mut squares = Vec::new();
    while let Some(&i) = matrix.rows.keys().next() {
        let pivot = matrix.diagonal.iter().next().copied();
        match pivot {
            Some(p) => squares.extend(matrix.eliminate_diagonal(p)),
            None => squares.extend(matrix.eliminate_pair(i)),
        }
    }
    squares
}

/// Q with ξᵀQξ the form; rows and columns that are zero are absent.
#[derive(Debug)]
struct SymmetricMatrix {
    rows: BTreeMap<u32, SparseVector<u32>>,
    /// The i with Qᵢᵢ ≠ 0.
    diagonal: BTreeSet<u32>,
}

impl SymmetricMatrix {
    fn of(symbol: &Polynomial) -> Self {
        let mut matrix = Self { rows: BTreeMap::new(), diagonal: BTreeSet::new() };
        for (monomial, coefficient) in symbol.terms().filter(|(monomial, _)| monomial.degree() == 2) {
            let variables: Vec<(u32, u32)> = monomial.pairs().collect();
            match variables[..] {
                [(i, _)] => matrix.add(i, i, coefficient.clone()),
                [(i, _), (j, _)] => {
                    let half = coefficient / integer(2);
                    matrix.add(i, j, half.clone());
                    matrix.add(j, i, half);
                }
                _ => unreachable!("a monomial of degree two has one or two variables"),
            }
        }
        matrix
    }

    fn add(&mut self, i: u32, j: u32, value: Rational) {
        let row = self.rows.entry(i).or_default();
        row.add_entry(j, value);
        if i == j && row.get(&i).is_some() {
            self.diagonal.insert(i);
        } else if i == j {
            self.diagonal.remove(&i);
        }
        if row.is_empty() {
            self.rows.remove(&i);
        }
    }

    /// Q −= weight · s sᵀ.
    fn subtract(&mut self, square: &Square) {
        for (&i, a) in square.direction.iter() {
            for (&j, b) in square.direction.iter() {
                self.add(i, j, -(&square.weight * a * b));
            }
        }
    }

    /// Completes the square in ξₚ: s = row p / Qₚₚ with weight Qₚₚ.
    fn eliminate_diagonal(&mut self, p: u32) -> [Square; 1] {
        let row = &self.rows[&p];
        let weight = row.get(&p).expect("the pivot is on the diagonal").clone();
        let square = Square { direction: row.scale(&(integer(1) / &weight)), weight };
        self.subtract(&square);
        [square]
    }

    /// With Qᵢᵢ = Qⱼⱼ = 0 and q = Qᵢⱼ ≠ 0: 2qξᵢξⱼ + … = (2/q)uv = (1/2q)((u+v)² − (u−v)²), u = row i, v = row j.
    fn eliminate_pair(&mut self, i: u32) -> [Square; 2] {
        let u = self.rows[&i].clone();
        let (&j, q) = u.iter().next().expect("rows are not zero");
        debug_assert!(!q.is_zero() && i != j);
        let weight = integer(1) / (integer(2) * q);
        let (mut sum, mut difference) = (u.clone(), u.clone());
        sum.add_scaled(&self.rows[&j], &integer(1));
        difference.add_scaled(&self.rows[&j], &integer(-1));
        let squares = [
            Square { weight: weight.clone(), direction: sum },
            Square { weight: -weight, direction: difference },
        ];
        for square in &squares {
            self.subtract(square);
        }
        squares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elimination::Echelon;
    use crate::multi_index::MultiIndex;
    use proptest::prelude::*;

    fn form() -> impl Strategy<Value = Polynomial> {
        proptest::collection::vec((0u32..5, 0u32..5, -3i64..4), 0..9).prop_map(|terms| {
            Polynomial::from_terms(
                terms.into_iter().map(|(i, j, c)| (MultiIndex::from_pairs([(i, 1), (j, 1)]), integer(c))),
            )
        })
    }

    proptest! {
        #[test]
        fn the_squares_sum_to_the_form(form in form()) {
            let mut sum = Polynomial::zero();
            for square in diagonalise(&form) {
                let linear = Polynomial::linear(square.direction.iter().map(|(&v, c)| (v, c)));
                sum.add_scaled(&linear.power(2), &square.weight);
            }
            prop_assert_eq!(sum, form);
        }

        #[test]
        fn the_number_of_squares_is_the_rank(form in form()) {
            let mut gradients = Echelon::new();
            for v in 0..5 {
                let gradient = form.derivative(&MultiIndex::variable(v));
                gradients.insert(SparseVector::from_entries(gradient.terms().map(|(m, c)| (m.clone(), c.clone()))));
            }
            prop_assert_eq!(diagonalise(&form).len(), gradients.rank());
        }
    }
}
