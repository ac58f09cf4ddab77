//! Incremental sparse Gaussian elimination over ℚ.
//!
//! Vectors arrive one by one. Each is either independent of those before it, and joins the basis, or it comes back
//! as a combination of the basis vectors. Nothing is dense, so a hundred thousand vectors of one entry each cost
//! what they should. Checked by `a_dependent_vector_comes_back_as_the_combination_it_is`.

use hashbrown::HashMap;
use std::hash::Hash;

use crate::rational::Rational;
use crate::sparse_vector::SparseVector;

/// What [`Echelon::insert`] found out about a vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Insertion {
    /// The vector is independent; it is the basis vector of this number (0, 1, 2, … in order of insertion).
    Independent(usize),
    /// The vector is this combination of basis vectors.
    Dependent(SparseVector<usize>),
}

/// A growing set of independent vectors in row echelon form.
#[derive(Debug, Clone)]
pub struct Echelon<K> {
    rows: Vec<Row<K>>,
    row_of_pivot: HashMap<K, usize>,
    work: u64,
}

/// Basis vector r equals `remainder` + Σ `reduced_by`ₛ · rowₛ over earlier rows s.
#[derive(Debug, Clone)]
struct Row<K> {
    remainder: SparseVector<K>,
    reduced_by: SparseVector<usize>,
}

impl<K: Ord + Hash + Clone> Default for Echelon<K> {
    fn default() -> Self {
        Self { rows: Vec::new(), row_of_pivot: HashMap::new(), work: 0 }
    }
}

impl<K: Ord + Hash + Clone> Echelon<K> {
    /// The empty set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The dimension of the span so far.
    pub fn rank(&self) -> usize {
        self.rows.len()
    }

    /// The work so far, for callers that bound it: the entries of rows that were subtracted, each as often as its number
    /// fills words of 64 bits, squared, as multiplying and reducing fractions takes. Memory grows with it, too: a number
    /// that is kept has been computed.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// Takes one more vector.
    ///
    /// # Example
    /// ```
    /// use jetc_combinatorics::{SparseVector, elimination::{Echelon, Insertion}, rational::integer};
    /// let vector = |a: i64, b: i64| SparseVector::from_entries([(0u32, integer(a)), (1, integer(b))]);
    /// let mut echelon = Echelon::new();
    /// assert_eq!(echelon.insert(vector(1, 2)), Insertion::Independent(0));
    /// assert_eq!(echelon.insert(vector(2, 4)), Insertion::Dependent(SparseVector::from_entries([(0, integer(2))])));
    /// ```
    pub fn insert(&mut self, vector: SparseVector<K>) -> Insertion {
        let (remainder, reduced_by) = self.reduce(vector);
        let Some((pivot, _)) = remainder.leading() else {
            return Insertion::Dependent(self.in_terms_of_basis(reduced_by));
        };
        let number = self.rows.len();
        self.row_of_pivot.insert(pivot.clone(), number);
        self.rows.push(Row { remainder, reduced_by });
        Insertion::Independent(number)
    }

    /// Subtracts rows until no pivot is left: `vector` = remainder + Σ factorₛ · rowₛ.
    ///
    /// A row's pivot is its largest key, so keys are visited from the largest down and never return.
    fn reduce(&mut self, mut vector: SparseVector<K>) -> (SparseVector<K>, SparseVector<usize>) {
        let mut reduced_by = SparseVector::zero();
        let mut cursor = vector.leading().map(|(key, _)| key.clone());
        while let Some(key) = cursor {
            if let Some(&number) = self.row_of_pivot.get(&key) {
                let row = &self.rows[number].remainder;
                let pivot = row.leading().expect("rows are not zero").1;
                let factor = vector.get(&key).expect("the cursor stands on an entry") / pivot;
                self.work += subtraction_work(row, &factor) + vector.len() as u64;
                vector.add_scaled(row, &-&factor);
                reduced_by.add_entry(number, factor);
            }
            cursor = vector.last_key_below(&key).cloned();
        }
        (vector, reduced_by)
    }

    /// Rewrites Σ factorₛ · rowₛ as a combination of basis vectors, from the last row down.
    fn in_terms_of_basis(&self, mut rows: SparseVector<usize>) -> SparseVector<usize> {
        let mut combination = SparseVector::zero();
        while let Some((&number, _)) = rows.leading() {
            let factor: Rational = rows.take(&number);
            rows.add_scaled(&self.rows[number].reduced_by, &-&factor);
            combination.add_entry(number, factor);
        }
        combination
    }
}

/// What it takes to subtract a multiple of a row.
fn subtraction_work<K: Ord + Clone>(row: &SparseVector<K>, factor: &Rational) -> u64 {
    let words = |number: &Rational| 1 + (number.numer().bits() + number.denom().bits()) / 64;
    let of_factor = words(factor);
    let each = |(_, entry): (&K, &Rational)| {
        let both = of_factor + words(entry) - 1;
        both * both
    };
    row.iter().map(each).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rational::integer;
    use proptest::prelude::*;

    fn vector(entries: &[i64]) -> SparseVector<usize> {
        SparseVector::from_entries(entries.iter().map(|&e| integer(e)).enumerate())
    }

    proptest! {
        #[test]
        fn a_dependent_vector_comes_back_as_the_combination_it_is(
            rows in proptest::collection::vec(proptest::collection::vec(-3i64..4, 5), 1..12),
        ) {
            let mut echelon = Echelon::new();
            let mut basis = Vec::new();
            for row in &rows {
                match echelon.insert(vector(row)) {
                    Insertion::Independent(number) => {
                        prop_assert_eq!(number, basis.len());
                        basis.push(vector(row));
                    }
                    Insertion::Dependent(combination) => {
                        let mut sum = SparseVector::zero();
                        for (&number, factor) in combination.iter() {
                            sum.add_scaled(&basis[number], factor);
                        }
                        prop_assert_eq!(sum, vector(row));
                    }
                }
            }
            prop_assert!(echelon.rank() <= 5);
        }
    }

    #[test]
    fn a_triangle_of_vectors_is_independent() {
        let mut echelon = Echelon::new();
        for n in 0..40usize {
            let triangle = SparseVector::from_entries((0..=n).map(|k| (k, integer(k + 1))));
            assert_eq!(echelon.insert(triangle), Insertion::Independent(n));
        }
        assert!(matches!(echelon.insert(vector(&[1; 40])), Insertion::Dependent(_)));
    }
}
