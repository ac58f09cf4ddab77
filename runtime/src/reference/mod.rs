//! The slow executor: index for index the propagation rules, for any scalar, exact rationals included.
//!
//! | notation | name |
//! |---|---|
//! | u = Σ uᵢεᵢ, each uᵢ a vector of features | [`Jet`] |
//! | y = W u + b | every channel times W, b on channel 0 |
//! | (u v)ₖ = Σᵢⱼ cᵢⱼₖ uᵢ vⱼ | the product table |
//! | g(h₀ + N) = Σₖ uᵏ g⁽ᵏ⁾(h₀)/k! (N/u)ᵏ | powers multiplied up one by one; u is 1 or a power of two that keeps floats in range |
//!
//! *Normalisation: Taylor coefficients.* It is the oracle of every kernel, and over rationals it proves plans on networks
//! with polynomial activations. Nothing here is fast.
//!
//! *Architecture invariant:* outside of tests nothing comes here, with one exception: the prelude of a network, from its
//! parameters to its numbers, is evaluated by `value`, with [`Dual`] for its derivative. It has to work for any scalar, and runs
//! once for many points.

mod dual;

use jetc_operators::algebra::JetAlgebra;
use jetc_operators::{Direction, OperatorSpec, Plan, PlannedReadout, Strategy};

use crate::element::{Element, Scalar};
use crate::jet::{Jet, JetScalar, NotExact};
use crate::network::{Choice, Matrix, MatrixShape, Network, Node, NodeId, Operation, Pick, Piece};

pub use dual::Dual;

/// ρ(f(x + x̂)) for every readout and every output of the network: `result[readout][output]`.
///
/// # Errors
/// [`NotExact`] if an activation has no values in the arithmetic of `S`.
///
/// # Panics
/// If the point does not have as many coordinates as the network has inputs.
pub fn evaluate<S: JetScalar>(
    network: &Network<S>,
    plan: &Plan,
    point: &[S],
) -> Result<Vec<Vec<S>>, NotExact> {
    let output = propagate(network, plan, point)?;
    let read = |readout: &PlannedReadout| {
        (0..network.outputs())
            .map(|feature| {
                readout.functional.iter().fold(S::zero(), |sum, (channel, weight)| {
                    output.channel(channel.index())[feature].mul_add(&S::from_rational(weight), &sum)
                })
            })
            .collect()
    };
    Ok(plan.readouts().iter().map(read).collect())
}

/// The jet of the network's output at one point.
///
/// # Errors
/// [`NotExact`] if an activation has no values in the arithmetic of `S`.
///
/// # Panics
/// If the point does not have as many coordinates as the network has inputs.
pub fn propagate<S: JetScalar>(network: &Network<S>, plan: &Plan, point: &[S]) -> Result<Jet<S>, NotExact> {
    propagate_seed(network, plan.algebra(), seed(plan, point))
}

/// The value of the network's output at one point, without derivatives: for preludes.
pub(crate) fn value<S: JetScalar>(network: &Network<S>, point: &[S]) -> Result<Vec<S>, NotExact> {
    // The algebra of values alone is the same for any number of coordinates.
    let plan = OperatorSpec::from_yaml("value", "coordinates: [x]\noutputs: {value: u}\n")
        .ok()
        .and_then(|spec| spec.plan(Strategy::Minimal).ok())
        .expect("a value needs no derivative");
    let seed = Jet::new(vec![point.to_vec()]);
    propagate_seed(network, plan.algebra(), seed).map(|mut jet| jet.channels.swap_remove(0))
}

/// The jet of the network's output, where that of its input is `seed`.
fn propagate_seed<S: JetScalar>(
    network: &Network<S>,
    algebra: &JetAlgebra,
    seed: Jet<S>,
) -> Result<Jet<S>, NotExact> {
    let features = seed.features();
    assert_eq!(features, network.inputs(), "a point has one coordinate for each input of the network");
    let mut jets: Vec<Jet<S>> = vec![seed];
    for (_, node) in network.nodes().skip(1) {
        let jet = rule(algebra, node, &jets)?;
        jets.push(jet);
    }
    Ok(jets.swap_remove(network.output().index()))
}

/// The jet of one node from those before it.
fn rule<S: JetScalar>(algebra: &JetAlgebra, node: &Node<S>, jets: &[Jet<S>]) -> Result<Jet<S>, NotExact> {
    let of = |id: &NodeId| &jets[id.index()];
    Ok(match &node.operation {
        Operation::Input => jets[NodeId::INPUT.index()].clone(),
        Operation::Affine { input, weight, bias } => affine(weight, bias.as_deref(), of(input)),
        Operation::Arrange { pieces } => arrange(algebra.dimension(), pieces, jets),
        Operation::Combine { summands, constant } => {
            let mut sum = Jet::zero(algebra.dimension(), node.features);
            for summand in summands {
                sum.add_scaled(|feature| summand.factor.at(feature).clone(), of(&summand.input));
            }
            add_to_value(&mut sum, constant.as_deref());
            sum
        }
        Operation::Elementwise { input, activation } => of(input).compose(activation, algebra)?,
        Operation::Product { left, right } => of(left).multiply(of(right), algebra),
        Operation::MatrixProduct { left, right, shape } => {
            of(left).bilinear(of(right), algebra, |u, v| matrix_product(*shape, u, v))
        }
        Operation::Maximum { input, count, detached } => {
            let largest = maximum(*count, of(input));
            if *detached { largest.detached() } else { largest }
        }
        Operation::Select { choice, left, right } => select(*choice, of(left), of(right), jets),
        Operation::Compare { relation, left, right } => {
            let pairs = of(left).channels[0].iter().zip(&of(right).channels[0]);
            let mut jet = Jet::zero(algebra.dimension(), node.features);
            jet.channels[0] = pairs.map(|(a, b)| relation.indicator(a, b)).collect();
            jet
        }
        Operation::Custom { inputs, node } => {
            let inputs: Vec<&Jet<S>> = inputs.iter().map(of).collect();
            S::custom(node.as_ref(), algebra, &inputs)?
        }
    })
}

