use super::component::minor_bits;
use super::rounding::distance;
use super::*;
use crate::spec::Direction;
use jetc_combinatorics::rational::{integer, power, ratio};
use jetc_combinatorics::{MultiIndex, Rational, quadratic_form};
use num_traits::Zero;
use proptest::prelude::*;

const COORDINATES: u32 = 40;

/// Σ weight (direction·ξ)² with a variable for each direction.
fn given(rows: &[(i64, Vec<Rational>)]) -> (Variables, Polynomial) {
    let mut variables = Variables::new(COORDINATES as usize);
    let squares = rows.iter().map(|(weight, entries)| {
        let direction = Direction::exact((0..).zip(entries.iter().cloned()));
        let variable = variables.push("s".to_owned(), Some(direction));
        (MultiIndex::from_pairs([(variable, 2)]), integer(*weight))
    });
    let form = Polynomial::from_terms(squares.collect::<Vec<_>>());
    (variables, form)
}

/// Σ mᵢⱼ ξᵢξⱼ with the entries i ≤ j of a matrix.
fn matrix(n: u32, entry: impl Fn(u32, u32) -> Rational) -> Polynomial {
    let pairs = (0..n).flat_map(|i| (i..n).map(move |j| (i, j)));
    Polynomial::from_terms(pairs.map(|(i, j)| (MultiIndex::from_pairs([(i, 1), (j, 1)]), entry(i, j))))
}

/// A form with its squares, if it is rewritten; they add up to the form within the distance that they state.
fn squares(variables: &Variables, form: &Polynomial) -> Option<Rewritten> {
    let frame = Frame::new(variables, std::slice::from_ref(form));
    let found = frame.parts[0].squares.clone()?;
    assert!(found.symbol.terms().all(|(monomial, _)| monomial.pairs().len() == 1), "{:?}", found.symbol);
    let (asked, found_form) = (variables.in_coordinates(form), frame.variables.in_coordinates(&found.symbol));
    let distance = distance(&asked, &found_form);
    match found.rounding {
        None => assert!(distance.is_zero()),
        Some(bits) => assert!(distance <= power(&ratio(1, 2), bits)),
    }
    Some(found)
}

fn in_coordinates(n: u32, entry: impl Fn(u32, u32) -> Rational) -> (Variables, Polynomial) {
    (Variables::new(COORDINATES as usize), matrix(n, entry))
}

fn long(entries: &[f64]) -> Vec<Rational> {
    entries.iter().map(|&entry| Rational::from_float(entry).unwrap()).collect()
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
    let short = given(&[(3, vec![integer(1), integer(2)]), (-1, vec![integer(0), ratio(1, 3), integer(1)])]);
    let many: Vec<_> = rows(12, 20).iter().map(|row| (1, long(row))).collect();
    for (variables, form) in [short, given(&many)] {
        assert_eq!(squares(&variables, &form), None);
        assert_eq!(Frame::new(&variables, &[form]).parts[0].coordinates, None);
    }
}

#[test]
fn short_forms_are_diagonalised_exactly() {
    let (variables, form) = in_coordinates(3, |i, j| integer(i + 2 * j) - integer(2));
    let found = squares(&variables, &form).unwrap();
    assert_eq!(
        (found.rounding, found.symbol.terms().len()),
        (None, quadratic_form::diagonalise(&form).len())
    );
    let (variables, form) = given(&[
        (1, vec![integer(1), integer(2)]),
        (1, vec![integer(3), integer(1)]),
        (1, vec![integer(1), integer(1)]),
    ]);
    let frame = Frame::new(&variables, std::slice::from_ref(&form));
    assert!(frame.parts[0].has_fewer_squares);
    assert_eq!(squares(&variables, &form).unwrap().symbol.terms().len(), 2);
}

#[test]
fn more_directions_than_dimensions_become_as_many_as_there_are() {
    for sign in [1, -1] {
        let rows: Vec<_> =
            (0..).zip(rows(40, 12)).map(|(r, row)| (if r % 2 == 0 { 1 } else { sign }, long(&row))).collect();
        let (variables, form) = given(&rows);
        let found = squares(&variables, &form).unwrap();
        assert_eq!(found.symbol.terms().len(), 12);
        assert!(found.rounding.unwrap() >= 42, "{:?}", found.rounding);
    }
}

#[test]
fn many_directions_in_few_dimensions_become_coordinates() {
    let rows: Vec<_> = rows(20, 3).iter().map(|row| (1, long(row))).collect();
    let (variables, form) = given(&rows);
    let quartic =
        Polynomial::from_terms(form.terms().map(|(monomial, weight)| (monomial * monomial, weight.clone())));
    let frame = Frame::new(&variables, std::slice::from_ref(&quartic));
    let found = frame.parts[0].coordinates.clone().unwrap();
    assert_eq!(found.symbol.terms().len(), 15);
    let distance = distance(&variables.in_coordinates(&quartic), &found.symbol);
    assert!(found.rounding.unwrap() >= 53 && distance <= power(&ratio(1, 2), found.rounding.unwrap()));
}

