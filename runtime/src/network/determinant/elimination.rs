//! Gaussian elimination over jets with complete pivoting.
//!
//! With p the pivot in row r and column c, A′ᵢⱼ = Aᵢⱼ − Aᵢ꜀ p⁻¹ Aᵣⱼ and det A = (−1)ʳ⁺ᶜ p · det A′. A jet can be divided by
//! where its value is not zero; the pivot is the entry whose value is largest.
//! Checked by `a_determinant_is_leibniz_formula_in_exact_arithmetic`.

use super::jets::{Field, Jets, negated};

/// What is left of a matrix.
pub(super) struct Remaining<'a, S> {
    pub(super) jets: &'a Jets<S>,
    pub(super) size: usize,
    /// Row by row.
    pub(super) entries: Vec<Vec<S>>,
}

/// A row and a column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) row: usize,
    pub(super) column: usize,
}

impl<S: Field> Remaining<'_, S> {
    pub(super) fn entry(&self, row: usize, column: usize) -> &[S] {
        &self.entries[row * self.size + column]
    }

    /// |value| of an entry.
    pub(super) fn magnitude(&self, Place { row, column }: Place) -> S {
        self.entry(row, column)[0].magnitude()
    }

    /// The entry whose value is largest, the first of them; none if all values are zero.
    pub(super) fn pivot(&self) -> Option<Place> {
        self.pivot_from(0)
    }

    /// The same without the first rows and columns.
    pub(super) fn pivot_from(&self, first: usize) -> Option<Place> {
        let (mut best, mut largest) = (None, S::zero());
        for row in first..self.size {
            for column in first..self.size {
                let place = Place { row, column };
                let magnitude = self.magnitude(place);
                if magnitude > largest {
                    (best, largest) = (Some(place), magnitude);
                }
            }
        }
        best
    }

    /// The factor (−1)ʳ⁺ᶜ p, and A′ in place of A.
    pub(super) fn eliminate(&mut self, Place { row, column }: Place) -> Vec<S> {
        let pivot = self.entry(row, column).to_vec();
        let minus_inverse = negated(&self.jets.reciprocal(&pivot));
        let mut rest = Vec::with_capacity((self.size - 1) * (self.size - 1));
        for i in (0..self.size).filter(|&i| i != row) {
            let factor = self.jets.product(self.entry(i, column), &minus_inverse);
            for j in (0..self.size).filter(|&j| j != column) {
                let mut entry = self.entry(i, j).to_vec();
                self.jets.add_product(&factor, self.entry(row, j), &mut entry);
                rest.push(entry);
            }
        }
        self.entries = rest;
        self.size -= 1;
        if (row + column) % 2 == 0 { pivot } else { negated(&pivot) }
    }
}
