//! Programs run in exact arithmetic: the oracle of the tests, instruction for instruction.

use std::collections::BTreeMap;
use std::iter::Sum;
use std::ops::Mul;

use jetc_combinatorics::Rational;
use jetc_combinatorics::rational::integer;

use super::{ChannelSet, Program, Slot};
use crate::algebra::{Channel, ChannelId, JetAlgebra, Product, Seed};

/// What the slots that a program does not write hold, by k or by the position of the channel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operands<'a, T> {
    pub(super) derivatives: &'a [T],
    pub(super) inputs: &'a [T],
    pub(super) seconds: &'a [T],
}

/// The outputs, over any commutative ring that ℚ maps into.
pub(super) fn run<T>(program: &Program, operands: &Operands<'_, T>) -> BTreeMap<ChannelId, T>
where
    T: Clone + Sum + Mul<Output = T> + From<Rational>,
{
    let mut slots: BTreeMap<Slot, T> = BTreeMap::new();
    let channels = |values: &[T]| -> Vec<(ChannelId, T)> {
        values.iter().enumerate().map(|(index, value)| (ChannelId::new(index), value.clone())).collect()
    };
    slots.extend((0..).map(Slot::Derivative).zip(operands.derivatives.iter().cloned()));
    slots.extend(channels(operands.inputs).into_iter().map(|(c, value)| (Slot::Input(c), value)));
    slots.extend(channels(operands.seconds).into_iter().map(|(c, value)| (Slot::Second(c), value)));
    for instruction in program.instructions() {
        let product = |left: &Slot, right: &Slot| slots[left].clone() * slots[right].clone();
        let terms = instruction.terms.iter();
        let sum = terms.map(|t| T::from(t.coefficient.clone()) * product(&t.left, &t.right)).sum();
        assert!(slots.insert(instruction.target, sum).is_none(), "a slot is written twice");
    }
    let outputs = slots.into_iter().filter_map(|(slot, value)| match slot {
        Slot::Output(channel) => Some((channel, value)),
        _ => None,
    });
    outputs.collect()
}

/// ℚ[τ]/τᴷ⁺¹ seeded along the first coordinate.
pub(super) fn univariate(order: u32) -> JetAlgebra {
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

/// Every channel.
pub(super) fn all(algebra: &JetAlgebra) -> ChannelSet {
    algebra.channels().map(|(id, _)| id).collect()
}
