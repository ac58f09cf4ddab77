//! Channels that are the same for every point: the seeds, and their images up to the first nonlinearity.

use std::collections::BTreeMap;

use jetc_operators::Plan;
use jetc_operators::algebra::ChannelId;
use jetc_operators::passes::Forms;

use super::reduction::Reduced;
use crate::float::Float;
use crate::kernel::elementwise::TILE;
use crate::kernel::linear::{add_scaled, copy_piece};
use crate::kernel::product::multiply_transposed;
use crate::network::{Matrix, Network, Node, NodeId, Operation};

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

/// The constant channels of every node: seeds, and their images under linear operations.
pub(crate) fn constants<T: Float>(
    plan: &Plan,
    network: &Network<T>,
    forms: &[Forms],
    reduced: Option<&Reduced>,
) -> Vec<Constants<T>> {
    let mut constants: Vec<Constants<T>> = vec![BTreeMap::new()];
    // Seeds are sparse and may be many: an affine map reads them from the plan, all others need them in full.
    if needs_dense_seeds(network) {
        constants[0] = forms[0].constant.iter().map(|&c| (c, Constant::new(&dense_seed(plan, c)))).collect();
    }
    for (id, node) in network.nodes().skip(1) {
        let image = |&channel: &ChannelId| {
            let image = match &node.operation {
                Operation::Affine { input, weight, .. }
                    if *input == NodeId::INPUT && weight.columns() == network.inputs() =>
                {
                    seed_image(plan, channel, weight, reduced.map(|reduced| &reduced.images[&id]))
                }
                _ => image(node, channel, &constants),
            };
            (channel, Constant::new(&image))
        };
        let of_node = forms[id.index()].constant.iter().map(image).collect();
        constants.push(of_node);
    }
    constants
}

/// A constant channel of a linear node from the constant channels of the nodes it reads.
fn image<T: Float>(node: &Node<T>, channel: ChannelId, constants: &[Constants<T>]) -> Vec<T> {
    let row = |input: NodeId| constants[input.index()].get(&channel).map(|c| &c.values[..c.features]);
    let mut image = vec![T::ZERO; node.features];
    match &node.operation {
        Operation::Affine { input, weight, .. } => {
            if let Some(row) = row(*input) {
                multiply_transposed(node.features / weight.rows().max(1), row, weight, &mut image);
            }
        }
        Operation::Arrange { pieces } => {
            let mut first = 0;
            for piece in pieces {
                if let Some(row) = piece.source.and_then(row) {
                    copy_piece(piece, row, &mut image[first..first + piece.length]);
                }
                first += piece.length;
            }
        }
        Operation::Combine { summands, .. } => {
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
    for (&coordinate, value) in plan.algebra().channel(channel).seed.iter() {
        dense[coordinate as usize] = T::from_rational(value);
    }
    dense
}

/// W s for a sparse seed s; coordinates that follow the network's own move it by the columns of `image`.
fn seed_image<T: Float>(
    plan: &Plan,
    channel: ChannelId,
    weight: &Matrix<T>,
    image: Option<&Matrix<f64>>,
) -> Vec<T> {
    let mut sum = vec![T::ZERO; weight.rows()];
    for (&coordinate, value) in plan.algebra().channel(channel).seed.iter() {
        let (coordinate, value) = (coordinate as usize, T::from_rational(value));
        for (i, entry) in sum.iter_mut().enumerate() {
            *entry += value
                * match (weight.row(i).get(coordinate), image) {
                    (None, Some(image)) => T::from_f64(image.row(i)[coordinate - weight.columns()]),
                    (column, _) => *column.expect("a seed has the coordinates of the network"),
                };
        }
    }
    sum
}
