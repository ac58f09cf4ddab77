//! The adjoints of a bilinear product over a jet algebra, one for each factor.
//!
//! | y = u · v | [`Slot::Input`] | [`Slot::Second`] | of matrices |
//! |---|---|---|---|
//! | ū_a = Σ_bc M^c_ab ȳ_c · v_b | ȳ | v | Ū = Ȳ Vᵀ |
//! | v̄_b = Σ_ac M^c_ab u_a · ȳ_c | u | ȳ | V̄ = Uᵀ Ȳ |
//!
//! The first operand is always the factor on the left, so that a program serves products that do not commute: whoever runs it
//! transposes the factor that is not ȳ.
//! Checked by `the_adjoint_of_a_product_is_its_transpose_in_each_factor` and, with matrices, by
//! `the_adjoints_of_a_matrix_product_keep_the_order_of_factors`.

use super::super::{ChannelSet, Operand, Program, Signature, Slot};
use super::{Entry, entries, outputs};
use crate::algebra::{ChannelId, JetAlgebra};

impl Program {
    /// The program that computes the channels `wanted` of ū for y = u · v, where only the channels `right` of v, and its value,
    /// are not zero, and only the channels `cotangents` of ȳ: products of ȳ, which is [`Slot::Input`], and v, [`Slot::Second`].
    ///
    /// Wanted channels that no cotangent reaches are zero and have no instruction.
    pub fn product_adjoint_left(
        algebra: &JetAlgebra,
        right: &ChannelSet,
        cotangents: &ChannelSet,
        wanted: &ChannelSet,
    ) -> Self {
        let entries = entries_of(algebra, right, cotangents, wanted);
        let (first, second) = (Operand::Cotangent(cotangents), Operand::Jet(right));
        let instructions = outputs(entries, |v, y| (Slot::Input(y), Slot::Second(v)));
        Self::of(instructions, &Signature { first, second, outputs: wanted })
    }

    /// The program that computes the channels `wanted` of v̄ for y = u · v, where only the channels `left` of u, and its value,
    /// are not zero, and only the channels `cotangents` of ȳ: products of u, which is [`Slot::Input`], and ȳ, [`Slot::Second`].
    ///
    /// Wanted channels that no cotangent reaches are zero and have no instruction.
    pub fn product_adjoint_right(
        algebra: &JetAlgebra,
        left: &ChannelSet,
        cotangents: &ChannelSet,
        wanted: &ChannelSet,
    ) -> Self {
        let entries = entries_of(algebra, left, cotangents, wanted);
        let (first, second) = (Operand::Jet(left), Operand::Cotangent(cotangents));
        let instructions = outputs(entries, |u, y| (Slot::Input(u), Slot::Second(y)));
        Self::of(instructions, &Signature { first, second, outputs: wanted })
    }
}

fn entries_of(
    algebra: &JetAlgebra,
    present: &ChannelSet,
    cotangents: &ChannelSet,
    wanted: &ChannelSet,
) -> Vec<Entry> {
    let mut entries = entries(algebra, wanted, cotangents);
    entries.retain(|e| e.factor == ChannelId::VALUE || present.contains(&e.factor));
    entries
}
