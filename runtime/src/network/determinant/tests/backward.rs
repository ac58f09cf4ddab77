//! Cofactors and inverses of jets, exactly and in floats.

use num_traits::Zero;

use super::*;
use crate::element::Scalar;

/// Algebras that differ in kind: with squares of squares, of one order, with mixed derivatives, with redundant channels.
fn plans() -> Vec<Plan> {
    let mixed = "coordinates: [x, y]\noutputs: {r: u_xxy - 3*u_xy + 2*u_y}\n";
    let mixed = jetc_operators::OperatorSpec::from_yaml("mixed", mixed).unwrap();
    let mixed = Strategy::CONCRETE.map(|strategy| mixed.plan(strategy).unwrap());
    ["biharmonic", "laplacian"].map(plan).into_iter().chain(mixed).collect()
}

/// The entries of a matrix of jets, row by row.
fn entries<S: Field>(jets: &Jets<S>, size: usize, matrix: &Jet<S>) -> Vec<Vec<S>> {
    remaining(jets, size, matrix).entries
}

/// C_ij = (−1)ⁱ⁺ʲ times the minor without row i and column j.
fn minors(algebra: &JetAlgebra, size: usize, matrix: &Jet<Rational>) -> Vec<Vec<Rational>> {
    let jets = Jets::new(algebra);
    let all = entries(&jets, size, matrix);
    let cofactor = |place: usize| {
        let (i, j) = (place / size, place % size);
        let row = |k: usize| (0..size).filter(|&l| l != j).map(|l| all[k * size + l].clone()).collect();
        let rows: Vec<Vec<_>> = (0..size).filter(|&k| k != i).map(row).collect();
        let minor = leibniz(&jets, &rows);
        if (i + j) % 2 == 0 { minor } else { negated(&minor) }
    };
    (0..size * size).map(cofactor).collect()
}

#[test]
fn cofactors_are_determinants_of_minors() {
    for (name, sizes) in [("biharmonic", 1..=4), ("laplacian", 4..=5)] {
        let plan = plan(name);
        let jets = Jets::new(plan.algebra());
        for size in sizes {
            for rank in 0..=size {
                let matrix = of_rank(plan.algebra(), size, rank, 5 * size + rank);
                let found = cofactors::cofactors(remaining(&jets, size, &matrix), None);
                assert_eq!(
                    found,
                    minors(plan.algebra(), size, &matrix),
                    "{name}, {size}×{size} of rank {rank}"
                );
            }
        }
    }
}

/// Rational jets without a pattern.
fn arbitrary(channels: usize, features: usize, seed: usize) -> Jet<Rational> {
    let entry = |place: usize| ratio(whole(seed + 17 * place), 1 + i64::try_from(place % 3).unwrap());
    Jet::new((0..channels).map(|c| (0..features).map(|f| entry(c * features + f)).collect()).collect())
}

fn dot(u: &Jet<Rational>, v: &Jet<Rational>) -> Rational {
    u.channels().iter().flatten().zip(v.channels().iter().flatten()).map(|(u, v)| u * v).sum()
}

#[test]
fn cofactors_pull_back_what_a_determinant_over_dual_numbers_does() {
    for plan in plans() {
        let (algebra, size) = (plan.algebra(), 3);
        let (d, jets) = (algebra.dimension(), Jets::new(plan.algebra()));
        for rank in 0..=size {
            let x = of_rank(algebra, size, rank, 7 + rank);
            let (dx, y) = (arbitrary(d, size * size, 3), arbitrary(d, 1, 50));
            let both = Jet::new(x.channels().iter().chain(dx.channels()).cloned().collect());
            let forwards = exact(&algebra.with_dual_number(), size, &both);
            let dy = Jet::new(forwards[d..].iter().map(|channel| vec![channel.clone()]).collect());
            let cofactors = cofactors::cofactors(remaining(&jets, size, &x), None);
            let everywhere = y.map_channels(|channel| vec![channel[0].clone(); size * size]);
            let pulled = collect(cofactors.into_iter(), &jets).multiply_transposed(&everywhere, algebra);
            assert_eq!(dot(&dy, &y), dot(&dx, &pulled), "rank {rank}");
        }
    }
}

