//! A bilinear product over a jet algebra.
//!
//! | notation | name |
//! |---|---|
//! | u = u₀ + Σ uᵢεᵢ | the first factor: [`Slot::Input`] |
//! | v = v₀ + Σ vᵢεᵢ | the second factor: [`Slot::Second`] |
//! | (u v)ₖ = u₀vₖ + uₖv₀ + Σᵢⱼ cᵢⱼₖ uᵢvⱼ | [`Slot::Output`] |
//!
//! The factors are never exchanged, so the product need not commute. Only what the live outputs need is computed.
//! Checked by `a_product_is_the_product_table` and, end to end, by the reference executor.

use std::collections::BTreeMap;

use jetc_combinatorics::Rational;
use jetc_combinatorics::rational::integer;

use super::{ChannelSet, Instruction, Operand, Program, Signature, Slot, Term};
use crate::algebra::{ChannelId, JetAlgebra};

impl Program {
    /// The program that computes the channels `live` of u · v where only the channels `left` of u and `right` of v, and
    /// the value of both, are not zero.
    ///
    /// Live channels that cannot be reached from the present ones are zero and have no instruction.
    pub fn product(algebra: &JetAlgebra, left: &ChannelSet, right: &ChannelSet, live: &ChannelSet) -> Self {
        let mut outputs: BTreeMap<ChannelId, Vec<Term>> = BTreeMap::new();
        let mut push = |i: ChannelId, j: ChannelId, result, coefficient: &Rational| {
            let present =
                |channel: ChannelId, set: &ChannelSet| channel == ChannelId::VALUE || set.contains(&channel);
            if live.contains(&result) && present(i, left) && present(j, right) {
                let coefficient = coefficient.clone();
                let term = Term { coefficient, left: Slot::Input(i), right: Slot::Second(j) };
                outputs.entry(result).or_default().push(term);
            }
        };
        let one = integer(1);
        for &channel in live {
            push(ChannelId::VALUE, channel, channel, &one);
            if channel != ChannelId::VALUE {
                push(channel, ChannelId::VALUE, channel, &one);
            }
        }
        for p in algebra.products() {
            push(p.left, p.right, p.result, &p.coefficient);
            if p.left != p.right {
                push(p.right, p.left, p.result, &p.coefficient);
            }
        }
        let instruction = |(channel, terms)| Instruction { target: Slot::Output(channel), terms };
        let (first, second) = (Operand::Jet(left), Operand::Jet(right));
        let instructions = outputs.into_iter().map(instruction).collect();
        Self::of(instructions, &Signature { first, second, outputs: live })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin;
    use crate::program::exact::{self, all};
    use crate::spec::Options;
    use crate::strategy::Strategy;

    fn biharmonic() -> crate::Plan {
        let options = Options { dimension: Some(2), ..Options::default() };
        builtin::find("biharmonic").unwrap().spec(&options).unwrap().plan(Strategy::Minimal).unwrap()
    }

    /// One number for each channel.
    fn run(program: &Program, u: &[Rational], v: &[Rational], channels: usize) -> Vec<Rational> {
        let mut result = vec![integer(0); channels];
        for (channel, value) in
            exact::run(program, &exact::Operands { derivatives: &[], inputs: u, seconds: v })
        {
            result[channel.index()] = value;
        }
        result
    }

    #[test]
    fn a_product_is_the_product_table() {
        let plan = biharmonic();
        let (algebra, d) = (plan.algebra(), plan.algebra().dimension());
        let all = all(algebra);
        let u: Vec<Rational> = (1..=d).map(|k| integer(2 * k) - integer(1)).collect();
        let v: Vec<Rational> = (0..d).map(|k| integer(7) - integer(k)).collect();
        let mut expected: Vec<Rational> = (0..d).map(|k| &u[0] * &v[k] + &u[k] * &v[0]).collect();
        expected[0] = &u[0] * &v[0];
        for p in algebra.products() {
            let (i, j) = (p.left.index(), p.right.index());
            let crossed = if i == j { integer(0) } else { &u[j] * &v[i] };
            expected[p.result.index()] += &p.coefficient * (&u[i] * &v[j] + crossed);
        }
        assert_eq!(run(&Program::product(algebra, &all, &all, &all), &u, &v, d), expected);
    }

    #[test]
    fn channels_that_are_absent_or_dead_have_no_terms() {
        let plan = biharmonic();
        let algebra = plan.algebra();
        let (first, second) = (ChannelId::new(1), ChannelId::new(2));
        let live = ChannelSet::from([ChannelId::VALUE, first]);
        let program =
            Program::product(algebra, &ChannelSet::from([first]), &ChannelSet::from([second]), &live);
        assert_eq!(program.outputs(), live);
        assert_eq!(program.inputs(), ChannelSet::from([ChannelId::VALUE, first]));
        assert_eq!(program.seconds(), ChannelSet::from([ChannelId::VALUE]));
    }
}
