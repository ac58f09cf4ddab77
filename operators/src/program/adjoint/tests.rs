//! Laws of adjoints, exactly, over ℚ and its dual numbers.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::Mul;

use jetc_combinatorics::elimination::{Echelon, Insertion};
use jetc_combinatorics::rational::{integer, ratio};
use jetc_combinatorics::{Rational, SparseVector};
use num_traits::Zero;

use crate::algebra::{ChannelId, JetAlgebra};
use crate::program::exact::{Operands, all, run, univariate};
use crate::program::{ChannelSet, Program, Slot};
use crate::spec::OperatorSpec;
use crate::strategy::Strategy;
use crate::{Plan, builtin, spec};

/// a + b·δ with δ² = 0: b is the derivative of a.
#[derive(Debug, Clone)]
struct Dual(Rational, Rational);

impl From<Rational> for Dual {
    fn from(value: Rational) -> Self {
        Self(value, Rational::zero())
    }
}

impl Mul for Dual {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self(&self.0 * &other.0, &self.0 * &other.1 + &self.1 * &other.0)
    }
}

impl Sum for Dual {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::from(Rational::zero()), |sum, term| Self(sum.0 + term.0, sum.1 + term.1))
    }
}

fn plan(yaml: &str, strategy: Strategy) -> Plan {
    OperatorSpec::from_yaml("test.yaml", yaml).unwrap().plan(strategy).unwrap()
}

fn built_in(name: &str, dimension: Option<u64>) -> Plan {
    let options = spec::Options { dimension, ..spec::Options::default() };
    builtin::find(name).unwrap().spec(&options).unwrap().plan(Strategy::Minimal).unwrap()
}

fn algebras() -> Vec<(String, JetAlgebra)> {
    let mut algebras: Vec<(String, JetAlgebra)> =
        (1..=6).map(|order| (format!("univariate of order {order}"), univariate(order))).collect();
    let mut push = |name: &str, plan: &Plan| algebras.push((name.to_owned(), plan.algebra().clone()));
    push("biharmonic", &built_in("biharmonic", Some(2)));
    push("laplacian", &built_in("laplacian", Some(3)));
    let mixed = "coordinates: [x, y]\noutputs: {r: u_xxy - 3*u_xy + 2*u_y}\n";
    let several = "coordinates: [x, y, t]\noutputs: {a: u_t + u*u_x - u_yy/3, b: u_xxxx + u_xy, c: u_yyy}\n";
    for strategy in Strategy::CONCRETE {
        push(&format!("mixed, {strategy}"), &plan(mixed, strategy));
        push(&format!("several outputs, {strategy}"), &plan(several, strategy));
    }
    algebras
}

/// Numbers without a pattern that a wrong term could hide in.
fn numbers(seed: i64, count: usize) -> Vec<Rational> {
    let number = |i: i64| ratio((i * i * 7 + i * seed * 3 + seed) % 23 - 11, 1 + (i + seed) % 4);
    (1..).take(count).map(number).map(|x| if x.is_zero() { integer(5) } else { x }).collect()
}

/// Zero outside of `channels`.
fn restricted(values: &[Rational], channels: &ChannelSet) -> Vec<Rational> {
    let kept = |(index, value): (usize, &Rational)| {
        if channels.contains(&ChannelId::new(index)) { value.clone() } else { Rational::zero() }
    };
    values.iter().enumerate().map(kept).collect()
}

fn dense<T: Clone>(values: BTreeMap<ChannelId, T>, zero: &T, dimension: usize) -> Vec<T> {
    let mut result = vec![zero.clone(); dimension];
    for (channel, value) in values {
        result[channel.index()] = value;
    }
    result
}

