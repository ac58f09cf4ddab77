use super::*;
use crate::certificate::{CertificateError, certify};
use crate::frame::Frame;
use crate::growth::Growth;
use crate::plan::PlannedReadout;
use crate::spec::{Direction, Variables};
use jetc_combinatorics::rational::{integer, ratio};
use jetc_combinatorics::{MultiIndex, Polynomial, Rational};
use proptest::prelude::{Strategy as Generator, prop_assert, prop_assert_eq, proptest};

fn coordinates() -> Vec<String> {
    (0..12).map(|i| format!("x{i}")).collect()
}

/// All algebras of a strategy, proven, the one with the fewest channels first.
fn proposals(strategy: Strategy, variables: &Variables, symbols: &[Polynomial]) -> Vec<Proposal> {
    let frame = Frame::new(variables, symbols);
    let proposals = propose(strategy, &frame, &coordinates(), MAX_CHANNELS);
    let mut proposals: Vec<Proposal> = proposals.into_iter().map(Result::unwrap).collect();
    for proposal in &proposals {
        let symbols: Vec<Polynomial> = proposal.symbols.iter().map(|(symbol, _)| symbol.clone()).collect();
        certify(&proposal.algebra, &planned(&proposal.readouts, &symbols)).unwrap();
    }
    proposals.sort_by_key(|proposal| proposal.algebra.dimension());
    proposals
}

fn proposal(strategy: Strategy, symbols: &[Polynomial]) -> Proposal {
    proposals(strategy, &Variables::new(12), symbols).remove(0)
}

/// Readouts with the symbols they claim to read.
fn planned(readouts: &[Readout], symbols: &[Polynomial]) -> Vec<PlannedReadout> {
    let pairs = readouts.iter().zip(symbols);
    pairs
        .map(|(functional, symbol)| PlannedReadout {
            symbol: symbol.clone(),
            functional: functional.clone(),
            rounding: None,
        })
        .collect()
}

fn channels(strategy: Strategy, symbols: &[Polynomial]) -> usize {
    proposal(strategy, symbols).algebra.dimension()
}

/// A polynomial from (coefficient, exponents of x0, x1, …).
fn polynomial(terms: &[(i64, &[u32])]) -> Polynomial {
    Polynomial::from_terms(
        terms.iter().map(|&(c, exponents)| {
            (MultiIndex::from_pairs((0..).zip(exponents.iter().copied())), integer(c))
        }),
    )
}

fn laplacian(n: u32) -> Polynomial {
    Polynomial::from_terms((0..n).map(|v| (MultiIndex::from_pairs([(v, 2)]), integer(1))))
}

#[test]
fn powers_of_the_laplacian_have_the_published_channel_counts() {
    let counts = |symbol: &Polynomial| Strategy::CONCRETE.map(|s| channels(s, std::slice::from_ref(symbol)));
    for n in 1..=7 {
        assert_eq!(counts(&laplacian(n)), [1 + 2 * n as usize, n as usize + 2, n as usize + 2]);
    }
    assert_eq!(counts(&laplacian(2).power(2)), [21, 17, 9]);
    assert_eq!(counts(&laplacian(3).power(2))[1..], [38, 14]);
    assert_eq!(counts(&laplacian(5).power(2)), [141, 107, 27]);
    for (n, d) in [(8, 54), (10, 77)] {
        assert_eq!(channels(Strategy::Minimal, &[laplacian(n).power(2)]), d);
    }
    assert_eq!(channels(Strategy::Minimal, &[laplacian(2).power(3)]), 16);
    assert_eq!(channels(Strategy::Minimal, &[laplacian(3).power(3)]), 30);
    assert_eq!(channels(Strategy::Minimal, &[laplacian(3), laplacian(3).power(2)]), 14);
}

