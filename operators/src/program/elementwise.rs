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

use std::collections::{BTreeMap, BTreeSet};

use jetc_combinatorics::Rational;
use jetc_combinatorics::rational::integer;

use super::{ChannelSet, Instruction, Program, Slot, Term};
use crate::algebra::{ChannelId, JetAlgebra};

impl Program {
    /// The program that computes the channels `live` of g(h) where only the channels `present` of h are not zero.
    ///
    /// Live channels that cannot be reached from the present ones are zero and have no instruction.
    pub fn elementwise(algebra: &JetAlgebra, present: &ChannelSet, live: &ChannelSet) -> Self {
        let mut powers = Powers::new(algebra, present);
        powers.keep_what_feeds(live);
        let mut instructions = powers.instructions();
        instructions.extend(live.iter().filter_map(|&channel| powers.output(channel)));
        let highest_derivative = instructions.iter().flat_map(|i| &i.terms).filter_map(|t| match t.left {
            Slot::Derivative(k) => Some(k),
            _ => None,
        });
        Self { highest_derivative: highest_derivative.max().unwrap_or(0), instructions }
    }
}

/// One component of one power: the terms that make it.
type Components = BTreeMap<ChannelId, Vec<Term>>;

/// Which power stands at a position of [`Powers::levels`].
fn exponent_of(level: usize) -> u32 {
    u32::try_from(level).expect("powers are few") + 2
}

/// N², N³, … as sparse symbolic vectors; `levels[0]` is N².
struct Powers {
    present: ChannelSet,
    levels: Vec<Components>,
}

impl Powers {
    fn new(algebra: &JetAlgebra, present: &ChannelSet) -> Self {
        let present = present.iter().copied().filter(|&c| c != ChannelId::VALUE).collect();
        let mut powers = Self { present, levels: Vec::new() };
        // Powers of a nilpotent element end, at the latest when every channel has been climbed.
        for exponent in 2.. {
            let level = powers.multiply(algebra, exponent);
            if level.is_empty() {
                break;
            }
            powers.levels.push(level);
        }
        powers
    }

    /// [Nᵏ]ᵢ as a slot, if it can be other than zero.
    fn slot(&self, exponent: u32, channel: ChannelId) -> Option<Slot> {
        if exponent == 1 {
            return self.present.contains(&channel).then_some(Slot::Input(channel));
        }
        let level = &self.levels[exponent as usize - 2];
        level.contains_key(&channel).then_some(Slot::Power { exponent, channel })
    }

    /// Nᵏ = Nᵃ · Nᵇ with a = ⌈k/2⌉, b = ⌊k/2⌋.
    fn multiply(&self, algebra: &JetAlgebra, exponent: u32) -> Components {
        let (a, b) = (exponent.div_ceil(2), exponent / 2);
        let mut components = Components::new();
        for p in algebra.products() {
            let straight = (self.slot(a, p.left), self.slot(b, p.right));
            let crossed = (self.slot(a, p.right), self.slot(b, p.left));
            let mut push = |pair, coefficient: Rational| {
                if let (Some(left), Some(right)) = pair {
                    components.entry(p.result).or_default().push(Term { coefficient, left, right });
                }
            };
            if p.left == p.right {
                push(straight, p.coefficient.clone());
            } else if a == b {
                push(straight, &p.coefficient * integer(2));
            } else {
                push(straight, p.coefficient.clone());
                push(crossed, p.coefficient.clone());
            }
        }
        components
    }

    /// Drops every component that no live output needs, directly or through higher powers.
    fn keep_what_feeds(&mut self, live: &ChannelSet) {
        let mut needed: BTreeSet<Slot> = BTreeSet::new();
        for (index, level) in self.levels.iter_mut().enumerate().rev() {
            let exponent = exponent_of(index);
            level.retain(|channel, _| {
                live.contains(channel) || needed.contains(&Slot::Power { exponent, channel: *channel })
            });
            needed.extend(level.values().flatten().flat_map(|term| [term.left, term.right]));
        }
    }

    fn instructions(&self) -> Vec<Instruction> {
        let targets = self.levels.iter().enumerate().flat_map(|(index, level)| {
            let exponent = exponent_of(index);
            level.iter().map(move |(&channel, terms)| (Slot::Power { exponent, channel }, terms))
        });
        targets.map(|(target, terms)| Instruction { target, terms: terms.clone() }).collect()
    }

    /// g(h)ᵢ = Σₖ gₖ [Nᵏ]ᵢ
    fn output(&self, channel: ChannelId) -> Option<Instruction> {
        let highest = exponent_of(self.levels.len()) - 1;
        let terms: Vec<Term> = (1..=highest)
            .filter_map(|exponent| {
                let right = self.slot(exponent, channel)?;
                Some(Term { coefficient: integer(1), left: Slot::Derivative(exponent), right })
            })
            .collect();
        (!terms.is_empty() && channel != ChannelId::VALUE)
            .then_some(Instruction { target: Slot::Output(channel), terms })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::Seed;
    use crate::algebra::{Channel, Product};
    use jetc_combinatorics::Partitions;
    use jetc_combinatorics::faa_di_bruno::taylor_multiplicity;
    use num_traits::Zero;

    /// ℚ[τ]/τᴷ⁺¹ seeded along the first coordinate.
    fn univariate(order: u32) -> JetAlgebra {
        let channels = (1..=order).map(|k| Channel {
            name: format!("t^{k}"),
            order: k,
            seed: if k == 1 { Seed::unit(0) } else { Seed::zero() },
        });
        let id = |k: u32| ChannelId::new(k as usize);
        let products = (1..=order).flat_map(|a| {
            (a..=order - a.min(order)).filter(move |b| a + b <= order).map(move |b| Product {
                left: id(a),
                right: id(b),
                result: id(a + b),
                coefficient: integer(1),
            })
        });
        JetAlgebra::new(channels.collect(), products.collect())
    }

    /// Runs a program in exact arithmetic.
    fn run(
        program: &Program,
        inputs: &[Rational],
        derivatives: &[Rational],
    ) -> BTreeMap<ChannelId, Rational> {
        let mut slots: BTreeMap<Slot, Rational> = BTreeMap::new();
        for (k, value) in (0u32..).zip(derivatives) {
            slots.insert(Slot::Derivative(k), value.clone());
        }
        for (index, value) in inputs.iter().enumerate() {
            slots.insert(Slot::Input(ChannelId::new(index)), value.clone());
        }
        for instruction in program.instructions() {
            let sum =
                instruction.terms.iter().map(|t| &t.coefficient * &slots[&t.left] * &slots[&t.right]).sum();
            assert!(slots.insert(instruction.target, sum).is_none(), "a slot is written twice");
        }
        let outputs = slots.into_iter().filter_map(|(slot, value)| match slot {
            Slot::Output(channel) => Some((channel, value)),
            _ => None,
        });
        outputs.collect()
    }

    fn all(algebra: &JetAlgebra) -> ChannelSet {
        algebra.channels().map(|(id, _)| id).collect()
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
