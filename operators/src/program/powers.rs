//! Powers of the nilpotent part of a jet, as instructions.
//!
//! | notation | name |
//! |---|---|
//! | N = Σ hᵢεᵢ, i ≥ 1 | what h has besides its value: [`Slot::Input`] |
//! | \[Nᵏ\]ᵢ | channel i of the k-th power, k ≥ 2: [`Slot::Power`] |
//! | Nᵏ = N^⌈k/2⌉ · N^⌊k/2⌋ | `Powers::multiply` |
//!
//! Shared by a function and its adjoint, which differ in the coefficients that they give to the powers. Squares and symmetric
//! products are taken once. Checked by `a_program_is_faa_di_brunos_formula`.

use std::collections::{BTreeMap, BTreeSet};

use jetc_combinatorics::Rational;
use jetc_combinatorics::rational::integer;

use super::{ChannelSet, Instruction, Slot, Term};
use crate::algebra::{ChannelId, JetAlgebra};

/// One component of one power: the terms that make it.
type Components = BTreeMap<ChannelId, Vec<Term>>;

/// Which power stands at a position of [`Powers::levels`].
fn exponent_of(level: usize) -> u32 {
    u32::try_from(level).expect("powers are few") + 2
}

/// N², N³, … as sparse symbolic vectors; `levels[0]` is N².
pub(super) struct Powers {
    present: ChannelSet,
    levels: Vec<Components>,
}

impl Powers {
    pub(super) fn new(algebra: &JetAlgebra, present: &ChannelSet) -> Self {
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

    /// Drops every component that no live channel needs, directly or through higher powers.
    pub(super) fn keep_what_feeds(&mut self, live: &ChannelSet) {
        let mut needed: BTreeSet<Slot> = BTreeSet::new();
        for (index, level) in self.levels.iter_mut().enumerate().rev() {
            let exponent = exponent_of(index);
            level.retain(|channel, _| {
                live.contains(channel) || needed.contains(&Slot::Power { exponent, channel: *channel })
            });
            needed.extend(level.values().flatten().flat_map(|term| [term.left, term.right]));
        }
    }

    pub(super) fn instructions(&self) -> Vec<Instruction> {
        let targets = self.levels.iter().enumerate().flat_map(|(index, level)| {
            let exponent = exponent_of(index);
            level.iter().map(move |(&channel, terms)| (Slot::Power { exponent, channel }, terms))
        });
        targets.map(|(target, terms)| Instruction { target, terms: terms.clone() }).collect()
    }

    /// [Nᵏ]ᵢ for every k ≥ 1 for which it can be other than zero.
    pub(super) fn of_channel(&self, channel: ChannelId) -> impl Iterator<Item = (u32, Slot)> {
        let highest = exponent_of(self.levels.len()) - 1;
        (1..=highest).filter_map(move |exponent| Some((exponent, self.slot(exponent, channel)?)))
    }
}