#[test]
fn evolution_equations_have_the_published_channel_counts() {
    let minimal = |symbols: &[Polynomial]| channels(Strategy::Minimal, symbols);
    let t = |order: u32| polynomial(&[(1, &[0, 0, 0, order])]);
    assert_eq!(minimal(&[&t(1) - &laplacian(3)]), 5);
    assert_eq!(minimal(&[&t(2) - &laplacian(3)]), 6);
    let (u, u_x) = (polynomial(&[(1, &[])]), polynomial(&[(1, &[1])]));
    let ks = polynomial(&[(1, &[0, 1]), (1, &[2]), (1, &[4])]);
    assert_eq!(minimal(&[u.clone(), u_x.clone(), ks.clone()]), 5);
    assert_eq!(channels(Strategy::Collapsed, &[u.clone(), u_x.clone(), ks]), 5);
    assert_eq!(minimal(&[u.clone(), u_x.clone(), polynomial(&[(1, &[0, 1]), (1, &[3])])]), 4);
    // {u, u_x, u_xx, u_tx + u_xxxx + 3u_yy} in (x, y, t)
    let kp = polynomial(&[(1, &[1, 0, 1]), (1, &[4]), (3, &[0, 2])]);
    assert_eq!(minimal(&[u, u_x, polynomial(&[(1, &[2])]), kp]), 6);
    // {u_x, u_y, u_xx, u_xy, u_ty + u_xxxy − u_xx + 2u_yy} in (x, y, t)
    let last = polynomial(&[(1, &[0, 1, 1]), (1, &[3, 1]), (-1, &[2]), (2, &[0, 2])]);
    let firsts: [&[u32]; 4] = [&[1], &[0, 1], &[2], &[1, 1]];
    let mut symbols: Vec<_> = firsts.iter().map(|&e| polynomial(&[(1, e)])).collect();
    symbols.push(last);
    assert_eq!(minimal(&symbols), 8);
}

#[test]
fn all_first_and_second_derivatives_in_three_dimensions_take_ten_channels() {
    let all: Vec<Polynomial> = jetc_combinatorics::multi_index::graded(3, 2)
        .skip(1)
        .map(|monomial| Polynomial::term(monomial, integer(1)))
        .collect();
    assert_eq!(channels(Strategy::Minimal, &all), 10);
}

/// Directions in four coordinates, as variables.
fn directions(rows: &[[i64; 4]]) -> Variables {
    let mut variables = Variables::new(12);
    for (number, row) in rows.iter().enumerate() {
        let direction = Direction::exact((0..).zip(row.map(integer)));
        variables.push(format!("s[{}]", number + 1), Some(direction));
    }
    variables
}

#[test]
fn a_weighted_laplacian_keeps_its_rank_and_a_diagonal_table() {
    let variables = directions(&[[1, 2, 0, -1], [0, 1, 6, 2]]);
    let square = |v| (MultiIndex::from_pairs([(v, 2)]), integer(1));
    let symbol = Polynomial::from_terms([square(12), square(13)]);
    for (strategy, expected) in [(Strategy::Standard, 5), (Strategy::Collapsed, 4), (Strategy::Minimal, 4)] {
        let algebra = proposals(strategy, &variables, std::slice::from_ref(&symbol)).remove(0).algebra;
        assert_eq!(algebra.dimension(), expected);
        assert!(algebra.products().iter().all(|p| p.left == p.right));
    }
}

#[test]
fn mixed_second_derivatives_stay_in_the_variables_of_the_file() {
    // u_x, u_t, u_xt: with sums of unlike coordinates, x + t and x - t, each would disturb the other.
    let symbols = [polynomial(&[(1, &[1])]), polynomial(&[(1, &[0, 1])]), polynomial(&[(1, &[1, 1])])];
    let all = proposals(Strategy::Minimal, &Variables::new(12), &symbols);
    let named = all.iter().find(|proposal| proposal.basis == Basis::Named).unwrap();
    assert_eq!(named.algebra.dimension(), 4);
    assert!(named.algebra.channels().all(|(_, channel)| channel.seed.len() <= 1));
    assert_eq!(growth(named), Growth { factor: 1.0, cancels: false });
}

#[test]
fn the_laplacian_beside_an_evolution_equation_is_not_a_difference() {
    let t = polynomial(&[(1, &[0, 0, 0, 1])]);
    for (symbols, expected) in
        [(vec![&t - &laplacian(3), laplacian(3)], 6), (vec![&t - &laplacian(3), t.clone()], 6)]
    {
        let proposal = proposal(Strategy::Minimal, &symbols);
        assert_eq!(proposal.algebra.dimension(), expected);
        assert!(!growth(&proposal).cancels);
    }
}

fn growth(proposal: &Proposal) -> Growth {
    let symbols: Vec<Polynomial> = proposal.symbols.iter().map(|(symbol, _)| symbol.clone()).collect();
    Growth::of(&proposal.algebra, &planned(&proposal.readouts, &symbols))
}

#[test]
fn interpolation_grows_and_monomials_do_not() {
    for symbol in [laplacian(3), laplacian(2).power(2), laplacian(3).power(2), laplacian(2).power(3)] {
        let [standard, collapsed, minimal] =
            Strategy::CONCRETE.map(|strategy| growth(&proposal(strategy, std::slice::from_ref(&symbol))));
        // The same sums, taken in another order.
        assert!((standard.factor / collapsed.factor - 1.0).abs() < 1e-12);
        assert!(minimal.factor < 4.0, "{minimal:?}");
        let is_interpolated = symbol.degree() > 2;
        assert_eq!(collapsed.cancels, is_interpolated);
        assert!(collapsed.factor > 1.0 || !is_interpolated);
    }
    // u_xy by polarisation, ((x + y)^2 - x^2 - y^2)/2: x^2 is added and taken away.
    let mixed = growth(&proposal(Strategy::Collapsed, &[polynomial(&[(1, &[1, 1])])]));
    assert_eq!(mixed, Growth { factor: 1.0, cancels: true });
}

