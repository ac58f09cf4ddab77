//! An elementwise function over a jet algebra.
//!
//! | notation | name |
//! |---|---|
//! | h = h₀ + N | the input, N = Σ hᵢεᵢ nilpotent: [`Slot::Input`] |
//! | gₖ = g⁽ᵏ⁾(h₀)/k! | [`Slot::Derivative`], Taylor normalisation |
//! | \[Nᵏ\]ᵢ | channel i of the k-th power, k ≥ 2: [`Slot::Power`] |
//! | g(h)ᵢ = Σ_{k=1..K} gₖ \[Nᵏ\]ᵢ | [`Slot::Output`], i ≥ 1; channel 0 is g₀ |
//!
//! Channel by channel this is Faà di Bruno's formula. Powers are paired, Nᵏ = N^⌈k/2⌉ · N^⌊k/2⌋, squares and symmetric
//! products are taken once, and only what the live outputs need is computed. Outputs come last and read no other input
//! channel than their own, so a program can run in place.
//! Checked by `a_program_is_faa_di_brunos_formula` and, end to end, by the reference executor.

use jetc_combinatorics::rational::integer;

use super::powers::Powers;
use super::{ChannelSet, Instruction, Operand, Program, Signature, Slot, Term};
use crate::algebra::{ChannelId, JetAlgebra};

impl Program {
    /// The program that computes the channels `live` of g(h) where only the channels `present` of h are not zero.
    ///
    /// Live channels that cannot be reached from the present ones are zero and have no instruction.
    pub fn elementwise(algebra: &JetAlgebra, present: &ChannelSet, live: &ChannelSet) -> Self {
        let mut powers = Powers::new(algebra, present);
        powers.keep_what_feeds(live);
        let mut instructions = powers.instructions();
        instructions.extend(live.iter().filter_map(|&channel| output(&powers, channel)));
        let first = Operand::Nilpotent(present);
        Self::of(instructions, &Signature { first, second: Operand::None, outputs: live })
    }
}

/// g(h)ᵢ = Σₖ gₖ \[Nᵏ\]ᵢ; the value is g₀ itself and has no instruction.
fn output(powers: &Powers, channel: ChannelId) -> Option<Instruction> {
    let terms: Vec<Term> = powers
        .of_channel(channel)
        .map(|(k, power)| Term { coefficient: integer(1), left: Slot::Derivative(k), right: power })
        .collect();
    (!terms.is_empty()).then_some(Instruction { target: Slot::Output(channel), terms })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::exact::{self, all, univariate};
    use jetc_combinatorics::Partitions;
    use jetc_combinatorics::Rational;
    use jetc_combinatorics::faa_di_bruno::taylor_multiplicity;
    use num_traits::Zero;
    use std::collections::BTreeMap;

    fn run(
        program: &Program,
        inputs: &[Rational],
        derivatives: &[Rational],
    ) -> BTreeMap<ChannelId, Rational> {
        exact::run(program, &exact::Operands { derivatives, inputs, seconds: &[] })
    }

    #[test]
    fn a_program_is_faa_di_brunos_formula() {
        for order in 1..=9u32 {
            let algebra = univariate(order);
            let program = Program::elementwise(&algebra, &all(&algebra), &all(&algebra));
            let h: Vec<Rational> = (0..=order).map(|k| integer(3 * k + 2) / integer(k * k + 1)).collect();
            let g: Vec<Rational> =
                (0..=order).map(|k| integer(7 - 2 * i64::from(k)) / integer(k + 1)).collect();
            let outputs = run(&program, &h, &g);
            for k in 1..=order {
                let expected: Rational = Partitions::of(k)
                    .map(|p| {
                        let inner: Rational = p.parts().map(|j| h[j as usize].clone()).product();
                        integer(taylor_multiplicity(&p)) * &g[p.len() as usize] * inner
                    })
                    .sum();
                assert_eq!(outputs[&ChannelId::new(k as usize)], expected, "order {k} of {order}");
            }
        }
    }

    #[test]
    fn only_what_the_live_outputs_need_is_computed() {
        let algebra = univariate(4);
        let top = ChannelSet::from([ChannelId::new(4)]);
        let full = Program::elementwise(&algebra, &all(&algebra), &all(&algebra));
        let pruned = Program::elementwise(&algebra, &all(&algebra), &top);
        assert_eq!(pruned.outputs(), top);
        assert!(pruned.multiplications() < full.multiplications());
        let h: Vec<Rational> = (1..=5).map(integer).collect();
        let g: Vec<Rational> = (2..=6).map(integer).collect();
        assert_eq!(run(&pruned, &h, &g)[&ChannelId::new(4)], run(&full, &h, &g)[&ChannelId::new(4)]);
    }

    #[test]
    fn channels_that_are_not_present_cost_nothing() {
        let algebra = univariate(4);
        let first = ChannelSet::from([ChannelId::VALUE, ChannelId::new(1)]);
        let program = Program::elementwise(&algebra, &first, &all(&algebra));
        assert_eq!(program.inputs(), ChannelSet::from([ChannelId::new(1)]));
        // h₁², (h₁²)h₁, (h₁²)² and one product with gₖ for each order.
        assert_eq!(program.multiplications(), 3 + 4);
        let mut h = vec![Rational::zero(); 5];
        h[1] = integer(3);
        let g: Vec<Rational> = (1..=5).map(integer).collect();
        let outputs = run(&program, &h, &g);
        for k in 1..=4usize {
            let expected = num_traits::pow(integer(3), k) * &g[k];
            assert_eq!(outputs[&ChannelId::new(k)], expected);
        }
    }
}