#[test]
fn the_inverse_is_one() {
    for plan in plans() {
        let jets = Jets::new(plan.algebra());
        for size in 1..=4 {
            let mut channels = of_rank(plan.algebra(), size, size, 11 + size).channels().to_vec();
            (0..size).for_each(|i| channels[0][i * size + i] += integer(100));
            let matrix = Jet::new(channels);
            let x = entries(&jets, size, &matrix);
            let inverse = cofactors::inverse_transposed(remaining(&jets, size, &matrix)).unwrap();
            for (i, j) in (0..size * size).map(|place| (place / size, place % size)) {
                let mut sum = jets.zero();
                (0..size).for_each(|k| jets.add_product(&x[i * size + k], &inverse[j * size + k], &mut sum));
                assert_eq!(sum, if i == j { jets.one() } else { jets.zero() }, "{size}×{size}, ({i}, {j})");
            }
        }
        let singular = of_rank(plan.algebra(), 3, 2, 5);
        assert!(cofactors::inverse_transposed(remaining(&jets, 3, &singular)).is_none());
    }
}

/// The largest error of the cofactors in units of what rounds in them: by channel, ε times the largest permanent of a minor.
fn roundings(algebra: &JetAlgebra, size: usize, matrix: &Jet<f64>) -> f64 {
    let jets = Jets::new(algebra);
    let found = scaled_cofactors(&jets, size, matrix);
    let truth = minors(algebra, size, &to_exact(matrix));
    let minor = |place: usize| {
        let (row, column) = (place / size, place % size);
        let kept = |&p: &usize| p / size != row && p % size != column;
        let minor =
            matrix.map_channels(|channel| (0..size * size).filter(kept).map(|p| channel[p]).collect());
        permanent(algebra, size - 1, &minor)
    };
    let bounds: Vec<Vec<f64>> = (0..size * size).map(minor).collect();
    let mut worst = 0.0;
    for channel in 0..algebra.dimension() {
        let bound = bounds.iter().map(|bound| bound[channel]).fold(0.0, f64::max);
        for (found, truth) in found.iter().zip(&truth) {
            let error = float(&(Rational::from_float(found[channel]).unwrap() - &truth[channel])).abs();
            worst = f64::max(worst, if error.is_zero() { 0.0 } else { error / (f64::EPSILON * bound) });
        }
    }
    worst
}

/// Less than two are found.
const ROUNDINGS: f64 = 8.0;

#[test]
fn cofactors_of_singular_matrices_are_as_good_as_rounding() {
    for (name, sizes) in [("biharmonic", 2..=4), ("laplacian", 4..=5)] {
        let plan = plan(name);
        for size in sizes {
            for rank in 0..=size {
                let matrix = to_floats(&of_rank(plan.algebra(), size, rank, 3 * size + rank));
                let worst = roundings(plan.algebra(), size, &matrix);
                assert!(worst < ROUNDINGS, "{name}, {size}, rank {rank}: {worst}");
            }
        }
    }
}

#[test]
fn cofactors_of_near_singular_matrices_are_as_good_as_rounding() {
    let plan = plan("biharmonic");
    let algebra = plan.algebra();
    for distance in [1e-3, 1e-8, 1e-15, 1e-80, 1e-300] {
        for rank in 0..4 {
            let mut channels = to_floats(&of_rank(algebra, 4, rank, 40 + rank)).channels().to_vec();
            for (place, entry) in channels[0].iter_mut().enumerate() {
                *entry += distance * whole(place + 77).to_f64().unwrap();
            }
            let worst = roundings(algebra, 4, &Jet::new(channels));
            assert!(worst < ROUNDINGS, "rank {rank}, {distance} away: {worst}");
        }
    }
}

/// diag(0, 1, 1, 1), whose first entry varies by `slope` in the first channel.
fn with_a_zero(algebra: &JetAlgebra, slope: f64) -> Jet<f64> {
    let mut channels = vec![vec![0.0; 16]; algebra.dimension()];
    for i in 1..4 {
        channels[0][5 * i] = 1.0;
    }
    channels[1][0] = slope;
    Jet::new(channels)
}