#[test]
fn first_order_channels_without_a_square_survive_diagonalisation() {
    // u_xy with readouts along z and along x + 2z as well.
    let symbols = [
        polynomial(&[(3, &[1, 1])]),
        polynomial(&[(1, &[0, 0, 1])]),
        polynomial(&[(1, &[1]), (2, &[0, 0, 1])]),
    ];
    assert_eq!(channels(Strategy::Minimal, &symbols), 5);
}

#[test]
fn an_operator_that_is_nothing_needs_the_value_alone() {
    for strategy in Strategy::CONCRETE {
        assert_eq!(channels(strategy, &[Polynomial::zero()]), 1);
        assert_eq!(channels(strategy, &[Polynomial::constant(ratio(7, 3))]), 1);
    }
}

#[test]
fn the_biharmonic_takes_its_lower_order_terms_along_directions_it_has() {
    // Δ²u + u_xy: the mixed second derivative lies on the directions of the fourth-order family.
    let symbol = &laplacian(2).power(2) + &polynomial(&[(1, &[1, 1])]);
    assert_eq!(channels(Strategy::Collapsed, &[symbol]), 17);
}

#[test]
fn a_wrong_coefficient_anywhere_is_found() {
    let symbol = laplacian(2).power(2);
    let symbols = [symbol.clone()];
    for strategy in Strategy::CONCRETE {
        let good = proposal(strategy, &symbols);
        for position in 0..good.algebra.products().len() {
            let mut products = good.algebra.products().to_vec();
            products[position].coefficient += integer(1);
            let channels = good.algebra.channels().skip(1).map(|(_, c)| c.clone()).collect();
            let bad = JetAlgebra::new(channels, products);
            assert!(
                certify(&bad, &planned(&good.readouts, &symbols)).is_err(),
                "{strategy} product {position}"
            );
        }
        let mut readout = good.readouts[0].clone();
        let (&channel, _) = good.readouts[0].leading().unwrap();
        readout.add_entry(channel, ratio(1, 1000));
        assert_eq!(
            certify(&good.algebra, &planned(&[readout], &symbols)),
            Err(CertificateError::WrongSymbol { readout: 0 })
        );
    }
}

fn symbol() -> impl Generator<Value = Polynomial> {
    let term = (proptest::collection::vec((0u32..3, 0u32..3), 0..3), -4i64..5, 1i64..4);
    proptest::collection::vec(term, 1..5).prop_map(|terms| {
        Polynomial::from_terms(
            terms.into_iter().map(|(m, n, d)| (MultiIndex::from_pairs(m), Rational::new(n.into(), d.into()))),
        )
    })
}

proptest! {
    #[test]
    fn every_strategy_is_certified(symbols in proptest::collection::vec(symbol(), 1..4)) {
        let counts = Strategy::CONCRETE.map(|strategy| channels(strategy, &symbols));
        prop_assert!(counts[2] <= counts[1] && counts[1] <= counts[0], "{:?}", counts);
    }

    #[test]
    fn arbitrary_directions_are_certified(
        rows in proptest::collection::vec(proptest::array::uniform4(-2i64..3), 1..5),
        terms in proptest::collection::vec((-3i64..4, proptest::collection::vec((10u32..16, 1u32..3), 0..3)), 1..4),
    ) {
        let rows: Vec<[i64; 4]> = rows.into_iter().filter(|row| row.iter().any(|&entry| entry != 0)).collect();
        let variables = directions(&rows);
        let most = 11 + u32::try_from(rows.len()).unwrap();
        let terms = terms.into_iter().map(|(weight, factors)| {
            (MultiIndex::from_pairs(factors.into_iter().map(|(v, e)| (v.min(most), e))), integer(weight))
        });
        let symbol = Polynomial::from_terms(terms);
        for strategy in Strategy::CONCRETE {
            for proposal in proposals(strategy, &variables, std::slice::from_ref(&symbol)) {
                // In whatever variables: the same operator.
                let written = &proposal.symbols[0].0;
                let mut all = variables.clone();
                for named in Frame::new(&variables, std::slice::from_ref(&symbol)).variables.directions().iter().skip(rows.len()) {
                    all.push(named.name.clone(), named.direction.clone());
                }
                prop_assert_eq!(all.in_coordinates(written), variables.in_coordinates(&symbol));
            }
        }
    }
}
