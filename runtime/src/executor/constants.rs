//! Channels that are the same for every point: the seeds, and their images up to the first nonlinearity.

use std::collections::BTreeMap;

use jetc_operators::algebra::ChannelId;
use jetc_operators::passes::Forms;
use jetc_operators::spec::Entry;
use jetc_operators::{Direction, Plan};

use super::reduction::{Image, Reduced};
use super::rules::{Affine, Arrange, Combine, Rule};
use super::step::Step;
use crate::element::Scalar;
use crate::float::Float;
use crate::kernel::elementwise::TILE;
use crate::kernel::linear::{add_scaled, copy_piece};
use crate::kernel::product::PackedMatrix;
use crate::math::InstructionSet;
use crate::network::{Network, Node, NodeId, Operation};

/// A channel that is the same for every point: its features, repeated as often as a tile asks for.
#[derive(Debug)]
pub(crate) struct Constant<T> {
    pub(crate) values: Vec<T>,
    pub(crate) features: usize,
}

/// The constant channels of one node.
pub(crate) type Constants<T> = BTreeMap<ChannelId, Constant<T>>;

impl<T: Float> Constant<T> {
    fn new(features: &[T]) -> Self {
        let count = features.len();
        Self { values: features.iter().copied().cycle().take(count + TILE).collect(), features: count }
    }

    fn refill(&mut self, features: &[T]) {
        for (entry, &value) in self.values.iter_mut().zip(features.iter().cycle()) {
            *entry = value;
        }
    }
}

/// The constant channels of every node: seeds, and their images under linear operations.
pub(crate) fn constants<T: Float, S: Scalar + Into<f64> + Copy>(
    plan: &Plan,
    network: &Network<S>,
    forms: &[Forms],
    reduced: Option<&Reduced>,
    set: InstructionSet,
) -> Vec<Constants<T>> {
    let mut constants: Vec<Constants<T>> = vec![BTreeMap::new()];
    // Seeds are sparse and may be many: an affine map reads them from the plan, all others need them in full.
    if needs_dense_seeds(network) {
        constants[0] = forms[0].constant.iter().map(|&c| (c, Constant::new(&dense_seed(plan, c)))).collect();
    }
    let convert = |&weight: &S| T::from_f64(weight.into());
    for (id, node) in network.nodes().skip(1) {
        let channels = forms[id.index()].constant.iter().copied();
        let of_node = match &node.operation {
            Operation::Affine { input: NodeId::INPUT, weight, .. }
                if weight.columns() == network.inputs() =>
            {
                let moved = reduced.map(|reduced| reduced.image(id));
                let weight = (weight.rows(), |i: usize, j: usize| weight.row(i)[j].into());
                channels.map(|c| (c, Constant::new(&seed_image(plan, c, weight, moved)))).collect()
            }
            _ if channels.len() == 0 => Constants::new(),
            Operation::Affine { input, weight, .. } => {
                let (weights, before) = (PackedMatrix::new(set, weight, convert), &constants[input.index()]);
                channels.map(|c| (c, Constant::new(&product(&weights, &before[&c], node.features)))).collect()
            }
            _ => {
                let rule = Rule::linear(node.map(&convert).operation);
                let image = |c| image(rule.as_ref(), c, &constants, node.features);
                channels.map(|c| (c, Constant::new(&image(c)))).collect()
            }
        };
        constants.push(of_node);
    }
    constants
}

fn product<T: Float>(weights: &PackedMatrix<T>, constant: &Constant<T>, features: usize) -> Vec<T> {
    let mut image = vec![T::ZERO; features];
    weights.multiply(&constant.values[..constant.features], None, &mut image);
    image
}

