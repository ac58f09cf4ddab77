//! det X and log |det X| of square matrices over a jet algebra.
//!
//! | notation | name |
//! |---|---|
//! | X = X₀ + N, N nilpotent | a matrix of jets |
//! | K | the nilpotency of the algebra: a product of more than K factors N is zero |
//! | pivots p | jets, divided by in elimination |
//! | D + F | what elimination leaves: D diagonal and small, F without value |
//!
//! *Normalisation: Taylor coefficients.* A determinant is a polynomial, so a singular matrix is nothing special to it, but
//! every division by a number δ that is small against the other values turns up as N³/δ, N⁴/δ² … in terms that must cancel.
//! Therefore elimination with complete pivoting stops where the largest value that remains falls below 1/16 of the largest
//! of the matrix, and the rest is taken without a division: its value is made diagonal by row and column operations with
//! numbers, which is as stable as elimination is for numbers, and the determinant of D + F is expanded in minors of which
//! only those are formed that nilpotency leaves (`expansion.rs`). If there are too many of them, as can be for deficits of
//! rank above twenty, elimination goes on. A matrix of n < K rows is expanded at once: its determinant has n factors, but
//! elimination forms Nᴷ/δᴷ⁻ⁿ, which is too much where all values are small against derivatives.
//!
//! So values have the accuracy of elimination with complete pivoting, that of a matrix which differs from X in rounding
//! errors, and so have derivatives; what is exactly singular has a determinant of zero, or of rounding errors, and
//! derivatives like any other matrix.
//!
//! log |det X| = Σ log |p| over all pivots, and the series of the logarithm for each; sign det X is the product of their
//! signs. Where X₀ is singular, the value is −∞, the sign 0, and all derivatives are NaN.
//!
//! Backwards, d det X = Σ Cᵢⱼ dXᵢⱼ with C the cofactors, and d log |det X| = Σ (X⁻ᵀ)ᵢⱼ dXᵢⱼ, both jets (`cofactors.rs`): x̄ᵢⱼ is
//! the transposed product of one of them and the cotangent of the result. Signs count as constant, and where X₀ is singular,
//! X⁻¹ is NaN. A matrix whose result nothing reads has cotangents of zero, whatever it is.
//!
//! In floats rows and columns are scaled by powers of two first (`scale.rs`). Checked by
//! `a_determinant_is_leibniz_formula_in_exact_arithmetic`, `near_singular_matrices_keep_their_derivatives` and
//! `the_logarithm_is_that_of_leibniz_formula`.

mod jets;
mod elimination;
mod diagonal;
mod expansion;
mod cofactors;
mod scale;
#[cfg(test)]
mod tests;

use jetc_combinatorics::Rational;
use jetc_operators::algebra::JetAlgebra;

use super::{CustomNode, PullBack};
use crate::jet::Jet;
use elimination::{Place, Remaining};
use jets::{Field, Jets, negated};
use scale::{Scaled, times_power_of_two};

/// How much smaller than the largest a pivot may be, 1/16.
const LEAST_PIVOT: (i32, i32) = (1, 16);

/// No pivot is smaller than this in floats: derivatives that are larger than all values by more than their powers are
/// divided by nothing.
const LEAST_FLOAT: f64 = 1.0 / 4_294_967_296.0;

/// How many square matrices, of which size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SquareMatrices {
    pub(crate) batch: usize,
    /// Rows and columns of each matrix.
    pub(crate) size: usize,
}

impl SquareMatrices {
    /// The number of matrices, where the inputs are they.
    fn check(self, inputs: &[usize]) -> Result<usize, String> {
        let Self { batch, size } = self;
        let expected = batch * size * size;
        let fits = matches!(inputs, [found] if *found == expected);
        fits.then_some(batch).ok_or_else(|| format!("takes {batch} matrices of {size} rows and columns"))
    }

    /// Each matrix by itself.
    fn each<S: Field>(self, jet: &Jet<S>) -> impl Iterator<Item = Jet<S>> {
        let area = self.size * self.size;
        (0..self.batch).map(move |b| jet.map_channels(|channel| channel[b * area..][..area].to_vec()))
    }

