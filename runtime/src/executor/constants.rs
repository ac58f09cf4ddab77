//! Channels that are the same for every point: the seeds, and their images up to the first nonlinearity.

use std::collections::BTreeMap;

use jetc_operators::Plan;
use jetc_operators::algebra::ChannelId;
use jetc_operators::passes::Forms;

use crate::float::Float;
use crate::kernel::elementwise::TILE;
use crate::kernel::product::multiply_transposed;
use crate::network::{Matrix, Network, Node, Operation};

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
}

/// The constant channels of every node: seeds, and their images under affine maps.
pub(crate) fn constants<T: Float>(plan: &Plan, network: &Network<T>, forms: &[Forms]) -> Vec<Constants<T>> {
    let mut constants: Vec<Constants<T>> = Vec::new();
    for (id, node) in network.nodes() {
        let wanted = forms[id.index()].constant.iter();
        let of_node = match &node.operation {
            // Seeds are sparse and may be many: they are read from the plan where they are needed. Behind a
            // nonlinearity nothing is constant.
            Operation::Input | Operation::Elementwise { .. } => BTreeMap::new(),
            Operation::Affine { input, weight, .. } if input.index() == 0 => {
                wanted.map(|&channel| (channel, Constant::new(&seed_image(plan, channel, weight)))).collect()
            }
            Operation::Affine { input, weight, .. } => wanted
                .map(|&channel| {
                    let mut image = vec![T::ZERO; weight.rows()];
                    let source = &constants[input.index()][&channel];
                    multiply_transposed(1, &source.values[..source.features], weight, &mut image);
                    (channel, Constant::new(&image))
                })
                .collect(),
        };
        constants.push(of_node);
    }
    // A nonlinearity or a readout right at the input needs the seeds themselves.
    if needs_dense_seeds(network) {
        constants[0] = forms[0].constant.iter().map(|&c| (c, Constant::new(&dense_seed(plan, c)))).collect();
    }
    constants
}

fn needs_dense_seeds<T>(network: &Network<T>) -> bool {
    let reads_input =
        |node: &Node<T>| matches!(node.operation, Operation::Elementwise { input, .. } if input.index() == 0);
    network.output().index() == 0 || network.nodes().any(|(_, node)| reads_input(node))
}

fn dense_seed<T: Float>(plan: &Plan, channel: ChannelId) -> Vec<T> {
    let mut dense = vec![T::ZERO; plan.coordinates().len()];
    for (&coordinate, value) in plan.algebra().channel(channel).seed.iter() {
        dense[coordinate as usize] = T::from_rational(value);
    }
    dense
}

/// W s for a sparse seed s.
fn seed_image<T: Float>(plan: &Plan, channel: ChannelId, weight: &Matrix<T>) -> Vec<T> {
    let seed: Vec<(usize, T)> = plan
        .algebra()
        .channel(channel)
        .seed
        .iter()
        .map(|(&coordinate, value)| (coordinate as usize, T::from_rational(value)))
        .collect();
    let row = |i: usize| seed.iter().fold(T::ZERO, |sum, &(j, value)| sum + weight.row(i)[j] * value);
    (0..weight.rows()).map(row).collect()
}
