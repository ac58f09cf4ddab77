//! The adjoint of an elementwise function over a jet algebra.
//!
//! | notation | name |
//! |---|---|
//! | h = h₀ + N, gₖ = g⁽ᵏ⁾(h₀)/k!, \[Nᵏ\]ᵢ | as for [`Program::elementwise`]; k goes one higher |
//! | G = g′(h), G₀ = g₁, Gᵢ = Σ_{k≥1} (k+1) g_{k+1} \[Nᵏ\]ᵢ | [`Slot::Slope`] |
//! | ȳ_c | the cotangent of y = g(h): [`Slot::Second`] |
//! | h̄_a = Σ_bc M^c_ab G_b ȳ_c | [`Slot::Output`], the value channel among them |
//!
//! dy = G·dh in the algebra, since it is commutative; so h̄ is multiplication by G, transposed. G is the jet of g′, whose
//! Taylor coefficients are (k+1) g_{k+1}. Instructions are in the order powers, slopes, outputs.
//!
//! *Units.* With uᵏ gₖ and N/u in the place of gₖ and N, for any u ≠ 0, powers are those of N/u and every slope is uG, G₀ among
//! them; so outputs are u h̄.
//! Checked by `the_adjoint_is_the_transpose_of_the_derivative` and `in_other_units_all_cotangents_are_in_that_unit`.

use jetc_combinatorics::rational::integer;

use super::super::powers::Powers;
use super::super::{ChannelSet, Instruction, Operand, Program, Signature, Slot, Term};
use super::{entries, outputs};
use crate::algebra::{ChannelId, JetAlgebra};

impl Program {
    /// The program that computes the channels `wanted` of h̄ where only the channels `present` of h, and its value, are not
    /// zero, and only the channels `cotangents` of ȳ.
    ///
    /// Unlike among the outputs of [`Program::elementwise`], the value channel has an instruction where it is wanted. Wanted
    /// channels that no cotangent reaches are zero and have none.
    pub fn elementwise_adjoint(
        algebra: &JetAlgebra,
        present: &ChannelSet,
        cotangents: &ChannelSet,
        wanted: &ChannelSet,
    ) -> Self {
        let mut powers = Powers::new(algebra, present);
        let mut entries = entries(algebra, wanted, cotangents);
        let is_zero = |channel| powers.of_channel(channel).next().is_none();
        entries.retain(|e| e.factor == ChannelId::VALUE || !is_zero(e.factor));
        let slopes: ChannelSet =
            entries.iter().map(|e| e.factor).filter(|&c| c != ChannelId::VALUE).collect();
        powers.keep_what_feeds(&slopes);
        let mut instructions = powers.instructions();
        instructions.extend(slopes.iter().map(|&channel| slope(&powers, channel)));
        instructions.extend(outputs(entries, |factor, cotangent| (slot(factor), Slot::Second(cotangent))));
        let (first, second) = (Operand::Nilpotent(present), Operand::Cotangent(cotangents));
        Self::of(instructions, &Signature { first, second, outputs: wanted })
    }
}

/// Where G_b is.
fn slot(channel: ChannelId) -> Slot {
    if channel == ChannelId::VALUE { Slot::Derivative(1) } else { Slot::Slope(channel) }
}

/// Gᵢ = Σₖ (k+1) g_{k+1} \[Nᵏ\]ᵢ, i ≥ 1
fn slope(powers: &Powers, channel: ChannelId) -> Instruction {
    let term = |(k, power)| Term { coefficient: integer(k + 1), left: Slot::Derivative(k + 1), right: power };
    Instruction { target: Slot::Slope(channel), terms: powers.of_channel(channel).map(term).collect() }
}