fn dot(a: &[Rational], b: &[Rational]) -> Rational {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// h̄ by the program that `present`, `cotangents` and `wanted` make, from operands that are not restricted to them.
fn adjoint(
    algebra: &JetAlgebra,
    [present, cotangents, wanted]: [&ChannelSet; 3],
    [h, g, y]: [&[Rational]; 3],
) -> BTreeMap<ChannelId, Rational> {
    let program = Program::elementwise_adjoint(algebra, present, cotangents, wanted);
    run(&program, &Operands { derivatives: g, inputs: h, seconds: y })
}

/// Row c of the derivative of h ↦ g(h) along dh, by dual numbers through [`Program::elementwise`].
fn directional(algebra: &JetAlgebra, [h, g, dh]: [&[Rational]; 3]) -> Vec<Rational> {
    let dual = |(a, b): (&Rational, &Rational)| Dual(a.clone(), b.clone());
    let inputs: Vec<Dual> = h.iter().zip(dh).map(dual).collect();
    // gₖ(h₀ + δ dh₀) = gₖ + (k+1) g_{k+1} dh₀ δ
    let derivatives: Vec<Dual> =
        (1..).zip(g.windows(2)).map(|(k, g)| Dual(g[0].clone(), integer(k) * &g[1] * &dh[0])).collect();
    let program = Program::elementwise(algebra, &all(algebra), &all(algebra));
    let outputs = run(&program, &Operands { derivatives: &derivatives, inputs: &inputs, seconds: &[] });
    let zero = Dual::from(Rational::zero());
    let mut y = dense(outputs, &zero, algebra.dimension());
    y[0] = derivatives[0].clone();
    y.into_iter().map(|channel| channel.1).collect()
}

#[test]
fn the_adjoint_is_the_transpose_of_the_derivative() {
    for (name, algebra) in algebras() {
        let d = algebra.dimension();
        let (h, g, w) = (numbers(3, d), numbers(5, algebra.nilpotency() + 2), numbers(11, d));
        let channels = all(&algebra);
        let transposed = dense(adjoint(&algebra, [&channels; 3], [&h, &g, &w]), &Rational::zero(), d);
        // Along every axis, so that every channel of h̄ is seen alone, and along one direction across them.
        let axes = (0..d).map(|i| restricted(&vec![integer(1); d], &ChannelSet::from([ChannelId::new(i)])));
        for dh in axes.chain([numbers(17, d)]) {
            let forwards = dot(&directional(&algebra, [&h, &g, &dh]), &w);
            assert_eq!(forwards, dot(&dh, &transposed), "{name}, along {dh:?}");
        }
    }
}

/// Every set of every third, of every second and of all channels, from different starts.
fn subsets(algebra: &JetAlgebra) -> Vec<ChannelSet> {
    let every = |step: usize, start: usize| {
        (start..algebra.dimension()).step_by(step).map(ChannelId::new).collect::<ChannelSet>()
    };
    vec![all(algebra), every(2, 0), every(2, 1), every(3, 1), every(3, 2), ChannelSet::new()]
}

#[test]
fn absent_channels_dead_cotangents_and_unwanted_outputs_change_no_number() {
    for (name, algebra) in algebras() {
        let d = algebra.dimension();
        let (h, g, w) = (numbers(3, d), numbers(5, algebra.nilpotency() + 2), numbers(11, d));
        let channels = all(&algebra);
        let full = Program::elementwise_adjoint(&algebra, &channels, &channels, &channels);
        for present in subsets(&algebra) {
            for cotangents in subsets(&algebra) {
                let with_value = present.iter().copied().chain([ChannelId::VALUE]).collect();
                let zeroed = [&restricted(&h, &with_value), &g[..], &restricted(&w, &cotangents)];
                let expected = adjoint(&algebra, [&channels; 3], zeroed);
                for wanted in subsets(&algebra) {
                    let sets = [&present, &cotangents, &wanted];
                    let found = adjoint(&algebra, sets, [&h, &g, &w]);
                    assert!(found.keys().all(|channel| wanted.contains(channel)), "{name}");
                    for channel in &wanted {
                        let zero = Rational::zero();
                        assert_eq!(
                            found.get(channel).unwrap_or(&zero),
                            &expected[channel],
                            "{name} {channel}"
                        );
                    }
                    let program = Program::elementwise_adjoint(&algebra, sets[0], sets[1], sets[2]);
                    assert!(program.inputs().is_subset(&present) && program.seconds().is_subset(&cotangents));
                    assert!(program.multiplications() <= full.multiplications());
                }
            }
        }
    }
}

#[test]
fn everything_that_is_computed_is_read_and_comes_in_the_order_powers_slopes_outputs() {
    for (name, algebra) in algebras() {
        for cotangents in subsets(&algebra) {
            for wanted in subsets(&algebra) {
                let program = Program::elementwise_adjoint(&algebra, &all(&algebra), &cotangents, &wanted);
                let stage = |slot: Slot| match slot {
                    Slot::Power { .. } => 0,
                    Slot::Slope(_) => 1,
                    Slot::Output(_) => 2,
                    other => panic!("{name}: {other:?} is written"),
                };
                let targets: Vec<Slot> = program.instructions().iter().map(|i| i.target).collect();
                assert!(targets.is_sorted_by_key(|&slot| (stage(slot), slot)), "{name}: {targets:?}");
                let read: Vec<Slot> = program.slots_read().collect();
                for slot in targets.iter().filter(|&&slot| stage(slot) < 2) {
                    assert!(read.contains(slot), "{name}: {slot:?} is for nothing");
                }
            }
        }
    }
}

#[test]
fn an_adjoint_can_write_its_outputs_over_its_cotangents() {
    for (_, algebra) in algebras() {
        let channels = all(&algebra);
        let sets = (&channels, &channels, &channels);
        let elementwise = Program::elementwise_adjoint(&algebra, sets.0, sets.1, sets.2);
        let left = Program::product_adjoint_left(&algebra, sets.0, sets.1, sets.2);
        let right = Program::product_adjoint_right(&algebra, sets.0, sets.1, sets.2);
        let is_output = |slot| if let Slot::Output(channel) = slot { Some(channel) } else { None };
        for (program, is_left) in [(elementwise, false), (left, true), (right, false)] {
            assert!(program.instructions().is_sorted_by_key(|i| is_output(i.target)));
            for instruction in program.instructions() {
                let Some(output) = is_output(instruction.target) else { continue };
                for term in &instruction.terms {
                    match if is_left { term.left } else { term.right } {
                        Slot::Input(cotangent) | Slot::Second(cotangent) => assert!(cotangent >= output),
                        other => panic!("{other:?} is no cotangent"),
                    }
                }
            }
        }
    }
}

#[test]
fn one_more_derivative_is_needed_than_forwards() {
    for order in 1..=6 {
        let algebra = univariate(order);
        let channels = all(&algebra);
        let program = |wanted| Program::elementwise_adjoint(&algebra, &channels, &channels, wanted);
        assert_eq!(Program::elementwise(&algebra, &channels, &channels).highest_derivative(), order);
        assert_eq!(program(&channels).highest_derivative(), order + 1);
        // Of the highest channel, dy = g₁ dh.
        let top = program(&ChannelSet::from([ChannelId::new(order as usize)]));
        assert_eq!((top.highest_derivative(), top.multiplications()), (1, 1));
    }
}

#[test]
fn in_other_units_all_cotangents_are_in_that_unit() {
    for (name, algebra) in algebras() {
        let d = algebra.dimension();
        let (h, g, w) = (numbers(3, d), numbers(5, algebra.nilpotency() + 2), numbers(11, d));
        let unit = ratio(4, 1);
        let (mut scaled_h, mut scaled_g, mut power) = (h.clone(), Vec::new(), integer(1));
        scaled_h.iter_mut().skip(1).for_each(|channel| *channel = &*channel / &unit);
        for coefficient in &g {
            scaled_g.push(coefficient * &power);
            power *= &unit;
        }
        let channels = all(&algebra);
        let plain = adjoint(&algebra, [&channels; 3], [&h, &g, &w]);
        let scaled = adjoint(&algebra, [&channels; 3], [&scaled_h, &scaled_g, &w]);
        for (channel, value) in plain {
            assert_eq!(scaled[&channel], value * &unit, "{name}");
        }
    }
}

#[test]
fn the_adjoint_of_a_product_is_its_transpose_in_each_factor() {
    for (name, algebra) in algebras() {
        let d = algebra.dimension();
        let zero = Rational::zero();
        let (u, v, w) = (numbers(3, d), numbers(5, d), numbers(11, d));
        for present in subsets(&algebra) {
            for cotangents in subsets(&algebra) {
                let with_value: ChannelSet = present.iter().copied().chain([ChannelId::VALUE]).collect();
                let w_there = restricted(&w, &cotangents);
                let product = |u: &[Rational], v: &[Rational]| {
                    let program = Program::product(&algebra, &all(&algebra), &all(&algebra), &all(&algebra));
                    dense(run(&program, &Operands { derivatives: &[], inputs: u, seconds: v }), &zero, d)
                };
                for wanted in subsets(&algebra) {
                    let left = Program::product_adjoint_left(&algebra, &present, &cotangents, &wanted);
                    let right = Program::product_adjoint_right(&algebra, &present, &cotangents, &wanted);
                    let u_bar = run(&left, &Operands { derivatives: &[], inputs: &w, seconds: &v });
                    let v_bar = run(&right, &Operands { derivatives: &[], inputs: &u, seconds: &w });
                    assert!(u_bar.keys().chain(v_bar.keys()).all(|channel| wanted.contains(channel)));
                    for channel in &wanted {
                        let axis = restricted(&vec![integer(1); d], &ChannelSet::from([*channel]));
                        let expected = dot(&product(&axis, &restricted(&v, &with_value)), &w_there);
                        assert_eq!(u_bar.get(channel).unwrap_or(&zero), &expected, "{name}: ū {channel}");
                        let expected = dot(&product(&restricted(&u, &with_value), &axis), &w_there);
                        assert_eq!(v_bar.get(channel).unwrap_or(&zero), &expected, "{name}: v̄ {channel}");
                    }
                }
            }
        }
    }
}

/// A 2 × 2 matrix by rows.
type Matrix = [Rational; 4];

fn matrix_product(a: &Matrix, b: &Matrix) -> Matrix {
    [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(i, j)| &a[2 * i] * &b[j] + &a[2 * i + 1] * &b[2 + j])
}

fn transposed(a: &Matrix) -> Matrix {
    [0, 2, 1, 3].map(|index: usize| a[index].clone())
}

/// Σ of the entries' products over all channels.
fn pairing(a: &[Matrix], b: &[Matrix]) -> Rational {
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| a * b).sum()
}

