//! Channels and readouts of equal role, which one box can stand for.
//!
//! *Isomorphic* roles are the classes of colour refinement: two channels share a class if they have the same order, seeds of
//! the same weights, and the same products and readouts with members of the same classes and the same coefficients.
//! Checked by `the_directions_of_a_laplacian_are_one_role` and `channels_of_other_weights_are_other_roles`.

use std::collections::BTreeMap;

use jetc_combinatorics::Rational;

use crate::plan::Plan;

/// What members of one box have in common, from strict to lax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sameness {
    /// Every channel has a box of its own.
    Single,
    /// The same products and readouts up to renaming.
    Isomorphic,
    /// The same order and exponents.
    Shape,
    /// The same order.
    Order,
}

/// The class of every channel and of every readout, numbered by first member.
#[derive(Debug)]
pub(super) struct Roles {
    pub(super) sameness: Sameness,
    pub(super) channels: Vec<usize>,
    pub(super) readouts: Vec<usize>,
}

/// Rounds of refinement; further ones could only split classes of plans that are too deep to draw singly anyway.
const MOST_ROUNDS: usize = 64;

impl Roles {
    /// The roles of a plan whose channels stand in these columns.
    pub(super) fn new(plan: &Plan, columns: &[usize], sameness: Sameness) -> Self {
        let (channels, readouts) = match sameness {
            Sameness::Single => ((0..columns.len()).collect(), (0..plan.readouts().len()).collect()),
            Sameness::Isomorphic => refined(plan),
            Sameness::Shape => {
                let shapes = plan
                    .algebra()
                    .channels()
                    .map(|(id, channel)| (columns[id.index()], shape(&channel.name)));
                (numbered(shapes), numbered(plan.readouts().iter().map(|readout| readout.symbol.degree())))
            }
            Sameness::Order => (numbered(columns.iter()), vec![0; plan.readouts().len()]),
        };
        Self { sameness, channels, readouts }
    }
}

/// Numbers equal keys equally, in order of their first occurrence.
fn numbered<K: Ord>(keys: impl IntoIterator<Item = K>) -> Vec<usize> {
    let mut known = BTreeMap::new();
    let number = |key| {
        let next = known.len();
        *known.entry(key).or_insert(next)
    };
    keys.into_iter().map(number).collect()
}

/// The exponents in a name, sorted: `x1^2*x2` has 1 and 2.
fn shape(name: &str) -> Vec<u32> {
    let exponent = |factor: &str| factor.split_once('^').map_or(1, |(_, power)| power.parse().unwrap_or(1));
    let mut exponents: Vec<u32> = name.split('*').map(exponent).collect();
    exponents.sort_unstable();
    exponents
}

/// Stable colours of channels and readouts.
fn refined(plan: &Plan) -> (Vec<usize>, Vec<usize>) {
    let count = plan.algebra().dimension();
    let weights = Weights::new(plan);
    let seed = |seed: &crate::algebra::Seed| {
        let mut entries: Vec<usize> = seed.iter().map(|(_, weight)| weights.number(weight)).collect();
        entries.sort_unstable();
        entries
    };
    let channels = plan.algebra().channels().map(|(_, channel)| (0, channel.order, seed(&channel.seed)));
    let readouts = plan.readouts().iter().map(|readout| (1, readout.symbol.degree(), Vec::new()));
    let mut colours = numbered(channels.chain(readouts));
    let mut classes = 0;
    for _ in 0..MOST_ROUNDS {
        let next = numbered(signatures(plan, &weights, &colours));
        let found = next.iter().max().map_or(0, |largest| largest + 1);
        colours = next;
        if found == classes {
            break;
        }
        classes = found;
    }
    let readouts = numbered(colours.split_off(count));
    (numbered(colours), readouts)
}

/// The colour of each channel and readout with those of everything it meets.
fn signatures(plan: &Plan, weights: &Weights<'_>, colours: &[usize]) -> Vec<(usize, Vec<[usize; 4]>)> {
    let count = plan.algebra().dimension();
    let mut signatures: Vec<(usize, Vec<[usize; 4]>)> =
        colours.iter().map(|&colour| (colour, Vec::new())).collect();
    for product in plan.algebra().products() {
        let [left, right, result] =
            [product.left, product.right, product.result].map(crate::algebra::ChannelId::index);
        let [a, b, c] = [left, right, result].map(|channel| colours[channel]);
        let weight = weights.number(&product.coefficient);
        if left == right {
            signatures[left].1.push([0, a, c, weight]);
        } else {
            signatures[left].1.push([1, b, c, weight]);
            signatures[right].1.push([1, a, c, weight]);
        }
        let square = usize::from(left == right);
        signatures[result].1.push([2 + square, a.min(b), a.max(b), weight]);
    }
    for (number, readout) in plan.readouts().iter().enumerate() {
        for (id, weight) in readout.functional.iter() {
            let (channel, readout, weight) = (id.index(), count + number, weights.number(weight));
            signatures[channel].1.push([4, colours[readout], weight, 0]);
            signatures[readout].1.push([5, colours[channel], weight, 0]);
        }
    }
    for (_, met) in &mut signatures {
        met.sort_unstable();
    }
    signatures
}

/// Every number in a plan, numbered.
struct Weights<'a>(BTreeMap<&'a Rational, usize>);

impl<'a> Weights<'a> {
    fn new(plan: &'a Plan) -> Self {
        let seeds =
            plan.algebra().channels().flat_map(|(_, channel)| channel.seed.iter().map(|(_, weight)| weight));
        let products = plan.algebra().products().iter().map(|product| &product.coefficient);
        let readouts =
            plan.readouts().iter().flat_map(|readout| readout.functional.iter().map(|(_, weight)| weight));
        let mut numbers = BTreeMap::new();
        for weight in seeds.chain(products).chain(readouts) {
            let next = numbers.len();
            numbers.entry(weight).or_insert(next);
        }
        Self(numbers)
    }

    fn number(&self, weight: &Rational) -> usize {
        self.0[weight]
    }
}
