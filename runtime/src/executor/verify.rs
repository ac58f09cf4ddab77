//! What every schedule and every tape keep to; each one is verified when it is built, in debug builds.
//!
//! Forwards, in the order of steps:
//!
//! 1. A step reads nodes whose values are in their buffers: written before, and nothing else written there since.
//! 2. A step writes a buffer that it does not read, but for an elementwise function, which may write the channels of its input
//!    in their place.
//! 3. Buffers are as large as what is written there. The value of the output is there at the end; for the way back, that of
//!    every node.
//!
//! Backwards, from the output to the input:
//!
//! 4. Cotangents that are pulled back are in their buffer, and go to nodes that come before, so all readers of a node are done
//!    before it.
//! 5. The first pull to a node finds a buffer that nobody needs any more, and is the one that does not add to it.
//! 6. Buffers are as large as what is written there, and the cotangents of the points are there at the end. All of this holds
//!    with the points' cotangents and without them.
//!
//! Checked by `a_step_that_reads_a_freed_buffer_is_found` and `a_pull_to_a_buffer_in_use_is_found`; that no schedule breaks a rule,
//! by everything that runs in debug builds.

use super::place::{BufferId, Place};
use super::rules::CotangentPlace;
use crate::network::{Network, NodeId, Operation};

/// A rule that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// A node reads another one, which is not in its buffer.
    NotThere { node: NodeId, read: NodeId },
    /// A node is written over one that is still needed.
    InUse { node: NodeId, by: NodeId },
    /// The buffer of a node is too small.
    Small(NodeId),
    /// The first pull to a node adds, or a later one does not.
    Adds(NodeId),
    /// Cotangents are pulled back to a node that has none, or that does not come before.
    Nowhere(NodeId),
}

/// Rules 1 to 3. `is_kept`: whether all values are for the way back.
pub(crate) fn forwards<S>(
    network: &Network<S>,
    places: &[Place],
    buffers: &[usize],
    is_kept: bool,
) -> Result<(), Broken> {
    let mut holds: Vec<Option<NodeId>> = vec![None; buffers.len()];
    let is_there = |holds: &[Option<NodeId>], node: NodeId| {
        places[node.index()].buffer.is_none_or(|BufferId(buffer)| holds[buffer] == Some(node))
    };
    for (id, node) in network.nodes() {
        let place = &places[id.index()];
        let Some(BufferId(buffer)) = place.buffer else { continue };
        for read in node.operation.inputs() {
            if !is_there(&holds, read) {
                return Err(Broken::NotThere { node: id, read });
            }
            let from = &places[read.index()];
            let may_be_in_place =
                matches!(node.operation, Operation::Elementwise { .. }) && from.channels == place.channels;
            if from.buffer == place.buffer && !may_be_in_place {
                return Err(Broken::InUse { node: id, by: read });
            }
        }
        if buffers[buffer] < place.channels.len() * place.features {
            return Err(Broken::Small(id));
        }
        holds[buffer] = Some(id);
    }
    let output = network.output();
    let mut kept = network.nodes().map(|(id, _)| id).filter(|&id| is_kept || id == output);
    match kept.find(|&id| !is_there(&holds, id)) {
        Some(read) => Err(Broken::NotThere { node: output, read }),
        None => Ok(()),
    }
}

/// A node that is pulled back to, and whether its cotangents are added to those that are there.
pub(crate) type Target = (NodeId, bool);

