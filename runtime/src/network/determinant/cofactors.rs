//! The derivatives of det X and of log |det X| by the entries of X: elimination, backwards.
//!
//! | notation | name |
//! |---|---|
//! | p = A_rc | the pivot of a step, s = (−1)ʳ⁺ᶜ |
//! | A′ᵢⱼ = Aᵢⱼ − Aᵢ꜀ p⁻¹ Aᵣⱼ | what the step leaves: [`Remaining::eliminate`] |
//! | C = ∂ det A/∂A, the cofactors | [`cofactors`] |
//! | G = ∂ log det A/∂A = A⁻ᵀ | [`inverse_transposed`] |
//!
//! det A = s p det A′ and log det A = log (s p) + log det A′, so with C′, G′ of A′, for i ≠ r and j ≠ c, all jets:
//!
//! | | cofactors | inverse |
//! |---|---|---|
//! | C_ij | s p C′ᵢⱼ | G′ᵢⱼ |
//! | C_rj | −s Σᵢ Aᵢ꜀ C′ᵢⱼ | −p⁻¹ Σᵢ Aᵢ꜀ G′ᵢⱼ |
//! | C_ic | −s Σⱼ Aᵣⱼ C′ᵢⱼ | −p⁻¹ Σⱼ Aᵣⱼ G′ᵢⱼ |
//! | C_rc | s det A′ + s p⁻¹ Σᵢⱼ Aᵢ꜀ Aᵣⱼ C′ᵢⱼ | p⁻¹ + p⁻² Σᵢⱼ Aᵢ꜀ Aᵣⱼ G′ᵢⱼ |
//!
//! Cofactors divide by the pivots that the determinant divides by and by no other, so they are right at singular matrices;
//! where elimination stops they are those of the expansion (`expansion.rs`, `diagonal.rs`). The inverse is formed without the
//! determinant, which may be out of range, by steps to the end.
//!
//! *Cost:* n³ products of jets beside the n³/3 of elimination, in place of the n⁵ of n² determinants of minors.
//! *Accuracy:* that of the determinant and of elimination for linear systems: the cofactors of a matrix that differs from the scaled
//! X in rounding errors, so an error is small against the largest cofactors of the scaled matrix, or, of the inverse, is
//! larger than rounding by the condition of X.
//! Checked by `cofactors_are_determinants_of_minors`, `cofactors_of_singular_matrices_are_as_good_as_rounding`,
//! `the_inverse_is_one` and `the_inverse_has_no_range`.

use super::diagonal;
use super::elimination::{Place, Remaining};
use super::expansion;
use super::jets::{Field, Jets, negated};
use super::{least_pivot, next_pivot};

/// Of a matrix that was eliminated by: the pivot, its row and its column without it.
struct Step<S> {
    place: Place,
    pivot: Vec<S>,
    row: Vec<Vec<S>>,
    column: Vec<Vec<S>>,
}

/// What the parts of C are multiplied by.
struct Factors<S> {
    /// s p or 1
    rest: Vec<S>,
    /// −s or −p⁻¹
    border: Vec<S>,
    /// s det A′ or p⁻¹
    corner: Vec<S>,
}

/// The cofactors, row by row.
pub(super) fn cofactors<S: Field>(mut matrix: Remaining<'_, S>, least_float: Option<S>) -> Vec<Vec<S>> {
    let jets = matrix.jets;
    // A cofactor is the determinant of one row less, and a term of the determinant has one factor more.
    let order = jets.order + 1;
    let least = least_pivot(&matrix, least_float, order);
    let mut steps = Vec::new();
    while let Some(place) = next_pivot(&matrix, least.as_ref(), order) {
        steps.push(Step::take(&mut matrix, place));
    }
    let moves = matrix.diagonalise();
    let (mut determinant, mut cofactors) = expansion::expand_with_cofactors(&matrix);
    if diagonal::is_odd(&moves) {
        determinant = negated(&determinant);
        cofactors.entries.iter_mut().for_each(|entry| *entry = negated(entry));
    }
    cofactors.undo(moves);
    while let Some(step) = steps.pop() {
        let signed = |jet: &[S]| step.signed(jet);
        let rest = signed(&step.pivot);
        let next = jets.product(&rest, &determinant);
        let factors = Factors { rest, border: negated(&signed(&jets.one())), corner: signed(&determinant) };
        step.back(&mut cofactors, &factors);
        determinant = next;
    }
    cofactors.entries
}

