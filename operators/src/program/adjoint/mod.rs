//! The adjoints of the operations over a jet algebra, for derivatives by parameters in reverse.
//!
//! | notation | name |
//! |---|---|
//! | ȳ_c = ∂L/∂y_c | the cotangent of channel c of y |
//! | ε_a ε_b = Σ_c M^c_ab ε_c | the product table with ε₀ = 1, both orders of every pair: [`Entry`] |
//! | y = m·x ⇒ x̄_a = Σ_bc M^c_ab m_b ȳ_c | multiplication by m, transposed |
//!
//! A value is a vector over A and its cotangent one over the dual A*, on which A acts by the transposed table. Products
//! climb, so x̄_a takes cotangents of channel a and of later ones alone. Outputs are in the order of channels and come
//! last: a program can write x̄ where ȳ was.
//!
//! Where L reads one symbol by a functional ρ for which (a, b) ↦ ρ(ab) is non-degenerate (the minimal algebra of one symbol is
//! Gorenstein), every cotangent is ρ(ℓ·) for an ℓ ∈ A, and the transposed table does to ȳ what the table does to ℓ.
//! Source: Eisenbud, *Commutative algebra*, ch. 21 (inverse systems, Gorenstein rings of dimension zero).
//! Checked by `the_adjoint_is_the_transpose_of_the_derivative`, `the_adjoint_of_a_product_is_its_transpose_in_each_factor`
//! and `backwards_is_forwards_for_one_symbol`.

mod elementwise;
mod product;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jetc_combinatorics::Rational;
use jetc_combinatorics::rational::integer;

use super::{ChannelSet, Instruction, Slot, Term};
use crate::algebra::{ChannelId, JetAlgebra};

/// M^c_ab, never zero.
#[derive(Debug, Clone)]
struct Entry {
    /// a, of which the cotangent is wanted.
    wanted: ChannelId,
    /// b, of what is multiplied by.
    factor: ChannelId,
    /// c, of which the cotangent is known.
    cotangent: ChannelId,
    coefficient: Rational,
}

/// All of M with a in `wanted` and c in `cotangents`.
fn entries(algebra: &JetAlgebra, wanted: &ChannelSet, cotangents: &ChannelSet) -> Vec<Entry> {
    let entry = |a, b, c, coefficient: &Rational| Entry {
        wanted: a,
        factor: b,
        cotangent: c,
        coefficient: coefficient.clone(),
    };
    let (one, value) = (integer(1), ChannelId::VALUE);
    let by_value = algebra.channels().map(|(c, _)| entry(c, value, c, &one));
    let of_value = algebra.channels().skip(1).map(|(c, _)| entry(value, c, c, &one));
    let straight = algebra.products().iter().map(|p| entry(p.left, p.right, p.result, &p.coefficient));
    let crossed = algebra.products().iter().filter(|p| p.left != p.right);
    let crossed = crossed.map(|p| entry(p.right, p.left, p.result, &p.coefficient));
    let all = by_value.chain(of_value).chain(straight).chain(crossed);
    all.filter(|e| wanted.contains(&e.wanted) && cotangents.contains(&e.cotangent)).collect()
}

/// x̄_a for every a that has an entry, where `pair` says which slots hold `(m_b, ȳ_c)` and in which order.
fn outputs(entries: Vec<Entry>, pair: impl Fn(ChannelId, ChannelId) -> (Slot, Slot)) -> Vec<Instruction> {
    let mut outputs: BTreeMap<ChannelId, Vec<Term>> = BTreeMap::new();
    for Entry { wanted, factor, cotangent, coefficient } in entries {
        let (left, right) = pair(factor, cotangent);
        outputs.entry(wanted).or_default().push(Term { coefficient, left, right });
    }
    let instruction = |(channel, terms)| Instruction { target: Slot::Output(channel), terms };
    outputs.into_iter().map(instruction).collect()
}