    /// The cotangents of all matrices, each from that of one feature of `result` and from the derivatives of this feature by the
    /// entries of the matrix.
    fn pull(
        self,
        algebra: &JetAlgebra,
        matrices: &Jet<f64>,
        result: &Jet<f64>,
        derivatives: impl Fn(&Jets<f64>, &Jet<f64>) -> Vec<Vec<f64>>,
    ) -> Jet<f64> {
        let (jets, area) = (Jets::new(algebra), self.size * self.size);
        let mut channels = vec![Vec::new(); algebra.dimension()];
        for (matrix, b) in self.each(matrices).zip(0..) {
            let everywhere = result.map_channels(|channel| vec![channel[b]; area]);
            let pulled = if result.channels().iter().all(|channel| channel[b] == 0.0) {
                everywhere
            } else {
                let derivatives = collect(derivatives(&jets, &matrix).into_iter(), &jets);
                derivatives.multiply_transposed(&everywhere, algebra)
            };
            for (channel, entries) in channels.iter_mut().zip(pulled.channels()) {
                channel.extend_from_slice(entries);
            }
        }
        Jet::new(channels)
    }
}

/// The determinants of matrices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Determinant(pub(crate) SquareMatrices);

impl CustomNode for Determinant {
    fn name(&self) -> &'static str {
        "determinant"
    }

    fn features(&self, inputs: &[usize]) -> Result<usize, String> {
        self.0.check(inputs)
    }

    fn propagate(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>]) -> Jet<f64> {
        let jets = Jets::new(algebra);
        collect(self.0.each(&inputs[0]).map(|matrix| scaled_determinant(&jets, self.0.size, &matrix)), &jets)
    }

    fn propagate_exactly(&self, algebra: &JetAlgebra, inputs: &[Jet<Rational>]) -> Option<Jet<Rational>> {
        let jets = Jets::new(algebra);
        let each = self.0.each(&inputs[0]);
        Some(collect(each.map(|matrix| determinant(remaining(&jets, self.0.size, &matrix), None)), &jets))
    }

    fn pull_back(&self) -> Option<&dyn PullBack> {
        Some(self)
    }
}

impl PullBack for Determinant {
    fn cotangents(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>], result: &Jet<f64>) -> Vec<Jet<f64>> {
        let derivatives = |jets: &Jets<f64>, matrix: &Jet<f64>| scaled_cofactors(jets, self.0.size, matrix);
        vec![self.0.pull(algebra, &inputs[0], result, derivatives)]
    }
}

/// log |det X| of each matrix, and behind them the signs of the determinants, which count as constant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogDeterminant(pub(crate) SquareMatrices);

impl CustomNode for LogDeterminant {
    fn name(&self) -> &'static str {
        "log-determinant"
    }

    fn features(&self, inputs: &[usize]) -> Result<usize, String> {
        Ok(2 * self.0.check(inputs)?)
    }

    fn propagate(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>]) -> Jet<f64> {
        let jets = Jets::new(algebra);
        let each = self.0.each(&inputs[0]).map(|matrix| logarithm_and_sign(&jets, self.0.size, &matrix));
        let (logarithms, signs): (Vec<_>, Vec<_>) = each.unzip();
        let constant = |sign: f64| jets.one().iter().map(|channel| channel * sign).collect();
        collect(logarithms.into_iter().chain(signs.into_iter().map(constant)), &jets)
    }

    fn pull_back(&self) -> Option<&dyn PullBack> {
        Some(self)
    }
}

impl PullBack for LogDeterminant {
    fn cotangents(&self, algebra: &JetAlgebra, inputs: &[Jet<f64>], result: &Jet<f64>) -> Vec<Jet<f64>> {
        let derivatives = |jets: &Jets<f64>, matrix: &Jet<f64>| scaled_inverse(jets, self.0.size, matrix);
        vec![self.0.pull(algebra, &inputs[0], result, derivatives)]
    }
}

/// One feature for each jet.
fn collect<S: Field>(features: impl Iterator<Item = Vec<S>>, jets: &Jets<S>) -> Jet<S> {
    let mut channels = vec![Vec::new(); jets.zero().len()];
    for feature in features {
        for (channel, entry) in channels.iter_mut().zip(feature) {
            channel.push(entry);
        }
    }
    Jet::new(channels)
}

fn remaining<'a, S: Field>(jets: &'a Jets<S>, size: usize, matrix: &Jet<S>) -> Remaining<'a, S> {
    let entry = |place: usize| matrix.channels().iter().map(|channel| channel[place].clone()).collect();
    Remaining { jets, size, entries: (0..size * size).map(entry).collect() }
}

/// The determinant of a matrix in any units.
fn scaled_determinant(jets: &Jets<f64>, size: usize, matrix: &Jet<f64>) -> Vec<f64> {
    if !matrix.channel(0).iter().all(|x| x.is_finite()) {
        return vec![f64::NAN; jets.zero().len()];
    }
    let Scaled { matrix, exponent, .. } = Scaled::new(matrix, size);
    let result = determinant(remaining(jets, size, &matrix), Some(LEAST_FLOAT));
    result.into_iter().map(|channel| times_power_of_two(channel, exponent)).collect()
}