/// A⁻ᵀ, row by row; nothing where the value of A is singular.
pub(super) fn inverse_transposed<S: Field>(mut matrix: Remaining<'_, S>) -> Option<Vec<Vec<S>>> {
    let jets = matrix.jets;
    let mut steps = Vec::new();
    while let Some(place) = matrix.pivot() {
        steps.push(Step::take(&mut matrix, place));
    }
    if matrix.size > 0 {
        return None;
    }
    let mut inverse = matrix;
    while let Some(step) = steps.pop() {
        let corner = jets.reciprocal(&step.pivot);
        step.back(&mut inverse, &Factors { rest: jets.one(), border: negated(&corner), corner });
    }
    Some(inverse.entries)
}

impl<S: Field> Step<S> {
    /// Eliminates by a pivot.
    fn take(matrix: &mut Remaining<'_, S>, place: Place) -> Self {
        let Place { row, column } = place;
        let others = |without: usize| (0..matrix.size).filter(move |&i| i != without);
        let step = Self {
            place,
            pivot: matrix.entry(row, column).to_vec(),
            row: others(column).map(|j| matrix.entry(row, j).to_vec()).collect(),
            column: others(row).map(|i| matrix.entry(i, column).to_vec()).collect(),
        };
        matrix.eliminate(place);
        step
    }

    /// s times a jet.
    fn signed(&self, jet: &[S]) -> Vec<S> {
        if (self.place.row + self.place.column).is_multiple_of(2) { jet.to_vec() } else { negated(jet) }
    }

    /// From the derivatives by A′ to those by A.
    fn back(&self, derivatives: &mut Remaining<'_, S>, Factors { rest, border, corner }: &Factors<S>) {
        let (jets, inner) = (derivatives.jets, derivatives.size);
        let of_row =
            |j: usize| weighted(jets, (0..inner).map(|i| (&self.column[i][..], derivatives.entry(i, j))));
        let of_column =
            |i: usize| weighted(jets, (0..inner).map(|j| (&self.row[j][..], derivatives.entry(i, j))));
        let row: Vec<Vec<S>> = (0..inner).map(|j| jets.product(border, &of_row(j))).collect();
        let column: Vec<Vec<S>> = (0..inner).map(|i| jets.product(border, &of_column(i))).collect();
        // −p⁻¹ Σⱼ C_rj A_rj is the second part of the corner.
        let both = weighted(jets, row.iter().zip(&self.row).map(|(c, a)| (&c[..], &a[..])));
        let mut last = corner.clone();
        jets.add_product(&negated(&jets.reciprocal(&self.pivot)), &both, &mut last);
        let size = inner + 1;
        let skip = |at: usize, without: usize| at - usize::from(at > without);
        let entry = |place: usize| {
            let (i, j) = (place / size, place % size);
            let (k, l) = (skip(i, self.place.row), skip(j, self.place.column));
            match (i == self.place.row, j == self.place.column) {
                (true, true) => last.clone(),
                (true, false) => row[l].clone(),
                (false, true) => column[k].clone(),
                (false, false) => jets.product(rest, derivatives.entry(k, l)),
            }
        };
        let entries = (0..size * size).map(entry).collect();
        (derivatives.entries, derivatives.size) = (entries, size);
    }
}

/// Σ a b
fn weighted<'a, S: Field + 'a>(jets: &Jets<S>, pairs: impl Iterator<Item = (&'a [S], &'a [S])>) -> Vec<S> {
    let mut sum = jets.zero();
    pairs.for_each(|(a, b)| jets.add_product(a, b, &mut sum));
    sum
}
