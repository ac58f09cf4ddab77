use super::component::minor_bits;
use super::rounded::{distance, within};
use super::*;
use crate::spec::Direction;
use jetc_combinatorics::MultiIndex;
use jetc_combinatorics::rational::{integer, ratio};
use num_traits::{Signed, Zero};
use proptest::prelude::*;

fn direction(entries: &[Rational]) -> Direction {
    Direction::from_entries((0..).zip(entries.iter().cloned()))
}

fn long(entries: &[f64]) -> Vec<Rational> {
    entries.iter().map(|&entry| Rational::from_float(entry).unwrap()).collect()
}

/// Σ weight (direction·∂)²
fn part(squares: &[(i64, Vec<Rational>)]) -> LinearPart {
    let term = |(weight, entries): &(i64, Vec<Rational>)| DirectionalTerm {
        weight: integer(*weight),
        factors: vec![(direction(entries), 2)],
    };
    LinearPart { field: 0, terms: squares.iter().map(term).collect() }
}

/// Σ mᵢⱼ ∂ᵢ∂ⱼ with the entries i ≤ j of a matrix.
fn matrix_part(n: u32, entry: impl Fn(u32, u32) -> Rational) -> LinearPart {
    let pairs = (0..n).flat_map(|i| (i..n).map(move |j| (i, j)));
    let terms = pairs.map(|(i, j)| DirectionalTerm {
        weight: entry(i, j),
        factors: if i == j {
            vec![(Direction::unit(i), 2)]
        } else {
            vec![(Direction::unit(i), 1), (Direction::unit(j), 1)]
        },
    });
    LinearPart { field: 0, terms: terms.filter(|term| !term.weight.is_zero()).collect() }
}

fn prepared(part: &LinearPart) -> PreparedPart {
    let prepared = Preparation::default().prepare(part, &part.symbol()).unwrap();
    assert_eq!(prepared.part.symbol(), prepared.symbol);
    assert_eq!(sum_of_squares(prepared.squares.as_ref().unwrap()), prepared.symbol.homogeneous_part(2));
    prepared
}

/// Numbers that look drawn at random, in long fractions.
fn noise(count: usize) -> Vec<f64> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (f64::from(state) / f64::from(u32::MAX) - 0.5) / 0.7
    };
    (0..count).map(|_| next()).collect()
}

fn rows(count: usize, length: usize) -> Vec<Vec<f64>> {
    noise(count * length).chunks(length).map(<[f64]>::to_vec).collect()
}

#[test]
fn independent_directions_stay_as_they_were_given() {
    let short = part(&[(3, vec![integer(1), integer(2)]), (-1, vec![integer(0), ratio(1, 3)])]);
    let many: Vec<_> = rows(12, 20).iter().map(|row| (1, long(row))).collect();
    for (given, is_long) in [(short, false), (part(&many), true)] {
        let prepared = prepared(&given);
        assert_eq!((prepared.is_long, prepared.rounding), (is_long, None));
        let squares: Vec<DirectionalTerm> =
            prepared.squares.unwrap().iter().map(DirectionalTerm::from).collect();
        assert_eq!(squares, given.terms);
        assert_eq!(prepared.part, given);
    }
}

#[test]
fn short_forms_are_diagonalised_exactly() {
    let form = matrix_part(3, |i, j| integer(i + 2 * j) - integer(2));
    let found = prepared(&form);
    assert_eq!((found.rounding, &found.part), (None, &form));
    assert_eq!(found.squares.unwrap(), quadratic_form::diagonalise(&form.symbol()));
    let dependent =
        part(&[(1, vec![integer(1), integer(2)]), (1, vec![integer(3), integer(1)]), (1, vec![integer(1)])]);
    assert_eq!(prepared(&dependent).part.terms.len(), 2);
}

#[test]
fn more_directions_than_dimensions_become_as_many_as_there_are() {
    for sign in [1, -1] {
        let given: Vec<_> =
            (0..).zip(rows(40, 12)).map(|(r, row)| (if r % 2 == 0 { 1 } else { sign }, long(&row))).collect();
        let prepared = prepared(&part(&given));
        assert_eq!(prepared.part.terms.len(), 12);
        assert!(prepared.rounding.unwrap() >= 46, "{:?}", prepared.rounding);
    }
}

#[test]
fn noise_does_not_count_as_rank() {
    let (left, right) = (rows(30, 5), rows(5, 30));
    let product = |i: usize, j: usize| -> f64 { (0..5).map(|k| left[i][k] * right[k][j]).sum() };
    let given: Vec<_> =
        (0..30).map(|i| (1, long(&(0..30).map(|j| product(i, j)).collect::<Vec<_>>()))).collect();
    assert_eq!(prepared(&part(&given)).squares.unwrap().len(), 5);
    let gram = |i: u32, j: u32| -> f64 { (0..5).map(|k| left[i as usize][k] * left[j as usize][k]).sum() };
    let twice = |i, j| integer(if i == j { 1 } else { 2 });
    let matrix = matrix_part(30, |i, j| Rational::from_float(gram(i, j)).unwrap() * twice(i, j));
    assert_eq!(prepared(&matrix).squares.unwrap().len(), 5);
}