/// Runs a program whose products are those of matrices.
fn matrices(program: &Program, first: &[Matrix], second: &[Matrix]) -> Vec<Matrix> {
    let mut outputs = vec![[(); 4].map(|()| Rational::zero()); first.len()];
    for instruction in program.instructions() {
        let Slot::Output(target) = instruction.target else { panic!("{:?}", instruction.target) };
        for term in &instruction.terms {
            let (Slot::Input(i), Slot::Second(j)) = (term.left, term.right) else { panic!("{term:?}") };
            let product = matrix_product(&first[i.index()], &second[j.index()]);
            for (sum, entry) in outputs[target.index()].iter_mut().zip(product) {
                *sum += &term.coefficient * entry;
            }
        }
    }
    outputs
}

#[test]
fn the_adjoints_of_a_matrix_product_keep_the_order_of_factors() {
    for (name, algebra) in algebras() {
        let (d, all) = (algebra.dimension(), all(&algebra));
        let of = |seed: i64| -> Vec<Matrix> {
            numbers(seed, 4 * d).chunks_exact(4).map(|m| [0, 1, 2, 3].map(|i: usize| m[i].clone())).collect()
        };
        let (u, v, y_bar, du, dv) = (of(3), of(5), of(11), of(2), of(7));
        let product = Program::product(&algebra, &all, &all, &all);
        let transpose = |of: &[Matrix]| -> Vec<Matrix> { of.iter().map(transposed).collect() };
        let left = Program::product_adjoint_left(&algebra, &all, &all, &all);
        let right = Program::product_adjoint_right(&algebra, &all, &all, &all);
        let u_bar = matrices(&left, &y_bar, &transpose(&v));
        let v_bar = matrices(&right, &transpose(&u), &y_bar);
        assert_eq!(pairing(&matrices(&product, &du, &v), &y_bar), pairing(&du, &u_bar), "{name}: Ȳ Vᵀ");
        assert_eq!(pairing(&matrices(&product, &u, &dv), &y_bar), pairing(&dv, &v_bar), "{name}: Uᵀ Ȳ");
    }
}

