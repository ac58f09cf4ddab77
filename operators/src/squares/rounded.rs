//! A quadratic form in long numbers as a sum of squares in short ones, with the distance between the two.
//!
//! The form is diagonalised in doubles ([`super::jacobi`]) and every number is then taken for the fraction it is: the
//! weights are the eigenvalues, and the entries of the directions are rounded to multiples of 2⁻⁵². Eigenvalues of at most
//! 2⁻⁴⁶ of the largest are zero: an entry that was computed in doubles carries an error of a few 2⁻⁵³, and n such
//! errors move an eigenvalue by about √n of them.
//!
//! *What is lost is measured.* The squares are multiplied out exactly and compared with the form, coefficient by
//! coefficient. More than [`TOLERANCE_BITS`] allows is an error: 2⁻⁴⁰ of the largest coefficient is 2¹³ roundings of a
//! double, which the n terms of an entry and the sweeps over n rows stay far below up to [`MOST_VARIABLES`], and less
//! than what evaluating a second derivative of a network in doubles loses.
//!
//! Checked by `the_squares_of_a_rounded_form_are_as_near_as_they_say` and `noise_does_not_count_as_rank`.

use jetc_combinatorics::quadratic_form::Square;
use jetc_combinatorics::rational::{integer, power, ratio};
use jetc_combinatorics::{Polynomial, Rational, SparseVector};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use super::jacobi::eigenpairs;
use super::{SquaresError, sum_of_squares};

/// A rounded form is at most 2⁻⁴⁰ of the largest coefficient away from what was asked for.
const TOLERANCE_BITS: u32 = 40;

/// Eigenvalues of at most this part of the largest are zero: 2⁻⁴⁶.
const ZERO: f64 = f64::EPSILON * 64.0;

/// The eigenvalues of this many rows are a matter of seconds.
pub(super) const MOST_VARIABLES: usize = 1000;

/// Multiples of one over this are what directions are rounded to: 2⁵².
const GRID: f64 = 1.0 / f64::EPSILON;

/// Squares that add up to a form, up to the distance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rounded {
    pub(super) squares: Vec<Square>,
    /// The largest difference of coefficients over the largest coefficient.
    pub(super) distance: Rational,
}

/// The quadratic form, which is not zero, in these variables.
pub(super) fn diagonalise(form: &Polynomial, variables: &[u32]) -> Result<Rounded, SquaresError> {
    if variables.len() > MOST_VARIABLES {
        return Err(SquaresError::TooLarge { size: variables.len(), limit: MOST_VARIABLES });
    }
    let exponent = largest(form).map_or(0, |value| binary_exponent(&value));
    let unit = if exponent < 0 {
        power(&ratio(1, 2), exponent.unsigned_abs())
    } else {
        power(&integer(2), exponent.unsigned_abs())
    };
    let pairs = eigenpairs(matrix(&form.scale(&unit.recip()), variables));
    let largest_value = pairs.first().map_or(0.0, |pair| pair.value.abs());
    let kept = pairs.into_iter().filter(|pair| pair.value.abs() > ZERO * largest_value);
    let squares: Vec<Square> = kept
        .map(|pair| Square {
            weight: fraction(pair.value) * &unit,
            direction: SparseVector::from_entries(
                variables.iter().copied().zip(pair.vector.into_iter().map(on_grid)),
            ),
        })
        .collect();
    let distance = distance(form, &sum_of_squares(&squares));
    if within(&distance).is_some_and(|bits| bits < TOLERANCE_BITS) {
        return Err(SquaresError::TooFar { tolerance: TOLERANCE_BITS });
    }
    Ok(Rounded { squares, distance })
}

