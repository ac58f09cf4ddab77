//! Determinants of jets against Leibniz' formula in exact arithmetic.
#![allow(clippy::float_cmp, reason = "equal is meant")]

use jetc_combinatorics::rational::{integer, ratio};
use jetc_operators::spec::Options;
use jetc_operators::{Plan, Strategy, builtin};
use num_traits::ToPrimitive;

use super::*;

mod backward;

/// Nine channels to order four, or four to order two.
fn plan(name: &str) -> Plan {
    let options = Options { dimension: Some(2), ..Options::default() };
    builtin::find(name).unwrap().spec(&options).unwrap().plan(Strategy::Minimal).unwrap()
}

/// det X = Σ ± ∏ xᵢ,π(ᵢ) by expansion along the first row.
fn leibniz(jets: &Jets<Rational>, rows: &[Vec<Vec<Rational>>]) -> Vec<Rational> {
    let Some((first, below)) = rows.split_first() else { return jets.one() };
    let mut sum = jets.zero();
    for (column, entry) in first.iter().enumerate() {
        let without = |row: &Vec<Vec<Rational>>| {
            let kept = row.iter().enumerate().filter(|(j, _)| *j != column);
            kept.map(|(_, entry)| entry.clone()).collect()
        };
        let minor = leibniz(jets, &below.iter().map(without).collect::<Vec<_>>());
        let entry = if column % 2 == 0 { entry.clone() } else { negated(entry) };
        jets.add_product(&entry, &minor, &mut sum);
    }
    sum
}

fn expected(algebra: &JetAlgebra, size: usize, matrix: &Jet<Rational>) -> Vec<Rational> {
    let jets = Jets::new(algebra);
    let entries = remaining(&jets, size, matrix).entries;
    leibniz(&jets, &entries.chunks(size.max(1)).map(<[_]>::to_vec).collect::<Vec<_>>())
}

fn exact(algebra: &JetAlgebra, size: usize, matrix: &Jet<Rational>) -> Vec<Rational> {
    let node = Determinant(SquareMatrices { batch: 1, size });
    let result = node.propagate_exactly(algebra, std::slice::from_ref(matrix)).unwrap();
    result.channels().iter().map(|channel| channel[0].clone()).collect()
}

fn single(algebra: &JetAlgebra, size: usize, matrix: &Jet<f64>) -> Vec<f64> {
    let node = Determinant(SquareMatrices { batch: 1, size });
    let result = node.propagate(algebra, std::slice::from_ref(matrix));
    result.channels().iter().map(|channel| channel[0]).collect()
}