/// Rules 4 to 6. `pulls` are those of every node; the output is the last of them, and nothing happens to nodes that are idle.
pub(crate) fn backwards(
    places: &[Option<CotangentPlace>],
    pulls: &[Vec<Target>],
    buffers: &[usize],
    is_idle: impl Fn(NodeId) -> bool,
) -> Result<(), Broken> {
    let place_of = |node: NodeId| places[node.index()].as_ref();
    let is_small = |place: &CotangentPlace| buffers[place.buffer.0] < place.size(1);
    let mut holds: Vec<Option<NodeId>> = vec![None; buffers.len()];
    let output = NodeId::new(places.len() - 1);
    if let Some(place) = place_of(output) {
        if is_small(place) {
            return Err(Broken::Small(output));
        }
        holds[place.buffer.0] = Some(output);
    }
    for node in (0..places.len()).rev().map(NodeId::new).filter(|&node| !is_idle(node)) {
        let Some(place) = place_of(node) else { continue };
        if holds[place.buffer.0] != Some(node) {
            return Err(Broken::NotThere { node, read: node });
        }
        for &(input, adds) in pulls[node.index()].iter().filter(|(input, _)| !is_idle(*input)) {
            let to = place_of(input).filter(|_| input < node).ok_or(Broken::Nowhere(input))?;
            match holds[to.buffer.0] {
                Some(other) if other != input => return Err(Broken::InUse { node: input, by: other }),
                held if held.is_some() != adds => return Err(Broken::Adds(input)),
                _ if is_small(to) => return Err(Broken::Small(input)),
                _ => holds[to.buffer.0] = Some(input),
            }
        }
        if node != NodeId::INPUT {
            holds[place.buffer.0] = None;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jetc_operators::passes::analyse;
    use jetc_operators::{OperatorSpec, Plan, Strategy};

    use super::*;
    use crate::executor::place::{Keep, place};
    use crate::{Activation, Matrix, Network};

    fn plan() -> Plan {
        let spec = OperatorSpec::from_yaml("second", "coordinates: [x]\noutputs: {r: u_xx}\n").unwrap();
        spec.plan(Strategy::Minimal).unwrap()
    }

    /// input, affine, tanh, affine, tanh, affine
    fn network() -> Network<f64> {
        let weight =
            |rows, columns| Matrix::from_row_major(rows, columns, vec![0.5; rows * columns]).unwrap();
        Network::builder(1)
            .affine(weight(2, 1), None)
            .elementwise(Activation::Tanh)
            .affine(weight(3, 2), None)
            .elementwise(Activation::Tanh)
            .affine(weight(1, 3), None)
            .build()
            .unwrap()
    }

    #[test]
    fn a_step_that_reads_a_freed_buffer_is_found() {
        let (plan, network) = (plan(), network());
        let forms = analyse(&plan, &network.topology());
        let [node, user] = [2, 3].map(NodeId::new);
        for keep in [Keep::WhileRead, Keep::All] {
            let found = |break_it: &dyn Fn(&mut Vec<Place>, &mut Vec<usize>)| {
                let (mut places, mut buffers) = place(&network, &forms, keep);
                break_it(&mut places, &mut buffers);
                forwards(&network, &places, &buffers, keep == Keep::All)
            };
            assert_eq!(found(&|_, _| {}), Ok(()));
            // The user finds its own buffer in the place of what it reads.
            let in_place = found(&|places, _| places[3].buffer = places[2].buffer);
            assert_eq!(in_place, Err(Broken::InUse { node: user, by: node }));
            let elsewhere = found(&|places, buffers| {
                places[2].buffer = Some(BufferId(buffers.len()));
                buffers.push(0);
            });
            assert_eq!(elsewhere, Err(Broken::Small(node)));
            let small = found(&|_, buffers| buffers.fill(5));
            assert_eq!(small, Err(Broken::Small(node)));
        }
        let (mut places, mut buffers) = place(&network, &forms, Keep::All);
        places[3].buffer = places[1].buffer;
        buffers.fill(100);
        assert_eq!(forwards(&network, &places, &buffers, false), Ok(()));
        let lost = Broken::NotThere { node: network.output(), read: NodeId::new(1) };
        assert_eq!(forwards(&network, &places, &buffers, true), Err(lost));
    }

    #[test]
    fn a_value_that_was_overwritten_is_found() {
        // input, affine, tanh, product of both
        let mut graph = crate::GraphBuilder::<f64>::new(1);
        let affine = graph.parameter("w", &[1, 1], vec![2.0]).unwrap();
        let affine = graph.affine(graph.input(), affine, None).unwrap();
        let tanh = graph.apply(Activation::Tanh, affine).unwrap();
        let product = graph.multiply(affine, tanh).unwrap();
        let network = graph.build(product).unwrap();
        let forms = analyse(&plan(), &network.topology());
        let (mut places, mut buffers) = place(&network, &forms, Keep::WhileRead);
        assert_eq!(forwards(&network, &places, &buffers, false), Ok(()));
        buffers.fill(100);
        places[1].channels = places[2].channels.clone();
        places[2].buffer = places[1].buffer;
        let [affine, product] = [1, 3].map(NodeId::new);
        let broken = Broken::NotThere { node: product, read: affine };
        assert_eq!(forwards(&network, &places, &buffers, false), Err(broken));
    }

    #[test]
    fn a_pull_to_a_buffer_in_use_is_found() {
        let place = |buffer| Some(CotangentPlace { channels: vec![], features: 1, buffer: BufferId(buffer) });
        let [input, middle, output] = [0, 1, 2].map(NodeId::new);
        // The output reads the node in the middle and the input, which the middle reads, too.
        let places = vec![place(1), place(2), place(0)];
        let pulls = vec![vec![], vec![(input, true)], vec![(input, false), (middle, false)]];
        let found = |places: &[Option<CotangentPlace>], pulls: &[Vec<Target>]| {
            backwards(places, pulls, &[1; 3], |_| false)
        };
        assert_eq!(found(&places, &pulls), Ok(()));
        assert_eq!(backwards(&places, &pulls, &[1; 3], |node| node == input), Ok(()));

        let shared = [place(1), place(1), place(0)];
        assert_eq!(found(&shared, &pulls), Err(Broken::InUse { node: middle, by: input }));
        let own = [place(1), place(0), place(0)];
        assert_eq!(found(&own, &pulls), Err(Broken::InUse { node: middle, by: output }));
        let twice = vec![vec![], vec![(input, false)], pulls[2].clone()];
        assert_eq!(found(&places, &twice), Err(Broken::Adds(input)));
        let to_nothing = vec![vec![], vec![(input, true)], vec![(input, true), (middle, false)]];
        assert_eq!(found(&places, &to_nothing), Err(Broken::Adds(input)));
        let never = vec![vec![], vec![], vec![(input, false)]];
        assert_eq!(found(&places, &never), Err(Broken::NotThere { node: middle, read: middle }));
        let nowhere = vec![vec![], vec![(output, false)], pulls[2].clone()];
        assert_eq!(found(&places, &nowhere), Err(Broken::Nowhere(output)));
        let large = [
            Some(CotangentPlace {
                channels: vec![jetc_operators::algebra::ChannelId::VALUE],
                features: 2,
                buffer: BufferId(1),
            }),
            place(2),
            place(0),
        ];
        assert_eq!(found(&large, &pulls), Err(Broken::Small(input)));
    }
}