/// Whether these directions are independent in doubles: the matrix of their cosines has no zero eigenvalue. More than
/// [`MOST_VARIABLES`] are taken to be.
pub(super) fn are_independent(directions: &[&SparseVector<u32>]) -> bool {
    if directions.len() > MOST_VARIABLES {
        return true;
    }
    let rows: Vec<Vec<(u32, f64)>> = directions.iter().map(|direction| normalised(direction)).collect();
    let cosines = rows.iter().map(|a| rows.iter().map(|b| cosine(a, b)).collect()).collect();
    let pairs = eigenpairs(cosines);
    let largest = pairs.first().map_or(0.0, |pair| pair.value.abs());
    pairs.iter().all(|pair| pair.value.abs() > ZERO * largest)
}

/// The largest e with distance ≤ 2⁻ᵉ; nothing for 0.
pub(super) fn within(distance: &Rational) -> Option<u32> {
    if distance.is_zero() {
        return None;
    }
    let (numerator, denominator) = (distance.numer(), distance.denom());
    let bits = denominator.bits().saturating_sub(numerator.bits());
    let fits = numerator << bits <= *denominator;
    Some(u32::try_from(bits.saturating_sub(u64::from(!fits))).unwrap_or(u32::MAX))
}

/// The largest difference of coefficients over the largest coefficient of `asked`.
pub(super) fn distance(asked: &Polynomial, rounded: &Polynomial) -> Rational {
    match (largest(asked), largest(&(asked - rounded))) {
        (Some(scale), Some(difference)) => difference / scale,
        _ => Rational::zero(),
    }
}

fn largest(polynomial: &Polynomial) -> Option<Rational> {
    polynomial.terms().map(|(_, coefficient)| coefficient.abs()).max()
}

/// An e with 2ᵉ⁻¹ < value < 2ᵉ⁺¹.
fn binary_exponent(value: &Rational) -> i32 {
    let bits = |number: &BigInt| i32::try_from(number.bits()).unwrap_or(i32::MAX / 2);
    bits(value.numer()) - bits(value.denom())
}

/// The symmetric matrix of a form with coefficients of about one.
fn matrix(form: &Polynomial, variables: &[u32]) -> Vec<Vec<f64>> {
    let mut matrix = vec![vec![0.0; variables.len()]; variables.len()];
    let row = |variable: u32| variables.binary_search(&variable).expect("a variable of the form");
    for (monomial, coefficient) in form.terms() {
        let value = coefficient.to_f64().expect("a number of about one is a double");
        let mut pairs = monomial.pairs();
        match (pairs.next(), pairs.next()) {
            (Some((i, _)), Some((j, _))) => {
                matrix[row(i)][row(j)] = value / 2.0;
                matrix[row(j)][row(i)] = value / 2.0;
            }
            (Some((i, _)), None) => matrix[row(i)][row(i)] = value,
            (None, _) => unreachable!("a quadratic form has no constant"),
        }
    }
    matrix
}

/// The direction scaled to length one.
fn normalised(direction: &SparseVector<u32>) -> Vec<(u32, f64)> {
    let largest = direction.iter().map(|(_, entry)| entry.abs()).max().unwrap_or_default();
    let scaled = |entry: &Rational| (entry / &largest).to_f64().expect("at most one");
    let row: Vec<(u32, f64)> = direction.iter().map(|(&variable, entry)| (variable, scaled(entry))).collect();
    let length = row.iter().map(|(_, entry)| entry * entry).sum::<f64>().sqrt();
    row.into_iter().map(|(variable, entry)| (variable, entry / length)).collect()
}

fn cosine(a: &[(u32, f64)], b: &[(u32, f64)]) -> f64 {
    let partner = |variable: &u32| b.binary_search_by_key(variable, |(other, _)| *other).ok();
    a.iter().filter_map(|(variable, entry)| Some(entry * b[partner(variable)?].1)).sum()
}

fn fraction(value: f64) -> Rational {
    Rational::from_float(value).expect("eigenvalues of finite matrices are finite")
}

fn on_grid(entry: f64) -> Rational {
    fraction((entry * GRID).round()) / fraction(GRID)
}