/// Whole numbers between −3 and 3, without a pattern.
fn whole(seed: usize) -> i64 {
    let mixed = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    i64::try_from((mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 40).unwrap() % 7 - 3
}

/// A matrix whose value has this rank, as a product, and whose derivatives are arbitrary.
fn of_rank(algebra: &JetAlgebra, size: usize, rank: usize, seed: usize) -> Jet<Rational> {
    let channel = |c: usize| {
        let entry = |place: usize| match c {
            0 => {
                let (i, j) = (place / size, place % size);
                (0..rank)
                    .map(|k| integer(whole(seed + 31 * k + i) * whole(seed + 47 * k + 7 * j + 1000)))
                    .sum()
            }
            _ => ratio(whole(seed + 101 * c + 13 * place), 2),
        };
        (0..size * size).map(entry).collect()
    };
    Jet::new((0..algebra.dimension()).map(channel).collect())
}

fn to_floats(jet: &Jet<Rational>) -> Jet<f64> {
    Jet::new(jet.channels().iter().map(|channel| channel.iter().map(float).collect()).collect())
}

fn to_exact(jet: &Jet<f64>) -> Jet<Rational> {
    let exact = |x: &f64| Rational::from_float(*x).unwrap();
    Jet::new(jet.channels().iter().map(|channel| channel.iter().map(exact).collect()).collect())
}

fn float(x: &Rational) -> f64 {
    x.to_f64().unwrap()
}

/// The sum of all products of absolute values: what rounding errors are measured by.
fn permanent(algebra: &JetAlgebra, size: usize, matrix: &Jet<f64>) -> Vec<f64> {
    let jets = Jets::<f64>::new(algebra);
    let absolute =
        Jet::new(matrix.channels().iter().map(|channel| channel.iter().map(|x| x.abs()).collect()).collect());
    let mut minors = std::collections::BTreeMap::from([(0u64, jets.one())]);
    let entries = remaining(&jets, size, &absolute).entries;
    for row in 0..size {
        let mut next = std::collections::BTreeMap::new();
        for (&columns, minor) in &minors {
            for column in (0..size).filter(|j| (columns >> j) & 1 == 0) {
                let sum = next.entry(columns | (1 << column)).or_insert_with(|| jets.zero());
                jets.add_product(minor, &entries[row * size + column], sum);
            }
        }
        minors = next;
    }
    minors.into_values().next().unwrap()
}

#[test]
fn a_determinant_is_leibniz_formula_in_exact_arithmetic() {
    for (name, sizes) in [("biharmonic", 0..=4), ("laplacian", 4..=6)] {
        let plan = plan(name);
        for size in sizes {
            for rank in 0..=size {
                let matrix = of_rank(plan.algebra(), size, rank, 5 * size + rank);
                let found = exact(plan.algebra(), size, &matrix);
                assert_eq!(
                    found,
                    expected(plan.algebra(), size, &matrix),
                    "{name}, {size}×{size} of rank {rank}"
                );
            }
        }
    }
}

/// 4·(size)³ roundings of products that the permanent bounds.
fn assert_as_good_as_rounding(algebra: &JetAlgebra, size: usize, matrix: &Jet<f64>, what: &str) {
    let found = single(algebra, size, matrix);
    let truth = expected(algebra, size, &to_exact(matrix));
    let bound = permanent(algebra, size, matrix);
    for (channel, (found, truth)) in found.iter().zip(&truth).enumerate() {
        let error = float(&(Rational::from_float(*found).unwrap() - truth)).abs();
        let allowed = 4.0 * f64::from(u32::try_from(size.pow(3)).unwrap()) * f64::EPSILON * bound[channel];
        assert!(
            error <= allowed,
            "{what}, channel {channel}: {found} for {}, {error} > {allowed}",
            float(truth)
        );
    }
}

#[test]
fn singular_matrices_of_every_rank_have_derivatives() {
    for (name, sizes) in [("biharmonic", 4..=4), ("laplacian", 4..=6)] {
        let plan = plan(name);
        for size in sizes {
            for rank in 0..=size {
                let matrix = to_floats(&of_rank(plan.algebra(), size, rank, 3 * size + rank));
                assert_as_good_as_rounding(
                    plan.algebra(),
                    size,
                    &matrix,
                    &format!("{name}, {size}, rank {rank}"),
                );
            }
        }
    }
}

#[test]
fn near_singular_matrices_keep_their_derivatives() {
    let plan = plan("biharmonic");
    let algebra = plan.algebra();
    for (size, distance) in
        [2, 3, 4].into_iter().flat_map(|n| [1e-3, 1e-8, 1e-15, 1e-80, 1e-300].map(|d| (n, d)))
    {
        for rank in 0..size {
            let mut channels = to_floats(&of_rank(algebra, size, rank, 40 + rank)).channels().to_vec();
            for (place, entry) in channels[0].iter_mut().enumerate() {
                *entry += distance * whole(place + 77).to_f64().unwrap();
            }
            let what = format!("{size} rows of rank {rank}, {distance} away");
            assert_as_good_as_rounding(algebra, size, &Jet::new(channels), &what);
        }
    }
}

#[test]
fn a_determinant_at_a_matrix_with_a_zero_is_its_cofactors() {
    let plan = plan("laplacian");
    let mut channels = vec![vec![0.0; 16]; plan.algebra().dimension()];
    for i in 1..4 {
        channels[0][5 * i] = 1.0;
    }
    channels[1][0] = 1.0;
    let found = single(plan.algebra(), 4, &Jet::new(channels));
    assert_eq!(found[..2], [0.0, 1.0]);
}

#[test]
fn rows_and_columns_of_any_size_lose_nothing() {
    let plan = plan("biharmonic");
    let algebra = plan.algebra();
    let matrix = to_floats(&of_rank(algebra, 4, 4, 9));
    let plain = single(algebra, 4, &matrix);
    let powers = [400, -350, -30, 40, 300, -280, -400, 320];
    let unit = |place: usize| powers[place / 4] + powers[4 + place % 4];
    let scaled = matrix.map_channels(|channel| {
        channel.iter().enumerate().map(|(place, x)| times_power_of_two(*x, unit(place))).collect()
    });
    assert_eq!(powers.iter().sum::<i32>(), 0);
    for (channel, (found, plain)) in single(algebra, 4, &scaled).iter().zip(&plain).enumerate() {
        assert!((found - plain).abs() <= 1e-12 * plain.abs(), "channel {channel}: {found} for {plain}");
    }
}

#[test]
fn large_deficits_of_rank_are_computed_too() {
    // diag(δ …, 1 …) + x J, J of ones, has the determinant ∏ d (1 + x Σ 1/d): linear in x.
    let plan = plan("biharmonic");
    let (algebra, size) = (plan.algebra(), 40);
    let mut channels = vec![vec![0.0; size * size]; algebra.dimension()];
    for i in 0..size {
        channels[0][i * size + i] = if i < 38 { 2f64.powi(-20) } else { 1.0 };
    }
    channels[1] = vec![1.0; size * size];
    let found = single(algebra, size, &Jet::new(channels));
    let value = 2f64.powi(-20 * 38);
    let slope = value * (38.0 * 2f64.powi(20) + 2.0);
    assert!((found[0] / value - 1.0).abs() < 1e-12, "{} {value}", found[0]);
    assert!((found[1] / slope - 1.0).abs() < 1e-10, "{} {slope}", found[1]);
    let zero = Jet::new(vec![vec![0.0; size * size]; algebra.dimension()]);
    assert_eq!(single(algebra, size, &zero), vec![0.0; algebra.dimension()]);
}

fn logarithm(algebra: &JetAlgebra, size: usize, matrix: &Jet<f64>) -> (Vec<f64>, f64) {
    let node = LogDeterminant(SquareMatrices { batch: 1, size });
    let result = node.propagate(algebra, std::slice::from_ref(matrix));
    (result.channels().iter().map(|channel| channel[0]).collect(), result.channel(0)[1])
}

#[test]
fn the_logarithm_is_that_of_leibniz_formula() {
    let plan = plan("biharmonic");
    let algebra = plan.algebra();
    for seed in [2, 3, 11] {
        let matrix = of_rank(algebra, 4, 4, seed);
        let determinant: Vec<f64> = expected(algebra, 4, &matrix).iter().map(float).collect();
        let sign = determinant[0].signum();
        let positive = Jet::new(determinant.iter().map(|channel| vec![sign * channel]).collect());
        let expected = positive.compose(&crate::Activation::Log.into(), algebra).unwrap();
        let (found, found_sign) = logarithm(algebra, 4, &to_floats(&matrix));
        assert_eq!(found_sign, sign);
        for (channel, expected) in expected.channels().iter().enumerate() {
            let error = (found[channel] - expected[0]).abs();
            assert!(
                error <= 1e-11 * (1.0 + expected[0].abs()),
                "{channel}: {} {}",
                found[channel],
                expected[0]
            );
        }
    }
}

#[test]
fn logarithms_have_no_range() {
    // log det (c X) = n log c + log det X, and derivatives do not feel c.
    let plan = plan("biharmonic");
    let (algebra, size) = (plan.algebra(), 50);
    let matrix = to_floats(&of_rank(algebra, size, size, 4));
    let (plain, sign) = logarithm(algebra, size, &matrix);
    assert!(plain.iter().all(|channel| channel.is_finite()));
    for power in [-900, -33, 33, 900] {
        let scaled =
            matrix.map_channels(|channel| channel.iter().map(|x| times_power_of_two(*x, power)).collect());
        let (found, found_sign) = logarithm(algebra, size, &scaled);
        assert_eq!((&found[1..], found_sign), (&plain[1..], sign));
        let expected = plain[0] + 50.0 * f64::from(power) * std::f64::consts::LN_2;
        assert!((found[0] - expected).abs() <= 1e-14 * expected.abs(), "{} {expected}", found[0]);
    }
}

#[test]
fn a_singular_matrix_has_no_logarithm() {
    let plan = plan("laplacian");
    let mut channels = vec![vec![1.0; 4]; plan.algebra().dimension()];
    channels[0] = vec![1.0, 2.0, 2.0, 4.0];
    let (found, sign) = logarithm(plan.algebra(), 2, &Jet::new(channels));
    assert!(found[0] == f64::NEG_INFINITY && sign == 0.0);
    assert!(found[1..].iter().all(|channel| channel.is_nan()));
}

#[test]
fn nan_in_a_matrix_is_nan_in_its_determinant() {
    let plan = plan("laplacian");
    let mut channels = vec![vec![1.0; 16]; plan.algebra().dimension()];
    channels[0][3] = f64::NAN;
    let matrix = Jet::new(channels);
    assert!(single(plan.algebra(), 4, &matrix)[0].is_nan());
    let (found, sign) = logarithm(plan.algebra(), 4, &matrix);
    assert!(found[0].is_nan() && sign.is_nan());
}