#[test]
fn equal_eigenvalues_and_components_are_no_obstacle() {
    // 1 + 2 J in ten dimensions, eigenvalue 1 nine times, in long numbers; beside it u_xy of two others.
    let third = Rational::from_float(1.0 / 3.0).unwrap();
    let matrix = matrix_part(12, |i, j| match (i, j) {
        (10, 11) => integer(1),
        _ if j >= 10 => Rational::zero(),
        _ => &third * integer(if i == j { 3 } else { 4 }),
    });
    let found = prepared(&matrix);
    let squares = found.squares.unwrap();
    assert_eq!(squares.len(), 12);
    assert!(found.rounding.unwrap() >= 46);
    let exact = quadratic_form::diagonalise(&Polynomial::from_terms([(
        MultiIndex::from_pairs([(10, 1), (11, 1)]),
        integer(1),
    )]));
    assert!(exact.iter().all(|square| squares.contains(square)), "short components stay exact");
}

#[test]
fn forms_that_vanish_have_no_squares() {
    let cancelled = part(&[(1, vec![integer(1), integer(1)]), (-1, vec![integer(1), integer(1)])]);
    assert_eq!(prepared(&cancelled).squares.unwrap(), []);
    let row = rows(1, 30).remove(0);
    let cancelled = part(&[(1, long(&row)), (-1, long(&row))]);
    assert_eq!(prepared(&cancelled).squares.unwrap(), []);
}

#[test]
fn multiples_of_a_form_share_its_squares() {
    let entries = noise(400);
    let entry = |i: u32, j: u32| Rational::from_float(entries[(20 * i + j) as usize]).unwrap();
    let (one, three) = (matrix_part(20, entry), matrix_part(20, |i, j| entry(i, j) * integer(3)));
    let mut preparation = Preparation::default();
    let [one, three] = [one, three].map(|part| preparation.prepare(&part, &part.symbol()).unwrap());
    assert_eq!(one.symbol.scale(&integer(3)), three.symbol);
    assert_eq!(one.rounding, three.rounding);
}

#[test]
fn a_distance_is_told_to_the_next_power_of_two() {
    assert_eq!(within(&Rational::zero()), None);
    for (distance, bits) in [((1, 8), 3), ((1, 7), 2), ((1, 9), 3), ((3, 16), 2), ((1, 1), 0)] {
        assert_eq!(within(&ratio(distance.0, distance.1)), Some(bits), "{distance:?}");
    }
}

#[test]
fn the_same_form_always_has_the_same_squares() {
    let entries = noise(400);
    let part = matrix_part(20, |i, j| Rational::from_float(entries[(20 * i + j) as usize]).unwrap());
    let first = prepared(&part);
    assert!(first.rounding.is_some());
    for _ in 0..3 {
        assert_eq!(prepared(&part), first);
    }
}

#[test]
fn a_form_that_rounding_would_change_is_an_error() {
    // J + δ I, with eigenvalues 256 + δ and δ: the second counts as zero, but is more than the tolerance.
    let delta = ratio(3, 1 << 40);
    let part = matrix_part(256, |i, j| if i == j { integer(1) + &delta } else { integer(2) });
    let found = Preparation::default().prepare(&part, &part.symbol());
    assert_eq!(found, Err(SquaresError::TooFar { tolerance: 40 }));
}

#[test]
fn a_form_of_too_many_variables_is_an_error() {
    let part = matrix_part(1001, |i, j| ratio(i64::from(i == j || j == i + 1), 3));
    let found = Preparation::default().prepare(&part, &part.symbol());
    assert_eq!(found, Err(SquaresError::TooLarge { size: 1001, limit: 1000 }));
}

proptest! {
    #[test]
    fn the_squares_of_a_rounded_form_are_as_near_as_they_say(
        entries in proptest::collection::vec(-1f64..1.0, 64),
        scale in -40i32..40,
    ) {
        let factor = if scale < 0 { ratio(1, 3) } else { integer(3) };
        let factor = jetc_combinatorics::rational::power(&factor, scale.unsigned_abs());
        let part = matrix_part(8, |i, j| Rational::from_float(entries[(8 * i + j) as usize]).unwrap() * &factor);
        let asked = part.symbol();
        let found = prepared(&part);
        let bits = found.rounding.unwrap();
        let largest = |p: &Polynomial| p.terms().map(|(_, c)| c.abs()).max().unwrap();
        let ratio = largest(&(&asked - &found.symbol)) / largest(&asked);
        prop_assert_eq!(&ratio, &distance(&asked, &found.symbol));
        prop_assert!(&ratio * integer(num_bigint::BigInt::from(1) << bits) <= integer(1));
        prop_assert!(&ratio * integer(num_bigint::BigInt::from(2) << bits) > integer(1));
        prop_assert!(bits >= 46, "{}", bits);
    }
    #[test]
    fn numbers_of_exact_elimination_stay_within_the_bound(
        n in 2u32..8,
        entries in proptest::collection::vec((-4000i64..4000, 1i64..9), 64),
        gaps in 0u32..16,
    ) {
        let entry = |i: u32, j: u32| {
            let (numerator, denominator) = entries[(8 * i + j) as usize];
            // With zeros on the diagonal, too.
            if i == j && gaps >> i & 1 == 1 { Rational::zero() } else { ratio(numerator, denominator) }
        };
        let form = matrix_part(n, entry).symbol();
        let bound = minor_bits(n as usize, form.terms().map(|(_, coefficient)| coefficient));
        let squares = quadratic_form::diagonalise(&form);
        let numbers = squares.iter().flat_map(|s| s.direction.iter().map(|(_, entry)| entry).chain([&s.weight]));
        let longest = numbers.map(|number| number.numer().bits().max(number.denom().bits())).max().unwrap_or(0);
        prop_assert!(longest <= bound, "{} bits, bound {}", longest, bound);
    }
}