/// The constant channels of every node once more, after the rules of the steps have taken other derived numbers.
pub(crate) fn refill<T: Float>(
    (plan, reduced): (&Plan, Option<&Reduced>),
    steps: &[Step<T>],
    constants: &mut [Constants<T>],
) {
    for step in steps {
        let (before, rest) = constants.split_at_mut(step.node.index());
        for (&channel, constant) in &mut rest[0] {
            let values = match &step.rule {
                Rule::Affine(Affine { input: NodeId::INPUT, weights, origin, .. })
                    if weights.inner() == plan.coordinates().len() =>
                {
                    // Numbers that are no parameters stay as they are, but a reduced plan moves all first layers by a J of all.
                    if origin.is_none() && reduced.is_none() {
                        continue;
                    }
                    let entry = |i: usize, j: usize| weights.entry(i, j).to_f64();
                    let moved = reduced.map(|reduced| reduced.image(step.node));
                    seed_image(plan, channel, (weights.features(), entry), moved)
                }
                Rule::Affine(rule) => {
                    product(&rule.weights, &before[rule.input.index()][&channel], constant.features)
                }
                rule => image(Some(rule), channel, before, constant.features),
            };
            constant.refill(&values);
        }
    }
}

/// A constant channel of another linear node from the constant channels of the nodes it reads.
fn image<T: Float>(
    rule: Option<&Rule<T>>,
    channel: ChannelId,
    constants: &[Constants<T>],
    features: usize,
) -> Vec<T> {
    let row = |input: NodeId| constants[input.index()].get(&channel).map(|c| &c.values[..c.features]);
    let mut image = vec![T::ZERO; features];
    match rule {
        Some(Rule::Arrange(Arrange { pieces })) => {
            let mut first = 0;
            for piece in pieces {
                if let Some(row) = piece.source.and_then(row) {
                    copy_piece(piece, row, &mut image[first..first + piece.length]);
                }
                first += piece.length;
            }
        }
        Some(Rule::Combine(Combine { summands, .. })) => {
            for summand in summands {
                if let Some(row) = row(summand.input) {
                    add_scaled(&summand.factor, row, &mut image);
                }
            }
        }
        // Behind everything else nothing is constant.
        _ => {}
    }
    image
}

fn needs_dense_seeds<T>(network: &Network<T>) -> bool {
    let reads_input = |node: &Node<T>| {
        node.operation.inputs().contains(&NodeId::INPUT)
            && !matches!(node.operation, Operation::Affine { weight: ref w, .. } if w.columns() == network.inputs())
    };
    network.output() == NodeId::INPUT || network.nodes().any(|(_, node)| reads_input(node))
}

fn dense_seed<T: Float>(plan: &Plan, channel: ChannelId) -> Vec<T> {
    let mut dense = vec![T::ZERO; plan.coordinates().len()];
    let seed =
        plan.seed_vector(channel).expect("only first layers are moved along variables without a vector");
    for (coordinate, entry) in seed.iter() {
        dense[coordinate as usize] = match entry {
            Entry::Exact(value) => T::from_rational(value),
            Entry::Double(value) => T::from_f64(value),
        };
    }
    dense
}

/// W Vᵀs for a seed s over the variables, in doubles, from the entries of W; variables without a vector in coordinates move the layer by columns of
/// an image of their own.
fn seed_image<T: Float>(
    plan: &Plan,
    channel: ChannelId,
    (rows, entry): (usize, impl Fn(usize, usize) -> f64),
    moved: Option<Image<'_>>,
) -> Vec<T> {
    let mut sum = vec![0.0; rows];
    for (&variable, factor) in plan.algebra().channel(channel).seed.iter() {
        let factor = Entry::Exact(factor).to_f64();
        if let Some(direction) = plan.variables().direction(variable) {
            add_product(factor, &entry, &direction, &mut sum);
            continue;
        }
        let image = moved.expect("whoever leaves a variable without a vector says how it moves the layers");
        let column = image.columns[&variable];
        for (i, total) in sum.iter_mut().enumerate() {
            *total += factor * image.matrix.row(i)[column];
        }
    }
    sum.into_iter().map(T::from_f64).collect()
}

/// sum += factor · W v
fn add_product(factor: f64, weight: impl Fn(usize, usize) -> f64, vector: &Direction, sum: &mut [f64]) {
    let entries: Vec<(usize, f64)> =
        vector.iter().map(|(coordinate, entry)| (coordinate as usize, factor * entry.to_f64())).collect();
    for (i, total) in sum.iter_mut().enumerate() {
        *total += entries.iter().map(|&(j, entry)| entry * weight(i, j)).sum::<f64>();
    }
}