/// x + Σ Vᵀsᵢ εᵢ
fn seed<S: Scalar>(plan: &Plan, point: &[S]) -> Jet<S> {
    let algebra = plan.algebra();
    let mut jet = Jet::zero(algebra.dimension(), point.len());
    jet.channels[0] = point.to_vec();
    for (id, channel) in algebra.channels() {
        // A plan that leaves a vector to the caller is not for this executor.
        let vector = plan.seed_vector(id).filter(|_| !channel.seed.is_empty());
        for (coordinate, entry) in vector.iter().flat_map(Direction::iter) {
            jet.channels[id.index()][coordinate as usize] = S::from_rational(&entry.to_rational());
        }
    }
    jet
}

/// W u + b, block by block.
fn affine<S: Scalar>(weight: &Matrix<S>, bias: Option<&[S]>, input: &Jet<S>) -> Jet<S> {
    let dot = |row: &[S], x: &[S]| row.iter().zip(x).fold(S::zero(), |sum, (w, x)| w.mul_add(x, &sum));
    let mut output = input.map_channels(|channel| {
        let blocks = channel.chunks_exact(weight.columns().max(1));
        blocks.flat_map(|x| (0..weight.rows()).map(|i| dot(weight.row(i), x)).collect::<Vec<_>>()).collect()
    });
    let periodic = bias.map(|bias| {
        let features = output.features();
        bias.iter().cloned().cycle().take(features).collect::<Vec<S>>()
    });
    add_to_value(&mut output, periodic.as_deref());
    output
}

fn add_to_value<S: Element>(jet: &mut Jet<S>, constant: Option<&[S]>) {
    for (entry, constant) in jet.channels[0].iter_mut().zip(constant.unwrap_or_default()) {
        *entry = entry.add(constant);
    }
}

fn arrange<S: Element>(channels: usize, pieces: &[Piece], jets: &[Jet<S>]) -> Jet<S> {
    let channel = |channel: usize| {
        let features = pieces.iter().flat_map(|piece| {
            (0..piece.length).map(move |position| match piece.source {
                Some(source) => jets[source.index()].channels[channel][piece.feature(position)].clone(),
                None => S::zero(),
            })
        });
        features.collect()
    };
    Jet { channels: (0..channels).map(channel).collect() }
}

/// Σⱼ Uᵢⱼ Vⱼₖ for every matrix of the batch.
fn matrix_product<S: Element>(shape: MatrixShape, u: &[S], v: &[S]) -> Vec<S> {
    let MatrixShape { batch, rows, inner, columns } = shape;
    let mut result = Vec::with_capacity(batch * rows * columns);
    for b in 0..batch {
        let (u, v) = (&u[b * rows * inner..], &v[b * inner * columns..]);
        for i in 0..rows {
            for k in 0..columns {
                let term = |sum: S, j: usize| u[i * inner + j].mul_add(&v[j * columns + k], &sum);
                result.push((0..inner).fold(S::zero(), term));
            }
        }
    }
    result
}

/// Every channel from the side that the values pick.
fn select<S: JetScalar>(choice: Choice, left: &Jet<S>, right: &Jet<S>, jets: &[Jet<S>]) -> Jet<S> {
    let value = |node: NodeId| &jets[node.index()].channels[0];
    let picks: Vec<Pick> = (0..left.features())
        .map(|i| match choice {
            Choice::Condition(node) => Pick::by_condition(&value(node)[i]),
            Choice::Larger => Pick::larger(&left.channels[0][i], &right.channels[0][i]),
            Choice::Smaller => Pick::smaller(&left.channels[0][i], &right.channels[0][i]),
        })
        .collect();
    let channel = |(u, v): (&Vec<S>, &Vec<S>)| {
        picks.iter().zip(u.iter().zip(v)).map(|(pick, (u, v))| pick.from(u, v)).collect()
    };
    Jet { channels: left.channels.iter().zip(&right.channels).map(channel).collect() }
}

/// Every channel where the value is largest; NaN wins, as it should be seen.
fn maximum<S: JetScalar>(count: usize, input: &Jet<S>) -> Jet<S> {
    let winners: Vec<usize> = (0..input.features() / count.max(1))
        .map(|block| {
            let block = block * count..(block + 1) * count;
            let first = block.start;
            block.fold(first, |best, i| {
                if Pick::larger(&input.channels[0][best], &input.channels[0][i]) == Pick::Right {
                    i
                } else {
                    best
                }
            })
        })
        .collect();
    input.map_channels(|channel| winners.iter().map(|&winner| channel[winner].clone()).collect())
}
