//! Second-order parts as sums of squares.
//!
//! | notation | name |
//! |---|---|
//! | F(ξ) = Σ dᵣ (sᵣ·ξ)² | the second-order part of a symbol |
//!
//! For each component of F (coordinates that meet in no term are apart) the squares are
//!
//! 1. those that were given, where their directions are independent, and then nothing is rewritten;
//! 2. otherwise those of an exact LDLᵀ, where its numbers stay short by the bound of [`component`](super::component);
//! 3. otherwise those of an elimination in doubles ([`super::ldl`]). From there on the operator *is* the rounded one; how far
//!    it is from what was asked for is measured, in doubles with their own error added, and what is further than the
//!    tolerance is not used.
//!
//! Forms that are multiples of each other share their squares. Checked by `squares_add_up_to_the_form` and
//! `the_squares_of_a_rounded_form_are_as_near_as_they_say`.

use jetc_combinatorics::quadratic_form;
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use num_traits::{One, ToPrimitive};

use super::Rewritten;
use super::component::{Component, components, is_long_as_form};
use super::coordinates;
use super::independence::are_independent;
use super::ldl;
use super::rounding::TOLERANCE_BITS;
use crate::spec::{Direction, Variables};

/// Elimination of this many rows in doubles is a matter of a second.
const MOST_COORDINATES: usize = 1000;

/// Numbers that the vectors of a component may hold, where they are added up to a matrix.
const MOST_ENTRIES: usize = 1_000_000;

/// Squares of the forms met so far.
#[derive(Debug, Default)]
pub(super) struct Squares {
    known: Vec<(Polynomial, Option<Diagonal>)>,
    /// How many directions have been named.
    named: usize,
}

/// A symbol with its second-order part rewritten.
pub(super) struct Found {
    pub(super) rewritten: Rewritten,
    pub(super) has_fewer_directions: bool,
}

/// A form as squares, where that is not what was given.
#[derive(Debug, Clone)]
struct Diagonal {
    form: Polynomial,
    has_fewer_directions: bool,
    rounding: Option<u32>,
}

/// The squares of one component.
struct Piece {
    squares: Vec<(Rational, Direction)>,
    rounding: Option<u32>,
}

impl Squares {
    /// A symbol of order two at most with its second-order part along independent directions, which become variables;
    /// nothing where it is so already.
    pub(super) fn of(&mut self, symbol: &Polynomial, variables: &mut Variables) -> Option<Found> {
        let form = symbol.homogeneous_part(2);
        let mut along = form.terms().flat_map(|(monomial, _)| monomial.pairs().map(|(variable, _)| variable));
        let has_vectors = along.all(|variable| variables.entries(variable) > 0);
        if symbol.degree() > 2 || form.is_zero() || !has_vectors {
            return None;
        }
        let multiple = |known: &Polynomial| proportion(&form, known);
        let found = self.known.iter().enumerate().find_map(|(n, (known, _))| Some((n, multiple(known)?)));
        let (number, factor) = found.unwrap_or_else(|| {
            let diagonal = self.diagonal(&form, variables);
            self.known.push((form.clone(), diagonal));
            (self.known.len() - 1, Rational::one())
        });
        let diagonal = self.known[number].1.as_ref()?;
        let mut rewritten = diagonal.form.scale(&factor);
        rewritten.add_scaled(&symbol.homogeneous_part(1), &Rational::one());
        rewritten.add_scaled(&symbol.homogeneous_part(0), &Rational::one());
        Some(Found {
            rewritten: Rewritten { symbol: rewritten, rounding: diagonal.rounding },
            has_fewer_directions: diagonal.has_fewer_directions,
        })
    }

    fn diagonal(&mut self, form: &Polynomial, variables: &mut Variables) -> Option<Diagonal> {
        let components = components(form, variables);
        let pieces: Vec<Option<Piece>> =
            components.iter().map(|component| piece(component, variables)).collect();
        if pieces.iter().all(Option::is_none) {
            return None;
        }
        let mut whole = Diagonal { form: Polynomial::zero(), has_fewer_directions: false, rounding: None };
        let mut terms: Vec<(MultiIndex, Rational)> = Vec::new();
        for (component, piece) in components.iter().zip(pieces) {
            let Some(piece) = piece else {
                terms.extend(component.form.terms().map(|(m, c)| (m.clone(), c.clone())));
                continue;
            };
            let is_rounded = piece.rounding.is_some();
            whole.has_fewer_directions |= is_rounded || component.given_squares().is_some();
            whole.rounding = whole.rounding.into_iter().chain(piece.rounding).min();
            for (weight, direction) in piece.squares {
                let (variable, factor) = self.variable(direction, variables);
                terms.push((MultiIndex::from_pairs([(variable, 2)]), weight * &factor * &factor));
            }
        }
        whole.form = Polynomial::from_terms(terms);
        Some(whole)
    }

    /// The variable of a direction, and the factor by which the direction is its multiple.
    fn variable(&mut self, direction: Direction, variables: &mut Variables) -> (u32, Rational) {
        if let Some([(coordinate, entry)]) =
            direction.as_exact().map(jetc_combinatorics::SparseVector::entries)
        {
            return (*coordinate, entry.clone());
        }
        self.named += 1;
        (variables.push(format!("q[{}]", self.named), Some(direction)), Rational::one())
    }
}

/// The factor by which `form` is a multiple of `known`; neither is zero.
pub(crate) fn proportion(form: &Polynomial, known: &Polynomial) -> Option<Rational> {
    if form.terms().len() != known.terms().len() {
        return None;
    }
    let ((monomial, a), (other, b)) = (form.terms().next()?, known.terms().next()?);
    let factor = a / b;
    (monomial == other && known.scale(&factor) == *form).then_some(factor)
}