fn determinant<S: Field>(mut matrix: Remaining<'_, S>, least_float: Option<S>) -> Vec<S> {
    let jets = matrix.jets;
    let least = least_pivot(&matrix, least_float, jets.order);
    let mut product = jets.one();
    while let Some(place) = next_pivot(&matrix, least.as_ref(), jets.order) {
        let pivot = matrix.eliminate(place);
        product = jets.product(&product, &pivot);
    }
    if diagonal::is_odd(&matrix.diagonalise()) {
        product = negated(&product);
    }
    jets.product(&product, &expansion::expand(&matrix))
}

/// How small a pivot may be, where a product has up to `order` factors without value; nothing if none is divided by.
fn least_pivot<S: Field>(matrix: &Remaining<'_, S>, least_float: Option<S>, order: usize) -> Option<S> {
    if matrix.size < order && expansion::is_small(matrix.size, order) {
        return None;
    }
    let largest = matrix.pivot().map_or_else(S::zero, |first| matrix.magnitude(first));
    let least = largest.scale(LEAST_PIVOT.0, LEAST_PIVOT.1);
    Some(least_float.filter(|float| *float > least).unwrap_or(least))
}

/// The pivot to go on with, unless the rest is to be expanded.
fn next_pivot<S: Field>(matrix: &Remaining<'_, S>, least: Option<&S>, order: usize) -> Option<Place> {
    let least = least?;
    let goes_on =
        |place: &Place| matrix.magnitude(*place) >= *least || !expansion::is_small(matrix.size, order);
    matrix.pivot().filter(goes_on)
}

/// The cofactors of a matrix in any units, entry by entry.
fn scaled_cofactors(jets: &Jets<f64>, size: usize, matrix: &Jet<f64>) -> Vec<Vec<f64>> {
    if !matrix.channel(0).iter().all(|x| x.is_finite()) {
        return vec![vec![f64::NAN; jets.zero().len()]; size * size];
    }
    let Scaled { matrix, exponent, units } = Scaled::new(matrix, size);
    let entries = cofactors::cofactors(remaining(jets, size, &matrix), Some(LEAST_FLOAT));
    times_powers_of_two(entries, units.iter().map(|unit| exponent - unit))
}

/// X⁻ᵀ of a matrix in any units, entry by entry.
fn scaled_inverse(jets: &Jets<f64>, size: usize, matrix: &Jet<f64>) -> Vec<Vec<f64>> {
    let Scaled { matrix: scaled, units, .. } = Scaled::new(matrix, size);
    let is_finite = matrix.channel(0).iter().all(|x| x.is_finite());
    let inverse = is_finite.then(|| cofactors::inverse_transposed(remaining(jets, size, &scaled))).flatten();
    let entries = inverse.unwrap_or_else(|| vec![vec![f64::NAN; jets.zero().len()]; size * size]);
    times_powers_of_two(entries, units.iter().map(|unit| -unit))
}

fn times_powers_of_two(entries: Vec<Vec<f64>>, powers: impl Iterator<Item = i32>) -> Vec<Vec<f64>> {
    let scaled = |(jet, power): (Vec<f64>, i32)| jet.iter().map(|x| times_power_of_two(*x, power)).collect();
    entries.into_iter().zip(powers).map(scaled).collect()
}

fn logarithm_and_sign(jets: &Jets<f64>, size: usize, matrix: &Jet<f64>) -> (Vec<f64>, f64) {
    let mut sum = vec![f64::NAN; jets.zero().len()];
    if !matrix.channel(0).iter().all(|x| x.is_finite()) {
        return (sum, f64::NAN);
    }
    let Scaled { matrix, exponent, .. } = Scaled::new(matrix, size);
    let mut matrix = remaining(jets, size, &matrix);
    let (mut logarithm, mut sign) = (jets.zero(), 1.0);
    while let Some(place) = matrix.pivot() {
        let pivot = matrix.eliminate(place);
        sign *= pivot[0].signum();
        let mut term = jets.relative_logarithm(&pivot);
        term[0] = pivot[0].abs().ln();
        logarithm.iter_mut().zip(term).for_each(|(sum, term)| *sum += term);
    }
    if matrix.size > 0 {
        sum[0] = f64::NEG_INFINITY;
        return (sum, 0.0);
    }
    logarithm[0] += f64::from(exponent) * std::f64::consts::LN_2;
    (logarithm, sign)
}