#[test]
fn noise_does_not_count_as_rank() {
    let (left, right) = (rows(30, 5), rows(5, 30));
    let product = |i: usize, j: usize| -> f64 { (0..5).map(|k| left[i][k] * right[k][j]).sum() };
    let dependent: Vec<_> =
        (0..30).map(|i| (1, long(&(0..30).map(|j| product(i, j)).collect::<Vec<_>>()))).collect();
    let (variables, form) = given(&dependent);
    assert_eq!(squares(&variables, &form).unwrap().symbol.terms().len(), 5);
    let gram = |i: u32, j: u32| -> f64 { (0..5).map(|k| left[i as usize][k] * left[j as usize][k]).sum() };
    let twice = |i, j| integer(if i == j { 1 } else { 2 });
    let (variables, form) =
        in_coordinates(30, |i, j| Rational::from_float(gram(i, j)).unwrap() * twice(i, j));
    assert_eq!(squares(&variables, &form).unwrap().symbol.terms().len(), 5);
}

#[test]
fn components_are_diagonalised_each_on_its_own() {
    // 1 + 2 J in ten dimensions in long numbers; beside it u_xy of two others.
    let third = Rational::from_float(1.0 / 3.0).unwrap();
    let (variables, form) = in_coordinates(12, |i, j| match (i, j) {
        (10, 11) => integer(1),
        _ if j >= 10 => Rational::zero(),
        _ => &third * integer(if i == j { 3 } else { 4 }),
    });
    let frame = Frame::new(&variables, std::slice::from_ref(&form));
    assert_eq!(squares(&variables, &form).unwrap().symbol.terms().len(), 12);
    let exact = frame.variables.directions().iter().filter_map(|named| named.direction.as_ref()?.as_exact());
    assert_eq!(exact.filter(|vector| vector.get(&10).is_some()).count(), 2, "short components stay exact");
}

#[test]
fn forms_that_vanish_have_no_squares() {
    let (variables, form) = given(&[
        (1, vec![integer(1), integer(1)]),
        (-1, vec![integer(2), integer(2)]),
        (1, vec![integer(3), integer(3)]),
        (-6, vec![integer(1), integer(1)]),
    ]);
    let found = squares(&variables, &form).unwrap();
    assert_eq!((found.symbol, found.rounding), (Polynomial::zero(), None));
}

#[test]
fn multiples_of_a_form_share_its_squares() {
    let entries = noise(400);
    let entry = |i: u32, j: u32| Rational::from_float(entries[(20 * i + j) as usize]).unwrap();
    let (one, three) = (matrix(20, entry), matrix(20, |i, j| entry(i, j) * integer(3)));
    let frame = Frame::new(&Variables::new(20), &[one, three]);
    let [one, three] = [&frame.parts[0], &frame.parts[1]].map(|part| part.squares.clone().unwrap());
    assert_eq!(one.symbol.scale(&integer(3)), three.symbol);
    assert_eq!(one.rounding, three.rounding);
    assert_eq!(frame.variables.directions().len(), 20);
}

#[test]
fn the_same_form_always_has_the_same_squares() {
    let entries = noise(400);
    let (variables, form) =
        in_coordinates(20, |i, j| Rational::from_float(entries[(20 * i + j) as usize]).unwrap());
    let first = squares(&variables, &form).unwrap();
    assert!(first.rounding.is_some());
    assert_eq!(squares(&variables, &form), Some(first));
}

#[test]
fn a_direction_that_weighs_little_is_kept() {
    // J + δ I, with eigenvalues 64 + δ and δ.
    let delta = ratio(3, 1 << 40);
    let form = matrix(64, |i, j| if i == j { integer(1) + &delta } else { integer(2) });
    let found = squares(&Variables::new(64), &form).unwrap();
    assert!(found.symbol.terms().len() == 64 && found.rounding.is_some());
}

#[test]
fn a_form_of_too_many_variables_stays_as_it_is() {
    let form = matrix(1001, |i, j| ratio(i64::from(i == j || j == i + 1), 3));
    assert!(squares(&Variables::new(1001), &form).is_none());
}

proptest! {
    #[test]
    fn the_squares_of_a_rounded_form_are_as_near_as_they_say(
        entries in proptest::collection::vec(-1f64..1.0, 64),
        scale in -40i32..40,
    ) {
        let factor = power(&(if scale < 0 { ratio(1, 3) } else { integer(3) }), scale.unsigned_abs());
        let (variables, form) =
            in_coordinates(8, |i, j| Rational::from_float(entries[(8 * i + j) as usize]).unwrap() * &factor);
        // `squares` compares exactly.
        prop_assert!(squares(&variables, &form).unwrap().rounding.unwrap() >= 46);
    }

    #[test]
    fn squares_add_up_to_the_form(rows in proptest::collection::vec((-3i64..4, proptest::collection::vec(-3i64..4, 4)), 1..7)) {
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|(weight, row)| *weight != 0 && row.iter().any(|&entry| entry != 0))
            .map(|(weight, row)| (weight, row.into_iter().map(integer).collect()))
            .collect();
        let (variables, form) = given(&rows);
        // `squares` compares exactly.
        prop_assert!(squares(&variables, &form).is_none_or(|found| found.rounding.is_none()));
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
        let form = matrix(n, entry);
        let bound = minor_bits(n as usize, form.terms().map(|(_, coefficient)| coefficient));
        let squares = quadratic_form::diagonalise(&form);
        let numbers = squares.iter().flat_map(|s| s.direction.iter().map(|(_, entry)| entry).chain([&s.weight]));
        let longest = numbers.map(|number| number.numer().bits().max(number.denom().bits())).max().unwrap_or(0);
        prop_assert!(longest <= bound, "{} bits, bound {}", longest, bound);
    }
}