/// The squares of a component, where they are not what was given and can be had within the budget.
fn piece(component: &Component, variables: &Variables) -> Option<Piece> {
    let (n, given) = (component.coordinates.len(), component.given_squares());
    if let Some(squares) = &given {
        let chosen: Vec<u32> = squares.iter().map(|square| square.0).collect();
        if are_independent(&chosen, variables, n) {
            return None;
        }
    }
    if n > MOST_COORDINATES || component.entries(variables) > MOST_ENTRIES {
        return None;
    }
    exact(component, variables, given.map_or(n, |squares| squares.len().min(n)))
        .or_else(|| in_doubles(component, variables))
}

/// By exact elimination, where its numbers stay short.
fn exact(component: &Component, variables: &Variables, rank: usize) -> Option<Piece> {
    let cost = coordinates::cost(variables, std::slice::from_ref(&component.form));
    if cost > coordinates::MOST_MONOMIALS || is_long_as_form(&component.form, 1) {
        return None;
    }
    let form = variables.in_coordinates(&component.form);
    if is_long_as_form(&form, rank) {
        return None;
    }
    let squares = quadratic_form::diagonalise(&form);
    let squares = squares.into_iter().map(|square| (square.weight, square.direction.into()));
    Some(Piece { squares: squares.collect(), rounding: None })
}

/// By elimination in doubles, if the result is near enough to what was asked for.
fn in_doubles(component: &Component, variables: &Variables) -> Option<Piece> {
    let matrix = matrix(component, variables)?;
    let pivots = ldl::pivots(matrix.clone());
    let bits = distance_bits(&matrix, &pivots)?;
    let square = |pivot: ldl::Pivot| {
        let entries = pivot.direction.into_iter().map(|(row, entry)| (component.coordinates[row], entry));
        Some((Rational::from_float(pivot.weight)?, Direction::doubles(entries)))
    };
    let squares = pivots.into_iter().map(square).collect::<Option<Vec<_>>>()?;
    (bits >= TOLERANCE_BITS).then_some(Piece { squares, rounding: Some(bits) })
}

/// The symmetric matrix of a form over its coordinates, in doubles.
fn matrix(component: &Component, variables: &Variables) -> Option<Vec<Vec<f64>>> {
    let n = component.coordinates.len();
    let place =
        |coordinate: u32| component.coordinates.binary_search(&coordinate).expect("a coordinate that moves");
    let vector = |variable: u32| -> Option<Vec<(usize, f64)>> {
        let direction = variables.direction(variable)?;
        Some(direction.iter().map(|(coordinate, entry)| (place(coordinate), entry.to_f64())).collect())
    };
    let mut matrix = vec![vec![0.0; n]; n];
    for (monomial, weight) in component.form.terms() {
        let weight = weight.to_f64()?;
        let mut pairs = monomial.pairs();
        let a = vector(pairs.next()?.0)?;
        let b = pairs.next().map_or_else(|| Some(a.clone()), |(variable, _)| vector(variable))?;
        for &(i, x) in &a {
            for &(j, y) in &b {
                let half = 0.5 * weight * x * y;
                matrix[i][j] += half;
                matrix[j][i] += half;
            }
        }
    }
    matrix.iter().flatten().all(|entry| entry.is_finite()).then_some(matrix)
}

/// The largest e with |A − Σ d l lᵀ| ≤ 2⁻ᵉ max |A| for all entries.
///
/// Products are taken with their rounding errors and sums with theirs (T. J. Dekker, "A floating-point technique for
/// extending the available precision", 1971; D. E. Knuth, TAOCP 2, 4.2.2), so that what is left of the error is a few units
/// of the last place of the largest sum, which are added.
fn distance_bits(matrix: &[Vec<f64>], pivots: &[ldl::Pivot]) -> Option<u32> {
    let n = matrix.len();
    // The lower triangle, entry by entry: what is left, its error, and the sum of all sizes.
    let mut rest: Vec<Vec<[f64; 3]>> =
        (0..n).map(|i| matrix[i][..=i].iter().map(|&entry| [entry, 0.0, 0.0]).collect()).collect();
    for ldl::Pivot { weight, direction } in pivots {
        for &(i, a) in direction {
            let (scaled, scaled_error) = exact_product(*weight, a);
            for &(j, b) in direction.iter().filter(|(j, _)| *j <= i) {
                let [left, error, size] = &mut rest[i][j];
                let (product, product_error) = exact_product(scaled, b);
                let (sum, sum_error) = exact_sum(*left, -product);
                *left = sum;
                *error += sum_error - product_error - scaled_error * b;
                *size += product.abs();
            }
        }
    }
    let entries = || rest.iter().flatten();
    let left = entries().fold(0.0, |most: f64, [left, error, _]| most.max((left + error).abs()));
    let size = entries().fold(0.0, |most: f64, [_, _, size]| most.max(*size));
    let largest = matrix.iter().flatten().fold(0.0, |most: f64, entry| most.max(entry.abs()));
    // Errors of errors are of order n ε², far below one ε for any n that is taken.
    let ratio = Rational::from_float((left + 2.0 * f64::EPSILON * size) / largest)?;
    super::rounding::within(&ratio)
}

/// a b and its rounding error.
fn exact_product(a: f64, b: f64) -> (f64, f64) {
    /// 2²⁷ + 1
    const SPLIT: f64 = 134_217_729.0;
    let halves = |x: f64| {
        let high = SPLIT * x - (SPLIT * x - x);
        (high, x - high)
    };
    let (product, (a, a_low), (b, b_low)) = (a * b, halves(a), halves(b));
    (product, a_low * b_low - (((product - a * b) - a_low * b) - a * b_low))
}

/// a + b and its rounding error.
fn exact_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}