/// ρ(ab), by the table.
fn form(plan: &Plan, a: &[Rational], b: &[Rational]) -> Rational {
    let algebra = plan.algebra();
    let program = Program::product(algebra, &all(algebra), &all(algebra), &all(algebra));
    let product = run(&program, &Operands { derivatives: &[], inputs: a, seconds: b });
    plan.readouts()[0].functional.iter().map(|(channel, weight)| weight * &product[channel]).sum()
}

#[test]
fn backwards_is_forwards_for_one_symbol() {
    let yaml = "coordinates: [x, y]\noutputs: {r: 'u_xxx + 2*u_xyy - u_y'}\n";
    let plans =
        [built_in("biharmonic", Some(2)), built_in("laplacian", Some(3)), plan(yaml, Strategy::Minimal)];
    for plan in plans {
        let algebra = plan.algebra();
        let (d, channels) = (algebra.dimension(), all(algebra));
        let axis = |i: usize| restricted(&vec![integer(1); d], &ChannelSet::from([ChannelId::new(i)]));
        // The form is non-degenerate, so every cotangent is ρ(ℓ·) for one ℓ.
        let mut rows: Echelon<usize> = Echelon::new();
        for i in 0..d {
            let row = SparseVector::from_entries((0..d).map(|j| (j, form(&plan, &axis(i), &axis(j)))));
            assert_eq!(rows.insert(row), Insertion::Independent(i));
        }
        let dual = |l: &[Rational]| -> Vec<Rational> { (0..d).map(|i| form(&plan, l, &axis(i))).collect() };
        // r̄·1 is the cotangent of the output, ℓ one that has come through some layers; ȳ ↦ h̄ is ℓ ↦ g′(h)·ℓ.
        let seed: Vec<Rational> = axis(0).iter().map(|x| x * integer(7)).collect();
        for l in [seed, numbers(13, d)] {
            let (h, g) = (numbers(3, d), numbers(5, algebra.nilpotency() + 2));
            let backwards = adjoint(algebra, [&channels; 3], [&h, &g, &dual(&l)]);
            // g′(h) is what dh = 1 does: the derivative along the unit of the algebra.
            let slope = directional(algebra, [&h, &g, &axis(0)]);
            let program = Program::product(algebra, &channels, &channels, &channels);
            let product = run(&program, &Operands { derivatives: &[], inputs: &slope, seconds: &l });
            let forwards = dual(&dense(product, &Rational::zero(), d));
            assert_eq!(dense(backwards, &Rational::zero(), d), forwards);
        }
    }
}