#[test]
fn a_diagonal_matrix_with_a_zero_has_one_cofactor() {
    let plan = plan("laplacian");
    let algebra = plan.algebra();
    let jets = Jets::new(algebra);
    let found = scaled_cofactors(&jets, 4, &with_a_zero(algebra, 0.0));
    for (place, found) in found.iter().enumerate() {
        assert_eq!(*found, if place == 0 { jets.one() } else { jets.zero() }, "{place}");
    }
    // The first entry x stands in the cofactors of the others: ∂x/∂x₂₂ is x.
    let found = scaled_cofactors(&jets, 4, &with_a_zero(algebra, 3.0));
    let mut first = jets.zero();
    first[1] = 3.0;
    assert_eq!([&found[0], &found[5], &found[10], &found[15]], [&jets.one(), &first, &first, &first]);
}

#[test]
fn the_inverse_has_no_range() {
    // (c X)⁻¹ = X⁻¹/c, though det (c X) = c⁵⁰ det X is no double.
    let plan = plan("biharmonic");
    let (algebra, size) = (plan.algebra(), 50);
    let jets = Jets::new(algebra);
    let matrix = to_floats(&of_rank(algebra, size, size, 4));
    let plain = scaled_inverse(&jets, size, &matrix);
    assert!(plain.iter().flatten().all(|x| x.is_finite()));
    for power in [-900, -33, 33, 900] {
        let scaled =
            matrix.map_channels(|channel| channel.iter().map(|x| times_power_of_two(*x, power)).collect());
        let back = times_powers_of_two(scaled_inverse(&jets, size, &scaled), std::iter::repeat(power));
        assert!(back == plain, "{power}");
    }
}

#[test]
fn inverses_lose_what_the_condition_takes() {
    // Hilbert's matrices.
    let plan = plan("laplacian");
    let algebra = plan.algebra();
    let (exact_jets, jets) = (Jets::<Rational>::new(algebra), Jets::<f64>::new(algebra));
    for size in 2..=7 {
        let hilbert = |place: usize| i64::try_from(place / size + place % size + 1).unwrap();
        let entry = |place: usize, channel: usize| match channel {
            0 => f64::from_rational(&ratio(1, hilbert(place))),
            1 => f64::from_rational(&ratio(whole(place), 4)),
            _ => 0.0,
        };
        let of_channel = |channel: usize| (0..size * size).map(|place| entry(place, channel)).collect();
        let channels = (0..algebra.dimension()).map(of_channel).collect();
        let matrix = Jet::new(channels);
        let found = scaled_inverse(&jets, size, &matrix);
        let truth = cofactors::inverse_transposed(remaining(&exact_jets, size, &to_exact(&matrix))).unwrap();
        let norm = |channel: usize| truth.iter().map(|jet| float(&jet[channel]).abs()).fold(0.0, f64::max);
        // Of the largest entry of X, 1, and the number of its inverse.
        let condition = norm(0) * f64::from(u32::try_from(size * size).unwrap());
        for channel in 0..2 {
            let off = found.iter().zip(&truth).map(|(a, b)| (a[channel] - float(&b[channel])).abs());
            let relative = off.fold(0.0, f64::max) / norm(channel);
            let allowed = 4.0 * f64::EPSILON * condition;
            assert!(relative <= allowed, "{size}, channel {channel}: {relative:e} > {allowed:e}");
        }
    }
}

#[test]
fn a_singular_matrix_has_no_inverse_unless_nothing_reads_it() {
    let plan = plan("laplacian");
    let (algebra, d) = (plan.algebra(), plan.algebra().dimension());
    let node = LogDeterminant(SquareMatrices { batch: 1, size: 4 });
    let pull = |value: f64, sign: f64| {
        let mut channels = vec![vec![0.0, 0.0]; d];
        channels[0] = vec![value, sign];
        node.cotangents(algebra, &[with_a_zero(algebra, 1.0)], &Jet::new(channels)).remove(0)
    };
    assert!(pull(1.0, 0.0).channels().iter().flatten().all(|x| x.is_nan()));
    assert!(pull(0.0, 1.0).channels().iter().flatten().all(|x| *x == 0.0));
    let mut channels = vec![vec![1.0; 16]; d];
    channels[0][3] = f64::NAN;
    let not_a_number = Jet::new(channels);
    let one = Jet::new(vec![vec![1.0]; d]);
    let node = Determinant(SquareMatrices { batch: 1, size: 4 });
    let pulled = node.cotangents(algebra, &[not_a_number], &one).remove(0);
    assert!(pulled.channels().iter().flatten().all(|x| x.is_nan()));
}
